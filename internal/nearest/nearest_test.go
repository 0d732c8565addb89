package nearest_test

import (
	"testing"

	"github.com/nimroom/nimroom/internal/nearest"
)

func TestTheNearestWordIsFound(t *testing.T) {
	words := []string{"get", "kickMember", "muteRoom", "temporaryMute", "sendMsg", "topn"}
	for text, want := range map[string]string{
		"kick": "kickMember", "sendmsg": "sendMsg", "sndMsg": "sendMsg", "mute": "muteRoom", "tempMute": "temporaryMute", "top": "topn",
		"x": "", "dance": "", "": "", "gets": "get", "gte": "get", "sednMsg": "sendMsg", "qqqqqqqqqqqq": "",
	} {
		if got := nearest.Of(text, words); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := nearest.Of("x", nil); got != "" {
		t.Error(got)
	}
}
