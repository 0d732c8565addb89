package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// demoCommand plays one evening in a live room and calls every operation.
type demoCommand struct{}

// Run runs the demo. It fails if a step fails or an operation is left out.
func (demoCommand) Run(ctx context.Context, s streams) (err error) {
	server, err := emulator.New(emulator.WithClock(evening()), emulator.WithAccounts(emulator.StrictAccounts))
	if err != nil {
		return err
	}
	address, stop, err := serveInBackground(ctx, server)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	client, err := wrapper.New(server.Credentials(),
		wrapper.WithBaseURL("http://"+address+"/nimserver"),
		wrapper.WithClock(server.Now)) // the demo advances the emulator's clock
	if err != nil {
		return err
	}
	t := newTable(s)
	t.title("One evening in a live room: %d operations on an emulator in this process", len(gen.Operations))
	d := &demo{table: t, server: server, client: client}
	for _, part := range []func(context.Context){
		d.opening, d.people, d.talking, d.moderation, d.queue, d.robots, d.tags, d.history, d.closing,
	} {
		part(ctx)
	}
	if err := playOthers(ctx, t); err != nil {
		return err
	}
	return t.finish()
}

// playOthers plays the conformance suite's first scenario of each operation that the
// evening has no part for, so that the demo needs nothing for a new operation. The
// scenarios have an emulator of their own, in which all accounts exist.
func playOthers(ctx context.Context, t *table) (err error) {
	if t.failed > 0 || len(t.done) == len(gen.Operations) {
		return nil // the table is complete as it is
	}
	server, err := emulator.New(emulator.WithClock(evening()))
	if err != nil {
		return err
	}
	address, stop, err := serveInBackground(ctx, server)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	suite, err := conformance.Load()
	if err != nil {
		return err
	}
	target, err := conformance.NewEmulated(ctx, "http://"+address+"/nimserver", server.Credentials(), wrapper.WithClock(server.Now))
	if err != nil {
		return err
	}
	for _, scenario := range suite.Scenarios {
		id, name, _ := strings.Cut(scenario.Name, "/")
		if name != "success" || t.done[id] {
			continue
		}
		t.step(id, func() (string, error) {
			if err := server.Reset(); err != nil { // each scenario begins with an empty service
				return "", err
			}
			return "as its scenario says", suite.Play(ctx, scenario, target)
		})
	}
	return nil
}

// evening returns a clock that starts at eight o'clock. The demo depends on hourly
// figures, so its start must not fall near the end of an hour.
func evening() func() time.Time {
	began := time.Now()
	eight := began.UTC().Truncate(24 * time.Hour).Add(20 * time.Hour)
	return func() time.Time { return eight.Add(time.Since(began)) }
}

// demo is a running demo.
type demo struct {
	*table
	server *emulator.Server
	client *wrapper.Client
	room   wrapper.RoomID
	offer  *wrapper.SentMessage // for the vips
	reply  *wrapper.SentMessage // of the guest
}

// show runs an operation and prints its row, with its result in words.
func show[T any](t *table, id string, call func() (T, error), words func(T) string) {
	t.step(id, func() (string, error) {
		result, err := call()
		if err != nil {
			return "", err
		}
		return words(result), nil
	})
}

const (
	host    = "lena"  // the owner of the room
	manager = "mia"   // a manager, who helps the owner
	guest   = "ben"   // a guest, whom the manager mutes
	troll   = "troll" // a member, whom the manager blocks
)

