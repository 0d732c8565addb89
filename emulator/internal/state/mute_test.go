package state

import (
	"errors"
	"testing"
	"time"
)

// en-chatroom: Setting temporary mute status. That an account without a mute
// can be unmuted is from a live run.
func TestATemporaryMuteEndsByItself(t *testing.T) {
	w, r := newTestRoom(t)
	length, err := r.MuteFor(noon, "wangwu", "lisi", 300*time.Second, Notice{})
	must(t, err)
	if length != 300*time.Second {
		t.Errorf("length %v", length)
	}
	speak := func(after time.Duration) error {
		_, err := w.Send(noon.Add(after), r, Draft{From: "lisi"})
		return err
	}
	wantErr(t, speak(0), ErrMuted)
	wantErr(t, speak(299*time.Second), ErrMuted)
	if left := r.MuteLeft(noon.Add(100*time.Second), "lisi"); left != 200*time.Second {
		t.Errorf("left %v", left)
	}
	wantErr(t, speak(300*time.Second), nil)

	_, err = r.MuteFor(noon, "zhangsan", "lisi", time.Hour, Notice{})
	must(t, err)
	length, err = r.MuteFor(noon.Add(time.Minute), "zhangsan", "lisi", 0, Notice{})
	must(t, err)
	if length != 59*time.Minute {
		t.Errorf("lifting returned %v", length)
	}
	wantErr(t, speak(time.Minute), nil)
	length, err = r.MuteFor(noon, "zhangsan", "lisi", 0, Notice{})
	if length != 0 || err != nil {
		t.Errorf("lifting nothing: %v, %v", length, err)
	}
}

func TestPermissionsToMuteForAWhile(t *testing.T) {
	_, r := newTestRoom(t)
	_, err := r.SetRole(noon, "zhangsan", "zhaoliu", MakeManager, true, Notice{})
	must(t, err)
	tests := []struct {
		operator, target string
		want             error
	}{
		{"zhangsan", "lisi", nil},
		{"wangwu", "lisi", nil},
		{"zhangsan", "wangwu", nil},
		{"wangwu", "zhaoliu", ErrForbidden},
		{"wangwu", "zhangsan", ErrForbidden},
		{"zhangsan", "zhangsan", ErrForbidden},
		{"lisi", "someone", ErrForbidden},
	}
	for _, tt := range tests {
		_, err := r.MuteFor(noon, tt.operator, tt.target, time.Second, Notice{})
		if !errors.Is(err, tt.want) {
			t.Errorf("%s mutes %s: %v", tt.operator, tt.target, err)
		}
	}
}

// en-chatroom: Muting members by tag; zh-tags: 标签禁言.
func TestATagsMuteHoldsItsLogins(t *testing.T) {
	w, r := newTestRoom(t)
	join(t, w, r, "lisi", "vip")
	join(t, w, r, "lisi", "loud")
	join(t, w, r, "quiet", "vip")
	join(t, w, r, "wangwu", "loud")
	_, err := r.MuteTagFor(noon, "lisi", "loud", time.Minute, Notice{})
	wantErr(t, err, ErrForbidden)
	length, err := r.MuteTagFor(noon, "wangwu", "loud", 100*time.Second, Notice{})
	if length != 100*time.Second || err != nil {
		t.Errorf("%v, %v", length, err)
	}
	speak := func(accid string, after time.Duration) error {
		_, err := w.Send(noon.Add(after), r, Draft{From: accid})
		return err
	}
	wantErr(t, speak("lisi", 0), ErrMuted)
	wantErr(t, speak("quiet", 0), nil)
	wantErr(t, speak("not in the room", 0), nil)
	wantErr(t, speak("wangwu", 0), nil)
	wantErr(t, speak("lisi", 100*time.Second), nil)

	// "if mute is cancelled, then return the remaining duration of the last mute"
	length, err = r.MuteTagFor(noon.Add(40*time.Second), "zhangsan", "loud", 0, Notice{})
	if length != time.Minute || err != nil {
		t.Errorf("lifting returned %v, %v", length, err)
	}
	wantErr(t, speak("lisi", 40*time.Second), nil)
	if left := r.TagMuteLeft(noon, "loud"); left != 0 {
		t.Errorf("left %v", left)
	}
}

// en-chatroom: Muting all members in the chat room, "only the owner and administrator can send messages".
func TestInAMutedRoomOnlyOwnerAndManagersSpeak(t *testing.T) {
	w, r := newTestRoom(t)
	wantErr(t, r.SetMuted(noon, "lisi", true, Notice{}), ErrForbidden)
	must(t, r.SetMuted(noon, "wangwu", true, Notice{}))
	must(t, r.SetMuted(noon, "zhangsan", true, Notice{})) // the list of codes has no 417
	_, err := r.SetRole(noon, "zhangsan", "common", MakeCommon, true, Notice{})
	must(t, err)
	for accid, want := range map[string]error{"zhangsan": nil, "wangwu": nil, "common": ErrRoomMuted, "visitor": ErrRoomMuted} {
		if _, err := w.Send(noon, r, Draft{From: accid}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", accid, err, want)
		}
	}
	must(t, r.SetMuted(noon, "wangwu", false, Notice{}))
	_, err = w.Send(noon, r, Draft{From: "visitor"})
	must(t, err)
}

func TestBlocklistedAndMutedMembersDoNotSpeak(t *testing.T) {
	w, r := newTestRoom(t)
	for change, want := range map[RoleChange]error{Block: ErrBlocked, MuteMember: ErrMuted} {
		_, err := r.SetRole(noon, "zhangsan", "lisi", change, true, Notice{})
		must(t, err)
		_, err = w.Send(noon, r, Draft{From: "lisi"})
		wantErr(t, err, want)
		_, err = r.SetRole(noon, "zhangsan", "lisi", change, false, Notice{})
		must(t, err)
	}
	_, err := r.MuteFor(noon, "zhangsan", "wangwu", time.Minute, Notice{})
	must(t, err)
	_, err = w.Send(noon, r, Draft{From: "wangwu"})
	wantErr(t, err, ErrMuted)
}

func TestAMemberShowsItsOwnMuteOnly(t *testing.T) {
	w, r := newTestRoom(t)
	join(t, w, r, "lisi", "loud")
	_, err := r.MuteTagFor(noon, "zhangsan", "loud", time.Minute, Notice{})
	must(t, err)
	if left := r.MuteLeft(noon, "lisi"); left != 0 {
		t.Errorf("left %v", left)
	}
	_, err = r.MuteFor(noon, "zhangsan", "not in the room", time.Minute, Notice{})
	must(t, err)
	_, err = r.MuteFor(noon, "zhangsan", "over", time.Second, Notice{})
	must(t, err)
	later := noon.Add(time.Second)
	if mutes := r.Mutes(later); len(mutes) != 1 || mutes["not in the room"] != 59*time.Second {
		t.Errorf("mutes %v", mutes)
	}
	if mutes := r.TagMutes(later); len(mutes) != 1 || mutes["loud"] != 59*time.Second {
		t.Errorf("tag mutes %v", mutes)
	}
}
