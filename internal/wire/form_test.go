package wire

import "testing"

func TestFormFields(t *testing.T) {
	dst := FormString(nil, "name", "a b&c")
	dst = FormInt(dst, "roomid", int64(9007199254740993))
	dst = FormInt(dst, "opt", -1)
	dst = FormBool(dst, "valid", false)
	dst = FormString(dst, "ext", "")
	dst = FormJSON(dst, "roles", []byte(`{"creator":true}`))
	dst = FormStrings(dst, "accids", []string{"a", "b"})
	dst = FormInts(dst, "types", []int{0, -7})
	dst = FormQuotedInts(dst, "roomids", []int64{6001})
	dst = FormStrings(dst, "tags", []string(nil))
	const want = "name=a+b%26c&roomid=9007199254740993&opt=-1&valid=false&ext=" +
		"&roles=%7B%22creator%22%3Atrue%7D&accids=%5B%22a%22%2C%22b%22%5D&types=%5B0%2C-7%5D" +
		"&roomids=%5B%226001%22%5D&tags=%5B%5D"
	if string(dst) != want {
		t.Errorf("got  %s\nwant %s", dst, want)
	}
}

func TestFormAllocations(t *testing.T) {
	write := func(dst []byte) []byte {
		dst = FormInt(dst, "roomid", 3001)
		dst = FormString(dst, "tag", "vip gold")
		return FormStrings(dst, "accids", []string{"a", "b"})
	}
	if n := testing.AllocsPerRun(100, func() { write(nil) }); n > 1 {
		t.Errorf("%v allocations for a form of its own, want 1", n)
	}
	room := make([]byte, 0, 512)
	if n := testing.AllocsPerRun(100, func() { write(room) }); n > 0 {
		t.Errorf("%v allocations where there is room, want none", n)
	}
}
