// Memberexport writes all members of a room as CSV. It reads the address of the service from
// NIM_BASE_URL unless that is empty:
//
//	NIM_APP_KEY=... NIM_APP_SECRET=... memberexport -room 66 > members.csv
package main

import (
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"time"

	"github.com/nimroom/nimroom/wrapper"
)

func main() {
	var room wrapper.RoomID
	flag.Func("room", "id of the room", func(text string) (err error) {
		room, err = wrapper.ParseRoomID(text)
		return err
	})
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	client, err := wrapper.FromEnv()
	if err != nil {
		fail(err)
	}
	if err := export(ctx, client, room, os.Stdout); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// export writes the fixed members and then the visitors, those who entered last first.
func export(ctx context.Context, client *wrapper.Client, roomID wrapper.RoomID, w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"accid", "nick", "role", "online", "entered"}); err != nil {
		return err
	}
	for _, kind := range []wrapper.MemberKind{wrapper.MemberKindFixed, wrapper.MemberKindVisitors} {
		for m, err := range client.Members.All(ctx, wrapper.ListMembersForm{RoomID: roomID, Type: wrapper.Ptr(kind)}) {
			if err != nil {
				return err
			}
			entered := m.EnterTime.Format(time.RFC3339)
			if err := out.Write([]string{m.Accid, m.Nick, m.Type.String(), strconv.FormatBool(m.Online), entered}); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}
