package cassettes_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/wrapper"
)

// TestUseInATestOfOnesOwn: recorded with the environment's word, replayed
// without, in the folder of the test.
func TestUseInATestOfOnesOwn(t *testing.T) {
	t.Chdir(t.TempDir())
	scenario := func(ft *fake) {
		caller, err := wrapper.New(cassettes.Credentials(ft), cassettes.Use(ft, "rooms/get", cassettes.WithTransport(says(roomResponse))))
		require.NoError(t, err)
		require.NoError(t, getRoom(t, caller, 1))
	}
	t.Setenv(cassettes.EnvRecord, "1")
	t.Setenv(cassettes.EnvAppKey, "an-app-key-of-the-environment")
	t.Setenv(cassettes.EnvAppSecret, "an-app-secret-of-the-environment")
	var first fake
	scenario(&first)
	require.Empty(t, first.end())
	require.FileExists(t, "testdata/cassettes/rooms/get.yaml")

	t.Setenv(cassettes.EnvRecord, "")
	t.Setenv(cassettes.EnvAppKey, "")
	t.Setenv(cassettes.EnvAppSecret, "")
	var second fake
	scenario(&second)
	assert.Empty(t, second.end())
}

func TestUseSaysWhatIsWrong(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, tt := range []struct{ name, record, want string }{
		{"missing", "", "no such cassette: testdata/cassettes/missing.yaml; record it: run this with NIMROOM_RECORD=1"},
		{"missing", "yes please", `NIMROOM_RECORD="yes please": want 1 or 0`},
		{"", "", "no name"},
		{"../outside", "", "below testdata/cassettes"},
		{"/outside", "", "below testdata/cassettes"},
		{"a.yaml", "", "without .yaml"},
		{"a/..", "1", "below testdata/cassettes"},
		{".", "1", "below testdata/cassettes"},
	} {
		t.Setenv(cassettes.EnvRecord, tt.record)
		var ft fake
		assert.Nil(t, cassettes.Use(&ft, tt.name))
		assert.Contains(t, ft.end(), tt.want)
	}
	t.Setenv(cassettes.EnvRecord, "1")
	t.Setenv(cassettes.EnvAppKey, "")
	var ft fake
	cassettes.Credentials(&ft)
	assert.Contains(t, ft.end(), "recording needs NIM_APP_")
	ft = fake{}
	cassettes.Use(&ft, "a", cassettes.Record(true), nil)
	assert.Contains(t, ft.end(), "option 1 is nil")
	ft = fake{}
	cassettes.Use(&ft, "a", cassettes.WithTransport(nil))
	assert.Contains(t, ft.end(), "transport: nil")
	ft = fake{}
	cassettes.Use(&ft, "a", cassettes.WithSecrets("short"))
	assert.Contains(t, ft.end(), "shorter than 8 characters")
	ft = fake{}
	cassettes.Use(&ft, "a", cassettes.WithAnyValue(""))
	assert.Contains(t, ft.end(), "without a name")
}

// TestUseFailsTheTest for what its calls did not show.
func TestUseFailsTheTest(t *testing.T) {
	t.Chdir(t.TempDir())
	var recording fake
	caller := client(t, cassettes.Use(&recording, "two", cassettes.Record(true), cassettes.WithTransport(says(roomResponse))))
	require.NoError(t, getRoom(t, caller, 1))
	require.NoError(t, getRoom(t, caller, 2))
	require.Empty(t, recording.end())

	var ft fake
	caller = client(t, cassettes.Use(&ft, "two"))
	_ = getRoom(t, caller, 1)
	_ = getRoom(t, caller, 3)
	complaint := ft.end()
	assert.Contains(t, complaint, "roomid=3")
	assert.Contains(t, complaint, "recorded request not made: number 1")
}

// TestAFailedTestSavesNothing: its recording would be one of the failure.
func TestAFailedTestSavesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	var ft fake
	caller := client(t, cassettes.Use(&ft, "failed", cassettes.Record(true), cassettes.WithTransport(says(roomResponse))))
	require.NoError(t, getRoom(t, caller, 1))
	ft.Errorf("something else")
	ft.end()
	_, err := os.Stat("testdata")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// TestAPanicSavesNothing: its recording would be half of the scenario. Go runs the
