package wrapper_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/long"
	"github.com/nimroom/nimroom/wrapper"
)

// TestNothingHappensTwice makes calls that change something while faults happen
// before and after the change, and then looks at what became of each: it happened
// at most once; if the call succeeded, it happened; if the call failed for certain,
// it did not; otherwise the error says that the outcome is unknown.
//
// It runs in a bubble, where time stands still while anything is being done: no
// request is given up half-done because the machine is busy, and waiting costs nothing.
func TestNothingHappensTwice(t *testing.T) {
	synctest.Test(t, nothingHappensTwice)
}

func nothingHappensTwice(t *testing.T) {
	calls := long.Rounds(t, 5_000, 100_000)
	srv := emulator.Start(t, emulator.WithoutPort())
	policy := wrapper.RetryPolicy{Attempts: 3, Backoff: func(int) time.Duration { return 0 }, Allow: notBlocked}
	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(srv.Client()),
		wrapper.WithRetry(policy), wrapper.WithRetryBudget(calls*3), wrapper.WithLimiter(nil),
		wrapper.WithAttemptTimeout(slow/2))
	require.NoError(t, err)
	calm, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(srv.Client()), wrapper.WithLimiter(nil))
	require.NoError(t, err)

	o := &onlyOnce{T: t, srv: srv, client: client, calm: calm, random: rand.New(rand.NewPCG(20221122, 4)), seen: map[string]int{}}
	const perRoom = 250
	for done := 0; done < calls; done += perRoom {
		o.evening(perRoom)
	}
	t.Logf("%d calls: %v", calls, o.seen)
	for _, what := range []string{"create", "send", "robots", "Do create", "Do send", "batch", "removal"} {
		for _, end := range []string{"succeeded", "failed", "unknown"} {
			require.Positive(t, o.seen[what+" "+end], "no %s %s: the test looks at nothing", what, end)
		}
	}
}

// notBlocked keeps the test from waiting out the blocks of rate limits.
func notBlocked(e *wrapper.Error) bool { return !errors.Is(e, wrapper.ErrRateLimited) }

// slow is how long a delay takes; half of it is too long for an attempt. The
// server drops a request that its client gave up before anything was done. (Done
// later all the same, it would overtake its own repeat: then nothing but marking
// every first attempt as a repeat could help.)
const slow = 500 * time.Millisecond

type onlyOnce struct {
	*testing.T
	srv          *emulator.Server
	client, calm *wrapper.Client
	random       *rand.Rand
	seen         map[string]int
	count        int
}

// evening makes n calls around one room and looks at what became of them.
func (o *onlyOnce) evening(n int) {
	room, err := o.calm.Rooms.Create(o.Context(), gen.CreateChatroomForm{Creator: "host", Name: "n"})
	require.NoError(o, err)
	e := &evening{onlyOnce: o, room: room.RoomID, said: map[string]ending{}, robots: map[string]ending{}, removed: map[string]ending{}}
	for range n {
		o.count++
		name := fmt.Sprintf("call-%d", o.count)
		e.calls()[o.random.IntN(len(e.calls()))](name)
		o.calmDown()
	}
	view, err := o.srv.Room(room.RoomID)
	require.NoError(o, err)
	times := map[string]int{}
	for _, message := range view.Messages {
		times[message.Attach]++
	}
	for name, end := range e.said {
		o.check(end.what, name, times[name], end.err)
	}
	times = map[string]int{}
	for _, member := range view.Members {
		times[member.Accid]++
	}
	for name, end := range e.robots {
		o.check(end.what, name, times[name], end.err)
	}
	for name, end := range e.removed {
		o.check(end.what, name, 1-times[name], end.err)
	}
}

// evening is one room and how the calls around it ended, by what they left in it.
type evening struct {
	*onlyOnce
	room                  gen.RoomID
	said, robots, removed map[string]ending
}

// ending is how a call ended.
type ending struct {
	what string
	err  error
}

// calls are the kinds of calls, each as often as it is listed.
func (e *evening) calls() []func(name string) {
	return []func(string){
		e.create, e.create, e.send, e.send, e.send, e.add, e.add, e.add,
		e.doCreate, e.doSend, e.doSend, e.batch, e.remove,
	}
}

// create makes a room of a creator who has no other.
func (e *evening) create(creator string) {
	e.addFaults()
	_, err := e.client.Rooms.Create(e.Context(), gen.CreateChatroomForm{Creator: creator, Name: "n"})
	e.created("create", creator, err)
}

func (e *evening) doCreate(creator string) {
	e.addFaults()
	_, err := e.client.Do(e.Context(), "/chatroom/create.action", url.Values{"creator": {creator}, "name": {"n"}})
	e.created("Do create", creator, err)
}

func (e *evening) created(what, creator string, err error) {
	e.calmDown()
	rooms, listErr := e.calm.Rooms.ListByCreator(e.Context(), gen.ListUserChatroomsForm{Creator: creator})
	require.NoError(e, listErr)
	e.check(what, creator, len(rooms), err)
}

