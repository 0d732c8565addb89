// Package eventtext has the words for what happens in a room, in English and in Chinese, for the
// console and for nimroom watch.
package eventtext

import (
	"embed"
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

//go:embed *.json
var files embed.FS

var texts = map[string]func() map[string]string{
	"en": sync.OnceValue(func() map[string]string { return read("en") }),
	"zh": sync.OnceValue(func() map[string]string { return read("zh") }),
}

func read(language string) map[string]string {
	words := map[string]string{}
	text, err := files.ReadFile(language + ".json")
	if err == nil {
		err = json.Unmarshal(text, &words)
	}
	if err != nil {
		panic(err) // impossible: it is embedded, and a test reads it
	}
	return words
}

// Texts returns the words in a language, en or zh, by name: "notice." and the id of a notification, or "tags", for a
// few words about it; "type." and the type of a message that is no text; "event." and such an id, such a type behind
// "type.", or a change of a queue, for a whole sentence, and the parts of sentences; "room." and the name of a setting
// of the room in lower case; "left." and the largest unit of a duration.
func Texts(language string) map[string]string { return texts[language]() }

// Duration says how long something lasts, in the two largest units.
func Duration(language string, d time.Duration) string {
	t := Texts(language)
	d = (d + time.Second - 1).Truncate(time.Second)
	h, m, s := int(d/time.Hour), int(d/time.Minute)%60, int(d/time.Second)%60
	switch {
	case h >= 48:
		return fmt.Sprintf(t["left.days"], h/24, h%24)
	case h > 0:
		return fmt.Sprintf(t["left.hours"], h, m)
	case m > 0:
		return fmt.Sprintf(t["left.minutes"], m, s)
	}
	return fmt.Sprintf(t["left.seconds"], s)
}