// cleanups before it says that the test failed.
func TestAPanicSavesNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	var ft fake
	caller := client(t, cassettes.Use(&ft, "panic", cassettes.Record(true), cassettes.WithTransport(says(roomResponse))))
	require.NoError(t, getRoom(t, caller, 1))
	func() {
		defer func() { _ = recover() }()
		defer ft.end()
		panic("in the midst of it")
	}()
	assert.NoDirExists(t, "testdata")
	assert.Empty(t, ft.errors)
}

// TestASkippedTestIsAskedForNothing: neither for a recording nor for requests.
func TestASkippedTestIsAskedForNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	skip := skipped{new(fake)}
	caller := client(t, cassettes.Use(skip, "a", cassettes.Record(true), cassettes.WithTransport(says(roomResponse))))
	require.NoError(t, getRoom(t, caller, 1))
	assert.Empty(t, skip.end())
	assert.NoDirExists(t, "testdata")

	var ft fake
	caller = client(t, cassettes.Use(&ft, "a", cassettes.Record(true), cassettes.WithTransport(says(roomResponse))))
	require.NoError(t, getRoom(t, caller, 1))
	require.Empty(t, ft.end())
	skip = skipped{new(fake)}
	cassettes.Use(skip, "a", cassettes.Record(false))
	assert.Empty(t, skip.end())
	skip = skipped{&fake{failed: true}}
	cassettes.Use(skip, "a", cassettes.Record(false))
	assert.Contains(t, skip.end(), "not made")
}

type skipped struct{ *fake }

func (skipped) Skipped() bool { return true }

// TestOneRecordingAtATime: the second would overwrite the first.
func TestOneRecordingAtATime(t *testing.T) {
	t.Chdir(t.TempDir())
	use := func(ft *fake, name string) wrapper.Option {
		return cassettes.Use(ft, name, cassettes.Record(true), cassettes.WithTransport(says(roomResponse)))
	}
	var first, second, third fake
	require.NoError(t, getRoom(t, client(t, use(&first, "same")), 1))
	assert.Nil(t, use(&second, "Same"))
	assert.Contains(t, second.end(), "is being recorded already")
	require.Empty(t, first.end())
	require.NoError(t, getRoom(t, client(t, use(&third, "same")), 2))
	assert.Empty(t, third.end(), "afterwards it may be recorded again")
}

// TestABadFileIsAnError, and nothing panics.
func TestABadFileIsAnError(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.MkdirAll(cassettes.Folder, 0o755))
	for text, want := range map[string]string{
		"": "EOF", "---\nversion: 1\n": "version 1, want 2", "interactions: []\n": "version 0, want 2", "garbage": "cannot unmarshal",
		"version: 2\ninteractions:\n  - null\n": "interaction 0 is empty", "version: 2\ninteractionz: []\n": "interactionz",
	} {
		require.NoError(t, os.WriteFile(cassettes.Folder+"/bad.yaml", []byte(text), 0o600))
		var ft fake
		assert.Nil(t, cassettes.Use(&ft, "bad", cassettes.Record(false)))
		assert.Contains(t, ft.end(), want)
	}
}

// TestAnUnknownRequestIsReportedOnce, however often it was tried and on which hosts.
func TestAnUnknownRequestIsReportedOnce(t *testing.T) {
	name := recorded(t, says(roomResponse), func(c *wrapper.Client) { require.NoError(t, getRoom(t, c, 1)) })
	c := replay(t, name)
	caller, err := wrapper.New(credentials(t), c.Option(), wrapper.WithRetry(wrapper.RetryPolicy{Attempts: 3, Backoff: func(int) time.Duration { return 0 }}))
	require.NoError(t, err)
	require.NoError(t, getRoom(t, caller, 1))
	require.ErrorIs(t, getRoom(t, caller, 2), cassettes.ErrUnknownRequest)
	assert.Equal(t, 1, strings.Count(c.Close().Error(), "roomid=2"))
}

