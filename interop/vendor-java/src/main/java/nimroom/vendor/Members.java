package nimroom.vendor;

import static nimroom.vendor.Checks.with;

import com.netease.nim.server.sdk.im.v1.chatroom.IChatRoomV1Service;
import com.netease.nim.server.sdk.im.v1.chatroom.request.AddRobotRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.CleanRobotRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.QueryMembersByPageRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.QueryMembersByRolesRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.QueryMembersRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.RemoveRobotRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.SetMemberRoleRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.TemporaryMuteRequestV1;
import com.netease.nim.server.sdk.im.v1.chatroom.request.UpdateMyRoomRoleRequestV1;

import java.util.List;

/** The operations on a room's members and robots. */
record Members(Checks checks, IChatRoomV1Service service) {
    void run(long room) {
        roles(room);
        profiles(room);
        mutes(room);
        robots(room);
    }

    private void roles(long room) {
        var manager = checks.ok("setMemberRole", service.setMemberRole(role(room, "zhangsan", "lisi", 1)));
        checks.same("setMemberRole: roomid", room, manager.getRoomId());
        checks.same("setMemberRole: accid", "lisi", manager.getAccid());
        checks.same("setMemberRole: type", "MANAGER", manager.getType());
        checks.fails("setMemberRole by a visitor", 403, null, service.setMemberRole(role(room, "wangwu", "lisi", 1)));
        checks.fails("setMemberRole in no room", 404, null, service.setMemberRole(role(Rooms.NO_ROOM, "zhangsan", "lisi", 1)));
        checks.ok("setMemberRole", service.setMemberRole(role(room, "zhangsan", "hzblocked", -1)));

        var listed = checks.ok("membersByRoles", service.membersByRoles(with(new QueryMembersByRolesRequestV1(), r -> {
            r.setRoomid(room);
            r.setRoles("{\"manager\": true, \"blacklist\": true}");
        }))).getData();
        checks.same("membersByRoles: members", 2, listed.size());
        for (var member : listed) {
            checks.same("membersByRoles: blacklisted " + member.getAccid(), "hzblocked".equals(member.getAccid()) ? true : null, member.getBlacklisted());
            checks.same("membersByRoles: type " + member.getAccid(), "lisi".equals(member.getAccid()) ? "MANAGER" : "LIMITED", member.getType());
        }

        var page = checks.ok("membersByPage", service.membersByPage(with(new QueryMembersByPageRequestV1(), r -> {
            r.setRoomid(room);
            r.setType(1);
            r.setEndTime(0L);
            r.setLimit(100L);
        }))).getData();
        checks.same("membersByPage: members", 1, page.size());
        checks.same("membersByPage: accid", "wangwu", page.get(0).getAccid());
        checks.same("membersByPage: roomid", room, page.get(0).getRoomId());
        checks.same("membersByPage: onlineStat", true, page.get(0).getOnlineStat());
        checks.that("membersByPage: enterTime " + page.get(0).getEnterTime(), page.get(0).getEnterTime() > 1_600_000_000_000L);
        checks.fails("membersByPage with a limit of 101", 414, null,
            service.membersByPage(with(new QueryMembersByPageRequestV1(), r -> {
                r.setRoomid(room);
                r.setType(1);
                r.setEndTime(0L);
                r.setLimit(101L);
            })));
    }

    private void profiles(long room) {
        checks.ok("updateMyRoomRole", service.updateMyRoomRole(with(new UpdateMyRoomRoleRequestV1(), r -> {
            r.setRoomid(room);
            r.setAccid("lisi");
            r.setSave(true);
            r.setNeedNotify(true);
            r.setNotifyExt("new face");
            r.setNick("李四");
            r.setAvator("http://www.example.com/l.png");
            r.setExt("{\"a\":1}");
            r.setBid("none");
        })));
        checks.fails("updateMyRoomRole of an account that is not there", 404, null, service.updateMyRoomRole(
            with(new UpdateMyRoomRoleRequestV1(), r -> {
                r.setRoomid(room);
                r.setAccid("hznobody");
            })));

        var members = checks.ok("queryMembers", service.queryMembers(members(room, "lisi", "hznobody"))).getData();
        checks.same("queryMembers: members", 1, members.size());
        var lisi = members.get(0);
        checks.same("queryMembers: nick", "李四", lisi.getNick());
        checks.same("queryMembers: avator", "http://www.example.com/l.png", lisi.getAvator());
        checks.same("queryMembers: ext", "{\"a\":1}", lisi.getExt());
        checks.same("queryMembers: type", "MANAGER", lisi.getType());
        checks.same("queryMembers: tempMuted", null, lisi.getTempMuted());
    }

    private void mutes(long room) {
        var muted = checks.ok("temporaryMute", service.temporaryMute(with(new TemporaryMuteRequestV1(), r -> {
            r.setRoomid(room);
            r.setOperator("lisi");
            r.setTarget("wangwu");
            r.setMuteDuration(600L);
            r.setNeedNotify(false);
            r.setNotifyExt("calm down");
        })));
        checks.same("temporaryMute: muteDuration", 600L, muted.getMuteDuration());
        var wangwu = checks.ok("queryMembers", service.queryMembers(members(room, "wangwu"))).getData().get(0);
        checks.same("queryMembers: tempMuted", true, wangwu.getTempMuted());
        checks.that("queryMembers: tempMuteTtl " + wangwu.getTempMuteTtl(), wangwu.getTempMuteTtl() > 500);
    }

    private void robots(long room) {
        var added = checks.ok("addRobot", service.addRobot(with(new AddRobotRequestV1(), r -> {
            r.setRoomid(room);
            r.setAccids(List.of("robot1", "robot2", "lisi"));
            r.setRoleExt("{\"kind\":\"robot\"}");
            r.setNotifyExt("hello");
        })));
        checks.same("addRobot: successAccids", List.of("robot1", "robot2"), added.getSuccessAccids());
        checks.same("addRobot: failAccids", List.of("lisi"), added.getFailAccids());
        checks.same("addRobot: oldAccids", List.of(), added.getOldAccids());
        var robot = checks.ok("queryMembers", service.queryMembers(members(room, "robot1"))).getData().get(0);
        // Not looked at: isRobot, whose field the SDK 1.2.0 calls robot, and so never fills.
        checks.that("queryMembers: robotExpirAt " + robot.getRobotExpireAt(), robot.getRobotExpireAt() > 86000);

        var removed = checks.ok("removeRobot", service.removeRobot(with(new RemoveRobotRequestV1(), r -> {
            r.setRoomid(room);
            r.setAccids(List.of("robot1", "robot9"));
        })));
        checks.same("removeRobot: successAccids", List.of("robot1"), removed.getSuccessAccids());
        checks.same("removeRobot: failAccids", List.of("robot9"), removed.getFailAccids());
        checks.same("cleanRobot: size", 1, checks.ok("cleanRobot", service.cleanRobot(with(new CleanRobotRequestV1(), r -> {
            r.setRoomid(room);
            r.setNotify(true);
        }))).getSize());
    }

    private static SetMemberRoleRequestV1 role(long room, String operator, String target, int opt) {
        return with(new SetMemberRoleRequestV1(), r -> {
            r.setRoomid(room);
            r.setOperator(operator);
            r.setTarget(target);
            r.setOpt(opt);
            r.setOptValue(true);
            r.setNotifyExt("{}");
        });
    }

    private static QueryMembersRequestV1 members(long room, String... accids) {
        return with(new QueryMembersRequestV1(), r -> {
            r.setRoomid(room);
            r.setAccids(List.of(accids));
        });
    }
}
