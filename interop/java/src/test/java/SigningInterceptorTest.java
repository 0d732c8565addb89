import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.example.yunxin.ApiException;
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

    @Test
    void error() {
        assertEquals(404, SigningInterceptor.error(new ApiException(404, null, "{\"code\":404,\"desc\":\"x\"}")).getCode());
        for (String body : new String[] {null, "", "{}", "[]", "<html>Bad Gateway</html>"}) {
            assertNull(SigningInterceptor.error(new ApiException(502, null, body)), body);
        }
    }
}
