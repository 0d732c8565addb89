package emulator

import "testing"

// FuzzReplay feeds anything to what reads records of the journal: an error, or
// a state that can be kept, never a panic.
func FuzzReplay(f *testing.F) {
	for _, record := range []string{
		`{"time":1669118400000,"do":"/chatroom/create.action","form":"creator=a&name=n"}`,
		`{"time":1669118400000,"do":"join","with":{}}`, `{"time":-1,"do":"/chatroom/get.action","form":"%zz"}`,
		`{"do":"restore","with":{"snapshot":"x"}}`, `{}`, `[]`, ``, `{"time":1,"do":"reset"}`,
	} {
		f.Add([]byte(record))
	}
	f.Fuzz(func(t *testing.T, record []byte) {
		s, err := New()
		if err != nil {
			t.Fatal(err)
		}
		_ = s.replay([]byte(`{"time":1669118400000,"do":"/chatroom/create.action","form":"creator=a&name=n"}`))
		if s.replay(record) != nil {
			return
		}
		if _, err := s.Snapshot(); err != nil {
			t.Errorf("after %q: %v", record, err)
		}
	})
}