// TestEverySignatureIsVerified: by the client's own credentials and clock, and
// the Content-Type with it.
func TestEverySignatureIsVerified(t *testing.T) {
	name := recorded(t, says(roomResponse), func(c *wrapper.Client) { require.NoError(t, getRoom(t, c, 1)) })
	set := func(header, value string) func(http.Header) {
		return func(h http.Header) { h.Set(header, value) }
	}
	for _, tt := range []struct {
		name string
		edit func(http.Header)
		want string // empty where it passes
	}{
		{"right", func(http.Header) {}, ""},
		{"no CheckSum", func(h http.Header) { h.Del("CheckSum") }, "CheckSum is missing"},
		{"no Nonce", func(h http.Header) { h.Del("Nonce") }, "Nonce is missing"},
		{"wrong CheckSum", set("CheckSum", "4c6f0fbc04efedd91685a226da081807de269350"), "CheckSum does not match"},
		{"another nonce", set("Nonce", "another"), "CheckSum does not match"},
		{"another app", set("AppKey", "another"), "no app has this AppKey"},
		{"another time", set("CurTime", "1443592222"), "five minutes"},
		{"milliseconds", set("CurTime", "1443592222000"), "Unix seconds"},
		{"no charset", set("Content-Type", "application/x-www-form-urlencoded"), "charset=utf-8"},
		{"another charset", set("Content-Type", "application/x-www-form-urlencoded;charset=gbk"), "charset=utf-8"},
		{"JSON", set("Content-Type", "application/json;charset=utf-8"), "charset=utf-8"},
		{"no Content-Type", func(h http.Header) { h.Del("Content-Type") }, "charset=utf-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			edited := wrapper.WithMiddleware(func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
				tt.edit(r.Header)
				return next(r)
			})
			c := replay(t, name)
			err := getRoom(t, client(t, c.Option(), edited), 1)
			closing := c.Close()
			if tt.want == "" {
				require.NoError(t, err)
				require.NoError(t, closing)
				return
			}
			assert.ErrorIs(t, err, cassettes.ErrSignature)
			assert.ErrorIs(t, closing, cassettes.ErrSignature)
			assert.ErrorContains(t, closing, tt.want)
			assert.NotContains(t, closing.Error(), testSecret)

			c = replay(t, name, cassettes.WithoutSignatureCheck())
			assert.NoError(t, getRoom(t, client(t, c.Option(), edited), 1))
		})
	}
}

// TestTheFileStaysWhereUseWasCalled, wherever the code under test goes.
func TestTheFileStaysWhereUseWasCalled(t *testing.T) {
	home, other := t.TempDir(), t.TempDir()
	t.Chdir(home)
	var ft fake
	caller := client(t, cassettes.Use(&ft, "x", cassettes.Record(true), cassettes.WithTransport(says(roomResponse))))
	t.Chdir(other)
	require.NoError(t, getRoom(t, caller, 1))
	require.Empty(t, ft.end())
	assert.FileExists(t, home+"/testdata/cassettes/x.yaml")
	assert.NoDirExists(t, other+"/testdata")
}

// TestNamesThatSomeSystemCannotHoldAreRefused, in replay too.
func TestNamesThatSomeSystemCannotHoldAreRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{
		"a:b", "con", "CON", "a/nul", "aux.b", "lpt1", "com1/a", "a*", "a?b", "a<b", `a"b`, "a|b", `a\\b`, "a`b", "a'b", "a.", "a./b", "a ", " a", "a /b",
		"a//b", "a/", "./a", "a/../b", "a\x00b", "a\nb", "a\xff", "vendor/a", ".git/a", "x.yaml/a", "\u202ea", strings.Repeat("a", 200),
	} {
		for _, recording := range []bool{true, false} {
			var ft fake
			assert.Nil(t, cassettes.Use(&ft, name, cassettes.Record(recording)), name)
			assert.Contains(t, ft.end(), "cassette ", name)
		}
	}
	assert.NoDirExists(t, "testdata")
}

