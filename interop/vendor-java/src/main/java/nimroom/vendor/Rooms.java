package nimroom.vendor;

import static nimroom.vendor.Checks.with;

import com.netease.nim.server.sdk.im.v1.chatroom.IChatRoomV1Service;
import com.netease.nim.server.sdk.im.v1.chatroom.request.CreateChatroomRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.MuteRoomRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.QueryChatroomAddressRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.QueryChatroomInfoRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.QueryChatroomInfosRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.QueryUserRoomIdsRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.ToggleCloseChatroomStatRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.UpdateChatroomInOutNotificationRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.UpdateChatroomRequestV1;

import java.util.List;

/** The operations on rooms. */
record Rooms(Checks checks, IChatRoomV1Service service) {
    static final long NO_ROOM = 70;
    /** Needs escaping in a form, in JSON, and in UTF-8. */
    static final String NAME = "聊天室 & 朋友 = 50% \"off\" + 😀";

    long create() {
        var created = checks.ok("createChatroom", service.createChatroom(with(new CreateChatroomRequestV1(), r -> {
            r.setCreator("zhangsan");
            r.setName(NAME);
            r.setAnnouncement("line one\nline two");
            r.setBroadcasturl("http://www.example.com/live?a=1&b=2");
            r.setExt("{\"theme\":\"dark\"}");
            r.setQueueLevel(1);
            // Not documented for this operation; the SDK has them all the same.
            r.setBid("none");
            r.setInOutNotification(1);
        })));
        checks.that("createChatroom: roomid " + created.getRoomid(), created.getRoomid() > 0);
        checks.same("createChatroom: name", NAME, created.getName());
        checks.same("createChatroom: announcement", "line one\nline two", created.getAnnouncement());
        checks.same("createChatroom: broadcasturl", "http://www.example.com/live?a=1&b=2", created.getBroadcasturl());
        checks.same("createChatroom: ext", "{\"theme\":\"dark\"}", created.getExt());
        checks.same("createChatroom: creator", "zhangsan", created.getCreator());
        checks.same("createChatroom: valid", true, created.getValid());
        checks.fails("createChatroom without a creator", 414, null,
            service.createChatroom(with(new CreateChatroomRequestV1(), r -> r.setName("nobody's"))));
        return created.getRoomid();
    }

    void read(long room) {
        var found = checks.ok("queryChatroomInfo", service.queryChatroomInfo(with(new QueryChatroomInfoRequestV1(), r -> {
            r.setRoomid(room);
            r.setNeedOnlineUserCount(true);
        })));
        checks.same("queryChatroomInfo: roomid", room, found.getRoomId());
        checks.same("queryChatroomInfo: name", NAME, found.getName());
        checks.same("queryChatroomInfo: onlineusercount", 2, found.getOnlineUserCount());
        checks.same("queryChatroomInfo: queuelevel", 1, found.getQueueLevel());
        checks.same("queryChatroomInfo: ionotify", true, found.getIoNotify());
        checks.same("queryChatroomInfo: muted", false, found.getMuted());
        checks.fails("queryChatroomInfo of no room", 404, null,
            service.queryChatroomInfo(with(new QueryChatroomInfoRequestV1(), r -> r.setRoomid(NO_ROOM))));

        var several = checks.ok("queryChatroomInfos", service.queryChatroomInfos(with(new QueryChatroomInfosRequestV1(), r -> {
            r.setRoomids(List.of(room, NO_ROOM)); // goes out as [1, 2]: numbers, with a space
            r.setNeedOnlineUserCount(true);
        })));
        checks.same("queryChatroomInfos: rooms", 1, several.getRoomInfos().size());
        checks.same("queryChatroomInfos: roomid", room, several.getRoomInfos().get(0).getRoomId());
        checks.same("queryChatroomInfos: ext", "{\"theme\":\"dark\"}", several.getRoomInfos().get(0).getExtension());
        checks.same("queryChatroomInfos: onlineusercount", 2, several.getRoomInfos().get(0).getOnlineUserCount());
        checks.same("queryChatroomInfos: noExistRooms", List.of(NO_ROOM), several.getNoExistRooms());
        checks.same("queryChatroomInfos: failRooms", List.of(), several.getFailRooms());

        var own = checks.ok("queryUserRoomIds", service.queryUserRoomIds(with(new QueryUserRoomIdsRequestV1(), r -> r.setCreator("zhangsan"))));
        checks.same("queryUserRoomIds: roomids", List.of(room), own.getRoomIds());

        var address = checks.ok("queryChatroomAddress", service.queryChatroomAddress(with(new QueryChatroomAddressRequestV1(), r -> {
            r.setRoomid(room);
            r.setAccid("lisi");
            r.setClientType(1);
            r.setClientIp("192.0.2.7");
        })));
        checks.that("queryChatroomAddress: " + address.getChatroomAddress(), !address.getChatroomAddress().isEmpty()
            && address.getChatroomAddress().stream().allMatch(host -> host.matches("[^:]+:\\d+")));
        checks.fails("queryChatroomAddress of no room", 404, null,
            service.queryChatroomAddress(with(new QueryChatroomAddressRequestV1(), r -> {
                r.setRoomid(NO_ROOM);
                r.setAccid("lisi");
            })));
    }

