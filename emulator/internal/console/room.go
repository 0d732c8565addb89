package console

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/events"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
)

// memberKinds select members of a room by the parameter show.
func memberKinds(room *state.Room, now time.Time) []choice[*state.Member] {
	return []choice[*state.Member]{
		{"all", func(*state.Member) bool { return true }},
		{"online", (*state.Member).Online},
		{"staff", func(m *state.Member) bool { return m.Role == state.Creator || m.Role == state.Manager }},
		{"limited", func(m *state.Member) bool { return m.Muted || m.Blacklisted || room.MuteLeft(now, m.Accid) > 0 }},
		{"visitors", func(m *state.Member) bool { return m.Role == state.Temporary }},
		{"robots", (*state.Member).IsRobot},
	}
}

// roomData is what the page of a room shows.
type roomData struct {
	state.RoomData
	Online, QueueSize int
	Query, As         string
	Tabs              []tab
	Members           []memberRow
	Span              span
	Accounts          []string // to choose from
	TagMutes          []muteRow
	AwayMutes         []muteRow // of accounts that are not in the room
	Queue             []state.Element
	Messages, Notices []line
	ClosesIn          string
	Hours             hours
}

type memberRow struct {
	*state.Member
	Tags          []string
	MutedFor      string // what is left of a temporary mute
	RobotFor      string
	Entered       Moment
	IsCreator     bool
	IsManager     bool
	Connections   int
	MutedTemporal bool
}

type muteRow struct{ Whom, Left string }

func (c *Console) readRoom(r *http.Request, v *view) (any, error) {
	id, err := gen.ParseRoomID(r.PathValue("roomid"))
	if err != nil {
		return nil, web.BadRequest("roomid: %s, want a room id", clip.Text(r.PathValue("roomid")))
	}
	data := roomData{Query: r.FormValue("q"), As: state.FoldAccid(r.FormValue("as"))}
	if data.As != "" && (gen.CreateAccountForm{Accid: data.As}).Validate() != nil {
		return nil, web.BadRequest("as: %s, want an account id", clip.Text(data.As))
	}
	news, err := c.latestEvents(id, data.As)
	if err != nil {
		return nil, err
	}
	err = c.Engine.Read(func(s *state.State, now time.Time) error {
		room, err := s.Room(now, int64(id))
		if err != nil {
			return err
		}
		data.RoomData, data.Online = room.RoomData, room.CountOnline()
		data.Queue, data.QueueSize = room.Queue(), room.QueueSize()
		if left := room.ClosesIn(now); left > 0 {
			data.ClosesIn = v.Left(left)
		}
		data.members(r, v, room, now)
		data.Messages, data.Notices = v.lines(room, news, data.As)
		figures, err := s.Hours(now, room.ID, hoursShown)
		data.Hours = v.hours(figures)
		return err
	})
	return &data, err
}

func (d *roomData) members(r *http.Request, v *view, room *state.Room, now time.Time) {
	var found []*state.Member
	all := room.Members()
	for _, m := range all {
		if contains(d.Query, m.Accid, m.Nick) {
			found = append(found, m)
		}
	}
	found, d.Tabs = choose(found, memberKinds(room, now), r.FormValue("show"))
	found, d.Span = paged(r, found)
	for _, m := range found {
		is := *m
		row := memberRow{Member: &is, Entered: v.At(time.UnixMilli(m.EnterTime)), IsCreator: m.Role == state.Creator, IsManager: m.Role == state.Manager}
		for _, l := range m.Logins {
			row.Tags = append(row.Tags, l.Tags...)
		}
		slices.Sort(row.Tags)
		row.Tags, row.Connections = slices.Compact(row.Tags), len(m.Logins)
		if left := room.MuteLeft(now, m.Accid); left > 0 {
			row.MutedTemporal, row.MutedFor = true, v.Left(left)
		}
		if m.IsRobot() {
			row.RobotFor = v.Left(m.RobotLeft(now))
		}
		d.Members = append(d.Members, row)
	}
	for _, m := range all[:min(len(all), 2*pageSize)] {
		d.Accounts = append(d.Accounts, m.Accid)
	}
	d.TagMutes = v.mutes(room.TagMutes(now), func(string) bool { return true })
	d.AwayMutes = v.mutes(room.Mutes(now), func(accid string) bool {
		_, err := room.Member(accid)
		return err != nil
	})
}

func (v *view) mutes(left map[string]time.Duration, shown func(string) bool) (rows []muteRow) {
	for _, whom := range slices.Sorted(maps.Keys(left)) {
		if shown(whom) {
			rows = append(rows, muteRow{whom, v.Left(left[whom])})
		}
	}
	return rows
}

// line is a message or a notification.
type line struct {
	At             Moment
	From, Nick     string
	Target         string
	Text           string
	ID             int    // of the notification
	Kind           string // the name of its text, or the type of a message that is no text
	To             string // the tag expression, or the accounts, that select who receives it
	Resent, Urgent bool
}

const linesShown = 50

// latestEvents returns the events that an account has received, or all for none,
// as far as they are kept: from when somebody first looked.
func (c *Console) latestEvents(id gen.RoomID, accid string) ([]*state.Emitted, error) {
	stream, err := events.Open(c.Engine, id, accid, 0)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	news, _ := stream.Rest()
	return news, nil
}