func (d *demo) opening(ctx context.Context) {
	d.say("Everyone gets an account, and Lena opens a room for her show.")
	show(d.table, "createAccount", func() (*wrapper.Account, error) {
		return d.client.Accounts.Create(ctx, wrapper.CreateAccountForm{Accid: host, Name: wrapper.Ptr("Lena")})
	}, func(a *wrapper.Account) string { return fmt.Sprintf("account %s, called %q", a.Accid, a.Name) })
	d.must(d.server.AddAccounts(manager, guest, "ada", troll, "r1", "r2", "r3"))
	d.step("createChatroom", func() (string, error) {
		room, err := d.client.Rooms.Create(ctx, wrapper.CreateChatroomForm{
			Creator: host, Name: "Evening show", Announcement: wrapper.Ptr("Doors open at eight"),
		})
		if err != nil {
			return "", err
		}
		d.room = room.RoomID
		return fmt.Sprintf("room %d, %q, owned by %s", room.RoomID, room.Name, room.Creator), nil
	})
	d.step("updateChatroom", func() (string, error) {
		room, err := d.client.Rooms.Update(ctx, wrapper.UpdateChatroomForm{RoomID: d.room, Announcement: wrapper.Ptr("We are live")})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("announcement %q, name still %q", room.Announcement, room.Name), nil
	})
	show(d.table, "setDelayedClosing", func() (*wrapper.Chatroom, error) {
		return d.client.Rooms.SetDelayedClosing(ctx, wrapper.SetDelayedClosingForm{
			RoomID: d.room, DelayClosePolicy: wrapper.Ptr(wrapper.DelayClosePolicyWhenEmpty), DelaySeconds: wrapper.Ptr(2 * time.Hour),
		})
	}, func(room *wrapper.Chatroom) string {
		return fmt.Sprintf("closes when it was empty for %v", room.DelayInfo.DelaySeconds)
	})
	d.step("setEntryNotification", func() (string, error) {
		err := d.client.Rooms.DisableEntryNotifications(ctx, wrapper.EntryNotificationsForm{RoomID: d.room})
		return "no notice for everyone who comes and goes", err
	})
	d.step("requestAddress", func() (string, error) {
		addresses, err := d.client.Rooms.RequestAddress(ctx, wrapper.RequestAddressForm{RoomID: d.room, Accid: guest})
		return fmt.Sprintf("web clients enter at %v", addresses), err
	})
	d.step("listUserChatrooms", func() (string, error) {
		rooms, err := d.client.Rooms.ListByCreator(ctx, wrapper.ListUserChatroomsForm{Creator: host})
		return fmt.Sprintf("%s has %d open room: %v", host, len(rooms), rooms), err
	})
}

func (d *demo) people(ctx context.Context) {
	d.say("People come in, with tags; Mia will help to run the room.")
	for _, person := range []emulator.JoinOptions{
		{Accid: host, Nick: "Lena", Tags: []string{"stage"}},
		{Accid: manager, Nick: "Mia", Tags: []string{"stage"}},
		{Accid: guest, Nick: "Ben", Tags: []string{"vip"}},
		{Accid: "ada", Nick: "Ada", Tags: []string{"vip", "front"}},
		{Accid: troll, Nick: "Troll"},
	} {
		d.must(d.server.Join(d.room, person))
	}
	d.step("setMemberRole", func() (string, error) {
		role, err := d.setRole(ctx, host, manager, wrapper.RoleOperationManager)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%s is %s now", role.Accid, role.Type), nil
	})
	d.step("getChatroom", func() (string, error) {
		room, err := d.client.Rooms.Get(ctx, wrapper.GetChatroomForm{RoomID: d.room, NeedOnlineUserCount: wrapper.Ptr(true)})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%d online, open %t", *room.OnlineUserCount, room.Valid), nil
	})
	d.step("getChatrooms", func() (string, error) {
		found, err := d.client.Rooms.GetBatch(ctx, wrapper.GetChatroomsForm{RoomIDs: []wrapper.RoomID{d.room, 404}})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%d found, no room %v", len(found.Rooms), found.MissingRooms), nil
	})
	d.step("listMembers", func() (string, error) {
		members, err := d.client.Members.List(ctx, wrapper.ListMembersForm{RoomID: d.room, Type: wrapper.Ptr(wrapper.MemberKindVisitors), Limit: 100})
		return "visitors, newest first: " + nicks(members), err
	})
	d.step("getMembers", func() (string, error) {
		members, err := d.client.Members.GetBatch(ctx, wrapper.GetMembersForm{RoomID: d.room, Accids: []string{"ada", guest, "zoe"}})
		return "online of ada, ben, zoe: " + nicks(members), err
	})
	d.step("updateMember", func() (string, error) {
		err := d.client.Members.Update(ctx, wrapper.UpdateMemberForm{RoomID: d.room, Accid: "ada", Nick: wrapper.Ptr("Ada L.")})
		return `ada is called "Ada L."`, err
	})
}

