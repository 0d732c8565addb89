package chaos

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// perRoom is how many calls a room sees before the next one opens.
const perRoom = 100

// Report is what a run found.
type Report struct {
	Seed  uint64
	Calls int
	// Duplicates, Lost and Wrong describe the calls whose outcome was reported wrongly.
	Duplicates, Lost, Wrong []string
	// Endings counts how the calls of each operation ended: succeeded, failed (for
	// certain) or unknown. Fates counts what their requests met.
	Endings map[string]map[string]int
	Fates   map[string]int
}

func (r *Report) note(what, how string) {
	if r.Endings[what] == nil {
		r.Endings[what] = map[string]int{}
	}
	r.Endings[what][how]++
}

// String summarizes the report.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: %d calls, %d duplicates, %d lost, %d wrong words\n", r.Seed, r.Calls, len(r.Duplicates), len(r.Lost), len(r.Wrong))
	for _, list := range [][]string{r.Duplicates, r.Lost, r.Wrong} {
		const most = 5
		for _, fault := range list[:min(most, len(list))] {
			fmt.Fprintf(&b, "  %s\n", fault)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(r.Endings)) {
		fmt.Fprintf(&b, "  %s: %v\n", what, r.Endings[what])
	}
	for _, fate := range slices.Sorted(maps.Keys(r.Fates)) {
		fmt.Fprintf(&b, "  %s: %d\n", fate, r.Fates[fate])
	}
	return b.String()
}

// run is one under way.
type run struct {
	*Report
	srv     *emulator.Server
	client  *wrapper.Client
	network *network
	random  *rand.Rand
	room    gen.RoomID
	calls   []*call         // of this room
	named   map[string]bool // the ids of messages that calls may have removed
}

// Run makes calls on an emulator of its own, in memory, and judges them. It must run in
// a bubble of testing/synctest, where waiting costs nothing. The options are further ones
// of the client.
func Run(ctx context.Context, srv *emulator.Server, seed uint64, calls int, options ...wrapper.Option) (*Report, error) {
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a run is to be repeated
	r := &run{Report: &Report{Seed: seed, Calls: calls, Endings: map[string]map[string]int{}, Fates: map[string]int{}}, srv: srv, random: random}
	r.network = &network{next: srv.Client().Transport, random: random, met: r.Fates}
	var err error
	r.client, err = wrapper.New(srv.Credentials(), append([]wrapper.Option{
		wrapper.WithBaseURL(srv.URL), wrapper.WithHTTPClient(&http.Client{Transport: r.network}), wrapper.WithAttemptTimeout(attemptTimeout),
		wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 3, Backoff: func(int) time.Duration { return 0 }}),
		wrapper.WithRetryBudget(calls * 3), wrapper.WithLimiter(nil),
	}, options...)...)
	if err != nil {
		return nil, err
	}
	for n := range calls {
		if n%perRoom == 0 {
			if err := r.next(ctx); err != nil {
				return nil, err
			}
		}
		if err := r.call(ctx, n); err != nil {
			return nil, err
		}
		time.Sleep(time.Duration(random.Int64N(int64(attemptTimeout)))) //nolint:forbidigo // the bubble's time: requests that are late arrive among the next calls
	}
	return r.Report, r.next(ctx)
}

