package rules_test

import (
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
)

func TestHighPriorityMessagesAreSentAgainToReturningAccounts(t *testing.T) {
	high := func(id gen.RoomID, msgID string) gen.SendMessageForm {
		form := emutest.Say(id, msgID, "zhangsan")
		form.HighPriority = emutest.Ptr(true)
		return form
	}
	tests := []struct {
		name  string
		edit  func(*gen.SendMessageForm)
		after time.Duration
		tags  []string
		want  bool
	}{
		{name: "at once", want: true},
		{name: "just in time", after: 30*time.Second - time.Millisecond, want: true},
		{name: "too late", after: 30 * time.Second},
		{name: "asked for", edit: func(f *gen.SendMessageForm) { f.NeedHighPriorityMsgResend = emutest.Ptr(true) }, want: true},
		{name: "not wanted", edit: func(f *gen.SendMessageForm) { f.NeedHighPriorityMsgResend = emutest.Ptr(false) }},
		{name: "ordinary", edit: func(f *gen.SendMessageForm) { f.HighPriority = nil; f.NeedHighPriorityMsgResend = emutest.Ptr(true) }},
		{name: "with a ratio", edit: func(f *gen.SendMessageForm) { f.AbandonRatio = emutest.Ptr(0) }},
		{name: "not kept in the history", edit: func(f *gen.SendMessageForm) { f.SkipHistory = emutest.Ptr(gen.SkipHistorySkip) }, want: true},
		{name: "for others", edit: func(f *gen.SendMessageForm) { f.NotifyTargetTags = emutest.Expr(`{"tag":"a"}`) }},
		{name: "for its tag", edit: func(f *gen.SendMessageForm) { f.NotifyTargetTags = emutest.Expr(`{"tag":"a"}`) }, tags: []string{"a"}, want: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv := emutest.NewServer(t, emulator.WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
			id := emutest.OpenRoom(t, srv)
			emutest.Join(t, srv, id, "lisi")
			emutest.Do(t, srv, gen.SendMessageEndpoint, high(id, "seen"))
			if err := srv.Leave(id, "lisi"); err != nil {
				t.Fatal(err)
			}
			if err := srv.Advance(time.Second); err != nil { // so that its time is not moved
				t.Fatal(err)
			}
			form := high(id, "missed")
			if tt.edit != nil {
				tt.edit(&form)
			}
			emutest.Do(t, srv, gen.SendMessageEndpoint, form)
			if err := srv.Advance(tt.after); err != nil {
				t.Fatal(err)
			}
			lisi, newcomer := emutest.Watch(t, srv, id, "lisi"), emutest.Watch(t, srv, id, "newcomer")
			emutest.Join(t, srv, id, "newcomer", tt.tags...)
			emutest.Join(t, srv, id, "lisi", tt.tags...)
			emutest.Join(t, srv, id, "lisi", tt.tags...) // a second device gets nothing again
			resent := []string{}
			for _, e := range append(lisi.Pending(), newcomer.Pending()...) {
				if e.Resent {
					resent = append(resent, e.Target+" "+e.Message.MsgID)
				}
			}
			want := []string{}
			if tt.want {
				want = append(want, "lisi missed")
			}
			if !reflect.DeepEqual(resent, want) {
				t.Errorf("resent %v, want %v", resent, want)
			}
		})
	}
}

func TestTheEleventhOfASecondIsNotSentAgain(t *testing.T) {
	srv := emutest.NewServer(t, emulator.WithClock(func() time.Time { return time.UnixMilli(1456396333115) }))
	id := emutest.OpenRoom(t, srv)
	emutest.Join(t, srv, id, "lisi")
	if err := srv.Leave(id, "lisi"); err != nil {
		t.Fatal(err)
	}
	for i := range 11 {
		form := emutest.Say(id, strconv.Itoa(i), "zhangsan")
		form.HighPriority = emutest.Ptr(true)
		emutest.Do(t, srv, gen.SendMessageEndpoint, form)
	}
	stream := emutest.Watch(t, srv, id, "lisi")
	emutest.Join(t, srv, id, "lisi")
	if got := stream.Pending(); len(got) != 11 || got[10].Message.MsgID != "9" { // its own entering, and ten
		t.Errorf("%d events", len(got))
	}
}