func (e *evening) send(text string) {
	e.addFaults()
	_, err := e.client.Messages.Send(e.Context(), gen.SendMessageForm{RoomID: e.room, FromAccid: "host", Attach: &text, MsgType: wrapper.Ptr(gen.MessageTypeText)})
	e.said[text] = ending{"send", err}
}

// doSend sends a message without its type, with an id of its own or none.
func (e *evening) doSend(text string) {
	form := url.Values{"roomid": {e.room.String()}, "fromAccid": {"host"}, "msgType": {"0"}, "attach": {text}, "msgId": {text}}
	if e.random.IntN(2) == 0 {
		form.Del("msgId") // the service asks for one, so that all of these fail
	}
	e.addFaults()
	_, err := e.client.Do(e.Context(), "/chatroom/sendMsg.action", form)
	e.said[text] = ending{"Do send", err}
}

func (e *evening) add(accid string) {
	e.addFaults()
	_, err := e.client.Robots.AddBatch(e.Context(), gen.AddRobotsForm{RoomID: e.room, Accids: []string{accid}})
	e.robots[accid] = ending{"robots", err}
}

// some are one to three names, seldom more than one call takes.
func (e *evening) some(name string) (names []string) {
	n := 1 + e.random.IntN(3)
	if e.random.IntN(40) == 0 {
		n = 150
	}
	for i := range n {
		names = append(names, fmt.Sprintf("%s-%d", name, i))
	}
	return names
}

func (e *evening) batch(name string) {
	names := e.some(name)
	e.addFaults()
	outcomes, _ := e.client.Robots.AddMany(e.Context(), gen.AddRobotsForm{RoomID: e.room, Accids: names})
	for _, o := range outcomes {
		e.robots[o.Key] = ending{"batch", o.Err}
	}
}

func (e *evening) remove(name string) {
	names := e.some(name)
	_, err := e.calm.Robots.AddMany(e.Context(), gen.AddRobotsForm{RoomID: e.room, Accids: names})
	require.NoError(e, err)
	e.addFaults()
	outcomes, _ := e.client.Robots.RemoveMany(e.Context(), gen.RemoveRobotsForm{RoomID: e.room, Accids: names})
	for _, o := range outcomes {
		e.removed[o.Key] = ending{"removal", o.Err}
	}
}

// check holds how often something happened against what its call said.
func (o *onlyOnce) check(what, name string, times int, err error) {
	o.Helper()
	if times > 1 {
		o.Fatalf("%s %s happened %d times; the call said: %v", what, name, times, err)
	}
	switch {
	case err == nil:
		o.seen[what+" succeeded"]++
		if times != 1 {
			o.Fatalf("%s %s succeeded and did not happen", what, name)
		}
	case errors.Is(err, wrapper.ErrOutcomeUnknown):
		o.seen[what+" unknown"]++
		var e *wrapper.Error
		if !errors.As(err, &e) || e.Ask == "" {
			o.Fatalf("%s %s: nothing to ask: %v", what, name, err)
		}
	default:
		o.seen[what+" failed"]++
		if times != 0 {
			o.Fatalf("%s %s failed for certain and happened: %v", what, name, err)
		}
	}
}

// addFaults adds up to three faults, of which each attempt meets one.
func (o *onlyOnce) addFaults() {
	for range o.random.IntN(4) {
		require.NoError(o, o.srv.AddFault(o.fault()))
	}
}

// calmDown clears the faults, once the server knows of the requests that were given
// up: it would carry those out that it still holds back.
func (o *onlyOnce) calmDown() {
	synctest.Wait()
	o.srv.ClearFaults()
}

// fault draws a fault that the service or the network could have: codes that say
// that nothing was done come before the change only.
func (o *onlyOnce) fault() emulator.Fault {
	before := []emulator.Fault{
		{Kind: emulator.FaultCode, Code: 416}, {Kind: emulator.FaultCode, Code: 503}, {Kind: emulator.FaultCode, Code: 514},
		{Kind: emulator.FaultCode, Code: 403}, {Kind: emulator.FaultStatus, Status: 503}, {Kind: emulator.FaultStatus, Status: 429},
	}
	either := []emulator.Fault{
		{Kind: emulator.FaultReset}, {Kind: emulator.FaultTruncate}, {Kind: emulator.FaultMalformed},
		{Kind: emulator.FaultCode, Code: 500}, {Kind: emulator.FaultCode, Code: 408}, {Kind: emulator.FaultCode, Code: 29999},
		{Kind: emulator.FaultStatus, Status: 502}, {Kind: emulator.FaultStatus, Status: 504},
	}
	var f emulator.Fault
	switch {
	case o.random.IntN(20) == 0:
		f = emulator.Fault{Kind: emulator.FaultDelay, Delay: slow, Phase: o.phase()}
	case o.random.IntN(3) == 0:
		f = before[o.random.IntN(len(before))]
	default:
		f = either[o.random.IntN(len(either))]
		f.Phase = o.phase()
	}
	f.Operation = "*"
	return f
}

func (o *onlyOnce) phase() emulator.FaultPhase {
	return []emulator.FaultPhase{emulator.FaultBefore, emulator.FaultAfter}[o.random.IntN(2)]
}
