// Liveroom is the server of a live room: it reads what members say, mutes one that says the same thing again and again,
// and keeps the queue of those that want to speak. Set its address as that of the app's callbacks in the vendor's console:
//
//	NIM_APP_KEY=... NIM_APP_SECRET=... liveroom -room 10010000001 -host zhangsan -addr 127.0.0.1:8080
//
// Without an account, run it against the emulator (NIM_BASE_URL), which delivers to it with --callback.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"

	"github.com/nimroom/nimroom/callback"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

func main() {
	room := flag.String("room", "", "id of the room")
	host := flag.String("host", "", "account that owns the room")
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	if err := run(*room, *host, *addr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(room, host, addr string) error {
	id, err := gen.ParseRoomID(room)
	if err != nil {
		return err
	}
	client, err := wrapper.FromEnv()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	live := &liveRoom{client: client, id: id, host: host, said: map[string]repeated{}}
	server := &http.Server{Addr: addr, Handler: live.receiver(client.Credentials()), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close() // what is under way is delivered again
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// liveRoom is what the server knows of the room.
type liveRoom struct {
	client *wrapper.Client
	id     wrapper.RoomID
	host   string

	mu   sync.Mutex
	said map[string]repeated // by account
}

// repeated is what an account said last, and how often in a row.
type repeated struct {
	text, id string
	times    int
}

const (
	tooOften = 3
	muteTime = 5 * time.Minute
)

// receiver handles the callbacks of the app.
func (l *liveRoom) receiver(app sign.Credentials, options ...callback.Option) http.Handler {
	return callback.New(app, callback.Handlers{OnMessage: l.hear, OnMember: l.see}, options...)
}

// hear handles a message. An error lets the service deliver it again.
func (l *liveRoom) hear(ctx context.Context, m *gen.MessageCallback) error {
	switch {
	case m.RoomID != l.id || m.FromAccount == l.host:
		return nil
	case l.isSpam(m):
		_, err := l.client.Members.Mute(ctx, wrapper.MuteMemberForm{
			RoomID: l.id, Operator: l.host, Target: m.FromAccount, MuteDuration: muteTime,
		})
		return err
	case strings.TrimSpace(m.Attach) == "/queue":
		return l.enqueue(ctx, m.FromAccount)
	}
	return nil
}

// isSpam reports whether an account has said the same thing too often. A message that is delivered again counts once.
func (l *liveRoom) isSpam(m *gen.MessageCallback) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.said[m.FromAccount]
	if r.text != m.Attach {
		r = repeated{text: m.Attach}
	}
	if r.id != m.ClientMsgID {
		r.id = m.ClientMsgID
		r.times++
	}
	l.said[m.FromAccount] = r
	return r.times >= tooOften
}

// enqueue puts an account into the queue. A repeat changes nothing, because its key is the account.
func (l *liveRoom) enqueue(ctx context.Context, accid string) error {
	return l.client.Queue.Offer(ctx, wrapper.OfferQueueElementForm{RoomID: l.id, Key: accid, Value: "waits"})
}

// see handles an entry or an exit. An account that has left waits no longer.
func (l *liveRoom) see(ctx context.Context, m *gen.MemberCallback) error {
	if m.RoomID != l.id || m.Event == gen.MemberEventIn {
		return nil
	}
	l.mu.Lock()
	delete(l.said, m.Accid)
	l.mu.Unlock()
	_, err := l.client.Queue.PollKey(ctx, wrapper.PollQueueElementForm{RoomID: l.id, Key: wrapper.Ptr(m.Accid)})
	if errors.Is(err, wrapper.ErrNotFound) { // it was not in the queue
		return nil
	}
	return err
}
