import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.example.yunxin.ApiException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.FormBody;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;

class SigningInterceptorTest {
    /** The test vector of the spec's x-signature. */
    @Test
    void checkSum() {
        assertEquals("4c6f0fbc04efedd91685a226da081807de269350",
            SigningInterceptor.checkSum("secret123", "4tgggergigwow323t23t", "1443592222"));
    }

    /** Leading zeros belong to it: one of sixteen begins with one. */
    @Test
    void checkSumBeginsWithZero() {
        for (int i = 0; i < 1000; i++) {
            assertEquals(40, SigningInterceptor.checkSum("secret123", "nonce" + i, "1443592222").length());
        }
    }

    @Test
    void httpStatus() {
        assertEquals(200, SigningInterceptor.httpStatus(200, "{\"code\":200}"));
        assertEquals(414, SigningInterceptor.httpStatus(200, "{\"code\":414}"));
        assertEquals(400, SigningInterceptor.httpStatus(200, "{\"code\":13002}"));
        assertEquals(400, SigningInterceptor.httpStatus(200, "{\"code\":302}"));
        assertEquals(502, SigningInterceptor.httpStatus(502, "<html>Bad Gateway</html>"));
        assertEquals(502, SigningInterceptor.httpStatus(502, ""));
        assertEquals(200, SigningInterceptor.httpStatus(200, "[]"));
        assertEquals(200, SigningInterceptor.httpStatus(200, "{}"));
    }

    /** The first request goes out twice. */
    @Test
    void theServicesClockIsFollowed() throws IOException {
        long service = 1_700_000_000L;
        List<String> times = new ArrayList<>();
        OkHttpClient client = new OkHttpClient.Builder()
            .addInterceptor(new SigningInterceptor("K", "S", () -> 1_600_000_000L))
            .addInterceptor(chain -> {
                times.add(chain.request().header("CurTime"));
                boolean good = times.get(times.size() - 1).equals(Long.toString(service));
                return new Response.Builder().request(chain.request()).protocol(Protocol.HTTP_1_1).code(200).message("OK")
                    .header("Date", "Tue, 14 Nov 2023 22:13:20 GMT")
                    .body(ResponseBody.create(good ? "{\"code\":200}" : "{\"code\":414,\"desc\":\"CurTime is expired\"}", null))
                    .build();
            }).build();
        for (int i = 0; i < 2; i++) {
            Request request = new Request.Builder().url("http://service.example/").post(new FormBody.Builder().add("roomid", "66").build()).build();
            assertEquals(200, client.newCall(request).execute().code());
        }
        assertEquals(List.of("1600000000", "1700000000", "1700000000"), times);
    }

    @Test
    void error() {
        assertEquals(404, SigningInterceptor.error(new ApiException(404, null, "{\"code\":404,\"desc\":\"x\"}")).getCode());
        for (String body : new String[] {null, "", "{}", "[]", "<html>Bad Gateway</html>"}) {
            assertNull(SigningInterceptor.error(new ApiException(502, null, body)), body);
        }
    }
}
