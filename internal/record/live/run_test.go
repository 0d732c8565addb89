package live

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/check/contract"
	"github.com/nimroom/nimroom/internal/generate/dist"
	"github.com/nimroom/nimroom/internal/long"
	"github.com/nimroom/nimroom/internal/record"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
)

const (
	theKey    = "key-of-the-live-app"
	theSecret = "secret-of-the-live-app"
)

var theAccounts = []string{"alice.b1", "bob-22", "carol99", "dave_x", "erin-q"}

// service is an emulator that goes under another name: another app, accounts
// of its own, and what is odd about it.
func service(t *testing.T, options ...emulator.Option) *emulator.Server {
	t.Helper()
	credentials, err := sign.NewCredentials(theKey, theSecret)
	require.NoError(t, err)
	return emulator.Start(t, append([]emulator.Option{emulator.WithoutPort(), emulator.WithCredentials(credentials)}, options...)...)
}

var theContract = sync.OnceValues(func() (*contract.Contract, error) {
	spec, err := dist.Read("../../../spec/openapi.yaml")
	if err != nil {
		return nil, err
	}
	return contract.New(context.Background(), spec)
})

// about narrows a run to the scenarios of an operation.
func about(operation string) func(string) bool {
	return func(scenario string) bool { return strings.HasPrefix(scenario, operation+"/") }
}

// configure points a run to a service and to a copy of our cassettes.
func configure(t *testing.T, srv *emulator.Server) (Config, *bytes.Buffer) {
	t.Helper()
	c, err := FromEnvironment(variables(map[string]string{
		"NIM_APP_KEY": theKey, "NIM_APP_SECRET": theSecret, "NIM_ACCOUNTS": strings.Join(theAccounts, ","),
	}))
	require.NoError(t, err)
	c.Contract, err = theContract()
	require.NoError(t, err)
	c.Folder = t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(c.Folder, "emulator"), os.DirFS("../../../cassettes/testdata/emulator")))
	var out bytes.Buffer
	c.Out, c.Interval, c.Transport, c.Resolve = &out, 0, disguised{srv}, publicly
	return c, &out
}

// disguised is the way to an emulator as if it were the public service: under its
// address, without the emulator's header, and with a page for what it does not know.
type disguised struct{ srv *emulator.Server }

func (d disguised) RoundTrip(r *http.Request) (*http.Response, error) {
	target, err := url.Parse(d.srv.URL)
	if err != nil {
		return nil, err
	}
	own := r.Clone(r.Context())
	own.URL.Scheme, own.URL.Host, own.Host = target.Scheme, target.Host, ""
	response, err := d.srv.Client().Transport.RoundTrip(own)
	if err != nil {
		return nil, err
	}
	response.Request = r
	response.Header.Set("Server", "nginx")
	if response.StatusCode == http.StatusNotImplemented {
		response.StatusCode, response.Status = http.StatusNotFound, "404 Not Found"
		response.Body, response.ContentLength = io.NopCloser(strings.NewReader("<html>404</html>")), -1
		response.Header.Del("Content-Length")
	}
	return response, nil
}

// publicly resolves every name to a public address.
func publicly(context.Context, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("8.8.8.8")}, nil
}

func variables(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
}

// nothingShown looks through all that a run wrote.
func nothingShown(t *testing.T, c Config, out string) {
	t.Helper()
	texts := map[string]string{"output": out}
	require.NoError(t, filepath.WalkDir(filepath.Join(c.Folder, "live"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		texts[path] = string(text)
		return err
	}))
	require.Contains(t, texts, filepath.Join(c.Folder, "live", "report.txt"))
	for where, text := range texts {
		for _, secret := range append([]string{theKey, theSecret}, theAccounts...) {
			assert.NotContains(t, text, secret, where)
		}
	}
}

// allClosed tells that no room of the run is open.
func allClosed(t *testing.T, srv *emulator.Server) {
	t.Helper()
	var state struct {
		Rooms []struct {
			ID      int64           `json:"roomid"`
			Valid   *bool           `json:"valid"`
			Members json.RawMessage `json:"members"`
		}
	}
	text, err := srv.Snapshot()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &state))
	require.NotEmpty(t, state.Rooms)
	for _, room := range state.Rooms {
		r, err := srv.Room(gen.RoomID(room.ID))
		require.NoError(t, err)
		assert.False(t, r.Valid, "room %d is open", room.ID)
		for _, m := range r.Members {
			assert.False(t, m.IsRobot, "room %d has a robot", room.ID)
		}
	}
}

