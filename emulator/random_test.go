package emulator_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/emutest"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
)

// player does random things to a server. Two players of one seed do the same.
type player struct {
	srv    *emulator.Server
	source *rand.PCG
	random *rand.Rand // draws from source
	now    time.Time
}

func newPlayer(t testing.TB, seed uint64, options ...emulator.Option) *player {
	t.Helper()
	source := rand.NewPCG(seed, 0)
	p := &player{source: source, random: rand.New(source), now: time.UnixMilli(1669089600000)}
	p.serve(t, options...)
	return p
}

// serve gives the player a new server.
func (p *player) serve(t testing.TB, options ...emulator.Option) {
	t.Helper()
	srv, err := emulator.New(append(options, emulator.WithClock(func() time.Time { return p.now }))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	p.srv = srv
}

func (p *player) accid() string      { return fmt.Sprintf("accid%d", p.random.IntN(40)) }
func (p *player) tag() string        { return fmt.Sprintf("tag%d", p.random.IntN(3)) }
func (p *player) yes() string        { return strconv.FormatBool(p.random.IntN(2) == 0) }
func (p *player) roomID() gen.RoomID { return 10_010_000_001 + gen.RoomID(p.random.Int64N(4)) }

// moves holds what a player fills into a form of each operation, beside the
// fields that are in it anyway.
var moves = map[string]func(*player, url.Values){
	"create": func(p *player, f url.Values) { f.Set("creator", fmt.Sprintf("accid%d", p.random.IntN(3))) },
	"update": func(p *player, f url.Values) { f.Set("announcement", p.tag()+" <&> 公告"); f.Set("queuelevel", "1") },
	"toggleCloseStat": func(p *player, f url.Values) {
		if p.random.IntN(8) == 0 {
			f.Set("valid", "false")
		}
	},
	"setMemberRole": func(p *player, f url.Values) {
		f.Set("opt", []string{"1", "2", "-1", "-2"}[p.random.IntN(4)])
		f.Set("optvalue", p.yes())
	},
	"sendMsg": func(p *player, f url.Values) {
		f.Set("msgId", strconv.Itoa(p.random.IntN(30)))
		f.Set("resendFlag", strconv.Itoa(p.random.IntN(2)))
		f.Set("highPriority", p.yes())
		f.Set("skipHistory", strconv.Itoa(p.random.IntN(2)))
		f.Set("attach", `{"msg":"`+p.tag()+`"}`)
		if p.random.IntN(2) == 0 {
			f.Set("abandonRatio", "5000")
		}
		if p.random.IntN(2) == 0 {
			f.Set("notifyTargetTags", `{"tag":"`+p.tag()+`"}`)
		}
	},
	"addRobot":         func(p *player, f url.Values) { f.Set("accids", `["`+p.accid()+`","`+p.accid()+`"]`) },
	"removeRobot":      func(p *player, f url.Values) { f.Set("accids", `["`+p.accid()+`","`+p.accid()+`"]`) },
	"temporaryMute":    func(p *player, f url.Values) { f.Set("muteDuration", strconv.Itoa(p.random.IntN(90))) },
	"tagTemporaryMute": func(p *player, f url.Values) { f.Set("muteDuration", strconv.Itoa(p.random.IntN(90))) },
	"muteRoom":         func(p *player, f url.Values) { f.Set("mute", p.yes()) },
	"updateMyRoomRole": func(p *player, f url.Values) {
		f.Set("nick", p.tag())
		f.Set("save", p.yes())
	},
	"updateChatRoomRoleTag":   func(p *player, f url.Values) { f.Set("tags", `["`+p.tag()+`"]`) },
	"updateInOutNotification": func(p *player, f url.Values) { f.Set("close", p.yes()) },
	"queryChatroomMsg":        func(p *player, f url.Values) { f.Set("reverse", strconv.Itoa(1+p.random.IntN(2))) },
	"recall":                  func(p *player, f url.Values) { f.Set("fromAcc", p.accid()) },
	"deleteHistoryMessage":    func(p *player, f url.Values) { f.Set("fromAcc", p.accid()) },
	"queryTagHistoryMsg":      func(_ *player, f url.Values) { f.Set("tags", `["tag0","tag1"]`) },
	"membersByPage": func(p *player, f url.Values) {
		f.Set("type", strconv.Itoa(p.random.IntN(3)))
		f.Set("limit", "50")
	},
}

// move does one thing and returns what came of it.
func (p *player) move(t testing.TB) string {
	t.Helper()
	p.now = p.now.Add(time.Duration(p.random.IntN(3000)) * time.Millisecond)
	switch p.random.IntN(6) {
	case 0:
		return fmt.Sprint(p.srv.Join(p.roomID(), emulator.JoinOptions{Accid: p.accid(), Tags: []string{p.tag()}, NotifyTargetTags: `{"tag":"tag0"}`}))
	case 1:
		return fmt.Sprint(p.srv.Leave(p.roomID(), p.accid()))
	case 2:
		switch p.random.IntN(10) {
		case 0:
			return fmt.Sprint(p.srv.Advance(time.Duration(p.random.IntN(20)) * time.Hour))
		case 1:
			return fmt.Sprint(p.srv.AddAccounts(p.accid()))
		}
		room, err := p.srv.Room(p.roomID())
		return fmt.Sprint(room, err)
	}
	op := gen.Operations[p.random.IntN(len(gen.Operations))]
	if p.random.IntN(3) == 0 {
		op = gen.SendMessageEndpoint.Operation
	}
	form := emutest.Example(t, op, 1)
	room := p.roomID().String()
	for _, field := range op.Fields {
		switch field.Name {
		case "roomid", "roomId":
			form.Set(field.Name, room)
		case "operator":
			form.Set(field.Name, fmt.Sprintf("accid%d", p.random.IntN(3)))
		case "accid", "target", "fromAccid":
			form.Set(field.Name, p.accid())
		case "tag", "targetTag":
			form.Set(field.Name, p.tag())
		}
	}
	if fill := moves[op.Action]; fill != nil {
		fill(p, form)
	}
	return p.post(t, op.Path, form.Encode())
}

// post asks without a network between.
func (p *player) post(t testing.TB, path, form string) string {
	t.Helper()
	req := httptest.NewRequest(http.MethodPost, emutest.ApiPath+path, strings.NewReader(form))
	req.Header.Set("Content-Type", api.FormType)
	if err := sign.NewSigner(p.srv.Credentials(), sign.WithClock(p.srv.Now)).Edit(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	p.srv.Handler().ServeHTTP(w, req)
	return w.Body.String()
}

func (p *player) snapshot(t testing.TB) string {
	t.Helper()
	text, err := p.srv.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sameFromHere lets both players do the same and compares what comes of it.
func sameFromHere(t *testing.T, a, b *player, moves int) {
	t.Helper()
	if first, second := a.snapshot(t), b.snapshot(t); first != second {
		t.Fatalf("one state is\n%s\nthe other\n%s", first, second)
	}
	for i := range moves {
		if first, second := a.move(t), b.move(t); first != second {
			t.Fatalf("move %d: one responds\n%s\nthe other\n%s", i, first, second)
		}
	}
	if first, second := a.snapshot(t), b.snapshot(t); first != second {
		t.Fatalf("after the same moves one state is\n%s\nthe other\n%s", first, second)
	}
}

// twin is a player that will do what p does, with a server of its own.
func (p *player) twin(t testing.TB, options ...emulator.Option) *player {
	t.Helper()
	source := *p.source
	q := &player{source: &source, random: rand.New(&source), now: p.now}
	q.serve(t, options...)
	return q
}
