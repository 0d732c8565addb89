import com.example.yunxin.ApiClient; // the generated package
import com.example.yunxin.ApiException;
import com.example.yunxin.JSON;
import com.example.yunxin.model.Error;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.ToNumberPolicy;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import okhttp3.ConnectionPool;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The hook that a client made by openapi-generator (java, okhttp-gson) needs: it signs each request by the service's
 * clock, and takes the HTTP status from the code in the body, so that an API error is thrown as an ApiException.
 *
 * <pre>{@code
 * var client = SigningInterceptor.client("https://api.netease.im/nimserver", "app key", "app secret");
 * try {
 *     Chatroom room = new RoomsApi(client).getChatroom(66L).execute().getChatroom();
 * } catch (ApiException e) {
 *     Error error = SigningInterceptor.error(e);
 *     System.out.println(error == null ? e.getMessage() : error.getCode() + " " + error.getDesc());
 * }
 * }</pre>
 */
public final class SigningInterceptor implements Interceptor {
    private final String appKey;
    private final String appSecret;
    private final LongSupplier now;
    private final AtomicLong ahead = new AtomicLong(); // the service's clock before ours, in seconds

    /** @param now gives the time in seconds */
    public SigningInterceptor(String appKey, String appSecret, LongSupplier now) {
        this.appKey = appKey;
        this.appSecret = appSecret;
        this.now = now;
    }

    public static ApiClient client(String baseUrl, String appKey, String appSecret) {
        return client(baseUrl, new SigningInterceptor(appKey, appSecret, () -> System.currentTimeMillis() / 1000));
    }

    public static ApiClient client(String baseUrl, SigningInterceptor signing) {
        // In objects of unknown members Gson would make all numbers doubles, and round long ids.
        JSON.setGson(JSON.getGson().newBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create());
        return new ApiClient(new OkHttpClient.Builder()
            .addInterceptor(signing)
            .retryOnConnectionFailure(false) // a repeated call may take effect twice
            .connectionPool(new ConnectionPool(5, 3, TimeUnit.SECONDS)) // the far side closes idle connections early
            .build()).setBasePath(baseUrl);
    }

    /** The API error, or null when the exception has another cause: no response, or the response of a gateway. */
    public static Error error(ApiException exception) {
        try {
            return Error.fromJson(exception.getResponseBody());
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** A request whose time is rejected, which the service then has not carried out, is sent once more, by the time in Date. */
    @Override
    public Response intercept(Chain chain) throws IOException {
        Response response = chain.proceed(signed(chain.request()));
        String body = response.peekBody(Long.MAX_VALUE).string();
        Date date = response.headers().getDate("Date");
        if (date != null && expired(body)) {
            ahead.set(date.getTime() / 1000 - now.getAsLong());
            response.close();
            response = chain.proceed(signed(chain.request()));
            body = response.peekBody(Long.MAX_VALUE).string();
        }
        return response.newBuilder().code(httpStatus(response.code(), body)).build();
    }

    private Request signed(Request request) {
        String nonce = UUID.randomUUID().toString();
        String curTime = Long.toString(now.getAsLong() + ahead.get());
        return request.newBuilder()
            .header("AppKey", appKey)
            .header("Nonce", nonce)
            .header("CurTime", curTime)
            .header("CheckSum", checkSum(appSecret, nonce, curTime))
            .build();
    }

    static String checkSum(String appSecret, String nonce, String curTime) {
        try {
            byte[] text = (appSecret + nonce + curTime).getBytes(StandardCharsets.UTF_8);
            return "%040x".formatted(new BigInteger(1, MessageDigest.getInstance("SHA-1").digest(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-1
        }
    }

    /** Whether the service rejected the time of a request. */
    static boolean expired(String body) {
        try {
            JsonObject response = JsonParser.parseString(body).getAsJsonObject();
            return response.get("code").getAsInt() == 414 && response.get("desc").getAsString().equals("CurTime is expired");
        } catch (RuntimeException e) {
            return false; // the response of a gateway
        }
    }

    /** The status for a response: 400 for codes that are no HTTP status of an error, such as 13002. */
    static int httpStatus(int status, String body) {
        try {
            int code = JsonParser.parseString(body).getAsJsonObject().get("code").getAsInt();
            return code == 200 ? status : code >= 400 && code <= 599 ? code : 400;
        } catch (RuntimeException e) {
            return status; // the response of a gateway
        }
    }
}
