package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/eventtext"
	"github.com/nimroom/nimroom/internal/output"
)

// watchTexts are the words of watch itself, in English and in Chinese.
var watchTexts = map[string][2]string{
	"open":   {"open", "已开启"},
	"closed": {"closed", "已关闭"},
	"colon":  {": ", "："},
	"tag":    {"tag %s", "标签 %s"},
	"begin":  {"Room %v %s of %s is %s, with %d online. Ctrl-C stops watching.", "聊天室 %v %s（创建者 %s）%s，在线 %d 人。按 Ctrl-C 停止查看。"},
	"calls":  {"The service is asked every %v, with %d calls an hour.", "每隔 %v 查询一次服务，每小时 %d 次调用。"},
	"large":  {"The room has many members: %d of each kind, the latest to enter, are compared.", "聊天室成员较多：每类成员只比较最近进入的 %d 人。"},
	"left":   {"%s is not watched: %v", "不再查看 %s：%v"},
	"again":  {"%v; trying again in %v.", "%v；%v 后重试。"},
	"ended":  {"the stream of events ended", "事件流已结束"},
	"lost":   {"Up to %d events were lost.", "最多丢失 %d 个事件。"},
	"broken": {"An event could not be read: %v", "无法读取一个事件：%v"},
}

// word returns a word of watch, or of events.
func (w *watch) word(name string) string {
	if text, ok := watchTexts[name]; ok {
		if w.Lang == "zh" {
			return text[1]
		}
		return text[0]
	}
	return eventtext.Texts(w.Lang)[name]
}

// say prints what is no event.
func (w *watch) say(name string, parts ...any) {
	fmt.Fprintln(w.err, output.Visible(fmt.Sprintf(w.word(name), parts...)))
}

func quoted(text string) string { return strconv.Quote(text) }

// line returns an event as a line for people: the local time, and what happened. The date is there when
// it is not that of the line before.
func (w *watch) line(e emulator.Event) string {
	at := e.Time.Local()
	layout := time.TimeOnly
	if before := cmp.Or(w.shown, time.Now()); before.Local().Format(time.DateOnly) != at.Format(time.DateOnly) {
		layout = time.DateTime
	}
	w.shown = at
	return w.paint(dim, at.Format(layout)) + "  " + w.colored(e, output.Visible(w.event(e)))
}

// colored gives a line the colour of what it says.
func (w *watch) colored(e emulator.Event, text string) string {
	switch e.Kind {
	case emulator.EventEnter:
		return w.paint(green, text)
	case emulator.EventClose, emulator.EventKick:
		return w.paint(red, text)
	case emulator.EventMute, emulator.EventTagMute, emulator.EventRoomMute, emulator.EventRole, emulator.EventRecall:
		return w.paint(yellow, text)
	case emulator.EventMessage:
		return text
	default:
		return w.paint(dim, text)
	}
}

// event says in words what happened.
func (w *watch) event(e emulator.Event) string {
	if e.Kind == emulator.EventMessage && e.Message != nil {
		return w.message(e)
	}
	what := w.word("notice." + string(e.Kind))
	if e.NotificationID != 0 {
		what = w.word("notice." + strconv.Itoa(e.NotificationID))
	}
	whom, details := e.Target, ""
	if m := e.Mute; m != nil {
		if m.TargetTag != "" {
			whom = fmt.Sprintf(w.word("tag"), m.TargetTag)
		}
		if m.MuteDuration.Duration > 0 {
			details = eventtext.Duration(w.Lang, m.MuteDuration.Duration)
		}
	}
	if q := e.Queue; q != nil {
		what = cmp.Or(w.word("queue."+q.Change), what)
		details = elements(q)
	}
	switch {
	case e.Room != nil:
		details = quoted(e.Room.Name)
	case e.Recalled != nil:
		details = e.Recalled.MsgID
	case e.Kind == emulator.EventTags && e.Member != nil:
		details = strings.Join(e.Member.Tags, ", ")
	case e.Member != nil && e.Member.Nick != "" && e.Member.Nick != e.Target:
		whom += " (" + e.Member.Nick + ")"
	}
	by := ""
	if e.Operator != "" && e.Operator != e.Target {
		by = fmt.Sprintf(w.word("by"), e.Operator)
	}
	parts := slices.DeleteFunc([]string{whom, cmp.Or(what, string(e.Kind)), details, by, e.NotifyExt}, func(s string) bool { return s == "" })
	return strings.Join(parts, " ")
}

// elements lists the elements of a queue that a change is about.
func elements(q *emulator.QueueChange) string {
	var list []string
	if q.Key != "" {
		list = append(list, q.Key+"="+q.Content)
	}
	for _, key := range slices.Sorted(maps.Keys(q.KVObject)) {
		list = append(list, key+"="+q.KVObject[key])
	}
	for _, e := range q.Elements {
		list = append(list, e.Key+"="+e.Value)
	}
	return strings.Join(list, ", ")
}

// message says who spoke, and what.
func (w *watch) message(e emulator.Event) string {
	m := e.Message
	from := cmp.Or(m.From, e.Operator)
	if m.FromNick != "" && m.FromNick != from {
		from += " (" + m.FromNick + ")"
	}
	var marks []string
	if m.Type != gen.MessageTypeText {
		marks = append(marks, cmp.Or(w.word("type."+strconv.Itoa(int(m.Type))), m.Type.String()))
	}
	if m.HighPriority {
		marks = append(marks, w.word("urgent"))
	}
	if e.Resent {
		marks = append(marks, w.word("resent")+" → "+e.Target)
	}
	text := from + w.word("colon")
	if len(marks) > 0 {
		text += "[" + strings.Join(marks, ", ") + "] "
	}
	return text + m.Attach
}
