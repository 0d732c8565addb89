package nimroom.vendor;

import com.netease.nim.server.sdk.core.BizName;
import com.netease.nim.server.sdk.core.YunxinApiHttpClient;
import com.netease.nim.server.sdk.im.v1.YunxinV1ApiServices;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Calls every chat room method of the vendor's SDK that has one of the documented operations behind it, and checks
 * what the SDK makes of the responses.
 *
 * <p>Arguments: the emulator's base URL, app key, app secret, and a file if the requests are to be recorded.
 */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int status = 2;
        try {
            status = run(args) ? 0 : 1;
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.exit(status); // the SDK leaves threads behind
    }

    private static boolean run(String[] args) throws Exception {
        Checks checks = new Checks();
        control(args[0], "reset", "{}");
        playStranger(checks, args[0], args[1], "not " + args[2]);
        try (Recorder recorder = new Recorder(args[0])) {
            play(checks, recorder.url(), args[1], args[2]);
            Set<String> paths = new TreeSet<>();
            Set<String> succeeded = new TreeSet<>();
            for (Recorder.Exchange exchange : recorder.exchanges) {
                if (!exchange.path().endsWith(".action")) {
                    continue; // the control plane
                }
                paths.add(exchange.path());
                if (exchange.code() == 200) {
                    succeeded.add(exchange.path());
                }
            }
            checks.same("operations that succeeded", paths, succeeded);
            if (args.length > 3) {
                recorder.write(Path.of(args[3]));
            }
            System.out.printf("%d requests, %d operations%n%d passed, %d failed%n",
                recorder.exchanges.size(), paths.size(), checks.passed, checks.failed);
        }
        return checks.failed == 0;
    }

    private static void play(Checks checks, String baseUrl, String key, String secret) throws Exception {
        // Private deployment: one fixed endpoint takes the place of the vendor's hosts.
        YunxinApiHttpClient client = new YunxinApiHttpClient.Builder(BizName.IM, key, secret)
            .endpoint(baseUrl).timeoutMillis(5000).build();
        YunxinV1ApiServices services = new YunxinV1ApiServices(client);
        try {
            var rooms = new Rooms(checks, services.getChatRoomService());
            long room = rooms.create();
            for (String body : List.of(
                "{\"accid\":\"lisi\",\"nick\":\"Li Si\",\"tags\":[\"vip\",\"blue\"]}",
                "{\"accid\":\"wangwu\",\"tags\":[\"vip\"]}")) {
                control(baseUrl, "rooms/" + room + "/join", body);
            }
            rooms.read(room);
            rooms.update(room);
            new Members(checks, services.getChatRoomService()).run(room);
            new Tags(checks, services.getChatRoomService(), services.getChatroomMessageService()).run(room);
            rooms.close(room);
        } finally {
            client.shutdown();
        }
    }

    private static void playStranger(Checks checks, String baseUrl, String key, String secret) {
        YunxinApiHttpClient stranger = new YunxinApiHttpClient.Builder(BizName.IM, key, secret)
            .endpoint(baseUrl).timeoutMillis(5000).build();
        new Rooms(checks, new YunxinV1ApiServices(stranger).getChatRoomService()).wrongSecret();
        stranger.shutdown();
    }

    /** Does by the control plane what users do with their apps. */
    static void control(String baseUrl, String action, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl).resolve("/_emulator/" + action))
            .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build();
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(action + ": " + response.body());
        }
    }
}
