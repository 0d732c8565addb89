package api

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/internal/advice"

	"github.com/nimroom/nimroom/internal/wire"
)

func TestTheLogKeepsTheLatest(t *testing.T) {
	var log Log
	for i := range logSize + 10 {
		log.add(Entry{Operation: []string{"get", "create"}[i%2], OperationID: []string{"getChatroom", "createChatroom"}[i%2], Desc: strconv.Itoa(i)}, advice.Advice{}, form{}, time.Time{})
	}
	all := log.Latest(Query{})
	if len(all) != logSize || all[0].Desc != "10" || all[logSize-1].Desc != "1009" {
		t.Errorf("%d entries, from %s to %s", len(all), all[0].Desc, all[len(all)-1].Desc)
	}
	for _, operation := range []string{"get", "getChatroom"} {
		if got := log.Latest(Query{Operation: operation, Limit: 2}); len(got) != 2 || got[0].Desc != "1006" || got[1].Desc != "1008" {
			t.Errorf("%s: %+v", operation, got)
		}
	}
	if got := log.Latest(Query{Operation: "sendMsg"}); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	log.Clear()
	if got := log.Latest(Query{}); len(got) != 0 {
		t.Errorf("after reset: %+v", got)
	}
}

func TestALongFormIsCutInTheLog(t *testing.T) {
	fields, err := wire.ParseForm("first=1&long=" + strings.Repeat("x", MaxBody) + "&" + strings.Repeat("n", MaxBody) + "=v&last=2")
	if err != nil {
		t.Fatal(err)
	}
	entry := Entry{Form: formFields(fields)}
	size := 0
	for name, value := range entry.Form {
		size += len(name) + len(value)
	}
	if size > loggedForm || entry.Form["first"] != "1" || entry.Form["last"] != "2" || !strings.HasPrefix(entry.Form["long"], "xxx") {
		t.Errorf("%d bytes kept of %d fields", size, len(entry.Form))
	}
	fields, err = wire.ParseForm(strings.Repeat("&"+strings.Repeat("x", 1000)+"=", 1) + "&a=" + strings.Repeat("y", 15_000) + "&b=" + strings.Repeat("z", 100))
	if err != nil {
		t.Fatal(err)
	}
	entry.Form = formFields(fields)
	if len(entry.Form) != 3 || len(entry.Form["b"]) != 100 {
		t.Errorf("%d fields kept", len(entry.Form))
	}
}
