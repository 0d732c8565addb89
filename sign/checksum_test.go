package sign

import (
	"crypto/sha1"
	"fmt"
	"strings"
	"testing"
)

func TestCheckSumKnownAnswers(t *testing.T) {
	long := strings.Repeat("n", 1000) // beyond the room on the stack
	tests := []struct{ name, secret, nonce, curTime, want string }{
		{"vector of the spec", "secret123", "4tgggergigwow323t23t", "1443592222", "4c6f0fbc04efedd91685a226da081807de269350"},
		{"empty", "", "", "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
		{"abc of FIPS 180", "a", "b", "c", "a9993e364706816aba3e25717850c26c9cd0d89d"},
		{"long", "s", long, "1", fmt.Sprintf("%x", sha1.Sum([]byte("s"+long+"1")))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := CheckSum(tt.secret, tt.nonce, tt.curTime); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
