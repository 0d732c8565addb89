package wrapper

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper/internal/request"
)

// Content is the content of a message: [Text], [Image], [Audio], [Video], [Location],
// [File], [Tip] or [Custom].
//
// According to the documents, attach is the text itself for a text message. For the other
// kinds they refer to the vendor's "message format examples". The members of these types
// come from copies of that page in public clients. The copies show all members and call
// none of them optional. Members that are zero are not sent, and it is unknown which ones a
// receiving client needs.
type Content interface {
	// content returns the message's type and its attach.
	content() (MessageType, string, error)
}

// sendMessage names the operation in errors of [NewMessage].
var sendMessage = gen.SendMessageEndpoint.Operation

// NewMessage returns a form for [MessagesService.Send] with a random MsgID. Set its other
// fields as needed before sending it:
//
//	message, err := wrapper.NewMessage(roomID, "zhangsan", wrapper.Text("Welcome!"))
//	if err != nil {
//		return err
//	}
//	message.HighPriority = wrapper.Ptr(true)
//	sent, err := client.Messages.Send(ctx, message)
//
// To send the same form again sends the same message again. Receiving clients drop the
// repeat because they know its MsgID, and so does the service if ResendFlag is set.
//
// Errors: an *[Error] that matches [ErrBadParameter], if the content lacks a member that it
// needs or a field is over its limit. attach holds up to 4096 characters, which includes
// the JSON text of the content.
//
// Source: en-chatroom-2022-11-25, "Sending messages".
func NewMessage(roomID RoomID, from string, content Content) (SendMessageForm, error) {
	form := SendMessageForm{RoomID: roomID, MsgID: request.NewID(), FromAccid: from}
	err := errors.New("no content")
	if !isNil(content) {
		var kind gen.MessageType
		var attach string
		kind, attach, err = content.content()
		form.MsgType, form.Attach = &kind, &attach
	}
	if err == nil {
		err = form.Validate()
	}
	if err != nil {
		e := &Error{Operation: sendMessage.ID, Field: "attach", kind: ErrBadParameter, cause: err}
		var field *wire.FieldError
		if errors.As(err, &field) {
			e.Field = field.Field
		}
		return SendMessageForm{}, e
	}
	return form, nil
}

// Text is a text message. It must not be empty.
type Text string

func (t Text) content() (MessageType, string, error) {
	err := need("text", string(t))
	if !utf8.ValidString(string(t)) {
		err = errors.New("text: not UTF-8")
	}
	return MessageTypeText, string(t), err
}

// Image is an image that was uploaded before. URL is required.
type Image struct {
	Name   string `json:"name,omitempty"`
	MD5    string `json:"md5,omitempty"` // of the file, in hex
	URL    string `json:"url"`
	Ext    string `json:"ext,omitempty"`  // kind of file, such as jpg
	Width  int    `json:"w,omitempty"`    // in pixels
	Height int    `json:"h,omitempty"`    // in pixels
	Size   int64  `json:"size,omitempty"` // in bytes
}

func (i Image) content() (MessageType, string, error) {
	return encode(MessageTypeImage, i, need("url", i.URL), positive("w", i.Width), positive("h", i.Height), positive("size", i.Size))
}

// Audio is a recording that was uploaded before. URL is required. According to the vendor's
// example, aac is the only kind of file.
type Audio struct {
	Duration time.Duration // sent in whole milliseconds
	MD5      string        // of the file, in hex
	URL      string
	Ext      string // kind of file, such as aac
	Size     int64  // in bytes
}

func (a Audio) content() (MessageType, string, error) {
	return encode(MessageTypeAudio, struct {
		Duration int64  `json:"dur,omitempty"`
		MD5      string `json:"md5,omitempty"`
		URL      string `json:"url"`
		Ext      string `json:"ext,omitempty"`
		Size     int64  `json:"size,omitempty"`
	}{a.Duration.Milliseconds(), a.MD5, a.URL, a.Ext, a.Size},
		need("url", a.URL), positive("dur", a.Duration.Milliseconds()), positive("size", a.Size))
}

