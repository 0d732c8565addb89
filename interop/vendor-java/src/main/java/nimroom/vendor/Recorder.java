package nimroom.vendor;

import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONWriter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A proxy between the SDK and the emulator that records the requests. */
final class Recorder implements AutoCloseable {
    /** A request as the client sent it, and the code of the response. */
    record Exchange(String path, Map<String, String> headers, String body, int code) {}

    /** Headers that each sender of the request sets itself. */
    private static final Set<String> FRESH = Set.of("Host", "Content-length", "Connection", "Appkey", "Nonce", "Curtime", "Checksum");

    final List<Exchange> exchanges = new ArrayList<>();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI target;
    private final HttpServer server;

    Recorder(String target) throws IOException {
        this.target = URI.create(target);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::forward);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + target.getPath();
    }

    private synchronized void forward(HttpExchange call) throws IOException {
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(target.resolve(call.getRequestURI()))
            .method(call.getRequestMethod(), HttpRequest.BodyPublishers.ofString(body));
        Map<String, String> kept = new TreeMap<>();
        call.getRequestHeaders().forEach((name, values) -> {
            // Without Accept-Encoding the responses come uncompressed, so that the code can be read here.
            if (!Set.of("Host", "Content-length", "Connection", "Accept-encoding").contains(name)) {
                request.header(name, values.get(0));
            }
            if (!FRESH.contains(name)) {
                kept.put(name, values.get(0));
            }
        });
        try (call) {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            int code = JSON.parseObject(response.body()).getIntValue("code", response.statusCode());
            exchanges.add(new Exchange(call.getRequestURI().getPath(), kept, body, code));
            response.headers().firstValue("Content-Type").ifPresent(type -> call.getResponseHeaders().set("Content-Type", type));
            call.sendResponseHeaders(response.statusCode(), response.body().length);
            call.getResponseBody().write(response.body());
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    /** Writes the requests for conformance/vendor_test.go, one a line. Fields that are random become fixed. */
    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Exchange exchange : exchanges) {
            Map<String, Object> line = new LinkedHashMap<>();
            Map<String, String> headers = new TreeMap<>(exchange.headers());
            headers.computeIfPresent("Requestid", (name, value) -> "%032x".formatted(lines.size() + 1));
            line.put("path", exchange.path());
            line.put("headers", headers);
            line.put("body", exchange.body());
            line.put("code", exchange.code());
            lines.add(JSON.toJSONString(line, JSONWriter.Feature.WriteNulls));
        }
        Files.writeString(file, "[\n" + String.join(",\n", lines) + "\n]\n");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
