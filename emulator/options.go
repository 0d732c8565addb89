package emulator

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/emulator/internal/callbacks"
	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/journal"
	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
)

// The credentials of a server that was given none.
const (
	DefaultAppKey    = "app-key"
	DefaultAppSecret = "app-secret"
)

// Accounts says which accounts exist.
type Accounts string

const (
	// OpenAccounts lets every account exist. It is the default.
	OpenAccounts Accounts = "open"
	// StrictAccounts lets only those exist that were added.
	StrictAccounts Accounts = "strict"
)

// CurTime says by which clock the time in a signature, the CurTime header, is
// checked. Its text is its name on the command line.
type CurTime = api.CurTime

const (
	// EmulatorCurTime ("emulator") wants a CurTime within five minutes of
	// [Server.Now], as the service does of its own time. It is the default.
	EmulatorCurTime CurTime = api.EmulatorCurTime
	// MachineCurTime ("machine") also takes a CurTime within five minutes of this
	// machine's time. A client that does not follow the Date header can then be
	// tested with a clock that was advanced.
	MachineCurTime CurTime = api.MachineCurTime
	// UncheckedCurTime ("off") takes any CurTime in Unix seconds, such as one of a
	// recorded request.
	UncheckedCurTime CurTime = api.UncheckedCurTime
)

type options struct {
	credentials sign.Credentials
	now         func() time.Time
	start       *time.Time // where time stands still
	strict      bool
	accounts    Accounts
	created     []string // accounts that exist from the start
	curTime     CurTime
	dialect     wire.Dialect
	seed        uint64
	withoutPort bool
	rate        int
	language    Language
	onRequest   func(Request, time.Duration)
	hooked      bool // onRequest was given
	without     []Feature
	token       web.Token
	names       web.Names
	tokenError  error
	docsSecret  func() string                // a closure, which nothing prints; never nil once checked
	open        func() (engine.Store, error) // nil keeps nothing
	sync        bool
	callbacks   []address
	anyCallback bool
	everyone    bool
	targets     map[string]*callbacks.Target
}

// address is where the callbacks of an environment go.
type address struct{ env, url string }

// Option changes how a [Server] works.
type Option func(*options)

// WithCredentials sets the app that may call. Without it the app is
// [DefaultAppKey] with [DefaultAppSecret].
func WithCredentials(c sign.Credentials) Option {
	return func(o *options) { o.credentials = c }
}

// Language is the language of the explanations in the request log.
type Language = advice.Language

// The languages.
const (
	English = advice.English
	Chinese = advice.Chinese
)

// WithLanguage sets the language of [Request.Meaning] and [Request.Advice]. The default
// is English. Responses of the API do not depend on it.
func WithLanguage(l Language) Option {
	return func(o *options) { o.language = l }
}

// WithRequestHook calls a function for each request to the API, with its entry in the log
// and with how long it took until then. The response is sent when the function returns.
func WithRequestHook(hook func(r Request, took time.Duration)) Option {
	return func(o *options) { o.onRequest, o.hooked = hook, true }
}

// WithClock makes the server read the time from now instead of [time.Now].
// [Server.Advance] adds to it.
func WithClock(now func() time.Time) Option {
	return func(o *options) { o.now = now }
}

// WithStartTime makes time stand still at start: [Server.Advance] alone moves
// it, and [Server.Reset] takes it back there. Equal runs then give equal bytes,
// over HTTP too. Clients sign by this time, which the Date header holds, unless
// [WithCurTime] says otherwise. It is
// from 1970 to the year 9000, and takes the place of [WithClock].
func WithStartTime(start time.Time) Option {
	return func(o *options) {
		o.start = &start
		o.now = start.UTC
	}
}

// WithCurTime sets by which clock the time in a signature is checked. The rest of
// the signature is checked in any case.
func WithCurTime(c CurTime) Option {
	return func(o *options) { o.curTime = c }
}

// WithStrict rejects unknown fields and fields sent twice. Without it they
// pass, as the service lets them pass, and are marked in the request log.
func WithStrict(strict bool) Option {
	return func(o *options) { o.strict = strict }
}

// WithAccounts says which accounts exist.
func WithAccounts(a Accounts) Option {
	return func(o *options) { o.accounts = a }
}

