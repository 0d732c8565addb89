import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallbacksTest {
    private static final long NOW = 1_440_570_500_855L;

    private static void check(boolean want, String name, String value, String body, long now) {
        Map<String, String> headers = new HashMap<>(Map.of("AppKey", "K", "CurTime", "1440570500855",
            "MD5", "99914b932bd37a50b983c5e7c90ae93b", "CheckSum", "a883386354447cc0996f8abc5c1c700c076e34bb"));
        headers.put(name, value == null ? headers.get(name) : value);
        assertEquals(want, Callbacks.verify("K", "secret123", headers::get, body.getBytes(StandardCharsets.UTF_8), now),
            name + " " + value + " " + body);
    }

    /** The test vector of the spec's x-callback-signature. */
    @Test
    void onlyTheTestVectorPasses() {
        check(true, "CheckSum", null, "{}", NOW);
        check(false, "CheckSum", null, "{ }", NOW);
        check(false, "CheckSum", "0".repeat(40), "{}", NOW);
        check(false, "CheckSum", "", "{}", NOW);
        check(false, "AppKey", "L", "{}", NOW);
        check(false, "CurTime", "now", "{}", NOW);
        check(false, "CheckSum", null, "{}", NOW + 400_000);
    }
}
