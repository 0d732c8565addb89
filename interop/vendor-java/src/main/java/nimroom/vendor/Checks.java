package nimroom.vendor;

import com.netease.nim.server.sdk.core.Result;

import java.util.Objects;
import java.util.function.Consumer;

/** Counts the checks that hold and prints the others. */
final class Checks {
    int passed;
    int failed;

    /** The payload of a success. */
    <T> T ok(String call, Result<T> result) {
        same(call + ": code", 200, result.getCode());
        if (result.getResponse() == null) {
            throw new IllegalStateException(call + ": no response, code " + result.getCode() + " " + result.getMsg());
        }
        return result.getResponse();
    }

    /** Expects an API error: its code, and its text unless null. */
    void fails(String call, int code, String text, Result<?> result) {
        same(call + ": code", code, result.getCode());
        if (text != null) {
            same(call + ": text", text, result.getMsg());
        }
    }

    void same(String what, Object want, Object got) {
        if (want instanceof Integer w && got instanceof Long g) {
            want = w.longValue();
            got = g;
        }
        that(what + ": " + got + ", want " + want, Objects.equals(want, got));
    }

    void that(String what, boolean holds) {
        if (holds) {
            passed++;
        } else {
            failed++;
            System.out.println("FAIL " + what);
        }
    }

    /** A request bean, filled. */
    static <T> T with(T request, Consumer<T> fill) {
        fill.accept(request);
        return request;
    }
}