// WithCreatedAccounts creates accounts at the start and after a reset, and lets
// no others exist, as [StrictAccounts] does: in production an account exists
// once user/create has created it. An id has up to 32 letters, digits and
// _ @ . -.
func WithCreatedAccounts(accids ...string) Option {
	return func(o *options) {
		o.accounts = StrictAccounts
		o.created = append(o.created, accids...)
	}
}

// WithDialect sets how responses are spelt. All dialects hold the same values. The
// canonical one is that of live responses; the text dialect is a hard case of ours
// for decoders, which no deployment is known to speak.
func WithDialect(d wire.Dialect) Option {
	return func(o *options) { o.dialect = d }
}

// WithSeed sets what chance decides: which messages an abandonRatio drops. One
// seed gives one outcome; without this option it is 1.
func WithSeed(seed uint64) Option {
	return func(o *options) { o.seed = seed }
}

// WithRate limits requests as the service does. Those of an operation with a
// rate limit of its own, such as queryChatroomMsg, keep to that, and those of
// each other operation to n within any second of the server's clock. One more,
// and that operation is blocked for the limit's time, which is ten seconds for
// most operations: all its requests get 416. 0, the default, is no limit at
// all; the most is 100000. The service's own default is 100.
func WithRate(n int) Option {
	return func(o *options) { o.rate = n }
}

// WithoutFeatures switches features off, as they are for an app that has not
// asked for them. Without it all are on; see [Server.SetFeature].
func WithoutFeatures(list ...Feature) Option {
	return func(o *options) { o.without = append(o.without, list...) }
}

// WithControlToken protects the control plane and the console: a request has
// to bring "Authorization: Bearer " and this token, of at least 16 visible ASCII
// characters. In a browser the console asks for it. The server keeps only the digest of the token. Use it wherever
// others than this machine can reach the server, and [WithAnyHost] with it.
func WithControlToken(token string) Option {
	return func(o *options) {
		if o.token, o.tokenError = web.NewToken("control token", token); o.tokenError != nil {
			o.tokenError = fmt.Errorf("emulator: %w", o.tokenError)
		}
	}
}

// WithAnyHost serves requests by whatever name they call the server, such as one
// of a container. Without it that is localhost or a loopback address, which no
// name server can give to another page in a browser. It needs
// [WithControlToken], and credentials other than the default ones, which
// everybody knows.
func WithAnyHost() Option {
	return func(o *options) { o.names.Any = true }
}

// WithDocsSecret fills in the secret of the credentials on the reference page
// (/docs) when it is opened on this machine; never on a server with a control
// token. Without it the page asks for the secret, but for that of the default
// credentials, which is no secret. It has to be the secret of the credentials.
func WithDocsSecret(secret string) Option {
	secret = strings.TrimSpace(secret) // as sign.NewCredentials does
	return func(o *options) { o.docsSecret = func() string { return secret } }
}

// WithData keeps the state in a directory, which is made where there is none:
// rooms with all that is in them, accounts, statistics, the clock, chance. A
// server that is started with it again goes on where the last one was. Call
// [Server.Close] at the end; a server that is killed instead loses nothing that
// it responded.
//
// What is kept is the effects of each call, so that other options and later
// versions read the same state.
//
// One server at a time can have a directory. [New] returns an error for a
// directory that cannot be read and written or holds other things, and for a file
// that is damaged, which stays as it is. When the disk fails, requests get code
// 500 until it works again.
func WithData(dir string) Option {
	return func(o *options) {
		o.open = func() (engine.Store, error) { return journal.Open(dir, journal.Options{Sync: o.sync}) }
	}
}

// WithSync makes a server with [WithData] wait for the disk itself, so that
// what it responded outlives a loss of power too, and not only the end of the
// process. Writes that come alone are much slower for it.
func WithSync(sync bool) Option {
	return func(o *options) { o.sync = sync }
}

// WithoutPort makes [Start] serve in memory: no port is opened, and only the
// client of [Server.Client] reaches the server. It is the way to a server in a
// testing/synctest bubble, whose time stands still while anything in it waits
// for the network.
func WithoutPort() Option {
	return func(o *options) { o.withoutPort = true }
}

// WithCallback delivers callbacks to an address, such as
// http://127.0.0.1:8080/callbacks: copies of messages, unless their route is 0, of
// entries and exits, and of changes of queues, and the question before a login.
// They are signed with the app's secret, in the server's time. Those of a room
// come one after the other, each until the address responds with status 200
// within five seconds: again after a second, then after twice as long each time,
// up to five minutes, for a day. [WithData] keeps what was not received.
//
// env is the name of the environment whose messages (env) go there; empty for all
// that have no address of their own, and for everything else. The address must be
// one of this machine unless [WithAnyCallbackHost] is given.
func WithCallback(env, url string) Option {
	return func(o *options) { o.callbacks = append(o.callbacks, address{env, url}) }
}

