// Reads calls, one from each line, and makes them through the generated client. ../../README.md describes the format.
import com.squareup.moshi.JsonReader
import java.io.File
import java.lang.reflect.InvocationTargetException
import kotlin.reflect.KFunction
import kotlin.reflect.KParameter
import kotlin.reflect.full.functions
import kotlin.reflect.full.isSubtypeOf
import kotlin.reflect.jvm.javaType
import kotlin.reflect.typeOf
import kotlin.system.exitProcess
import okhttp3.Call
import okhttp3.OkHttpClient
import okio.Buffer
import org.openapitools.client.infrastructure.ClientException
import org.openapitools.client.infrastructure.Serializer
import org.openapitools.client.infrastructure.ServerException

private const val APIS = "org.openapitools.client.apis"

/** A call that the client's types do not allow. */
private class Inexpressible(message: String) : Exception(message)

private class Operation(val api: Any, val function: KFunction<*>) {
    /** Calls the function, with each field as the argument of its name. */
    fun call(form: Map<String, String>): Any? {
        val parameters = function.parameters.associateBy { it.name }
        val arguments = mutableMapOf<KParameter, Any?>(function.parameters[0] to api)
        for ((name, json) in form) {
            val parameter = parameters[name] ?: throw Inexpressible("$name: no such field")
            arguments[parameter] = argument(parameter, json)
        }
        function.parameters.find { !it.isOptional && it !in arguments }?.let { throw Inexpressible("${it.name}: needed") }
        return try {
            function.callBy(arguments)
        } catch (e: InvocationTargetException) {
            throw e.targetException
        }
    }

    /** A field as an argument. A list or an object is sent as its JSON text, and a text is no number. */
    private fun argument(parameter: KParameter, json: String): Any? {
        val isText = parameter.type.isSubtypeOf(typeOf<String?>())
        (parameter.type.javaType as Class<*>).enumConstants?.let { values ->
            return values.find { it.toString() == json.trim('"') } ?: throw Inexpressible("${parameter.name}: none of ${values.asList()}")
        }
        if (isText && !json.startsWith('"')) return json
        if (!isText && json.startsWith('"')) throw Inexpressible("${parameter.name}: not a ${parameter.type}")
        if (json == "\"\"") return Nimroom.EMPTY
        return try {
            Serializer.moshi.adapter<Any>(parameter.type.javaType).fromJson(json)
        } catch (e: Exception) { // a number that is too large
            throw Inexpressible("${parameter.name}: ${e.message}")
        }
    }
}

/** The generated methods, by the ids of their operations. */
private fun operations(baseUrl: String, http: Call.Factory): Map<String, Operation> {
    val folder = File(Nimroom::class.java.protectionDomain.codeSource.location.toURI()).resolve(APIS.replace('.', '/'))
    val classes = folder.list()!!.filter { it.endsWith("Api.class") }.map { Class.forName("$APIS.${it.removeSuffix(".class")}") }
    return classes.flatMap { type ->
        val api = type.getConstructor(String::class.java, Call.Factory::class.java).newInstance(baseUrl, http)
        type.kotlin.functions.map { it.name to Operation(api, it) }
    }.toMap()
}

/** The members of an object, each as its JSON text. */
private fun members(json: String): Map<String, String> {
    val reader = JsonReader.of(Buffer().writeUtf8(json))
    val members = mutableMapOf<String, String>()
    reader.beginObject()
    while (reader.hasNext()) members[reader.nextName()] = reader.nextSource().readUtf8()
    return members
}

private inline fun <reified T> json(value: T): String = Serializer.moshi.adapter(T::class.java).serializeNulls().toJson(value)

private fun perform(operation: Operation, form: Map<String, String>): String =
    try {
        val response = operation.call(form)!!
        """{"response":${Serializer.moshi.adapter<Any>(response.javaClass).toJson(response)}}"""
    } catch (e: Inexpressible) {
        """{"inexpressible":${json(e.message)}}"""
    } catch (e: Exception) {
        val error = Nimroom.error(e)
        when {
            error != null -> """{"code":${error.code},"desc":${json(error.desc)}}"""
            e is ClientException -> """{"status":${e.statusCode}}"""
            e is ServerException -> """{"status":${e.statusCode}}"""
            else -> """{"error":${json(e.stackTraceToString())}}"""
        }
    }

fun main() {
    val env = System.getenv()
    var now = 0L
    val http = OkHttpClient.Builder()
        .addInterceptor(Nimroom(env["NIM_APP_KEY"]!!, env["NIM_APP_SECRET"]!!) { now })
        .retryOnConnectionFailure(false)
        .build()
    val operations = operations(env["NIM_BASE_URL"]!!, http)
    for (line in generateSequence(::readLine)) {
        val request = members(line)
        now = request["now"]!!.toLong()
        println(perform(operations[request["operation"]!!.trim('"')]!!, members(request["form"]!!)))
    }
    exitProcess(0) // OkHttp's threads linger
}
