package sign

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestEditSetsTheFourHeadersAndNothingElse(t *testing.T) {
	req, _ := http.NewRequest(http.MethodPost, "http://127.0.0.1/", nil)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("CheckSum", "of an earlier attempt")
	if err := NewSigner(testCredentials(t)).Edit(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	got := slices.Sorted(maps.Keys(req.Header))
	want := []string{"Appkey", "Checksum", "Content-Type", "Curtime", "Nonce"}
	if !slices.Equal(got, want) {
		t.Errorf("headers %v, want %v", got, want)
	}
	for name, values := range req.Header {
		if len(values) != 1 {
			t.Errorf("%s has %d values", name, len(values))
		}
	}
	if err := Verify(req.Header, time.Now(), testCredentials(t)); err != nil {
		t.Error(err)
	}
	req.Header.Add("Nonce", "appended")
	if got := req.Header.Get("CurTime"); got == "appended" {
		t.Error("appending to one header wrote into the next")
	}
}

func TestEditSignsAfreshAtEveryCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signer := NewSigner(testCredentials(t))
		seen := map[string]bool{}
		for i := range 100 {
			req := &http.Request{}
			if err := signer.Edit(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			nonce := req.Header.Get(HeaderNonce)
			if seen[nonce] || len(nonce) != 32 {
				t.Fatalf("call %d: nonce %q", i, nonce)
			}
			seen[nonce] = true
			if got := req.Header.Get(HeaderCurTime); got != strconv.FormatInt(time.Now().Unix(), 10) {
				t.Fatalf("call %d: CurTime %s", i, got)
			}
			time.Sleep(time.Second) //nolint:forbidigo // in a synctest bubble
		}
	})
}

func TestEditUsesTheGivenClock(t *testing.T) {
	now := time.Unix(1443592222, 999_999_999)
	signer := NewSigner(testCredentials(t), WithClock(func() time.Time { return now }))
	req := &http.Request{}
	if err := signer.Edit(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	if got := req.Header.Get(HeaderCurTime); got != "1443592222" {
		t.Errorf("CurTime %s", got)
	}
	now = now.Add(time.Hour)
	if err := signer.Edit(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	if err := Verify(req.Header, now, testCredentials(t)); err != nil {
		t.Error(err)
	}
}

func TestEditWithoutCredentials(t *testing.T) {
	req := &http.Request{}
	if err := NewSigner(Credentials{}).Edit(t.Context(), req); !errors.Is(err, ErrCredentials) {
		t.Errorf("got %v", err)
	}
	if len(req.Header) != 0 {
		t.Errorf("headers %v", req.Header)
	}
}

func TestSignerServesManyGoroutines(t *testing.T) {
	signer := NewSigner(testCredentials(t))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 100 {
				req := &http.Request{}
				if err := signer.Edit(t.Context(), req); err != nil {
					t.Error(err)
				}
				if err := Verify(req.Header, time.Now(), signer.credentials); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

func TestEditAllocatesLittle(t *testing.T) {
	signer := NewSigner(testCredentials(t))
	req := &http.Request{Header: make(http.Header, 8)}
	allocations := testing.AllocsPerRun(100, func() { _ = signer.Edit(t.Context(), req) })
	if allocations > 4 {
		t.Errorf("%v allocations, want at most 4", allocations)
	}
}

func TestNilOptionsAreErrors(t *testing.T) {
	for _, options := range [][]Option{{nil}, {WithClock(time.Now), nil}, {WithClock(nil)}} {
		req := &http.Request{}
		if err := NewSigner(testCredentials(t), options...).Edit(t.Context(), req); err == nil || !strings.Contains(err.Error(), "nil") {
			t.Errorf("Edit returned %v for a nil option", err)
		}
		if len(req.Header) > 0 {
			t.Errorf("the request has headers: %v", req.Header)
		}
	}
}