// WithAnyCallbackHost lets callbacks go to other machines than this one.
func WithAnyCallbackHost() Option {
	return func(o *options) { o.anyCallback = true }
}

// WithAllMembersCopied copies the entries and exits of everyone. Without it they
// are those of the creator and of managers, as the service does unless the app
// asks for more.
func WithAllMembersCopied() Option {
	return func(o *options) { o.everyone = true }
}

func newOptions(list []Option) (options, error) {
	o := options{now: time.Now, accounts: OpenAccounts, curTime: EmulatorCurTime, seed: 1}
	for i, option := range list {
		if option == nil {
			return o, fmt.Errorf("emulator: option %d is nil", i+1)
		}
		option(&o)
	}
	if o.now == nil {
		return o, errors.New("emulator: WithClock: the clock is nil")
	}
	if o.credentials.IsZero() {
		c, err := sign.NewCredentials(DefaultAppKey, DefaultAppSecret)
		if err != nil {
			return o, err
		}
		o.credentials = c
		if o.docsSecret == nil {
			o.docsSecret = func() string { return DefaultAppSecret }
		}
	}
	for _, f := range o.without {
		if err := api.CheckFeature(f); err != nil {
			return o, fmt.Errorf("emulator: %w", err)
		}
	}
	if o.docsSecret == nil {
		o.docsSecret = func() string { return "" }
	} else if sign.CheckSum(o.docsSecret(), "nonce", "0") != o.credentials.CheckSum("nonce", "0") {
		return o, errors.New("emulator: the secret for the reference page is not that of the credentials")
	}
	o.targets = map[string]*callbacks.Target{}
	for _, a := range o.callbacks {
		if o.targets[a.env] != nil {
			return o, fmt.Errorf("emulator: two addresses for the callbacks of environment %q", a.env)
		}
		to, err := callbacks.To(a.url, o.anyCallback)
		if err != nil {
			return o, fmt.Errorf("emulator: %w", err)
		}
		o.targets[a.env] = to
	}
	switch {
	case o.hooked && o.onRequest == nil:
		return o, errors.New("emulator: the request hook is nil")
	case o.language != English && o.language != Chinese:
		return o, fmt.Errorf("emulator: no language %d", o.language)
	case o.tokenError != nil:
		return o, o.tokenError
	case o.names.Any && !o.token.Given():
		return o, errors.New("emulator: a server that takes any host needs a control token")
	case o.names.Any && o.credentials.CheckSum("nonce", "0") == sign.CheckSum(DefaultAppSecret, "nonce", "0"):
		return o, errors.New("emulator: a server that takes any host needs an app secret of its own; everybody knows the default one")
	case o.rate < 0 || o.rate > api.MaxRate:
		return o, fmt.Errorf("emulator: a rate is from 0 to %d, not %d", api.MaxRate, o.rate)
	case o.accounts != OpenAccounts && o.accounts != StrictAccounts:
		return o, fmt.Errorf("emulator: accounts are %s or %s, not %q", OpenAccounts, StrictAccounts, o.accounts)
	case o.curTime != EmulatorCurTime && o.curTime != MachineCurTime && o.curTime != UncheckedCurTime:
		return o, fmt.Errorf("emulator: CurTime is checked by %s or %s time, or %s, not %q", EmulatorCurTime, MachineCurTime, UncheckedCurTime, o.curTime)
	case o.dialect < wire.Canonical || o.dialect > wire.Text:
		return o, fmt.Errorf("emulator: no dialect %d", o.dialect)
	case o.start != nil && (o.start.Unix() <= 0 || o.start.Year() > 9000):
		return o, fmt.Errorf("emulator: a start time is from 1970 to the year 9000, not %v", o.start)
	case o.now == nil:
		return o, errors.New("emulator: the clock is nil")
	}
	return o, nil
}

// notify returns what the API calls with each entry, or nil.
func (o *options) notify() func(api.Entry, time.Duration) {
	if o.onRequest == nil {
		return nil
	}
	return func(e api.Entry, took time.Duration) { o.onRequest(Request(e), took) }
}
