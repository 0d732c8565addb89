import com.example.yunxin.ApiClient;
import com.example.yunxin.ApiException;
import com.example.yunxin.JSON;
import com.example.yunxin.api.MembersApi;
import com.example.yunxin.api.MessagesApi;
import com.example.yunxin.api.RobotsApi;
import com.example.yunxin.api.RoomsApi;
import com.example.yunxin.api.StatisticsApi;
import com.example.yunxin.api.TagsApi;
import com.example.yunxin.model.Error;
import com.example.yunxin.model.GuardEaseMode;
import com.example.yunxin.model.HistoryOrder;
import com.example.yunxin.model.LinkType;
import com.example.yunxin.model.MemberKind;
import com.example.yunxin.model.MessageType;
import com.example.yunxin.model.QueueLevel;
import com.example.yunxin.model.RankingOrder;
import com.example.yunxin.model.RankingPeriod;
import com.example.yunxin.model.ResendFlag;
import com.example.yunxin.model.RoleOperation;
import com.example.yunxin.model.SkipHistory;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Makes the calls that it reads, a line each, through the generated client. ../README.md has the format. */
public final class Driver {
    /** Fills a request's arguments from a form, and gives what sends it. */
    private interface Method {
        Request fill(Form form);
    }

    private interface Request {
        Object execute() throws ApiException;
    }

    private final Map<String, Method> methods;
    private long now;

    private Driver(Map<String, String> env) {
        ApiClient client = SigningInterceptor.client(env.get("NIM_BASE_URL"),
            new SigningInterceptor(env.get("NIM_APP_KEY"), env.get("NIM_APP_SECRET"), () -> now));
        methods = methods(new RoomsApi(client), new MembersApi(client), new MessagesApi(client), new RobotsApi(client),
            new TagsApi(client), new StatisticsApi(client));
    }

