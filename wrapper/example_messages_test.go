package wrapper_test

import (
	"context"
	"fmt"
	"time"

	"github.com/nimroom/nimroom/wrapper"
)

// A message is made from its content and sent to the members with a tag.
func ExampleMessagesService() {
	client, srv := startExample()
	room, err := srv.CreateRoom(wrapper.CreateChatroomForm{Creator: "zhangsan", Name: "Evening show"})
	if err != nil {
		fmt.Println(err)
		return
	}
	message, err := wrapper.NewMessage(room, "zhangsan", wrapper.Text("Welcome!"))
	if err != nil {
		fmt.Println(err)
		return
	}
	message.HighPriority = wrapper.Ptr(true)
	message.NotifyTargetTags = wrapper.Ptr(wrapper.Tag("vip"))

	sent, err := client.Messages.Send(context.Background(), message)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sent.FromAccount, sent.Attach, sent.Time.Format(time.RFC3339))
	// Output: zhangsan Welcome! 2022-11-25T08:00:00Z
}

// Every kind of content is written in its own form.
func ExampleNewMessage() {
	for _, content := range []wrapper.Content{
		wrapper.Text("Welcome!"),
		wrapper.Image{Name: "cat", URL: "https://cdn.example.com/cat.jpg", Ext: "jpg", Width: 640, Height: 480, Size: 38_000},
		wrapper.Audio{URL: "https://cdn.example.com/meow.aac", Ext: "aac", Duration: 4551 * time.Millisecond},
		wrapper.Location{Title: "Hangzhou", Longitude: 120.19, Latitude: 30.18},
		wrapper.Tip("zhangsan has a new cat"),
		wrapper.Custom{Value: map[string]any{"gift": "rose", "count": 3}},
	} {
		message, err := wrapper.NewMessage(36, "zhangsan", content)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(message.MsgType, *message.Attach)
	}
	// Output:
	// Text Welcome!
	// Image {"name":"cat","url":"https://cdn.example.com/cat.jpg","ext":"jpg","w":640,"h":480,"size":38000}
	// Audio {"dur":4551,"url":"https://cdn.example.com/meow.aac","ext":"aac"}
	// Location {"title":"Hangzhou","lng":120.19,"lat":30.18}
	// Tip {"msg":"zhangsan has a new cat"}
	// Custom {"count":3,"gift":"rose"}
}

// Tags are joined to expressions that are always well formed.
func ExampleTag() {
	expr := wrapper.Tag("vip").And(wrapper.Tag("zh").Or(wrapper.Tag("en")))
	fmt.Println(expr)

	var either wrapper.TagExpr // nothing yet
	for _, name := range []string{"red", `"blue"`} {
		either = either.Or(wrapper.Tag(name))
	}
	fmt.Println(either, either.Err())
	// Output:
	// {"tag":"vip"} and ({"tag":"zh"} or {"tag":"en"})
	// {"tag":"red"} or {"tag":"\"blue\""} <nil>
}

// The online members of a tag are counted and listed, and its messages read.
func ExampleTagsService() {
	client, srv := startExample()
	ctx := context.Background()
	room, err := srv.CreateRoom(wrapper.CreateChatroomForm{Creator: "zhangsan", Name: "Evening show"})
	if err != nil {
		fmt.Println(err)
		return
	}
	enter(srv, room, "lisi", "vip")
	enter(srv, room, "wangwu", "vip", "zh")
	for _, text := range []string{"one", "two", "three"} {
		message, err := wrapper.NewMessage(room, "zhangsan", wrapper.Text(text))
		if err != nil {
			fmt.Println(err)
			return
		}
		message.NotifyTargetTags = wrapper.Ptr(wrapper.Tag("vip"))
		if _, err := client.Messages.Send(ctx, message); err != nil {
			fmt.Println(err)
			return
		}
	}

	count, err := client.Tags.Count(ctx, wrapper.CountTagMembersForm{RoomID: room, Tag: "vip"})
	fmt.Println(count, err)
	for member, err := range client.Tags.AllMembers(ctx, wrapper.ListTagMembersForm{RoomID: room, Tag: "vip"}) {
		fmt.Println(member.Accid, member.Tags, err)
	}
	history := wrapper.ListTagMessagesForm{
		RoomID:   room,
		Tags:     []string{"vip"},
		FromTime: wrapper.Ptr(srv.Now().Add(-time.Hour)),
		Reverse:  wrapper.Ptr(wrapper.HistoryOrderOldestFirst),
	}
	for message, err := range client.Tags.AllMessages(ctx, history) {
		fmt.Println(message.From, message.Body.Msg, err)
	}
	// Output:
	// 2 <nil>
	// wangwu vip,zh <nil>
	// lisi vip <nil>
	// zhangsan one <nil>
	// zhangsan two <nil>
	// zhangsan three <nil>
}

// The rooms of an hour are ranked by their messages.
func ExampleStatisticsService() {
	client, srv := startExample()
	ctx := context.Background()
	for i, name := range []string{"quiet", "lively"} {
		room, err := srv.CreateRoom(wrapper.CreateChatroomForm{Creator: "zhangsan", Name: name})
		if err != nil {
			fmt.Println(err)
			return
		}
		for range 1 + 2*i {
			if _, err := client.Messages.Send(ctx, wrapper.SendMessageForm{RoomID: room, FromAccid: "zhangsan", MsgType: wrapper.Ptr(wrapper.MessageTypeText), Attach: wrapper.Ptr("hi")}); err != nil {
				fmt.Println(err)
				return
			}
		}
	}

	rooms, err := client.Statistics.ListTop(ctx, wrapper.ListTopChatroomsForm{
		Period:  wrapper.Ptr(wrapper.RankingPeriodHour),
		OrderBy: wrapper.Ptr(wrapper.RankingOrderMessage),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, room := range rooms {
		fmt.Println(i+1, room.RoomID, room.Msgs)
	}
	// Output:
	// 1 10010000002 3
	// 2 10010000001 1
}

// The rankings of several days are read one by one.
func ExampleStatisticsService_Days() {
	client, srv := startExample()
	room, err := srv.CreateRoom(wrapper.CreateChatroomForm{Creator: "zhangsan", Name: "Evening show"})
	if err != nil {
		fmt.Println(err)
		return
	}
	enter(srv, room, "lisi")
	enter(srv, room, "wangwu")
	if err := srv.Advance(24 * time.Hour); err != nil { // a day can be ranked when it is over
		fmt.Println(err)
		return
	}

	request := wrapper.ListTopChatroomsForm{TopN: wrapper.Ptr(10), OrderBy: wrapper.Ptr(wrapper.RankingOrderEnter)}
	yesterday := srv.Now().AddDate(0, 0, -1)
	for day, err := range client.Statistics.Days(context.Background(), yesterday, yesterday, request) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for i, room := range day.Rooms {
			fmt.Println(day.Day.Format(time.DateOnly), i+1, room.RoomID, room.EnterNums)
		}
	}
	// Output: 2022-11-25 1 10010000001 2
}