// verdict finds what a report says about an assumption.
func verdict(t *testing.T, r *Report, id string) Verdict {
	t.Helper()
	for _, v := range r.Assumptions {
		if v.ID == id {
			return v
		}
	}
	t.Fatalf("no assumption %s", id)
	return Verdict{}
}

// TestAServiceLikeOursHasNoDifferences: the differences of others are theirs.
func TestAServiceLikeOursHasNoDifferences(t *testing.T) {
	srv := service(t)
	c, out := configure(t, srv)
	report, err := Run(t.Context(), c)
	require.NoError(t, err)
	assert.Empty(t, report.Other)
	assert.Zero(t, report.Differences(), "%s", report.Text())
	assert.Greater(t, len(report.Played), 100)
	assert.Equal(t, Holds, verdict(t, report, "envelope").Verdict)
	assert.Equal(t, Holds, verdict(t, report, "missing-header").Verdict)
	assert.Equal(t, NotTested, verdict(t, report, "topn-entries").Verdict, "a list without items does not test it")
	allClosed(t, srv)
	nothingShown(t, c, out.String())
	_, err = record.Load(c.Folder, record.Live)
	assert.NoError(t, err)
	for _, skipped := range report.Skipped {
		assert.NotEmpty(t, skipped.Reason, skipped.Scenario)
	}
}

// TestDialectsAreToldApart, by the assumptions that they contradict.
func TestDialectsAreToldApart(t *testing.T) {
	dialects := []struct {
		wire.Dialect
		otherwise []string
	}{
		{wire.EN2022, []string{"envelope", "role-words", "enter-time"}},
		{wire.Text, []string{"json-text", "message-shape"}},
	}
	for _, tt := range dialects[:long.Rounds(t, 1, len(dialects))] {
		t.Run(tt.String(), func(t *testing.T) {
			srv := service(t, emulator.WithDialect(tt.Dialect))
			c, out := configure(t, srv)
			report, err := Run(t.Context(), c)
			require.NoError(t, err)
			for _, id := range tt.otherwise {
				assert.Equal(t, Contradicted, verdict(t, report, id).Verdict, id)
			}
			for _, id := range []string{"signature-words", "request-id-again", "absent-members", "null-texts"} {
				assert.Equal(t, Holds, verdict(t, report, id).Verdict, id)
			}
			allClosed(t, srv)
			nothingShown(t, c, out.String())
		})
	}
}

// odd is a service with some responses of its own.
type odd struct {
	http.RoundTripper
	edit func(r *http.Request, body string) string
}

func (o odd) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := o.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, err = b.ReadFrom(response.Body)
	body := o.edit(r, b.String())
	response.Body = readCloser{strings.NewReader(body)}
	response.ContentLength = int64(len(body))
	return response, err
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