// TestNamesOfTestsAreNames, and those of other languages.
func TestNamesOfTestsAreNames(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"TestA/sub_case#01", "a-b_c.d", "聊天室", "é", "a b", "(a)", "console"} {
		var ft fake
		require.NoError(t, getRoom(t, client(t, cassettes.Use(&ft, name, cassettes.Record(true), cassettes.WithTransport(says(roomResponse)))), 1))
		assert.Empty(t, ft.end(), name)
	}
}

// TestNamesThatDifferInCaseAloneAreRefused: they are one file on other systems.
func TestNamesThatDifferInCaseAloneAreRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	record := func(name string) string {
		var ft fake
		if option := cassettes.Use(&ft, name, cassettes.Record(true), cassettes.WithTransport(says(roomResponse))); option != nil {
			require.NoError(t, getRoom(t, client(t, option), 1))
		}
		return ft.end()
	}
	require.Empty(t, record("rooms/get"))
	assert.Contains(t, record("rooms/Get"), "in case alone")
	assert.Contains(t, record("Rooms/set"), "in case alone")
	assert.Empty(t, record("rooms/get"))
}

// TestWhatCannotBeSavedIsRefusedBeforeAnyCall.
func TestWhatCannotBeSavedIsRefusedBeforeAnyCall(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("testdata", nil, 0o600))
	var ft fake
	assert.Nil(t, cassettes.Use(&ft, "a", cassettes.Record(true)))
	assert.Contains(t, ft.end(), "testdata")
}

// TestTwoTestsDoNotShareAName: the second would overwrite the first.
func TestTwoTestsDoNotShareAName(t *testing.T) {
	t.Chdir(t.TempDir())
	use := func(name string) string {
		ft := &named{name: name}
		if option := cassettes.Use(ft, "same", cassettes.Record(true), cassettes.WithTransport(says(roomResponse))); option != nil {
			require.NoError(t, getRoom(t, client(t, option), 1))
		}
		return ft.end()
	}
	assert.Empty(t, use("TestA"))
	assert.Contains(t, use("TestB"), "was recorded by TestA")
	assert.Empty(t, use("TestA"), "with -count=2")
}

type named struct {
	fake
	name string
	logs []string
}

func (n *named) Name() string { return n.name }
func (n *named) Logf(format string, args ...any) {
	n.logs = append(n.logs, fmt.Sprintf(format, args...))
}

// TestATestThatFailsSaysThatNothingIsSaved.
func TestATestThatFailsSaysThatNothingIsSaved(t *testing.T) {
	t.Chdir(t.TempDir())
	ft := &named{name: "TestA"}
	require.NoError(t, getRoom(t, client(t, cassettes.Use(ft, "a", cassettes.Record(true), cassettes.WithTransport(says(roomResponse)))), 1))
	ft.Errorf("something else")
	ft.end()
	require.Len(t, ft.logs, 1)
	assert.Contains(t, ft.logs[0], "nothing is saved, because the test failed")
}

// TestNoCallAtAll is recorded and replayed where the test allows it.
func TestNoCallAtAll(t *testing.T) {
	t.Chdir(t.TempDir())
	var ft fake
	cassettes.Use(&ft, "none", cassettes.Record(true))
	assert.Contains(t, ft.end(), "nothing was recorded")
	ft = fake{}
	cassettes.Use(&ft, "none", cassettes.Record(true), cassettes.AllowEmpty())
	require.Empty(t, ft.end())
	ft = fake{}
	caller := client(t, cassettes.Use(&ft, "none", cassettes.Record(false), cassettes.AllowEmpty()))
	require.Empty(t, ft.end())
	require.ErrorIs(t, getRoom(t, caller, 1), cassettes.ErrUnknownRequest)

	ft = fake{}
	caller = client(t, cassettes.Use(&ft, "none", cassettes.Record(true), cassettes.AllowEmpty(), cassettes.WithTransport(broken)))
	require.Error(t, getRoom(t, caller, 1))
	assert.Contains(t, ft.end(), "nothing was recorded", "a call was made, and failed")
}

