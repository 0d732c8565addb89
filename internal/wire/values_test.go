package wire

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
)

// read reads text with one of the readers and says what came out.
func read[T any](text string, start T, reader func(*Decoder, *T) bool) string {
	d := NewDecoder([]byte(text))
	present := reader(d, &start)
	d.End()
	if d.Err() != nil {
		return "error: " + d.Err().Error()
	}
	if !present {
		return "absent"
	}
	return fmt.Sprintf("%v", start)
}

// matches reports whether read gave want, which may be "error" for any error.
func matches(got, want string) bool {
	return got == want || want == "error" && strings.HasPrefix(got, "error: ")
}

func TestIntegerIsLenientAndExact(t *testing.T) {
	for text, want := range map[string]string{
		`66`: "66", `"66"`: "66", `" 66 "`: "66", `-1`: "-1", `"-1"`: "-1", `0`: "0", `-0`: "0", `"007"`: "7",
		`66.0`: "66", `"66.00"`: "66", `1.5e3`: "1500", `15e-1`: "error", `150e-1`: "15", `1E2`: "100", `0e99`: "0",
		`9007199254740993`:      "9007199254740993",
		`"9223372036854775807"`: "9223372036854775807", `9223372036854775808`: "error",
		`-9223372036854775808`: "-9223372036854775808", `9.223372036854775807e18`: "9223372036854775807",
		`null`: "absent", `""`: "absent", `"  "`: "absent", `"null"`: "absent",
		`1e99999999999999999999`: "error", `1e2147483648`: "error", `1e2147483647`: "error", `66.5`: "error", `true`: "error", `"abc"`: "error", `""x`: "error",
		`{}`: "error", `[1]`: "error", `01`: "error", `1.`: "error", `+1`: "error", `"1e"`: "error", `".5"`: "error", `"-"`: "error",
	} {
		got := read(text, int64(0), Integer[int64])
		if !matches(got, want) {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	if got := read("2147483648", int32(0), Integer[int32]); !strings.HasPrefix(got, "error") {
		t.Errorf("an integer over 32 bits gave %s", got)
	}
}

func FuzzIntegerIsExact(f *testing.F) {
	for _, s := range []string{"1", "-12.50e1", "1e-3", "9223372036854775807", "0.000e-9", "123456789012345678901234567890e-20"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, ok := parseInteger([]byte(text))
		if !ok {
			return
		}
		if len(text) > 100 || strings.ContainsAny(text, "eE") && len(text) > 20 {
			return // big.Rat would take its time
		}
		want, valid := new(big.Rat).SetString(text)
		if !valid || want.Cmp(new(big.Rat).SetInt64(n)) != 0 {
			t.Errorf("%q read as %d", text, n)
		}
	})
}

func TestBoolIsLenient(t *testing.T) {
	for text, want := range map[string]string{
		`true`: "true", `"true"`: "true", `"TRUE"`: "true", `"True"`: "true", `1`: "true", `"1"`: "true",
		`false`: "false", `"false"`: "false", `"FALSE"`: "false", `0`: "false", `"0"`: "false",
		`null`: "absent", `""`: "absent", `"null"`: "absent",
		`2`: "error", `"yes"`: "error", `{}`: "error", `tru`: "error", `"truetrue"`: "error", `"tru`: "error",
	} {
		got := read(text, false, Bool)
		if !matches(got, want) {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestStringKeepsWhateverCame(t *testing.T) {
	for text, want := range map[string]string{
		`"abc"`: "abc", `""`: "", `12`: "12", `1.50`: "1.50", `true`: "true", `{"a": 1}`: `{"a": 1}`, `[1]`: "[1]",
		`"null"`: "null", `null`: "absent", `"\u4f60"`: "你",
	} {
		if got := read(text, "", String[string]); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestWordFoldsAliasesAndKeepsUnknown(t *testing.T) {
	fold := func(b []byte) string {
		switch string(b) {
		case "MANAGER", "administrator":
			return "MANAGER"
		}
		return ""
	}
	word := func(d *Decoder, p *string) bool { return Word(d, p, fold) }
	for text, want := range map[string]string{
		`"MANAGER"`: "MANAGER", `"administrator"`: "MANAGER", `"NEW"`: "NEW", `""`: "", `7`: "7", `null`: "absent",
	} {
		if got := read(text, "", word); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestRawTakesValueOrText(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": 1}`: `{"a": 1}`, `"{\"a\":1}"`: `{"a":1}`, `" [1] "`: `[1]`, `"[1"`: `"[1"`, `"abc"`: `"abc"`, `7`: `7`,
		`null`: "absent", `""`: "absent",
	} {
		var got json.RawMessage
		if !Raw(NewDecoder([]byte(text)), &got) {
			got = json.RawMessage("absent")
		}
		if string(got) != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestListTakesValueOrText(t *testing.T) {
	list := func(d *Decoder, p *[]int64) bool { return List(d, p, IntegerItem[int64]) }
	for text, want := range map[string]string{
		`[1,"2",3.0]`: "[1 2 3]", `"[\"1\",2]"`: "[1 2]", `[]`: "[]", `"[]"`: "[]", `null`: "absent", `""`: "absent", `[null]`: "[]", `[null,1,null]`: "[1]",
		`[1,]`: "error", `[1 2]`: "error", `{"a":1}`: "error", `"1,2"`: "error", `7`: "error", `[1`: "error", `"[1] x"`: "error", `"[1`: "error",
	} {
		got := read(text, []int64(nil), list)
		if !matches(got, want) {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestListDoesNotTrustItsFirstItem(t *testing.T) {
	text := "[1" + strings.Repeat(" ", 1<<20) + "]"
	var got []int64
	List(NewDecoder([]byte(text)), &got, IntegerItem[int64])
	if cap(got) > maxSizeHint+1 {
		t.Errorf("room for %d items made for one", cap(got))
	}
}

func TestNumberIsLenient(t *testing.T) {
	for text, want := range map[string]any{
		"12.34": 12.34, "-7": -7.0, "1e3": 1000.0, `" 12.50 "`: 12.5, "0": 0.0, `""`: 0.0, "null": 0.0,
		`"NaN"`: nil, `"0x1p3"`: nil, `"1_0"`: nil, "1e999": nil, "true": nil, "[1]": nil,
	} {
		var got float64
		d := NewDecoder([]byte(text))
		Number(d, &got)
		if failed := d.Err() != nil; failed != (want == nil) || !failed && got != want {
			t.Errorf("%s: %v, %v", text, got, d.Err())
		}
	}
	for text, ok := range map[string]bool{" 12.34\t": true, "+.5": true, "Inf": false, "": false, "far": false, "1 2": false} {
		if want := ReadNumber(text, new(float64)); (want == "") != ok {
			t.Errorf("%q: want %q", text, want)
		}
	}
}

func TestNumbersAreWrittenInDecimal(t *testing.T) {
	for n, want := range map[float64]string{12.34: "12.34", -0.000001: "-0.000001", 1e21: "1000000000000000000000", 0: "0"} {
		if got := string(FormNumber(nil, "n", n)); got != "n="+want {
			t.Errorf("%v: %s", n, got)
		}
		if got := string(AppendNumber(nil, n, Text)); got != `"`+want+`"` {
			t.Errorf("%v: %s", n, got)
		}
	}
	c := new(Check)
	c.Finite("locX", math.Inf(1))
	if err := c.Err(); err == nil || err.Error() != "locX: +Inf, want a finite number" {
		t.Error(err)
	}
}