func (d *demo) talking(ctx context.Context) {
	d.say("They talk. Some messages are for the vips only.")
	d.step("sendMessage", func() (string, error) {
		sent, err := d.client.Messages.Send(ctx, d.text("hello", host, "Welcome, everyone!"))
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%s said %q at %s", sent.FromNick, sent.Attach, sent.Time.Format(time.TimeOnly)), nil
	})
	vip := d.text("offer", host, "Backstage after the show")
	vip.NotifyTargetTags = wrapper.Ptr(wrapper.Tag("vip"))
	var err error
	d.offer, err = d.client.Messages.Send(ctx, vip)
	d.must(err)
	d.reply, err = d.client.Messages.Send(ctx, d.text("reply", guest, "Encore!"))
	d.must(err)
	text := wrapper.Ptr(wrapper.MessageTypeText)
	list := []wrapper.MessageItem{{MsgID: "one", MsgType: text, Attach: wrapper.Ptr("First song")}, {MsgID: "two", MsgType: text, Attach: wrapper.Ptr("Second song")}}
	show(d.table, "sendMessages", func() (*wrapper.SendMessagesSuccess, error) {
		return d.client.Messages.SendBatch(ctx, wrapper.SendMessagesForm{RoomID: d.room, FromAccid: host, MsgList: list})
	}, func(r *wrapper.SendMessagesSuccess) string {
		return fmt.Sprintf("%d sent, %d failed", len(r.Success), len(r.Fail))
	})
	show(d.table, "sendMessageToAccounts", func() (*wrapper.SentMessage, error) {
		return d.client.Messages.SendTo(ctx, wrapper.SendMessageToAccountsForm{
			RoomID: d.room, MsgID: "hint", FromAccid: host, ToAccids: []string{manager}, MsgType: text, Attach: wrapper.Ptr("Watch the troll"),
		})
	}, func(m *wrapper.SentMessage) string { return fmt.Sprintf("%s told mia alone: %q", m.FromNick, m.Attach) })
	show(d.table, "sendMessagesToAccounts", func() (*wrapper.SendMessagesToAccountsSuccess, error) {
		return d.client.Messages.SendBatchTo(ctx, wrapper.SendMessagesToAccountsForm{RoomID: d.room, FromAccid: manager, ToAccids: []string{host, guest}, MsgList: list})
	}, func(r *wrapper.SendMessagesToAccountsSuccess) string {
		return fmt.Sprintf("%d for lena and ben, in no history", len(r.Success))
	})
	show(d.table, "broadcastMessage", func() (*wrapper.SentMessage, error) {
		return d.client.Messages.Broadcast(ctx, wrapper.BroadcastMessageForm{MsgID: "all", FromAccid: host, MsgType: text, Attach: wrapper.Ptr("On air")})
	}, func(m *wrapper.SentMessage) string { return fmt.Sprintf("%q to every open room", m.Attach) })
}

func (d *demo) queue(ctx context.Context) {
	d.say("Who sings next? The queue of the room keeps the order.")
	d.step("initQueue", func() (string, error) {
		return "room for 3", d.client.Queue.Init(ctx, wrapper.InitQueueForm{RoomID: d.room, SizeLimit: wrapper.Ptr(3)})
	})
	d.step("offerQueueElement", func() (string, error) {
		return "ada is in line", d.client.Queue.Offer(ctx, wrapper.OfferQueueElementForm{RoomID: d.room, Key: "ada", Value: "a ballad", Operator: wrapper.Ptr("ada")})
	})
	show(d.table, "offerQueueElements", func() (*wrapper.OfferedElements, error) {
		return d.client.Queue.OfferBatch(ctx, wrapper.OfferQueueElementsForm{RoomID: d.room, Elements: []wrapper.OfferedElement{{Key: "ben", Value: "a song"}, {Key: "mia", Value: "a duet"}}})
	}, func(o *wrapper.OfferedElements) string {
		return fmt.Sprintf("ben and mia, too; failed %v", o.FailedKeys)
	})
	show(d.table, "updateQueueElements", func() ([]string, error) {
		return d.client.Queue.UpdateBatch(ctx, wrapper.UpdateQueueElementsForm{RoomID: d.room, Operator: host, Elements: []wrapper.Entry{{Key: "ben", Value: "a short song"}, {Key: "zoe", Value: "?"}}})
	}, func(missing []string) string { return fmt.Sprintf("ben's song is short; not in line: %v", missing) })
	show(d.table, "listQueueElements", func() ([]wrapper.Entry, error) {
		return d.client.Queue.List(ctx, wrapper.ListQueueElementsForm{RoomID: d.room})
	}, func(list []wrapper.Entry) string { return fmt.Sprintf("in order: %v", list) })
	show(d.table, "getQueueElements", func() ([]wrapper.Entry, error) {
		return d.client.Queue.GetBatch(ctx, wrapper.GetQueueElementsForm{RoomID: d.room, Keys: []string{"mia"}})
	}, func(list []wrapper.Entry) string { return fmt.Sprintf("mia sings: %v", list) })
	show(d.table, "pollQueueElement", func() (*wrapper.PolledElement, error) {
		return d.client.Queue.Poll(ctx, wrapper.QueueHeadForm{RoomID: d.room})
	}, func(e *wrapper.PolledElement) string { return fmt.Sprintf("%s is on: %s", e.Key, e.Value) })
	d.step("dropQueue", func() (string, error) {
		return "no more songs tonight", d.client.Queue.Drop(ctx, wrapper.DropQueueForm{RoomID: d.room})
	})
}

