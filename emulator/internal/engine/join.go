package engine

import (
	"strings"
	"unicode/utf8"

	"github.com/nimroom/nimroom/emulator/internal/rules"
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/tagexpr"
)

// JoinOptions say which account enters a room and how it shows there.
type JoinOptions struct {
	Accid            string       `json:"accid"`
	Nick             string       `json:"nick"`
	Avatar           string       `json:"avator"`
	Ext              string       `json:"ext"`
	Tags             []string     `json:"tags"`
	NotifyTargetTags string       `json:"notifyTargetTags"`
	ClientType       gen.LinkType `json:"clienttype"`
}

func (o JoinOptions) login() (state.Login, error) {
	l := state.Login{Accid: o.Accid, Tags: o.Tags, ClientType: int(o.ClientType)}
	if o.ClientType == 0 {
		l.ClientType = int(gen.LinkTypeWeb)
	}
	if !gen.LinkType(l.ClientType).Known() {
		return l, rules.BadParameter("clienttype: %d, want 1, 2 or 3", l.ClientType)
	}
	if o.Accid == "" {
		return l, rules.BadParameter("accid is empty")
	}
	if !utf8.ValidString(o.Accid + o.Nick + o.Avatar + o.Ext + strings.Join(o.Tags, "")) {
		return l, rules.BadParameter("join: not UTF-8")
	}
	for i, tag := range o.Tags {
		if tag == "" {
			return l, rules.BadParameter("tags[%d] is empty", i)
		}
	}
	notify, err := tagexpr.Parse(o.NotifyTargetTags)
	if err != nil {
		return l, rules.BadParameter("notifyTargetTags: %v", err)
	}
	l.Notify = notify
	return l, nil
}

func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