// lines returns the latest messages and notifications of a room, the latest first:
// the events, and from before them what the history has.
func (v *view) lines(room *state.Room, news []*state.Emitted, accid string) (messages, notices []line) {
	for _, e := range slices.Backward(news) {
		if l := v.eventLine(&e.Event); e.Kind == state.Said {
			messages = append(messages, l)
		} else {
			notices = append(notices, l)
		}
	}
	before := func(m *state.Message) bool {
		return (len(news) == 0 || m.Time < news[0].Time) && (accid == "" || room.Receives(m, accid))
	}
	for _, m := range room.Latest(linesShown, func(m *state.Message) bool { return before(m) && !m.IsNotification() }) {
		messages = append(messages, v.messageLine(m))
	}
	for _, m := range room.Latest(linesShown, func(m *state.Message) bool { return before(m) && m.IsNotification() }) {
		notices = append(notices, v.noticeLine(m))
	}
	return messages[:min(len(messages), linesShown)], notices[:min(len(notices), linesShown)]
}

func (v *view) messageLine(m *state.Message) line {
	l := line{
		At: v.At(time.UnixMilli(m.Time)), From: m.From, Nick: m.Nick, Text: m.Attach,
		To: m.Target.String() + strings.Join(m.To, ", "), Urgent: m.HighPriority,
	}
	if t := gen.MessageType(m.Type); t != gen.MessageTypeText {
		l.Kind = "type." + strconv.Itoa(m.Type)
	}
	return l
}

func (v *view) eventLine(e *state.Event) line {
	if e.Kind == state.Said {
		l := v.messageLine(e.Message)
		l.At, l.Resent = v.At(time.UnixMilli(e.Time)), e.Resent
		return l
	}
	l := line{
		At: v.At(time.UnixMilli(e.Time)), From: e.Operator, Target: e.Target, ID: e.NotificationID(),
		Kind: "notice." + string(e.Kind), To: e.To.String(), Text: e.Ext,
	}
	if l.ID != 0 {
		l.Kind = "notice." + strconv.Itoa(l.ID)
	}
	said := state.Notified{MuteDuration: int64(e.Length / time.Second), TargetTag: e.Tag, MsgID: e.MsgID}
	if e.Queue != nil {
		text, _ := json.Marshal(e.Queue) // has no error to give
		said.QueueChange = string(text)
	}
	l.add(v, said)
	if e.Kind == state.RoomUpdated {
		l.Target = e.Room.Name
	}
	if e.Kind == state.TagsChanged {
		l.Text = strings.Join(e.Tags, ", ")
	}
	return l
}

func (v *view) noticeLine(m *state.Message) line {
	l := line{
		At: v.At(time.UnixMilli(m.Time)), From: m.From, Target: m.From, ID: m.SubType,
		Kind: "notice." + strconv.Itoa(m.SubType), To: m.Target.String(), Text: m.Ext,
	}
	var said state.Notified
	if json.Unmarshal([]byte(m.Attach), &said) == nil && len(said.Target) > 0 {
		l.Target = said.Target[0]
	}
	l.add(v, said)
	return l
}

// add adds what a notification says besides.
func (l *line) add(v *view, said state.Notified) {
	if l.Target == l.From {
		l.From = ""
	}
	if said.TargetTag != "" {
		l.Target = said.TargetTag
	}
	if said.MuteDuration > 0 {
		l.Text = strings.TrimSpace(v.Left(time.Duration(said.MuteDuration)*time.Second) + " " + l.Text)
	}
	l.Text = strings.TrimSpace(l.Text + " " + said.QueueChange + said.MsgID)
}

// inRoom reads the room of an action, and the account that it is about.
func inRoom(r *http.Request) (id gen.RoomID, accid string, err error) {
	if id, err = gen.ParseRoomID(r.PathValue("roomid")); err != nil {
		return 0, "", web.BadRequest("roomid: %s, want a room id", clip.Text(r.PathValue("roomid")))
	}
	if accid = strings.TrimSpace(r.PostFormValue("accid")); accid == "" {
		return 0, "", web.BadRequest("accid is empty, want the id of an account")
	}
	return id, accid, nil
}

// join lets an account into a room, as a client does that logs in.
func (c *Console) join(r *http.Request) (*result, error) {
	id, accid, err := inRoom(r)
	if err != nil {
		return nil, err
	}
	as := engine.JoinOptions{Accid: accid, Nick: r.PostFormValue("nick"), Tags: words(r.PostFormValue("tags"))}
	if err := c.Engine.Join(id, as); err != nil {
		return nil, err
	}
	return &result{OK: true, Title: c.view(r).T("joined", accid)}, nil
}

// leave ends the connections of an account to a room.
func (c *Console) leave(r *http.Request) (*result, error) {
	id, accid, err := inRoom(r)
	if err != nil {
		return nil, err
	}
	if err := c.Engine.Leave(id, accid); err != nil {
		return nil, err
	}
	return &result{OK: true, Title: c.view(r).T("left", accid)}, nil
}

// words splits a list with commas.
func words(text string) (list []string) {
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			list = append(list, word)
		}
	}
	return list
}
