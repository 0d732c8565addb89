import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/** The fields of a call, handed out with the types of the client's arguments; null where a field is left out. */
record Form(JsonObject fields, Set<String> taken) {
    Form(JsonObject fields) {
        this(fields, new HashSet<>());
    }

    /** A value that the argument's type cannot hold. */
    static final class Inexpressible extends RuntimeException {
        Inexpressible(String field, String why) {
            super(field + ": " + why);
        }
    }

    /** A text. A list or an object becomes its JSON text. */
    String text(String name) {
        JsonElement value = take(name);
        if (value == null) {
            return null;
        }
        return value.isJsonPrimitive() ? value.getAsString() : value.toString();
    }

    /** An id, a time or a duration. */
    Long id(String name) {
        JsonPrimitive value = primitive(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw new Inexpressible(name, "not a Long");
        }
        return value.getAsLong();
    }

    Integer integer(String name) {
        Long value = id(name);
        if (value == null) {
            return null;
        }
        if (value != value.intValue()) {
            throw new Inexpressible(name, "not an Integer");
        }
        return value.intValue();
    }

    Boolean flag(String name) {
        JsonPrimitive value = primitive(name);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            throw new Inexpressible(name, "not a Boolean");
        }
        return value.getAsBoolean();
    }

    /** A value of an enum of integers. */
    <E> E known(String name, Function<Integer, E> fromValue) {
        return known(name, fromValue, integer(name));
    }

    /** A value of an enum, which refuses what it does not know. */
    <V, E> E known(String name, Function<V, E> fromValue, V value) {
        try {
            return value == null ? null : fromValue.apply(value);
        } catch (IllegalArgumentException e) {
            throw new Inexpressible(name, e.getMessage());
        }
    }

    /** Fails when the form has a field that no argument took. */
    void checkAllTaken() {
        for (String name : fields.keySet()) {
            if (!taken.contains(name)) {
                throw new Inexpressible(name, "the method has no such argument");
            }
        }
    }

    private JsonElement take(String name) {
        taken.add(name);
        return fields.get(name);
    }

    private JsonPrimitive primitive(String name) {
        JsonElement value = take(name);
        if (value == null) {
            return null;
        }
        if (!value.isJsonPrimitive()) {
            throw new Inexpressible(name, "not a scalar");
        }
        return value.getAsJsonPrimitive();
    }
}
