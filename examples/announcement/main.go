// Announcement sends a text to many rooms. It reads the ids of the rooms from standard input,
// and the address of the service from NIM_BASE_URL unless that is empty:
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
	from := flag.String("from", "", "account that sends the text")
	text := flag.String("text", "", "text to send")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	ids, err := readIDs(os.Stdin)
	if err != nil {
		fail(err)
	}
	client, err := wrapper.FromEnv()
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

// senders is the number of messages that are sent at once. The client itself keeps to the
// app's quota of calls per second.
const senders = 8

// announce sends a message to the rooms that exist and are open. It returns the number of rooms
// that it reached, and an error that names the others.
func announce(ctx context.Context, client *wrapper.Client, ids []wrapper.RoomID, from string, content wrapper.Content) (sent int, err error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids))) // each room once
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
