// Makes the calls that it reads, a line each, through the generated types. ../../README.md has the format.
import { createInterface } from "node:readline";
import createClient from "openapi-fetch";
import type { components, operations, paths } from "../.build/schema.js";
import { answers, typed } from "./answers.js";
import { exactIntegers, form, nimroom } from "./nimroom.js";
import { type Fields, Inexpressible, body, flag, integer, json, one, optional, text } from "./fields.js";

type Forms = components["schemas"];
type Reply = { data?: unknown; error?: Forms["Error"]; response: Response };
type Call = (fields: Fields) => Promise<Reply>;

let now = 0;
const client = createClient<paths>({ baseUrl: process.env["NIM_BASE_URL"]!, headers: form });
client.use(nimroom(process.env["NIM_APP_KEY"]!, process.env["NIM_APP_SECRET"]!, () => now * 1000));

const calls: { [O in keyof operations]: Call } = {
  createChatroom: (f) =>
    client.POST("/chatroom/create.action", {
      body: body<Forms["CreateChatroomForm"]>(f, {
        creator: text,
        name: text,
        announcement: optional(text),
        broadcasturl: optional(text),
        ext: optional(text),
        queuelevel: optional(one(0, 1)),
      }),
    }),
  getChatroom: (f) =>
    client.POST("/chatroom/get.action", {
      body: body<Forms["GetChatroomForm"]>(f, {
        roomid: integer,
        needOnlineUserCount: optional(flag),
      }),
    }),
  getChatrooms: (f) =>
    client.POST("/chatroom/getBatch.action", {
      body: body<Forms["GetChatroomsForm"]>(f, {
        roomids: json,
        needOnlineUserCount: optional(flag),
      }),
    }),
  updateChatroom: (f) =>
    client.POST("/chatroom/update.action", {
      body: body<Forms["UpdateChatroomForm"]>(f, {
        roomid: integer,
        name: optional(text),
        announcement: optional(text),
        broadcasturl: optional(text),
        ext: optional(text),
        needNotify: optional(flag),
        notifyExt: optional(text),
        queuelevel: optional(one(0, 1)),
      }),
    }),
  toggleChatroom: (f) =>
    client.POST("/chatroom/toggleCloseStat.action", {
      body: body<Forms["ToggleChatroomForm"]>(f, {
        roomid: integer,
        operator: text,
        valid: flag,
      }),
    }),
  setMemberRole: (f) =>
    client.POST("/chatroom/setMemberRole.action", {
      body: body<Forms["SetMemberRoleForm"]>(f, {
        roomid: integer,
        operator: text,
        target: text,
        opt: one(1, 2, -1, -2),
        optvalue: flag,
        notifyExt: optional(text),
      }),
    }),
  requestAddress: (f) =>
    client.POST("/chatroom/requestAddr.action", {
      body: body<Forms["RequestAddressForm"]>(f, {
        roomid: integer,
        accid: text,
        clienttype: optional(one(1, 2, 3)),
        clientip: optional(text),
      }),
    }),
  sendMessage: (f) =>
    client.POST("/chatroom/sendMsg.action", {
      body: body<Forms["SendMessageForm"]>(f, {
        roomid: integer,
        msgId: text,
        fromAccid: text,
        msgType: one(0, 1, 2, 3, 4, 6, 10, 100),
        subType: optional(integer),
        resendFlag: optional(one(0, 1)),
        attach: optional(text),
        ext: optional(text),
        skipHistory: optional(one(0, 1)),
        abandonRatio: optional(integer),
        highPriority: optional(flag),
        needHighPriorityMsgResend: optional(flag),
        useYidun: optional(one(0)),
        yidunAntiCheating: optional(json),
        bid: optional(text),
        antispam: optional(flag),
        notifyTargetTags: optional(text),
        antispamCustom: optional(json),
        env: optional(text),
      }),
    }),
  addRobots: (f) =>
    client.POST("/chatroom/addRobot.action", {
      body: body<Forms["AddRobotsForm"]>(f, {
        roomid: integer,
        accids: json,
        roleExt: optional(text),
        notifyExt: optional(text),
      }),
    }),
  removeRobots: (f) =>
    client.POST("/chatroom/removeRobot.action", {
      body: body<Forms["RemoveRobotsForm"]>(f, {
        roomid: integer,
        accids: json,
      }),
    }),
  clearRobots: (f) =>
    client.POST("/chatroom/cleanRobot.action", {
      body: body<Forms["ClearRobotsForm"]>(f, {
        roomid: integer,
        notify: optional(flag),
      }),
    }),
  muteMember: (f) =>
    client.POST("/chatroom/temporaryMute.action", {
      body: body<Forms["MuteMemberForm"]>(f, {
        roomid: integer,
        operator: text,
        target: text,
        muteDuration: integer,
        needNotify: optional(flag),
        notifyExt: optional(text),
      }),
    }),
  muteChatroom: (f) =>
    client.POST("/chatroom/muteRoom.action", {
      body: body<Forms["MuteChatroomForm"]>(f, {
        roomid: integer,
        operator: text,
        mute: flag,
        needNotify: optional(flag),
        notifyExt: optional(text),
      }),
    }),
  listTopChatrooms: (f) =>
    client.POST("/stats/chatroom/topn.action", {
      body: body<Forms["ListTopChatroomsForm"]>(f, {
        topn: optional(integer),
        timestamp: optional(integer),
        period: optional(one("hour", "day")),
        orderby: optional(one("active", "enter", "message")),
      }),
    }),
  listMembers: (f) =>
    client.POST("/chatroom/membersByPage.action", {
      body: body<Forms["ListMembersForm"]>(f, {
        roomid: integer,
        type: one(0, 1, 2),
        endtime: integer,
        limit: integer,
      }),
    }),
  getMembers: (f) =>
    client.POST("/chatroom/queryMembers.action", {
      body: body<Forms["GetMembersForm"]>(f, {
        roomid: integer,
        accids: json,
      }),
    }),
  listMembersByRole: (f) =>
    client.POST("/chatroom/queryMembersByRole.action", {
      body: body<Forms["ListMembersByRoleForm"]>(f, {
        roomid: integer,
        roles: json,
      }),
    }),
  updateMember: (f) =>
    client.POST("/chatroom/updateMyRoomRole.action", {
      body: body<Forms["UpdateMemberForm"]>(f, {
        roomid: integer,
        accid: text,
        save: optional(flag),
        needNotify: optional(flag),
        notifyExt: optional(text),
        nick: optional(text),
        avator: optional(text),
        ext: optional(text),
      }),
    }),
  listUserChatrooms: (f) =>
    client.POST("/chatroom/queryUserRoomIds.action", {
      body: body<Forms["ListUserChatroomsForm"]>(f, {
        creator: text,
      }),
    }),
  setEntryNotification: (f) =>
    client.POST("/chatroom/updateInOutNotification.action", {
      body: body<Forms["SetEntryNotificationForm"]>(f, {
        roomid: integer,
        close: flag,
      }),
    }),
  muteTag: (f) =>
    client.POST("/chatroom/tagTemporaryMute.action", {
      body: body<Forms["MuteTagForm"]>(f, {
        roomid: integer,
        operator: text,
        targetTag: text,
        needNotify: optional(flag),
        notifyExt: optional(text),
        muteDuration: integer,
        notifyTargetTags: optional(text),
      }),
    }),
  countTagMembers: (f) =>
    client.POST("/chatroom/tagMembersCount.action", {
      body: body<Forms["CountTagMembersForm"]>(f, {
        roomid: integer,
        tag: text,
      }),
    }),
  listTagMembers: (f) =>
    client.POST("/chatroom/tagMembersQuery.action", {
      body: body<Forms["ListTagMembersForm"]>(f, {
        roomid: integer,
        tag: text,
        endTime: integer,
        limit: integer,
      }),
    }),
  listTagMessages: (f) =>
    client.POST("/history/queryTagHistoryMsg.action", {
      body: body<Forms["ListTagMessagesForm"]>(f, {
        roomId: integer,
        tags: json,
        types: optional(json),
        fromTime: optional(integer),
        toTime: optional(integer),
        limit: optional(integer),
        reverse: optional(one(0, 1)),
      }),
    }),
  updateMemberTags: (f) =>
    client.POST("/chatroom/updateChatRoomRoleTag.action", {
      body: body<Forms["UpdateMemberTagsForm"]>(f, {
        roomId: integer,
        tags: json,
        accid: text,
        notifyTargetTags: optional(text),
      }),
    }),
};

async function perform(line: string): Promise<object> {
  const request = JSON.parse(exactIntegers(line)) as { operation: keyof operations; form: Fields; now: number };
  now = request.now;
  try {
    const { data, error, response } = await calls[request.operation](request.form);
    if (response.ok) return { response: typed(data, answers[request.operation]) };
    return error?.code === undefined ? { status: response.status } : { code: error.code, desc: error.desc };
  } catch (problem) {
    return problem instanceof Inexpressible ? { inexpressible: problem.message } : { error: String(problem) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await perform(line)) + "\n");
}
