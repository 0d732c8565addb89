import com.example.yunxin.ApiException;
import com.example.yunxin.JSON;
import com.example.yunxin.model.Error;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Reads calls, one from each line, and makes them through the generated client. ../README.md describes the format. */
public final class Driver {
    private final Methods methods;
    private long now;

    private Driver(Map<String, String> env) throws Exception {
        methods = new Methods(SigningInterceptor.client(env.get("NIM_BASE_URL"),
            new SigningInterceptor(env.get("NIM_APP_KEY"), env.get("NIM_APP_SECRET"), () -> now)));
    }

    private JsonObject reply(String line) {
        JsonObject reply = new JsonObject();
        try {
            JsonObject request = JsonParser.parseString(line).getAsJsonObject();
            now = request.get("now").getAsLong();
            Object response = methods.call(request.get("operation").getAsString(), request.getAsJsonObject("form"));
            reply.add("response", JsonParser.parseString(JSON.serialize(response)));
        } catch (Methods.Inexpressible e) {
            reply.addProperty("inexpressible", e.getMessage());
        } catch (ApiException e) {
            Error error = SigningInterceptor.error(e);
            if (error != null) {
                reply.addProperty("code", error.getCode());
                reply.addProperty("desc", error.getDesc());
            } else if (e.getCode() != 0) {
                reply.addProperty("status", e.getCode());
            } else if (e.getCause() == null) { // a check of the client's own
                reply.addProperty("inexpressible", e.getMessage().lines().findFirst().orElseThrow());
            } else {
                reply.addProperty("error", e.toString());
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            reply.addProperty("error", e.toString());
        }
        return reply;
    }

    public static void main(String[] args) throws Exception {
        Driver driver = new Driver(System.getenv());
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line; (line = in.readLine()) != null;) {
            out.println(driver.reply(line));
        }
        System.exit(0); // OkHttp's threads linger
    }
}