func (d *demo) history(ctx context.Context) {
	d.say("Ben takes his word back, and Lena her offer.")
	if d.reply == nil || d.offer == nil {
		return // not sent, which is counted
	}
	d.step("recallMessage", func() (string, error) {
		return fmt.Sprintf("%q is gone", d.reply.Attach), d.client.Messages.Recall(ctx, wrapper.RecallMessageForm{
			RoomID: d.room, MsgID: d.reply.ClientMsgID, MsgTimetag: d.reply.Time, FromAcc: guest, OperatorAcc: guest,
		})
	})
	d.step("deleteHistoryMessage", func() (string, error) {
		return fmt.Sprintf("%q is deleted", d.offer.Attach), d.client.History.Delete(ctx, wrapper.DeleteHistoryMessageForm{RoomID: d.room, FromAcc: host, MsgTimetag: d.offer.Time})
	})
	show(d.table, "listHistory", func() ([]wrapper.HistoryEntry, error) {
		return d.client.History.List(ctx, wrapper.ListHistoryForm{RoomID: d.room, Accid: host, Timetag: d.server.Now(), Limit: 100, Type: wrapper.Ptr("0")})
	}, func(list []wrapper.HistoryEntry) string {
		if len(list) == 0 {
			return "nothing is left"
		}
		return fmt.Sprintf("%d messages are left, the latest %q", len(list), list[0].Body.Msg)
	})
}

func (d *demo) moderation(ctx context.Context) {
	d.say("Ben talks too much, a troll turns up, and the room needs a moment of quiet.")
	d.step("muteMember", func() (string, error) {
		length, err := d.client.Members.Mute(ctx, wrapper.MuteMemberForm{RoomID: d.room, Operator: manager, Target: guest, MuteDuration: 10 * time.Minute})
		return fmt.Sprintf("ben is muted for %v", length), err
	})
	_, rejected := d.client.Messages.Send(ctx, d.text("again", guest, "Encore! Encore!"))
	d.say("Ben tries again: " + describe(rejected) + ".")
	d.step("kickMember", func() (string, error) {
		return "the troll is put out", d.client.Members.Kick(ctx, wrapper.KickMemberForm{RoomID: d.room, TargetAccid: troll, Accid: manager})
	})
	d.say("The troll may come back until it is on the blocklist.")
	_, err := d.setRole(ctx, manager, troll, wrapper.RoleOperationBlocked)
	d.must(err)
	d.step("listMembersByRole", func() (string, error) {
		members, err := d.client.Members.ListByRole(ctx, wrapper.ListMembersByRoleForm{
			RoomID: d.room, Roles: wrapper.RoleSelection{Creator: wrapper.Ptr(true), Manager: wrapper.Ptr(true), Blacklist: wrapper.Ptr(true)},
		})
		return "owner, managers, blocklist: " + roles(members), err
	})
	d.step("muteChatroom", func() (string, error) {
		err := d.client.Rooms.Mute(ctx, wrapper.RoomMuteForm{RoomID: d.room, Operator: host})
		return "only the owner and managers can speak", err
	})
	_, rejected = d.client.Messages.Send(ctx, d.text("psst", "ada", "Hello?"))
	d.say("Ada whispers: " + describe(rejected) + ".")
	err = d.client.Rooms.Unmute(ctx, wrapper.RoomMuteForm{RoomID: d.room, Operator: host})
	d.must(err)
}