    private static Map<String, Method> methods(RoomsApi rooms, MembersApi members, MessagesApi messages, RobotsApi robots,
            TagsApi tags, StatisticsApi statistics) {
        return Map.ofEntries(
            Map.entry("createChatroom", f -> rooms.createChatroom(f.text("creator"), f.text("name"))
                .announcement(f.text("announcement")).broadcasturl(f.text("broadcasturl")).ext(f.text("ext"))
                .queuelevel(f.integer("queuelevel"))::execute),
            Map.entry("getChatroom", f -> rooms.getChatroom(f.id("roomid"))
                .needOnlineUserCount(f.flag("needOnlineUserCount"))::execute),
            Map.entry("getChatrooms", f -> rooms.getChatrooms(f.text("roomids"))
                .needOnlineUserCount(f.flag("needOnlineUserCount"))::execute),
            Map.entry("updateChatroom", f -> rooms.updateChatroom(f.id("roomid"))
                .name(f.text("name")).announcement(f.text("announcement")).broadcasturl(f.text("broadcasturl"))
                .ext(f.text("ext")).needNotify(f.flag("needNotify")).notifyExt(f.text("notifyExt"))
                .queuelevel(f.known("queuelevel", QueueLevel::fromValue))::execute),
            Map.entry("toggleChatroom", f -> rooms.toggleChatroom(f.id("roomid"), f.text("operator"), f.flag("valid"))::execute),
            Map.entry("setMemberRole", f -> members.setMemberRole(f.id("roomid"), f.text("operator"), f.text("target"),
                f.known("opt", RoleOperation::fromValue), f.flag("optvalue")).notifyExt(f.text("notifyExt"))::execute),
            Map.entry("requestAddress", f -> rooms.requestAddress(f.id("roomid"), f.text("accid"))
                .clienttype(f.known("clienttype", LinkType::fromValue)).clientip(f.text("clientip"))::execute),
            Map.entry("sendMessage", f -> messages.sendMessage(f.id("roomid"), f.text("msgId"), f.text("fromAccid"),
                    f.known("msgType", MessageType::fromValue))
                .subType(f.integer("subType")).attach(f.text("attach")).ext(f.text("ext")).env(f.text("env"))
                .resendFlag(f.known("resendFlag", ResendFlag::fromValue))
                .skipHistory(f.known("skipHistory", SkipHistory::fromValue))
                .abandonRatio(f.integer("abandonRatio")).highPriority(f.flag("highPriority"))
                .needHighPriorityMsgResend(f.flag("needHighPriorityMsgResend"))
                .useYidun(f.known("useYidun", GuardEaseMode::fromValue)).yidunAntiCheating(f.text("yidunAntiCheating"))
                .bid(f.text("bid")).antispam(f.flag("antispam")).antispamCustom(f.text("antispamCustom"))
                .notifyTargetTags(f.text("notifyTargetTags"))::execute),
            Map.entry("addRobots", f -> robots.addRobots(f.id("roomid"), f.text("accids"))
                .roleExt(f.text("roleExt")).notifyExt(f.text("notifyExt"))::execute),
            Map.entry("removeRobots", f -> robots.removeRobots(f.id("roomid"), f.text("accids"))::execute),
            Map.entry("clearRobots", f -> robots.clearRobots(f.id("roomid")).notify(f.flag("notify"))::execute),
            Map.entry("muteMember", f -> members.muteMember(f.id("roomid"), f.text("operator"), f.text("target"),
                f.id("muteDuration")).needNotify(f.flag("needNotify")).notifyExt(f.text("notifyExt"))::execute),
            Map.entry("muteChatroom", f -> rooms.muteChatroom(f.id("roomid"), f.text("operator"), f.flag("mute"))
                .needNotify(f.flag("needNotify")).notifyExt(f.text("notifyExt"))::execute),
            Map.entry("listTopChatrooms", f -> statistics.listTopChatrooms().topn(f.integer("topn"))
                .timestamp(f.id("timestamp")).period(f.known("period", RankingPeriod::fromValue, f.text("period")))
                .orderby(f.known("orderby", RankingOrder::fromValue, f.text("orderby")))::execute),
            Map.entry("listMembers", f -> members.listMembers(f.id("roomid"), f.known("type", MemberKind::fromValue),
                f.id("endtime"), f.id("limit"))::execute),
            Map.entry("getMembers", f -> members.getMembers(f.id("roomid"), f.text("accids"))::execute),
            Map.entry("listMembersByRole", f -> members.listMembersByRole(f.id("roomid"), f.text("roles"))::execute),
            Map.entry("updateMember", f -> members.updateMember(f.id("roomid"), f.text("accid")).save(f.flag("save"))
                .needNotify(f.flag("needNotify")).notifyExt(f.text("notifyExt")).nick(f.text("nick"))
                .avator(f.text("avator")).ext(f.text("ext"))::execute),
            Map.entry("listUserChatrooms", f -> rooms.listUserChatrooms(f.text("creator"))::execute),
            Map.entry("setEntryNotification", f -> rooms.setEntryNotification(f.id("roomid"), f.flag("close"))::execute),
            Map.entry("muteTag", f -> tags.muteTag(f.id("roomid"), f.text("operator"), f.text("targetTag"),
                f.integer("muteDuration")).needNotify(f.flag("needNotify")).notifyExt(f.text("notifyExt"))
                .notifyTargetTags(f.text("notifyTargetTags"))::execute),
            Map.entry("countTagMembers", f -> tags.countTagMembers(f.id("roomid"), f.text("tag"))::execute),
            Map.entry("listTagMembers", f -> tags.listTagMembers(f.id("roomid"), f.text("tag"), f.id("endTime"),
                f.integer("limit"))::execute),
            Map.entry("listTagMessages", f -> tags.listTagMessages(f.id("roomId"), f.text("tags")).types(f.text("types"))
                .fromTime(f.id("fromTime")).toTime(f.id("toTime")).limit(f.integer("limit"))
                .reverse(f.known("reverse", HistoryOrder::fromValue))::execute),
            Map.entry("updateMemberTags", f -> tags.updateMemberTags(f.id("roomId"), f.text("tags"), f.text("accid"))
                .notifyTargetTags(f.text("notifyTargetTags"))::execute));
    }

    private JsonObject reply(String line) {
        JsonObject reply = new JsonObject();
        try {
            JsonObject request = JsonParser.parseString(line).getAsJsonObject();
            now = request.get("now").getAsLong();
            Form form = new Form(request.getAsJsonObject("form"));
            Request call = methods.get(request.get("operation").getAsString()).fill(form);
            form.checkAllTaken();
            reply.add("response", JsonParser.parseString(JSON.serialize(call.execute())));
        } catch (Form.Inexpressible e) {
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
        } catch (RuntimeException e) {
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
