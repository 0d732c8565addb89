package nimroom.vendor;

import static nimroom.vendor.Checks.with;

import com.alibaba.fastjson2.JSON;
import com.netease.nim.server.sdk.im.v1.chatroom.IChatRoomV1Service;
import com.netease.nim.server.sdk.im.v1.chatroom.request.QueryTagHistoryMsgRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.TagMembersCountRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.TagMembersQueryRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.TagTemporaryMuteRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.UpdateChatRoomRoleTagRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom_message.IChatroomMessageV1Service;
import com.netease.nim.server.sdk.im.v1.chatroom_message.request.SendChatroomMsgRequestV1;

import java.util.List;

/** Messages, and the operations that go by tags. */
record Tags(Checks checks, IChatRoomV1Service service, IChatroomMessageV1Service messages) {
    void run(long room) {
        message(room);
        members(room);
        history(room);
    }

    private void message(long room) {
        var sent = checks.ok("sendMsg", messages.sendMsg(message(room, "m1", "lisi")));
        checks.that("sendMsg: time " + sent.getTime(), sent.getTime() > 1_600_000_000_000L);
        checks.same("sendMsg: roomId", room, sent.getRoomId());
        checks.same("sendMsg: msgid_client", "m1", sent.getMsgid_client());
        checks.same("sendMsg: fromAccount", "lisi", sent.getFromAccount());
        checks.same("sendMsg: fromNick", "李四", sent.getFromNick());
        checks.same("sendMsg: attach", "hello & welcome = 你好", sent.getAttach());
        checks.same("sendMsg: type", 0, sent.getType());
        checks.same("sendMsg: ext", "{\"x\":\"y\"}", sent.getExt());
        checks.same("sendMsg: highPriorityFlag", 1, sent.getHighPriorityFlag());
        checks.fails("sendMsg by a muted member", 13004, null, messages.sendMsg(message(room, "m2", "wangwu")));
        checks.fails("sendMsg by a blocked account", 13003, null, messages.sendMsg(message(room, "m3", "hzblocked")));
        checks.fails("sendMsg into no room", 404, null, messages.sendMsg(message(Rooms.NO_ROOM, "m4", "lisi")));
    }

    private static SendChatroomMsgRequestV1 message(long room, String id, String from) {
        return with(new SendChatroomMsgRequestV1(), r -> {
            r.setRoomId(room);
            r.setMsgId(id);
            r.setFromAccid(from);
            r.setMsgType(0);
            r.setAttach("hello & welcome = 你好");
            r.setSubType(1);
            r.setResendFlag(0);
            r.setExt("{\"x\":\"y\"}");
            r.setRoute(1);
            r.setSkipHistory(0);
            r.setHighPriority(true);
            r.setNeedHighPriorityMsgResend(false);
            r.setUseYidun(0);
            r.setAntispam(false);
            r.setNotifyTargetTags("{\"tag\": \"vip\"}");
            r.setEnv("test");
            // Not documented; the SDK has them all the same.
            r.setIgnoreMute(false);
            r.setChatMsgPriority(1);
            r.setForbiddenIfHighPriorityMsgFreq(0);
            r.setLocX(1.5);
        });
    }

    private void members(long room) {
        var count = checks.ok("tagMembersCount", service.tagMembersCount(with(new TagMembersCountRequestV1(), r -> {
            r.setRoomid(room);
            r.setTag("vip");
        })));
        checks.same("tagMembersCount: tag", "vip", count.getTag());
        checks.same("tagMembersCount: onlineUserCount", 2, count.getOnlineUserCount());

        var listed = checks.ok("tagMembersQuery", service.tagMembersQuery(with(new TagMembersQueryRequestV1(), r -> {
            r.setRoomid(room);
            r.setTag("blue");
            r.setEndTime(0L);
            r.setLimit(10);
        }))).getData();
        checks.same("tagMembersQuery: members", 1, listed.size());
        checks.same("tagMembersQuery: accid", "lisi", listed.get(0).getAccid());
        checks.same("tagMembersQuery: roomid", room, listed.get(0).getRoomId());
        checks.that("tagMembersQuery: tags " + listed.get(0).getTags(), listed.get(0).getTags().contains("blue"));
        checks.that("tagMembersQuery: enterTime " + listed.get(0).getEnterTime(), listed.get(0).getEnterTime() > 1_600_000_000_000L);

        checks.ok("updateChatRoomRoleTag", service.updateChatRoomRoleTag(with(new UpdateChatRoomRoleTagRequestV1(), r -> {
            r.setRoomId(room);
            r.setAccid("wangwu");
            r.setTags(List.of("green", "a \"quoted\" tag"));
            r.setNotifyTargetTags("{\"tag\": \"green\"}");
        })));
        checks.same("tagMembersCount: onlineUserCount", 1, checks.ok("tagMembersCount", service.tagMembersCount(
            with(new TagMembersCountRequestV1(), r -> {
                r.setRoomid(room);
                r.setTag("a \"quoted\" tag");
            }))).getOnlineUserCount());
        checks.fails("updateChatRoomRoleTag in no room", 414, "error roomId", service.updateChatRoomRoleTag(
            with(new UpdateChatRoomRoleTagRequestV1(), r -> {
                r.setRoomId(Rooms.NO_ROOM);
                r.setAccid("wangwu");
                r.setTags(List.of("green"));
            })));

        checks.same("tagTemporaryMute: muteDuration", 60, checks.ok("tagTemporaryMute", service.tagTemporaryMute(
            with(new TagTemporaryMuteRequestV1(), r -> {
                r.setRoomid(room);
                r.setOperator("zhangsan");
                r.setTargetTag("green");
                r.setMuteDuration(60);
                r.setNeedNotify(true);
                r.setNotifyExt("hush");
                r.setNotifyTargetTags("{\"tag\": \"green\"}");
            }))).getMuteDuration());
    }

    private void history(long room) {
        var found = checks.ok("queryTagHistoryMsg", service.queryTagHistoryMsg(with(new QueryTagHistoryMsgRequestV1(), r -> {
            r.setRoomId(room);
            r.setTags(List.of("vip"));
            r.setTypes("[0, 1]");
            r.setLimit(10);
            r.setReverse(1);
        }))).getMsgs();
        checks.same("queryTagHistoryMsg: messages", 1, found.size());
        checks.same("queryTagHistoryMsg: msgid", "m1", found.get(0).getMsgid());
        checks.same("queryTagHistoryMsg: from", "lisi", found.get(0).getFrom());
        checks.same("queryTagHistoryMsg: type", 0, found.get(0).getType());
        checks.that("queryTagHistoryMsg: sendtime", found.get(0).getSendtime() > 1_600_000_000_000L);
        checks.same("queryTagHistoryMsg: body", "hello & welcome = 你好", JSON.parseObject(found.get(0).getBody()).getString("msg"));
    }
}