// TestOddResponsesAreReported: code, shape, type, unknown members, texts, and
// what cannot be read at all, each once and under its assumption.
func TestOddResponsesAreReported(t *testing.T) {
	srv := service(t)
	c, out := configure(t, srv)
	c.Transport = odd{c.Transport, func(r *http.Request, body string) string {
		switch {
		case strings.HasSuffix(r.URL.Path, "/create.action"):
			return strings.Replace(body, `"valid":true`, `"valid":true,"delayInfo":{"status":0}`, 1)
		case strings.HasSuffix(r.URL.Path, "/get.action"):
			return strings.Replace(strings.Replace(body, `"code":404`, `"code":414`, 1), `"ionotify":true`, `"x":1`, 1)
		case strings.HasSuffix(r.URL.Path, "/sendMsg.action"):
			return strings.Replace(body, `"type":"0"`, `"type":0`, 1)
		case strings.HasSuffix(r.URL.Path, "/muteRoom.action"):
			return "<html>"
		case strings.HasSuffix(r.URL.Path, "/toggleCloseStat.action") && strings.Contains(body, `"code":417`):
			return strings.Replace(body, `"desc":"`, `"desc":"sorry alice.b1, `, 1)
		}
		return body
	}}
	report, err := Run(t.Context(), c)
	require.NoError(t, err)
	assert.Equal(t, Contradicted, verdict(t, report, "extra-members").Verdict)
	gone := verdict(t, report, "room-gone")
	require.Len(t, gone.Differences, 1)
	assert.Equal(t, Code, gone.Differences[0].Kind)
	assert.Contains(t, gone.Differences[0].Ours, "404")
	assert.Contains(t, gone.Differences[0].Theirs, "414")
	assert.Equal(t, Contradicted, verdict(t, report, "message-shape").Verdict)
	assert.Equal(t, Contradicted, verdict(t, report, "http-status").Verdict, "a response that is no JSON")
	assert.Equal(t, Contradicted, verdict(t, report, "toggle-again").Verdict)
	assert.Equal(t, Holds, verdict(t, report, "envelope").Verdict)
	text := report.Text()
	assert.Contains(t, text, "chatroom.ionotify: ours a boolean, theirs nothing")
	allClosed(t, srv)
	nothingShown(t, c, out.String())

	var read map[string]any
	written, err := os.ReadFile(filepath.Join(c.Folder, "live", "report.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(written, &read))
	assert.Len(t, read["assumptions"], len(Assumptions))
}

// TestFaultsLeaveNothingBehind: rooms that were created without a response are found
// and closed; others of the same account stay open.
func TestFaultsLeaveNothingBehind(t *testing.T) {
	faults := []emulator.Fault{
		{Operation: "create", Kind: emulator.FaultReset, Phase: emulator.FaultAfter, Skip: 5, Times: 3},
		{Operation: "create", Kind: emulator.FaultStatus, Status: 502, Phase: emulator.FaultAfter, Times: 1},
		{Operation: "create", Kind: emulator.FaultCode, Code: 500, Phase: emulator.FaultAfter, Skip: 1},
		{Operation: "create", Kind: emulator.FaultTruncate, Phase: emulator.FaultAfter, Skip: 2},
	}
	for _, fault := range faults[:long.Rounds(t, 1, len(faults))] {
		t.Run(fault.String(), func(t *testing.T) {
			srv := service(t)
			mine, err := emulator.Call(srv, createEndpoint, createForm("alice.b1", "mychat room"))
			require.NoError(t, err)
			require.NoError(t, srv.AddFault(fault))
			c, out := configure(t, srv)
			c.only = about("createChatroom")
			report, err := Run(t.Context(), c)
			require.NotNil(t, report, "%v", err)
			assert.Empty(t, report.Cleanup.Failures)
			nothingShown(t, c, out.String())
			room, err := srv.Room(mine.Chatroom.RoomID)
			require.NoError(t, err)
			assert.True(t, room.Valid, "it was there before the run")
			require.NoError(t, closeRoom(srv, mine.Chatroom.RoomID, "alice.b1"))
			allClosed(t, srv)
		})
	}
}

// TestAnInterruptCleansUp, wherever it comes.
func TestAnInterruptCleansUp(t *testing.T) {
	requestsBefore := []int{8, 150, 7, 40}
	for _, after := range requestsBefore[:long.Rounds(t, 2, len(requestsBefore))] {
		srv := service(t)
		c, out := configure(t, srv)
		ctx, stop := context.WithCancel(t.Context())
		requests := 0
		c.Transport = odd{c.Transport, func(_ *http.Request, body string) string {
			if requests++; requests == after {
				stop()
			}
			return body
		}}
		report, err := Run(ctx, c)
		require.ErrorContains(t, err, "interrupted")
		assert.True(t, report.Interrupted)
		assert.Empty(t, report.Cleanup.Failures)
		allClosed(t, srv)
		nothingShown(t, c, out.String())
		stop()
	}
}

// TestALostResponseMakesNoOtherDifference: the calls after it are still compared with
// their own of ours, and one that was made again with the same.
func TestALostResponseMakesNoOtherDifference(t *testing.T) {
	srv := service(t)
	require.NoError(t, srv.AddFault(emulator.Fault{Operation: "create", Kind: emulator.FaultReset, Phase: emulator.FaultAfter, Skip: 5, Times: 2}))
	require.NoError(t, srv.AddFault(emulator.Fault{Operation: "addRobot", Kind: emulator.FaultStatus, Status: http.StatusBadGateway, Phase: emulator.FaultAfter, Times: 1}))
	c, _ := configure(t, srv)
	c.only = func(scenario string) bool { return about("createChatroom")(scenario) || about("addRobots")(scenario) }
	report, err := Run(t.Context(), c)
	require.NoError(t, err)
	kinds := map[Kind]int{}
	for _, v := range append(report.Assumptions, Verdict{Differences: report.Other}) {
		for _, d := range v.Differences {
			kinds[d.Kind]++
		}
	}
	assert.NotZero(t, kinds[Unread])
	assert.Equal(t, 1, kinds[HTTP])
	delete(kinds, Unread)
	delete(kinds, HTTP)
	delete(kinds, Ended)
	assert.Empty(t, kinds, report.Text())
}

// TestRobotsAreRemoved where adding them got no response, and where they could not be
// removed at first.
func TestRobotsAreRemoved(t *testing.T) {
	for _, fault := range []emulator.Fault{
		{Operation: "addRobot", Kind: emulator.FaultReset, Phase: emulator.FaultAfter, Times: emulator.Forever},
		{Operation: "cleanRobot", Kind: emulator.FaultCode, Code: 403, Times: 2},
	} {
		t.Run(fault.String(), func(t *testing.T) {
			srv := service(t)
			require.NoError(t, srv.AddFault(fault))
			c, out := configure(t, srv)
			c.only = about("addRobots")
			report, _ := Run(t.Context(), c)
			require.NotNil(t, report)
			assert.Empty(t, report.Cleanup.Failures)
			assert.Empty(t, withRobots(t, srv))
			allClosed(t, srv)
			nothingShown(t, c, out.String())
		})
	}
}

// withRobots are the rooms into which robots came that nobody removed, as far as
// the requests tell: the emulator has none in a closed room, other services may.
func withRobots(t *testing.T, srv *emulator.Server) map[string]bool {
	t.Helper()
	rooms := map[string]bool{}
	added := 0
	for _, r := range srv.Requests("") {
		switch {
		case r.OperationID == "addRobots" && r.Code == http.StatusOK:
			rooms[r.Form["roomid"]] = true
			added++
		case r.OperationID == "clearRobots" && r.Code == http.StatusOK && r.Fault == "":
			delete(rooms, r.Form["roomid"])
		}
	}
	require.NotZero(t, added)
	return rooms
}

// TestRobotsThatStayAreReported, though their rooms are closed.
func TestRobotsThatStayAreReported(t *testing.T) {
	srv := service(t)
	require.NoError(t, srv.AddFault(emulator.Fault{Operation: "cleanRobot", Kind: emulator.FaultCode, Code: 403, Times: emulator.Forever}))
	c, _ := configure(t, srv)
	c.only = about("addRobots")
	report, err := Run(t.Context(), c)
	require.ErrorContains(t, err, "not cleaned up")
	assert.Contains(t, report.Text(), "NOT CLEANED UP: robots of room 1001")
}

func TestWhatCannotBeCleanedUpIsReported(t *testing.T) {
	srv := service(t)
	require.NoError(t, srv.AddFault(emulator.Fault{Operation: "toggleCloseStat", Kind: emulator.FaultCode, Code: 403, Times: emulator.Forever}))
	c, out := configure(t, srv)
	c.only = about("createChatroom")
	report, err := Run(t.Context(), c)
	require.ErrorContains(t, err, "not cleaned up")
	assert.NotEmpty(t, report.Cleanup.Failures)
	assert.Contains(t, report.Text(), "NOT CLEANED UP: room 10010000001")
	nothingShown(t, c, out.String())
}

// TestAnAppThatIsNotAcceptedEndsTheRun before anything is done.
func TestAnAppThatIsNotAcceptedEndsTheRun(t *testing.T) {
	srv := service(t)
	c, out := configure(t, srv)
	other, err := sign.NewCredentials(theKey, "another-secret")
	require.NoError(t, err)
	c.Credentials = other
	report, err := Run(t.Context(), c)
	assert.ErrorIs(t, err, ErrNotReachable)
	assert.Nil(t, report)
	assert.Empty(t, out.String())
	assert.NoDirExists(t, filepath.Join(c.Folder, "live"))
}