// Video is a video that was uploaded before. URL is required.
type Video struct {
	Duration time.Duration // sent in whole milliseconds
	MD5      string        // of the file, in hex
	URL      string
	Width    int    // in pixels
	Height   int    // in pixels
	Ext      string // kind of file, such as mp4
	Size     int64  // in bytes
}

func (v Video) content() (MessageType, string, error) {
	return encode(MessageTypeVideo, struct {
		Duration int64  `json:"dur,omitempty"`
		MD5      string `json:"md5,omitempty"`
		URL      string `json:"url"`
		Width    int    `json:"w,omitempty"`
		Height   int    `json:"h,omitempty"`
		Ext      string `json:"ext,omitempty"`
		Size     int64  `json:"size,omitempty"`
	}{v.Duration.Milliseconds(), v.MD5, v.URL, v.Width, v.Height, v.Ext, v.Size},
		need("url", v.URL), positive("dur", v.Duration.Milliseconds()), positive("w", v.Width), positive("h", v.Height), positive("size", v.Size))
}

// Location is a place on the map.
type Location struct {
	Title     string  `json:"title"`
	Longitude float64 `json:"lng"` // in degrees, -180 to 180, east is positive
	Latitude  float64 `json:"lat"` // in degrees, -90 to 90, north is positive
}

func (l Location) content() (MessageType, string, error) {
	return encode(MessageTypeLocation, l, degrees("lng", l.Longitude, 180), degrees("lat", l.Latitude, 90))
}

// File is a file of any kind that was uploaded before. URL is required.
type File struct {
	Name string `json:"name,omitempty"`
	MD5  string `json:"md5,omitempty"` // of the file, in hex
	URL  string `json:"url"`
	Ext  string `json:"ext,omitempty"`  // kind of file, such as pdf
	Size int64  `json:"size,omitempty"` // in bytes
}

func (f File) content() (MessageType, string, error) {
	return encode(MessageTypeFile, f, need("url", f.URL), positive("size", f.Size))
}

// Tip is a notice within the conversation. It must not be empty. No document shows its JSON,
// {"msg": ...}, which is that of a stored text.
type Tip string

func (t Tip) content() (MessageType, string, error) {
	return encode(MessageTypeTip, struct {
		Msg string `json:"msg"`
	}{string(t)}, need("msg", string(t)))
}

// Custom is a message with a format of its own. Value is any value that encoding/json can
// encode, or JSON text as a [json.RawMessage]. SubType of the form can distinguish several
// formats. The service does not check these messages for spam unless the app uses GuardEase.
type Custom struct{ Value any }

func (c Custom) content() (MessageType, string, error) {
	if c.Value == nil {
		return MessageTypeCustom, "", errors.New("the value is nil")
	}
	return encode(MessageTypeCustom, c.Value)
}

// encode returns a value as JSON text, or the first problem. It does not escape characters
// for HTML, because escapes count against the limit.
func encode(kind MessageType, value any, problems ...error) (MessageType, string, error) {
	for _, problem := range problems {
		if problem != nil {
			return kind, "", problem
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return kind, "", err
	}
	return kind, strings.TrimSuffix(text.String(), "\n"), nil
}

func need(name, value string) error {
	if value == "" {
		return fmt.Errorf("%s is empty", name)
	}
	return nil
}

func positive[N ~int | ~int64](name string, n N) error {
	if n < 0 {
		return fmt.Errorf("%s: %d, at least 0", name, int64(n))
	}
	return nil
}

func degrees(name string, d, limit float64) error {
	if math.IsNaN(d) || math.Abs(d) > limit {
		return fmt.Errorf("%s: %v degrees, at most %v", name, d, limit)
	}
	return nil
}
