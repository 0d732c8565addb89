import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.UnaryOperator;

/** Verifies what the service sends to the app's own server, with the JDK alone. */
final class Callbacks {
    /** How far CurTime may be off, in milliseconds. */
    private static final long WINDOW = 5 * 60 * 1000;

    private Callbacks() {}

    /** Whether the service sent a body. header returns the value of a header, or null; now is in milliseconds. */
    static boolean verify(String appKey, String appSecret, UnaryOperator<String> header, byte[] body, long now) {
        String md5 = hex("MD5", body); // of the body itself: the MD5 header proves nothing
        String curTime = header.apply("CurTime");
        String checkSum = header.apply("CheckSum");
        if (!appKey.equals(header.apply("AppKey")) || !md5.equals(header.apply("MD5"))
            || curTime == null || !curTime.matches("[0-9]{1,18}") || checkSum == null
            || Math.abs(now - Long.parseLong(curTime)) > WINDOW) {
            return false;
        }
        String want = hex("SHA-1", (appSecret + md5 + curTime).getBytes(StandardCharsets.UTF_8));
        return MessageDigest.isEqual(
            want.getBytes(StandardCharsets.UTF_8), checkSum.getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(String algorithm, byte[] text) {
        try {
            byte[] sum = MessageDigest.getInstance(algorithm).digest(text);
            return String.format("%0" + 2 * sum.length + "x", new BigInteger(1, sum));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
