package gentest

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// FuzzForms fills forms at random: what is written is form-encoded as
// url.Values writes it, in the spec's order, and binds to the same form.
func FuzzForms(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		for _, e := range endpoints {
			form := random(seed, e.form).Elem().Interface().(gen.Form)
			checkEncoding(t, e, string(form.AppendForm(nil)))
			checkBinding(t, e, form)
		}
	})
}

func checkEncoding(t *testing.T, e endpoint, body string) {
	t.Helper()
	next := 0
	for pair := range strings.SplitSeq(body, "&") {
		if body == "" {
			return
		}
		name, value, _ := strings.Cut(pair, "=")
		text, err := url.QueryUnescape(value)
		if err != nil || url.QueryEscape(text) != value {
			t.Errorf("%s: %s is not as url.QueryEscape writes it: %v", e.ID, pair, err)
		}
		for next < len(e.Fields) && e.Fields[next].Name != name {
			next++
		}
		if next == len(e.Fields) {
			t.Fatalf("%s: %s is unknown or out of order in %s", e.ID, name, body)
		}
		if e.Fields[next].Kind.IsJSON() && !wire.Valid([]byte(text)) {
			t.Errorf("%s: %s is no JSON: %s", e.ID, name, text)
		}
	}
}

func checkBinding(t *testing.T, e endpoint, form gen.Form) {
	t.Helper()
	fields, err := wire.ParseForm(string(form.AppendForm(nil)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := e.bind(fields)
	var missing *wire.FieldError
	if errors.As(err, &missing) && missing.Problem == wire.Missing {
		return // a required text that is empty
	}
	if err != nil {
		t.Fatalf("%s: %v", e.ID, err)
	}
	if unknown := fields.Unknown(); len(unknown) > 0 {
		t.Errorf("%s: %v are not bound", e.ID, unknown)
	}
	if want := normal(form); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %s\n got %+v\nwant %+v", e.ID, form.AppendForm(nil), got, want)
	}
}

// normal is the form as it can be known from the wire: optional enums of text
// that are empty are absent, and required lists are never nil.
func normal(form gen.Form) gen.Form {
	v := reflect.New(reflect.TypeOf(form)).Elem()
	v.Set(reflect.ValueOf(form))
	for i := range v.NumField() {
		f := v.Field(i)
		switch {
		case f.Kind() == reflect.Pointer && !f.IsNil() && f.Type().Elem() != reflect.TypeFor[string]() &&
			f.Elem().Kind() == reflect.String && f.Elem().String() == "":
			f.SetZero()
		case f.Kind() == reflect.Slice && f.IsNil() && !strings.Contains(v.Type().Field(i).Tag.Get("json"), "omitempty"):
			f.Set(reflect.MakeSlice(f.Type(), 0, 0))
		}
	}
	return v.Interface().(gen.Form)
}

// FuzzBind feeds every binder with anything.
func FuzzBind(f *testing.F) {
	for i, e := range endpoints {
		f.Add(uint8(i), string(random(1, e.form).Elem().Interface().(gen.Form).AppendForm(nil)))
	}
	f.Add(uint8(2), `roomids=["1",2]&needOnlineUserCount=TRUE`)
	f.Fuzz(func(t *testing.T, i uint8, body string) {
		e := endpoints[int(i)%len(endpoints)]
		fields, err := wire.ParseForm(body)
		if err != nil {
			return
		}
		form, err := e.bind(fields)
		var wrong *wire.FieldError
		if err != nil {
			if !errors.As(err, &wrong) || wrong.Field == "" {
				t.Errorf("%s: %q: %#v", e.ID, body, err)
			}
			return
		}
		if err := form.Validate(); err != nil && (!errors.As(err, &wrong) || wrong.Field == "") {
			t.Errorf("%s: %q: %#v", e.ID, body, err)
		}
		checkBinding(t, e, form)
	})
}

func TestFormsSendZeroAndAbsence(t *testing.T) {
	no, zero, empty := false, gen.QueueLevelEveryone, ""
	for _, tc := range []struct {
		form gen.Form
		want string
	}{
		{gen.UpdateChatroomForm{RoomID: 66}, "roomid=66"},
		{gen.UpdateChatroomForm{RoomID: 66, Announcement: &empty, NeedNotify: &no, QueueLevel: &zero}, "roomid=66&announcement=&needNotify=false&queuelevel=0"},
		{gen.ListMembersForm{RoomID: 66, Type: ptr(gen.MemberKindFixed), Limit: 20}, "roomid=66&type=0&endtime=0&limit=20"},
		{gen.SetMemberRoleForm{RoomID: 66, Operator: "a", Target: "b", Opt: gen.RoleOperationMuted, OptValue: &no}, "roomid=66&operator=a&target=b&opt=-2&optvalue=false"},
		{gen.GetChatroomsForm{RoomIDs: []gen.RoomID{6001, 6002}}, "roomids=%5B%226001%22%2C%226002%22%5D"},
		{gen.ListTagMessagesForm{RoomID: 1, Tags: []string{"a"}, Types: []gen.MessageType{0, 1}}, "roomId=1&tags=%5B%22a%22%5D&types=%5B0%2C1%5D"},
		{gen.ListTagMembersForm{RoomID: 1, Tag: "a", EndTime: time.UnixMilli(1666241788123), Limit: 1}, "roomid=1&tag=a&endTime=1666241788123&limit=1"},
		{gen.ListTagMessagesForm{RoomID: 1, FromTime: new(time.Time)}, "roomId=1&tags=%5B%5D&fromTime=0"},
		{gen.ListTopChatroomsForm{Timestamp: new(time.Time)}, "timestamp=0"},
		{gen.ListTopChatroomsForm{Timestamp: ptr(time.Unix(1471781873, 0))}, "timestamp=1471781873"},
		{gen.ListTopChatroomsForm{Timestamp: ptr(time.UnixMilli(1471781873123))}, "timestamp=1471781873123"},
		{gen.MuteMemberForm{RoomID: 1, Operator: "a", Target: "b"}, "roomid=1&operator=a&target=b&muteDuration=0"},
		{gen.MuteMemberForm{RoomID: 1, Operator: "a", Target: "b", MuteDuration: time.Millisecond}, "roomid=1&operator=a&target=b&muteDuration=1"},
		{gen.MuteMemberForm{RoomID: 1, Operator: "a", Target: "b", MuteDuration: 90 * time.Second}, "roomid=1&operator=a&target=b&muteDuration=90"},
		{gen.ListMembersByRoleForm{RoomID: 1, Roles: gen.RoleSelection{Mute: &no}}, "roomid=1&roles=%7B%22mute%22%3Afalse%7D"},
		{gen.UpdateMemberTagsForm{RoomID: 1, Accid: "a"}, "roomId=1&tags=%5B%5D&accid=a"},
	} {
		if got := string(tc.form.AppendForm(nil)); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}

func TestFormsAllocateLittle(t *testing.T) {
	room := make([]byte, 0, 16<<10)
	for _, e := range endpoints {
		for seed := range uint64(20) {
			form := random(seed, e.form).Elem().Interface().(gen.Form)
			most, inRoom := 5.0, 0.0
			if hasObjects(e.form) { // they are written aside, into memory that grows
				most, inRoom = 8, 6
			}
			if n := testing.AllocsPerRun(10, func() { form.AppendForm(nil) }); n > most {
				t.Errorf("%s: %v allocations, want at most %v", e.ID, n, most)
			}
			if n := testing.AllocsPerRun(10, func() { form.AppendForm(room) }); n > inRoom {
				t.Errorf("%s: %v allocations where there is room: %s", e.ID, n, form.AppendForm(nil))
			}
		}
	}
}

// hasObjects reports whether a form has a list of objects.
func hasObjects(form reflect.Type) bool {
	for i := range form.NumField() {
		if f := form.Field(i).Type; f.Kind() == reflect.Slice && f.Elem().Kind() == reflect.Struct {
			return true
		}
	}
	return false
}