var broken = roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("connection reset") })

// TestWhatTheFileCannotHoldIsNotSaved: a request without a whole response, one that is
// under way at the end, and one that comes later.
func TestWhatTheFileCannotHoldIsNotSaved(t *testing.T) {
	t.Chdir(t.TempDir())
	var lost bool
	sometimes := roundTrip(func(r *http.Request) (*http.Response, error) {
		if lost {
			return broken(r)
		}
		return says(roomResponse)(r)
	})
	var ft fake
	caller := client(t, cassettes.Use(&ft, "a", cassettes.Record(true), cassettes.WithTransport(sometimes)))
	require.NoError(t, getRoom(t, caller, 1))
	lost = true
	require.Error(t, getRoom(t, caller, 2))
	complaint := ft.end()
	assert.Contains(t, complaint, "the recording is not complete")
	assert.Contains(t, complaint, "roomid=2: connection reset")

	arrived, goOn := make(chan struct{}), make(chan struct{})
	ft = fake{}
	caller = client(t, cassettes.Use(&ft, "b", cassettes.Record(true), cassettes.WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
		close(arrived)
		<-goOn
		return says(roomResponse)(r)
	}))))
	done := make(chan error)
	go func() { done <- getRoom(t, caller, 1) }()
	<-arrived
	assert.Contains(t, ft.end(), "requests under way when it ended: 1")
	close(goOn)
	require.NoError(t, <-done)

	lost, ft = false, fake{}
	caller = client(t, cassettes.Use(&ft, "c", cassettes.Record(true), cassettes.WithTransport(sometimes)))
	require.NoError(t, getRoom(t, caller, 1))
	require.Empty(t, ft.end())
	require.ErrorIs(t, getRoom(t, caller, 2), cassettes.ErrIncomplete)
	assert.Contains(t, ft.errors[0], "came after")
	assert.NoFileExists(t, cassettes.Folder+"/a.yaml")
	assert.NoFileExists(t, cassettes.Folder+"/b.yaml")
}

// TestACompressedResponseIsNotSaved: nobody could see what is in it.
func TestACompressedResponseIsNotSaved(t *testing.T) {
	t.Chdir(t.TempDir())
	var ft fake
	caller := client(t, cassettes.Use(&ft, "a", cassettes.Record(true), cassettes.WithTransport(roundTrip(func(r *http.Request) (*http.Response, error) {
		response := response(r, roomResponse)
		response.Header.Set("Content-Encoding", "br")
		return response, nil
	}))))
	_ = getRoom(t, caller, 1)
	assert.Contains(t, ft.end(), `Content-Encoding "br"`)
}

// TestARecordingGoesToTheAddressOfTheEnvironment, and replays without it.
func TestARecordingGoesToTheAddressOfTheEnvironment(t *testing.T) {
	t.Chdir(t.TempDir())
	var paths []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.URL.Path)
		_, _ = io.WriteString(w, roomResponse)
	}))
	defer srv.Close()
	t.Setenv(wrapper.EnvBaseURL, srv.URL+"/gate/nim/")
	var ft fake
	require.NoError(t, getRoom(t, client(t, cassettes.Use(&ft, "x", cassettes.Record(true))), 1))
	require.Empty(t, ft.end())
	assert.Equal(t, []string{"/gate/nim/chatroom/get.action"}, paths)
	f, err := cassettes.Read(cassettes.Folder + "/x.yaml")
	require.NoError(t, err)
	assert.Equal(t, "http://service.invalid/nimserver/chatroom/get.action", f.Interactions[0].Request.URL)

	ft = fake{}
	require.NoError(t, getRoom(t, client(t, cassettes.Use(&ft, "x", cassettes.Record(false))), 1))
	assert.Empty(t, ft.end())
	t.Setenv(wrapper.EnvBaseURL, "nonsense")
	assert.Nil(t, cassettes.Use(&ft, "x", cassettes.Record(true)))
	assert.Contains(t, ft.end(), "NIM_BASE_URL: want an absolute")
}
