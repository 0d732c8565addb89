// Announcement sends a text to many rooms, whose ids it reads from standard
// input:
//
//	NIM_APP_KEY=... NIM_APP_SECRET=... announcement -from news -text "Back at nine" < rooms.txt
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"sync"

	"github.com/nimroom/nimroom/wrapper"
)

func main() {
	base := flag.String("base-url", wrapper.DefaultBaseURL, "address of the service")
	from := flag.String("from", "", "account that speaks")
	text := flag.String("text", "", "what it says")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	ids, err := readIDs(os.Stdin)
	if err != nil {
		fail(err)
	}
	credentials, err := wrapper.NewCredentials(os.Getenv("NIM_APP_KEY"), os.Getenv("NIM_APP_SECRET")) //nolint:forbidigo // a program's own settings
	if err != nil {
		fail(err)
	}
	client, err := wrapper.New(credentials, wrapper.WithBaseURL(*base))
	if err != nil {
		fail(err)
	}
	sent, err := announce(ctx, client, ids, *from, wrapper.Text(*text))
	fmt.Println("sent to", sent, "of", len(ids), "rooms")
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func readIDs(r io.Reader) ([]wrapper.RoomID, error) {
	var ids []wrapper.RoomID
	words := bufio.NewScanner(r)
	words.Split(bufio.ScanWords)
	for words.Scan() {
		id, err := wrapper.ParseRoomID(words.Text())
		if err != nil {
			return nil, fmt.Errorf("id %d: %w", len(ids)+1, err)
		}
		ids = append(ids, id)
	}
	return ids, words.Err()
}

// senders is how many messages are on their way at once. The client itself
// keeps to the app's quota of calls a second.
const senders = 8

// announce sends to the rooms that exist and are open, counts those it reached,
// and tells which it did not.
func announce(ctx context.Context, client *wrapper.Client, ids []wrapper.RoomID, from string, content wrapper.Content) (sent int, err error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids))) // no room twice
	rooms, err := client.Rooms.GetMany(ctx, wrapper.GetChatroomsForm{RoomIDs: ids})
	problems := []error{err}
	queue := make(chan wrapper.RoomID)
	go func() {
		defer close(queue)
		for _, room := range rooms {
			if room.Status == wrapper.ItemDone && room.Value.Valid {
				queue <- room.Key
			}
		}
	}()

	var mu sync.Mutex
	var group sync.WaitGroup
	for range senders {
		group.Go(func() {
			for id := range queue {
				err := send(ctx, client, id, from, content)
				mu.Lock()
				if err == nil {
					sent++
				} else {
					problems = append(problems, fmt.Errorf("room %d: %w", id, err))
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return sent, errors.Join(problems...)
}

func send(ctx context.Context, client *wrapper.Client, roomID wrapper.RoomID, from string, content wrapper.Content) error {
	message, err := wrapper.NewMessage(roomID, from, content)
	if err != nil {
		return err
	}
	_, err = client.Messages.Send(ctx, message)
	return err
}
