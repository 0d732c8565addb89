import com.example.yunxin.ApiClient;
import com.example.yunxin.ApiException;
import com.example.yunxin.JSON;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The generated methods, found by the operation's id and called with the fields of a form. */
final class Methods {
    private static final String PACKAGE = "com.example.yunxin.api";

    /** A call that the client's types do not allow. */
    static final class Inexpressible extends RuntimeException {
        Inexpressible(String field, String why) {
            super(field + ": " + why);
        }
    }

    private record Operation(Object api, Method method) {}

    private final Map<String, Operation> operations = new HashMap<>();

    Methods(ApiClient client) throws Exception {
        Path classes = Path.of(Methods.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (var files = Files.newDirectoryStream(classes.resolve(PACKAGE.replace('.', '/')), "*Api.class")) {
            for (Path file : files) {
                Class<?> type = Class.forName(PACKAGE + "." + file.getFileName().toString().replace(".class", ""));
                Object api = type.getConstructor(ApiClient.class).newInstance(client);
                for (Method method : type.getMethods()) {
                    operations.put(method.getName(), new Operation(api, method));
                }
            }
        }
    }

    /** Calls an operation: the method takes the required fields, and the request that it returns has setters for the others. */
    Object call(String id, JsonObject form) throws ApiException, ReflectiveOperationException {
        Map<String, JsonElement> fields = new HashMap<>();
        form.entrySet().forEach(field -> fields.put(field.getKey(), field.getValue()));
        Operation operation = operations.get(id);
        Object[] required = new Object[operation.method.getParameterCount()];
        for (int i = 0; i < required.length; i++) {
            var parameter = operation.method.getParameters()[i];
            required[i] = value(parameter.getName(), fields.remove(plain(parameter.getName())), parameter.getType());
        }
        Object request = operation.method.invoke(operation.api, required);
        for (Method setter : request.getClass().getMethods()) {
            JsonElement value = setter.getReturnType() == request.getClass() ? fields.remove(plain(setter.getName())) : null;
            if (value != null) {
                setter.invoke(request, value(setter.getName(), value, setter.getParameterTypes()[0]));
            }
        }
        for (String name : fields.keySet()) {
            throw new Inexpressible(name, "the method has no such argument");
        }
        try {
            return request.getClass().getMethod("execute").invoke(request);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof ApiException problem) {
                throw problem;
            }
            throw e;
        }
    }

    /** A value of an argument's type: a list or an object becomes its JSON text where the type is String. */
    private static Object value(String name, JsonElement value, Class<?> type) {
        if (value == null) {
            return null;
        }
        if (type == String.class) {
            return value.isJsonPrimitive() ? value.getAsString() : value.toString();
        }
        var scalar = value.getAsJsonPrimitive();
        if (type == Boolean.class ? !scalar.isBoolean() : Number.class.isAssignableFrom(type) && !scalar.isNumber()) {
            throw new Inexpressible(name, "not a " + type.getSimpleName());
        }
        try {
            return JSON.getGson().fromJson(value, type);
        } catch (RuntimeException e) { // a number that is too large, or a value that an enum does not have
            throw new Inexpressible(name, e.getMessage());
        }
    }

    /** A name without the underscore that the generator puts before words of Java. */
    private static String plain(String name) {
        return name.startsWith("_") ? name.substring(1) : name;
    }
}
