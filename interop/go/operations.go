package main

import (
	"context"
	"net/http"

	"nimroom.example/interop/chatroom"
)

type call func(context.Context, *chatroom.APIClient, *form) func() (any, *http.Response, error)

// operations are the generated methods, by the ids of their operations.
var operations = map[string]call{
	"createChatroom": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.RoomsAPI.CreateChatroom(ctx)
		set(f, &r, "creator", chatroom.ApiCreateChatroomRequest.Creator)
		set(f, &r, "name", chatroom.ApiCreateChatroomRequest.Name)
		set(f, &r, "announcement", chatroom.ApiCreateChatroomRequest.Announcement)
		set(f, &r, "broadcasturl", chatroom.ApiCreateChatroomRequest.Broadcasturl)
		set(f, &r, "ext", chatroom.ApiCreateChatroomRequest.Ext)
		set(f, &r, "queuelevel", chatroom.ApiCreateChatroomRequest.Queuelevel)
		return execute(r.Execute)
	},
	"getChatroom": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.RoomsAPI.GetChatroom(ctx)
		set(f, &r, "roomid", chatroom.ApiGetChatroomRequest.Roomid)
		set(f, &r, "needOnlineUserCount", chatroom.ApiGetChatroomRequest.NeedOnlineUserCount)
		return execute(r.Execute)
	},
	"getChatrooms": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.RoomsAPI.GetChatrooms(ctx)
		setJSON(f, &r, "roomids", chatroom.ApiGetChatroomsRequest.Roomids)
		set(f, &r, "needOnlineUserCount", chatroom.ApiGetChatroomsRequest.NeedOnlineUserCount)
		return execute(r.Execute)
	},
	"updateChatroom": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.RoomsAPI.UpdateChatroom(ctx)
		set(f, &r, "roomid", chatroom.ApiUpdateChatroomRequest.Roomid)
		set(f, &r, "name", chatroom.ApiUpdateChatroomRequest.Name)
		set(f, &r, "announcement", chatroom.ApiUpdateChatroomRequest.Announcement)
		set(f, &r, "broadcasturl", chatroom.ApiUpdateChatroomRequest.Broadcasturl)
		set(f, &r, "ext", chatroom.ApiUpdateChatroomRequest.Ext)
		set(f, &r, "needNotify", chatroom.ApiUpdateChatroomRequest.NeedNotify)
		set(f, &r, "notifyExt", chatroom.ApiUpdateChatroomRequest.NotifyExt)
		set(f, &r, "queuelevel", chatroom.ApiUpdateChatroomRequest.Queuelevel)
		return execute(r.Execute)
	},
	"toggleChatroom": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.RoomsAPI.ToggleChatroom(ctx)
		set(f, &r, "roomid", chatroom.ApiToggleChatroomRequest.Roomid)
		set(f, &r, "operator", chatroom.ApiToggleChatroomRequest.Operator)
		set(f, &r, "valid", chatroom.ApiToggleChatroomRequest.Valid)
		return execute(r.Execute)
	},
	"setMemberRole": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.MembersAPI.SetMemberRole(ctx)
		set(f, &r, "roomid", chatroom.ApiSetMemberRoleRequest.Roomid)
		set(f, &r, "operator", chatroom.ApiSetMemberRoleRequest.Operator)
		set(f, &r, "target", chatroom.ApiSetMemberRoleRequest.Target)
		set(f, &r, "opt", chatroom.ApiSetMemberRoleRequest.Opt)
		set(f, &r, "optvalue", chatroom.ApiSetMemberRoleRequest.Optvalue)
		set(f, &r, "notifyExt", chatroom.ApiSetMemberRoleRequest.NotifyExt)
		return execute(r.Execute)
	},
	"requestAddress": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.RoomsAPI.RequestAddress(ctx)
		set(f, &r, "roomid", chatroom.ApiRequestAddressRequest.Roomid)
		set(f, &r, "accid", chatroom.ApiRequestAddressRequest.Accid)
		set(f, &r, "clienttype", chatroom.ApiRequestAddressRequest.Clienttype)
		set(f, &r, "clientip", chatroom.ApiRequestAddressRequest.Clientip)
		return execute(r.Execute)
	},
	"sendMessage": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.MessagesAPI.SendMessage(ctx)
		set(f, &r, "roomid", chatroom.ApiSendMessageRequest.Roomid)
		set(f, &r, "msgId", chatroom.ApiSendMessageRequest.MsgId)
		set(f, &r, "fromAccid", chatroom.ApiSendMessageRequest.FromAccid)
		set(f, &r, "msgType", chatroom.ApiSendMessageRequest.MsgType)
		set(f, &r, "subType", chatroom.ApiSendMessageRequest.SubType)
		set(f, &r, "resendFlag", chatroom.ApiSendMessageRequest.ResendFlag)
		set(f, &r, "attach", chatroom.ApiSendMessageRequest.Attach)
		set(f, &r, "ext", chatroom.ApiSendMessageRequest.Ext)
		set(f, &r, "skipHistory", chatroom.ApiSendMessageRequest.SkipHistory)
		set(f, &r, "abandonRatio", chatroom.ApiSendMessageRequest.AbandonRatio)
		set(f, &r, "highPriority", chatroom.ApiSendMessageRequest.HighPriority)
		set(f, &r, "needHighPriorityMsgResend", chatroom.ApiSendMessageRequest.NeedHighPriorityMsgResend)
		set(f, &r, "useYidun", chatroom.ApiSendMessageRequest.UseYidun)
		setJSON(f, &r, "yidunAntiCheating", chatroom.ApiSendMessageRequest.YidunAntiCheating)
		set(f, &r, "bid", chatroom.ApiSendMessageRequest.Bid)
		set(f, &r, "antispam", chatroom.ApiSendMessageRequest.Antispam)
		set(f, &r, "notifyTargetTags", chatroom.ApiSendMessageRequest.NotifyTargetTags)
		setJSON(f, &r, "antispamCustom", chatroom.ApiSendMessageRequest.AntispamCustom)
		set(f, &r, "env", chatroom.ApiSendMessageRequest.Env)
		return execute(r.Execute)
	},
	"addRobots": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.RobotsAPI.AddRobots(ctx)
		set(f, &r, "roomid", chatroom.ApiAddRobotsRequest.Roomid)
		setJSON(f, &r, "accids", chatroom.ApiAddRobotsRequest.Accids)
		set(f, &r, "roleExt", chatroom.ApiAddRobotsRequest.RoleExt)
		set(f, &r, "notifyExt", chatroom.ApiAddRobotsRequest.NotifyExt)
		return execute(r.Execute)
	},
	"removeRobots": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.RobotsAPI.RemoveRobots(ctx)
		set(f, &r, "roomid", chatroom.ApiRemoveRobotsRequest.Roomid)
		setJSON(f, &r, "accids", chatroom.ApiRemoveRobotsRequest.Accids)
		return execute(r.Execute)
	},
	"clearRobots": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.RobotsAPI.ClearRobots(ctx)
		set(f, &r, "roomid", chatroom.ApiClearRobotsRequest.Roomid)
		set(f, &r, "notify", chatroom.ApiClearRobotsRequest.Notify)
		return execute(r.Execute)
	},
	"muteMember": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.MembersAPI.MuteMember(ctx)
		set(f, &r, "roomid", chatroom.ApiMuteMemberRequest.Roomid)
		set(f, &r, "operator", chatroom.ApiMuteMemberRequest.Operator)
		set(f, &r, "target", chatroom.ApiMuteMemberRequest.Target)
		set(f, &r, "muteDuration", chatroom.ApiMuteMemberRequest.MuteDuration)
		set(f, &r, "needNotify", chatroom.ApiMuteMemberRequest.NeedNotify)
		set(f, &r, "notifyExt", chatroom.ApiMuteMemberRequest.NotifyExt)
		return execute(r.Execute)
	},
	"muteChatroom": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.RoomsAPI.MuteChatroom(ctx)
		set(f, &r, "roomid", chatroom.ApiMuteChatroomRequest.Roomid)
		set(f, &r, "operator", chatroom.ApiMuteChatroomRequest.Operator)
		set(f, &r, "mute", chatroom.ApiMuteChatroomRequest.Mute)
		set(f, &r, "needNotify", chatroom.ApiMuteChatroomRequest.NeedNotify)
		set(f, &r, "notifyExt", chatroom.ApiMuteChatroomRequest.NotifyExt)
		return execute(r.Execute)
	},
	"listTopChatrooms": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.StatisticsAPI.ListTopChatrooms(ctx)
		set(f, &r, "topn", chatroom.ApiListTopChatroomsRequest.Topn)
		set(f, &r, "timestamp", chatroom.ApiListTopChatroomsRequest.Timestamp)
		set(f, &r, "period", chatroom.ApiListTopChatroomsRequest.Period)
		set(f, &r, "orderby", chatroom.ApiListTopChatroomsRequest.Orderby)
		return execute(r.Execute)
	},
	"listMembers": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.MembersAPI.ListMembers(ctx)
		set(f, &r, "roomid", chatroom.ApiListMembersRequest.Roomid)
		set(f, &r, "type", chatroom.ApiListMembersRequest.Type_)
		set(f, &r, "endtime", chatroom.ApiListMembersRequest.Endtime)
		set(f, &r, "limit", chatroom.ApiListMembersRequest.Limit)
		return execute(r.Execute)
	},
	"getMembers": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.MembersAPI.GetMembers(ctx)
		set(f, &r, "roomid", chatroom.ApiGetMembersRequest.Roomid)
		setJSON(f, &r, "accids", chatroom.ApiGetMembersRequest.Accids)
		return execute(r.Execute)
	},
	"listMembersByRole": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.MembersAPI.ListMembersByRole(ctx)
		set(f, &r, "roomid", chatroom.ApiListMembersByRoleRequest.Roomid)
		setJSON(f, &r, "roles", chatroom.ApiListMembersByRoleRequest.Roles)
		return execute(r.Execute)
	},
	"updateMember": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.MembersAPI.UpdateMember(ctx)
		set(f, &r, "roomid", chatroom.ApiUpdateMemberRequest.Roomid)
		set(f, &r, "accid", chatroom.ApiUpdateMemberRequest.Accid)
		set(f, &r, "save", chatroom.ApiUpdateMemberRequest.Save)
		set(f, &r, "needNotify", chatroom.ApiUpdateMemberRequest.NeedNotify)
		set(f, &r, "notifyExt", chatroom.ApiUpdateMemberRequest.NotifyExt)
		set(f, &r, "nick", chatroom.ApiUpdateMemberRequest.Nick)
		set(f, &r, "avator", chatroom.ApiUpdateMemberRequest.Avator)
		set(f, &r, "ext", chatroom.ApiUpdateMemberRequest.Ext)
		return execute(r.Execute)
	},
	"listUserChatrooms": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.RoomsAPI.ListUserChatrooms(ctx)
		set(f, &r, "creator", chatroom.ApiListUserChatroomsRequest.Creator)
		return execute(r.Execute)
	},
	"setEntryNotification": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.RoomsAPI.SetEntryNotification(ctx)
		set(f, &r, "roomid", chatroom.ApiSetEntryNotificationRequest.Roomid)
		set(f, &r, "close", chatroom.ApiSetEntryNotificationRequest.Close)
		return execute(r.Execute)
	},
	"muteTag": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.TagsAPI.MuteTag(ctx)
		set(f, &r, "roomid", chatroom.ApiMuteTagRequest.Roomid)
		set(f, &r, "operator", chatroom.ApiMuteTagRequest.Operator)
		set(f, &r, "targetTag", chatroom.ApiMuteTagRequest.TargetTag)
		set(f, &r, "needNotify", chatroom.ApiMuteTagRequest.NeedNotify)
		set(f, &r, "notifyExt", chatroom.ApiMuteTagRequest.NotifyExt)
		set(f, &r, "muteDuration", chatroom.ApiMuteTagRequest.MuteDuration)
		set(f, &r, "notifyTargetTags", chatroom.ApiMuteTagRequest.NotifyTargetTags)
		return execute(r.Execute)
	},
	"countTagMembers": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.TagsAPI.CountTagMembers(ctx)
		set(f, &r, "roomid", chatroom.ApiCountTagMembersRequest.Roomid)
		set(f, &r, "tag", chatroom.ApiCountTagMembersRequest.Tag)
		return execute(r.Execute)
	},
	"listTagMembers": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.TagsAPI.ListTagMembers(ctx)
		set(f, &r, "roomid", chatroom.ApiListTagMembersRequest.Roomid)
		set(f, &r, "tag", chatroom.ApiListTagMembersRequest.Tag)
		set(f, &r, "endTime", chatroom.ApiListTagMembersRequest.EndTime)
		set(f, &r, "limit", chatroom.ApiListTagMembersRequest.Limit)
		return execute(r.Execute)
	},
	"listTagMessages": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.TagsAPI.ListTagMessages(ctx)
		set(f, &r, "roomId", chatroom.ApiListTagMessagesRequest.RoomId)
		setJSON(f, &r, "tags", chatroom.ApiListTagMessagesRequest.Tags)
		setJSON(f, &r, "types", chatroom.ApiListTagMessagesRequest.Types)
		set(f, &r, "fromTime", chatroom.ApiListTagMessagesRequest.FromTime)
		set(f, &r, "toTime", chatroom.ApiListTagMessagesRequest.ToTime)
		set(f, &r, "limit", chatroom.ApiListTagMessagesRequest.Limit)
		set(f, &r, "reverse", chatroom.ApiListTagMessagesRequest.Reverse)
		return execute(r.Execute)
	},
	"updateMemberTags": func(ctx context.Context, c *chatroom.APIClient, f *form) func() (any, *http.Response, error) {
		r := c.TagsAPI.UpdateMemberTags(ctx)
		set(f, &r, "roomId", chatroom.ApiUpdateMemberTagsRequest.RoomId)
		setJSON(f, &r, "tags", chatroom.ApiUpdateMemberTagsRequest.Tags)
		set(f, &r, "accid", chatroom.ApiUpdateMemberTagsRequest.Accid)
		set(f, &r, "notifyTargetTags", chatroom.ApiUpdateMemberTagsRequest.NotifyTargetTags)
		return execute(r.Execute)
	},
}
