// What answers hold, by the generated types: the compiler sees to it that nothing is listed which a type does not have, or
// left out which it has. At run time a type is gone, and an answer would hold whatever the service sent.
import type { components, operations } from "../.build/schema.js";

type Schemas = components["schemas"];

/** true for a value, or what its members or items hold. */
type Members<T> = T extends readonly (infer Item)[]
  ? [Members<NonNullable<Item>>]
  : T extends object
    ? string extends keyof T
      ? true // any members
      : { [K in keyof T]-?: Members<NonNullable<T[K]>> }
    : true;

type Success<O extends keyof operations> = operations[O]["responses"][200]["content"]["application/json"];

/** The members of a value that its type has. */
export function typed(value: unknown, members: unknown): unknown {
  if (members === true || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => typed(item, (members as unknown[])[0]));
  const known = Object.entries(value).filter(([name]) => name in (members as object));
  return Object.fromEntries(known.map(([name, member]) => [name, typed(member, (members as Record<string, unknown>)[name])]));
}

const chatroom: Members<Schemas["Chatroom"]> = {
  roomid: true,
  valid: true,
  muted: true,
  announcement: true,
  name: true,
  broadcasturl: true,
  onlineusercount: true,
  ext: true,
  creator: true,
  queuelevel: true,
  ionotify: true,
};

const memberRole: Members<Schemas["MemberRole"]> = { roomid: true, level: true, accid: true, type: true };

const sentMessage: Members<Schemas["SentMessage"]> = {
  time: true,
  fromAvator: true,
  msgid_client: true,
  fromClientType: true,
  attach: true,
  roomId: true,
  fromAccount: true,
  fromNick: true,
  type: true,
  ext: true,
  highPriorityFlag: true,
  msgAbandonFlag: true,
};

const addedRobots: Members<Schemas["AddedRobots"]> = { failAccids: true, successAccids: true, oldAccids: true };

const removedRobots: Members<Schemas["RemovedRobots"]> = { failAccids: true, successAccids: true };

const clearedRobots: Members<Schemas["ClearedRobots"]> = { size: true };

const muteDuration: Members<Schemas["MuteDuration"]> = { muteDuration: true };

const mutedChatroom: Members<Schemas["MutedChatroom"]> = { success: true };

const topChatroom: Members<Schemas["TopChatroom"]> = {
  activeNums: true,
  datetime: true,
  enterNums: true,
  msgs: true,
  period: true,
  roomId: true,
};

const member: Members<Schemas["Member"]> = {
  roomid: true,
  accid: true,
  nick: true,
  avator: true,
  ext: true,
  type: true,
  level: true,
  onlineStat: true,
  enterTime: true,
  blacklisted: true,
  muted: true,
  tempMuted: true,
  tempMuteTtl: true,
  isRobot: true,
  robotExpirAt: true,
};

const memberList: Members<Schemas["MemberList"]> = { data: [member] };

const userChatrooms: Members<Schemas["UserChatrooms"]> = { roomids: [true] };

const tagCount: Members<Schemas["TagCount"]> = { tag: true, onlineUserCount: true };

const tagMember: Members<Schemas["TagMember"]> = { ...member, tags: true, notifyTargetTags: true };

const tagMemberList: Members<Schemas["TagMemberList"]> = { data: [tagMember] };

const historyMessage: Members<Schemas["HistoryMessage"]> = { msgid: true, from: true, type: true, sendtime: true, body: true, fromclienttype: true };

export const answers: { [O in keyof operations]: Members<Success<O>> } = {
  createChatroom: { chatroom: chatroom, code: true },
  getChatroom: { chatroom: chatroom, code: true },
  getChatrooms: { noExistRooms: [true], succRooms: [chatroom], failRooms: [true], code: true },
  updateChatroom: { chatroom: chatroom, code: true },
  toggleChatroom: { desc: chatroom, code: true },
  setMemberRole: { desc: memberRole, code: true },
  requestAddress: { addr: [true], code: true },
  sendMessage: { code: true, desc: sentMessage },
  addRobots: { desc: addedRobots, code: true },
  removeRobots: { desc: removedRobots, code: true },
  clearRobots: { code: true, desc: clearedRobots },
  muteMember: { desc: muteDuration, code: true },
  muteChatroom: { desc: mutedChatroom, code: true },
  listTopChatrooms: { code: true, data: [topChatroom] },
  listMembers: { desc: memberList, code: true },
  getMembers: { desc: memberList, code: true },
  listMembersByRole: { code: true, desc: memberList },
  updateMember: { code: true },
  listUserChatrooms: { code: true, desc: userChatrooms },
  setEntryNotification: { code: true },
  muteTag: { code: true, desc: muteDuration },
  countTagMembers: { data: tagCount, code: true },
  listTagMembers: { desc: tagMemberList, code: true },
  listTagMessages: { msgs: [historyMessage], code: true, size: true },
  updateMemberTags: { code: true },
};