    void update(long room) {
        var updated = checks.ok("updateChatroom", service.updateChatroom(with(new UpdateChatroomRequestV1(), r -> {
            r.setRoomid(room);
            r.setName("renamed");
            r.setAnnouncement(""); // emptied, not left alone
            r.setNeedNotify(true);
            r.setNotifyExt("{\"why\":\"test\"}");
            r.setQueuelevel(0);
        })));
        checks.same("updateChatroom: roomid", room, updated.getRoomid());
        checks.same("updateChatroom: name", "renamed", updated.getName());
        checks.that("updateChatroom: announcement " + updated.getAnnouncement(),
            updated.getAnnouncement() == null || updated.getAnnouncement().isEmpty());
        checks.same("updateChatroom: ext", "{\"theme\":\"dark\"}", updated.getExt());

        checks.ok("updateChatroomInOutNotification", service.updateChatroomInOutNotification(
            with(new UpdateChatroomInOutNotificationRequestV1(), r -> {
                r.setRoomid(room);
                r.setClose(true);
            })));
        var found = checks.ok("queryChatroomInfo", service.queryChatroomInfo(with(new QueryChatroomInfoRequestV1(), r -> r.setRoomid(room))));
        checks.same("queryChatroomInfo: ionotify", false, found.getIoNotify());
        checks.same("queryChatroomInfo: queuelevel", 0, found.getQueueLevel());

        for (boolean mute : List.of(true, false)) {
            var muted = checks.ok("muteRoom", service.muteRoom(with(new MuteRoomRequestV1(), r -> {
                r.setRoomid(room);
                r.setOperator("zhangsan");
                r.setMute(mute);
                r.setNeedNotify(true);
                r.setNotifyExt("hush");
            })));
            checks.same("muteRoom: success", true, muted.getSuccess());
        }
        checks.fails("muteRoom by a visitor", 403, null, service.muteRoom(with(new MuteRoomRequestV1(), r -> {
            r.setRoomid(room);
            r.setOperator("lisi");
            r.setMute(true);
        })));
    }

    void close(long room) {
        var closed = checks.ok("toggleCloseChatroomStat", service.toggleCloseChatroomStat(toggle(room, false)));
        checks.same("toggleCloseChatroomStat: roomid", room, closed.getRoomId());
        checks.same("toggleCloseChatroomStat: valid", false, closed.getValid());
        checks.same("toggleCloseChatroomStat: name", "renamed", closed.getName());
        checks.same("toggleCloseChatroomStat: creator", "zhangsan", closed.getCreator());
        checks.fails("toggleCloseChatroomStat of a closed room", 417, null, service.toggleCloseChatroomStat(toggle(room, false)));
        checks.same("queryUserRoomIds: roomids", List.of(), checks.ok("queryUserRoomIds", service.queryUserRoomIds(
            with(new QueryUserRoomIdsRequestV1(), r -> r.setCreator("zhangsan")))).getRoomIds());
    }

    private static ToggleCloseChatroomStatRequestV1 toggle(long room, boolean valid) {
        return with(new ToggleCloseChatroomStatRequestV1(), r -> {
            r.setRoomid(room);
            r.setOperator("zhangsan");
            r.setValid(valid);
        });
    }

    void wrongSecret() {
        checks.fails("queryUserRoomIds with a wrong secret", 414, "checksum", service.queryUserRoomIds(
            with(new QueryUserRoomIdsRequestV1(), r -> r.setCreator("zhangsan"))));
    }
}