// next judges the calls of a room once all that is late has arrived, and opens another
// room.
func (r *run) next(ctx context.Context) error {
	r.network.late.Wait()
	for _, c := range r.calls {
		r.judge(c)
	}
	if err := r.crossCheck(); err != nil {
		return err
	}
	r.calls = nil
	time.Sleep(time.Minute) //nolint:forbidigo // the bubble's time: blocks and pauses of the last room end
	var err error
	if r.room, err = r.srv.CreateRoom(gen.CreateChatroomForm{Creator: owner, Name: "n"}); err != nil {
		return err
	}
	r.named = map[string]bool{}
	for _, accid := range accounts() {
		if err := r.srv.Join(r.room, emulator.JoinOptions{Accid: accid, Tags: []string{"abc"}}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// crossCheck compares the effects that were counted with the messages in the room: an
// oracle that counts wrongly would find nothing.
func (r *run) crossCheck() error {
	if r.room == 0 {
		return nil
	}
	stored := map[string]int{}
	messages, err := r.srv.Messages(r.room)
	if err != nil {
		return err
	}
	for _, m := range messages {
		stored[m.MsgID]++
	}
	for _, c := range r.calls {
		if id := idOf(c); id != "" && !r.named[id] && stored[id] != c.effects() && r.keeps(c.operation) {
			return fmt.Errorf("seed %d: %s: %d messages are stored under %s, and %d were counted (%s)", r.Seed, c.name, stored[id], id, c.effects(), c.codes())
		}
	}
	return nil
}

// keeps reports whether the messages of an operation are stored in the room.
func (r *run) keeps(o *gen.Operation) bool { return o == gen.SendMessageEndpoint.Operation }

// idOf is the id of a call's message, if the caller chose one.
func idOf(c *call) string {
	if c.operation.Repeat == nil {
		return ""
	}
	return c.form.Get(c.operation.Repeat.ID)
}

// often is how often operations are called: above all those that harm can be done with.
var often = map[gen.Idempotency]int{gen.Safe: 1, gen.Idempotent: 2, gen.Deduplicated: 6, gen.Unsafe: 12}

// call makes a call of any operation, or a batch.
func (r *run) call(ctx context.Context, n int) error {
	if kind := r.random.IntN(20); kind < 2 {
		return r.batch(ctx, n, kind == 0)
	}
	o := draw(r.random, gen.Operations, func(o *gen.Operation) int { return often[o.Idempotency] })
	form, err := r.form(o, n)
	if err != nil {
		return err
	}
	c := &call{operation: o, name: fmt.Sprintf("call %d, %s", n, o.ID), form: form}
	fields := map[string]string{}
	for name := range form {
		fields[name] = form.Get(name)
	}
	c.told, c.err = conformance.SDK{Client: r.client}.Send(context.WithValue(ctx, callKey{}, c), o.ID, fields, r.random.IntN(3) == 0)
	if e := new(wrapper.Error); c.err != nil && !errors.As(c.err, &e) {
		return fmt.Errorf("%s: %w", c.name, c.err)
	}
	r.calls = append(r.calls, c)
	return nil
}

// owner opens the rooms, and is the operator of all calls.
const owner = "zhangsan"

// accounts are the owner and those that the examples name, in texts or in lists. Tags look
// like them, which does no harm.
func accounts() []string {
	list := []string{owner}
	for _, o := range gen.Operations {
		form, err := url.ParseQuery(o.Example)
		if err != nil {
			continue // form reports it
		}
		for _, f := range o.Fields {
			if text := form.Get(f.Name); f.Kind == gen.TextField && account.MatchString(text) && !slices.Contains(list, text) {
				list = append(list, text)
			}
		}
	}
	return list
}

var account = regexp.MustCompile(`^[a-z][a-z0-9]{2,31}$`)

// form is the example of an operation, for this room and this call. Switches are on or
// off, and a message is one of the room.
func (r *run) form(o *gen.Operation, n int) (url.Values, error) {
	form, err := url.ParseQuery(o.Example)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.ID, err)
	}
	if form.Has("msgTimetag") {
		if err := r.message(form); err != nil {
			return nil, err
		}
	}
	inRoom := false
	for _, f := range o.Fields {
		switch {
		case strings.EqualFold(f.Name, "roomid"):
			form.Set(f.Name, r.room.String())
			inRoom = true
		case strings.HasPrefix(f.Name, "operator") && form.Has(f.Name):
			form.Set(f.Name, owner)
		case f.Kind == gen.BooleanField && form.Has(f.Name):
			form.Set(f.Name, strconv.FormatBool(r.random.IntN(2) == 0))
		case o.Repeat != nil && f.Name == o.Repeat.List:
			form.Set(f.Name, fmt.Sprintf(`[{"msgId":"message-%[1]d-%[2]d-a","msgType":0},{"msgId":"message-%[1]d-%[2]d-b","msgType":0}]`, r.Seed, n))
		case o.Repeat != nil && f.Name == o.Repeat.ID:
			form.Set(f.Name, fmt.Sprintf("message-%d-%d", r.Seed, n))
		case o.Batch != nil && f.Name == o.Batch.Field && f.Kind == gen.ArrayField && strings.EqualFold(f.Name, "roomids"):
			form.Set(f.Name, "["+r.room.String()+"]")
		}
	}
	if !inRoom && o.Idempotency == gen.Unsafe { // it makes something: each call something else
		form.Set(o.Fields[0].Name, fmt.Sprintf("%s%d", form.Get(o.Fields[0].Name), n))
	}
	return form, nil
}

// message makes a form name a stored message of the room, if there is one.
func (r *run) message(form url.Values) error {
	messages, err := r.srv.Messages(r.room)
	if err != nil || len(messages) == 0 {
		return err
	}
	m := messages[r.random.IntN(len(messages))]
	r.named[m.MsgID] = true
	form.Set("msgTimetag", strconv.FormatInt(m.Time.UnixMilli(), 10))
	form.Set("fromAcc", m.From)
	if form.Has("msgId") {
		form.Set("msgId", m.MsgID)
	}
	return nil
}

// batch adds robots that nobody else has, or removes them.
func (r *run) batch(ctx context.Context, n int, add bool) error {
	r.network.late.Wait() // nothing else removes the robots meanwhile
	count := 1 + r.random.IntN(3)
	if r.random.IntN(20) == 0 {
		count = 150 // more than one call takes
	}
	keys := make([]string, count)
	for i := range keys {
		keys[i] = fmt.Sprintf("robot%d-%d", n, i)
	}
	c := &call{operation: gen.AddRobotsEndpoint.Operation, name: fmt.Sprintf("call %d, Robots.AddMany", n)}
	batch := func(ctx context.Context) ([]wrapper.RobotOutcome, error) {
		return r.client.Robots.AddMany(ctx, gen.AddRobotsForm{RoomID: r.room, Accids: keys}, wrapper.WithConcurrency(1))
	}
	if !add {
		c = &call{operation: gen.RemoveRobotsEndpoint.Operation, name: fmt.Sprintf("call %d, Robots.RemoveMany", n)}
		for part := range slices.Chunk(keys, c.operation.Batch.Maximum) {
			var api *emulator.APIError
			if _, err := emulator.Call(r.srv, gen.AddRobotsEndpoint, gen.AddRobotsForm{RoomID: r.room, Accids: part}); errors.As(err, &api) {
				return nil // the room is closed
			} else if err != nil {
				return err
			}
		}
		batch = func(ctx context.Context) ([]wrapper.RobotOutcome, error) {
			return r.client.Robots.RemoveMany(ctx, gen.RemoveRobotsForm{RoomID: r.room, Accids: keys}, wrapper.WithConcurrency(1))
		}
	}
	outcomes, _ := batch(context.WithValue(ctx, callKey{}, c))
	r.network.late.Wait()
	for _, o := range outcomes {
		r.judge(c.element(o.Key, o.Err))
	}
	return nil
}
