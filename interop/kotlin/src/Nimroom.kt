import com.squareup.moshi.JsonAdapter
import com.squareup.moshi.JsonReader
import com.squareup.moshi.JsonWriter
import com.squareup.moshi.Moshi
import java.lang.reflect.Type
import java.math.BigInteger
import java.security.MessageDigest
import java.util.UUID
import java.util.concurrent.atomic.AtomicLong
import okhttp3.FormBody
import okhttp3.Interceptor
import okhttp3.Request
import okhttp3.RequestBody
import okhttp3.Response
import org.openapitools.client.infrastructure.ClientError // the generated packages
import org.openapitools.client.infrastructure.ClientException
import org.openapitools.client.infrastructure.Serializer
import org.openapitools.client.infrastructure.ServerError
import org.openapitools.client.infrastructure.ServerException
import org.openapitools.client.models.Error

/**
 * The hook that a client made by openapi-generator (kotlin) needs: it signs each request by the service's clock, and takes the
 * HTTP status from the code in the body, so that an API error is thrown as a ClientException or a ServerException.
 *
 * The client sends an empty text for each argument that is left out, which would empty fields of a room. The hook takes them
 * out. To send an empty text, pass [EMPTY].
 *
 * ```
 * val http = OkHttpClient.Builder().addInterceptor(Nimroom("app key", "app secret")).retryOnConnectionFailure(false).build()
 * val rooms = RoomsApi("https://api.netease.im/nimserver", http)
 * try {
 *     println(rooms.getChatroom(roomid = 66).chatroom.name)
 * } catch (e: ClientException) {
 *     println(Nimroom.error(e)?.code ?: e.message)
 * }
 * ```
 */
class Nimroom(
    private val appKey: String,
    private val appSecret: String,
    private val now: () -> Long = { System.currentTimeMillis() / 1000 },
) : Interceptor {
    private val ahead = AtomicLong() // the service's clock before ours, in seconds

    /** A request whose time is rejected, which the service then has not carried out, is sent once more, by the time in Date. */
    override fun intercept(chain: Interceptor.Chain): Response {
        var response = chain.proceed(signed(chain.request()))
        var body = response.peekBody(Long.MAX_VALUE).string()
        val date = response.headers.getDate("Date")
        if (date != null && parsed(body)?.let { it.code == 414 && it.desc == "CurTime is expired" } == true) {
            ahead.set(date.time / 1000 - now())
            response.close()
            response = chain.proceed(signed(chain.request()))
            body = response.peekBody(Long.MAX_VALUE).string()
        }
        return response.newBuilder().code(httpStatus(response.code, body)).build()
    }

    private fun signed(request: Request): Request {
        val nonce = UUID.randomUUID().toString()
        val curTime = (now() + ahead.get()).toString()
        return request.newBuilder()
            .method(request.method, request.body?.let(::given))
            .header("AppKey", appKey)
            .header("Nonce", nonce)
            .header("CurTime", curTime)
            .header("CheckSum", checkSum(appSecret, nonce, curTime))
            .build()
    }

    private fun given(body: RequestBody): RequestBody {
        if (body !is FormBody) return body
        val fields = FormBody.Builder()
        for (i in 0 until body.size) {
            if (body.value(i) != "") fields.add(body.name(i), if (body.value(i) == EMPTY) "" else body.value(i))
        }
        return fields.build()
    }

    companion object {
        init {
            Serializer.moshiBuilder.add(ExactIntegers)
        }

        /** Stands for an empty text in an argument. */
        const val EMPTY = "\u0000"

        /** The API error, or null when the exception has another cause, such as the response of a gateway. */
        fun error(exception: Exception): Error? = when (exception) {
            is ClientException -> parsed((exception.response as? ClientError<*>)?.body)
            is ServerException -> parsed((exception.response as? ServerError<*>)?.body)
            else -> null
        }

        /** The error in a body: null for a success whose desc is not a text, and for the response of a gateway. */
        private fun parsed(body: Any?): Error? =
            runCatching { Serializer.moshi.adapter(Error::class.java).fromJson(body as String) }.getOrNull()

        fun checkSum(appSecret: String, nonce: String, curTime: String): String {
            val text = (appSecret + nonce + curTime).toByteArray()
            return "%040x".format(BigInteger(1, MessageDigest.getInstance("SHA-1").digest(text)))
        }

        /** The status for a response: 400 for codes that are no HTTP status, such as 13002. */
        fun httpStatus(status: Int, body: String): Int = when (val code = parsed(body)?.code) {
            null, 200 -> status // a success, or the response of a gateway
            in 400..599 -> code
            else -> 400
        }
    }
}

/** In objects of unknown members moshi would make all numbers doubles, and round long ids. */
private object ExactIntegers : JsonAdapter.Factory {
    override fun create(type: Type, annotations: Set<Annotation>, moshi: Moshi): JsonAdapter<*>? {
        if (type != Any::class.java) return null
        val standard = moshi.nextAdapter<Any>(this, type, annotations)
        return object : JsonAdapter<Any>() {
            override fun fromJson(reader: JsonReader): Any? =
                if (reader.peek() == JsonReader.Token.NUMBER) reader.nextString().let { it.toLongOrNull() ?: it.toDouble() }
                else standard.fromJson(reader)

            override fun toJson(writer: JsonWriter, value: Any?) = standard.toJson(writer, value)
        }
    }
}