func (d *demo) robots(ctx context.Context) {
	d.say("Robots fill the empty seats for a while.")
	d.step("addRobots", func() (string, error) {
		added, err := d.client.Robots.AddBatch(ctx, wrapper.AddRobotsForm{RoomID: d.room, Accids: []string{"r1", "r2", "r3"}})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("added %v, there before %v", added.SuccessAccids, added.OldAccids), nil
	})
	d.step("removeRobots", func() (string, error) {
		removed, err := d.client.Robots.RemoveBatch(ctx, wrapper.RemoveRobotsForm{RoomID: d.room, Accids: []string{"r1", "r9"}})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("removed %v, failed %v", removed.SuccessAccids, removed.FailedAccids), nil
	})
	d.step("clearRobots", func() (string, error) {
		n, err := d.client.Robots.Clear(ctx, wrapper.ClearRobotsForm{RoomID: d.room})
		return fmt.Sprintf("the last %d left", n), err
	})
}

func (d *demo) tags(ctx context.Context) {
	d.say("Tags pick out a part of the room.")
	d.step("countTagMembers", func() (string, error) {
		n, err := d.client.Tags.Count(ctx, wrapper.CountTagMembersForm{RoomID: d.room, Tag: "vip"})
		return fmt.Sprintf("%d vips online", n), err
	})
	d.step("updateMemberTags", func() (string, error) {
		err := d.client.Tags.UpdateMember(ctx, wrapper.UpdateMemberTagsForm{RoomID: d.room, Accid: guest, Tags: []string{"fan"}})
		return "ben is a fan now, no vip", err
	})
	d.step("listTagMembers", func() (string, error) {
		members, err := d.client.Tags.ListMembers(ctx, wrapper.ListTagMembersForm{RoomID: d.room, Tag: "vip", Limit: 100})
		if err != nil || len(members) == 0 {
			return "nobody", err
		}
		return fmt.Sprintf("vips: %s, tags %s", members[0].Nick, members[0].Tags), nil
	})
	d.step("muteTag", func() (string, error) {
		length, err := d.client.Tags.Mute(ctx, wrapper.MuteTagForm{RoomID: d.room, Operator: manager, TargetTag: "fan", MuteDuration: time.Minute})
		return fmt.Sprintf("fans are muted for %v", length), err
	})
	d.step("listTagMessages", func() (string, error) {
		messages, err := d.client.Tags.ListMessages(ctx, wrapper.ListTagMessagesForm{RoomID: d.room, Tags: []string{"vip"}})
		if err != nil || len(messages) == 0 {
			return "none", err
		}
		return fmt.Sprintf("%d sent to vips: %q by %s", len(messages), messages[0].Body.Msg, messages[0].From), nil
	})
}

func (d *demo) closing(ctx context.Context) {
	d.say("An hour later the figures are in, and Lena closes the room.")
	show := d.server.Now()
	d.must(d.server.Advance(time.Hour))
	d.step("listTopChatrooms", func() (string, error) {
		top, err := d.client.Statistics.ListTop(ctx, wrapper.ListTopChatroomsForm{
			Timestamp: &show, OrderBy: wrapper.Ptr(wrapper.RankingOrderMessage),
		})
		if err != nil || len(top) == 0 {
			return "no room", err
		}
		return fmt.Sprintf("room %d: %d active, %d entries, %d messages", top[0].RoomID, top[0].ActiveNums, top[0].EnterNums, top[0].Msgs), nil
	})
	d.step("toggleChatroom", func() (string, error) {
		room, err := d.client.Rooms.Close(ctx, wrapper.RoomStateForm{RoomID: d.room, Operator: host})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("open %t; good night", room.Valid), nil
	})
}

// text returns the form of a text message.
func (d *demo) text(id, from, text string) wrapper.SendMessageForm {
	return wrapper.SendMessageForm{RoomID: d.room, MsgID: id, FromAccid: from, MsgType: wrapper.Ptr(wrapper.MessageTypeText), Attach: &text}
}

func (d *demo) setRole(ctx context.Context, operator, target string, role wrapper.RoleOperation) (*wrapper.MemberRole, error) {
	return d.client.Members.SetRole(ctx, wrapper.MemberRoleForm{RoomID: d.room, Operator: operator, Target: target, Opt: role})
}
