package console

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/web"
	"github.com/nimroom/nimroom/sign"
)

// failed is the result for an error.
func failed(err error) *result {
	var own *gen.APIError
	if errors.As(err, &own) {
		return &result{Title: own.Desc, Code: own.Code}
	}
	return &result{Title: err.Error(), Code: web.Status(err)}
}

func findOperation(r *http.Request) (*gen.Operation, error) {
	id := r.PathValue("id")
	i := slices.IndexFunc(gen.Operations, func(o *gen.Operation) bool { return o.ID == id || o.Action == id })
	if i < 0 {
		return nil, web.NotFound(r, "; want the id of an operation, such as sendMessage")
	}
	return gen.Operations[i], nil
}

// call sends a signed request of an operation to the API. Fields that are empty are
// left out. A message gets an id if the form does not have the field.
func (c *Console) call(r *http.Request) (*result, error) {
	op, err := findOperation(r)
	if err != nil {
		return nil, err
	}
	form := url.Values{}
	for _, f := range op.Fields {
		if value := r.PostFormValue(f.Name); value != "" {
			form.Set(f.Name, value)
		}
	}
	if op.Repeat != nil && op.Repeat.List == "" && !r.PostForm.Has(op.Repeat.ID) {
		form.Set(op.Repeat.ID, rand.Text())
	}
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, c.BasePath+op.Path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Host = r.Host
	req.Header.Set("Content-Type", api.FormType)
	c.sign(req.Header, r.PostFormValue("sign"))
	before := c.API.Log.Last()
	response := c.send(req, op)
	came := &result{Title: op.Action, OK: response.code() == gen.CodeOK, Code: response.code(), Body: response.text()}
	if !came.OK && came.Code == 0 {
		came.Code = response.Status
	}
	if response.cut {
		came.Note = c.view(r).T("result.cut")
	}
	if e := c.API.Log.Latest(api.Query{Since: before, Operation: op.Action}); len(e) > 0 { // what the log knows, the response does not say
		said := c.API.Log.Advice(e[0].ID).In(c.view(r).Language())
		came.Meaning, came.Advice = said.Meaning, said.Advice
		came.Title += strings.TrimRight(" "+e[0].Desc, " ")
		came.Note = strings.Join(append(slices.Concat(e[0].Notices, e[0].NotEmulated), came.Note), " ")
	}
	if then := r.PostFormValue("then"); then == "room" && came.OK {
		came.Next = "/rooms/" + response.roomID()
	}
	return came, nil
}

// operationsData is what the page of the operations shows.
type operationsData struct {
	Query, RoomID string
	Groups        []group
}

func (c *Console) readOperations(r *http.Request, v *view) (any, error) {
	return operationsData{r.FormValue("q"), r.FormValue("roomid"), v.groups(r.FormValue("q"))}, nil
}

// operationData is what the page of an operation shows.
type operationData struct {
	*gen.Operation
	Text     described.Operation
	Fields   []input
	Mistakes []string
}

// input is a field of a form.
type input struct {
	gen.Field
	Schema                 *described.Schema
	Value, Limits, Example string
	Options                []option
}

func (c *Console) readOperation(r *http.Request, v *view) (any, error) {
	op, err := findOperation(r)
	if err != nil {
		return nil, err
	}
	d := described.In(v.Lang)
	data := operationData{Operation: op, Text: d.Operation(op), Mistakes: mistakeNames()}
	fields := d.Fields(data.Text)
	for _, f := range op.Fields {
		s := fields[f.Name]
		in := input{Field: f, Schema: s, Value: r.FormValue(f.Name), Limits: v.limits(s)}
		if op.Repeat != nil && f.Name == op.Repeat.ID && in.Value == "" {
			in.Value = rand.Text()
		}
		in.Options = options(s, in.Value)
		if text, isText := s.Example.(string); isText {
			in.Example = text
		} else if s.Example != nil {
			text, _ := json.Marshal(s.Example) // it was JSON
			in.Example = string(text)
		}
		data.Fields = append(data.Fields, in)
	}
	return data, nil
}

// signature are the headers of a signed request.
type signature struct{ AppKey, Nonce, CurTime, CheckSum string }

// mistakes make a signature wrong, each as clients do.
var mistakes = map[string]func(s *signature, c sign.Credentials){
	"secretOfAnother": func(s *signature, _ sign.Credentials) {
		s.CheckSum = sign.CheckSum("secret-of-another", s.Nonce, s.CurTime)
	},
	"secretIsAppKey":     func(s *signature, _ sign.Credentials) { s.CheckSum = sign.CheckSum(s.AppKey, s.Nonce, s.CurTime) },
	"secretMissing":      func(s *signature, _ sign.Credentials) { s.CheckSum = sign.CheckSum("", s.Nonce, s.CurTime) },
	"secretHasSpace":     func(s *signature, c sign.Credentials) { s.CheckSum = c.CheckSum(" "+s.Nonce, s.CurTime) },
	"checkSumOtherOrder": func(s *signature, c sign.Credentials) { s.CheckSum = c.CheckSum(s.CurTime, s.Nonce) },
	"checkSumOfPart":     func(s *signature, c sign.Credentials) { s.CheckSum = c.CheckSum(s.Nonce, "") },
	"checkSumUpperCase":  func(s *signature, _ sign.Credentials) { s.CheckSum = strings.ToUpper(s.CheckSum) },
	"checkSumOtherTime":  func(s *signature, c sign.Credentials) { s.CheckSum = c.CheckSum(s.Nonce, later(s.CurTime, -1)) },
	"appKeyOfAnother":    func(s *signature, _ sign.Credentials) { s.AppKey += "-of-another" },
	"curTimeInMilliseconds": func(s *signature, c sign.Credentials) {
		s.CurTime += "000"
		s.CheckSum = c.CheckSum(s.Nonce, s.CurTime)
	},
	"clockBehind": func(s *signature, c sign.Credentials) {
		s.CurTime = later(s.CurTime, -3600)
		s.CheckSum = c.CheckSum(s.Nonce, s.CurTime)
	},
	"clockAhead": func(s *signature, c sign.Credentials) {
		s.CurTime = later(s.CurTime, 3600)
		s.CheckSum = c.CheckSum(s.Nonce, s.CurTime)
	},
	"nonceTooLong": func(s *signature, c sign.Credentials) {
		s.Nonce = strings.Repeat("n", sign.MaxNonceLength+1)
		s.CheckSum = c.CheckSum(s.Nonce, s.CurTime)
	},
}

func later(curTime string, seconds int64) string {
	at, _ := strconv.ParseInt(curTime, 10, 64) // it was a number
	return strconv.FormatInt(at+seconds, 10)
}

func mistakeNames() []string { return slices.Sorted(maps.Keys(mistakes)) }

// sign signs a request, and makes a mistake if one is named.
func (c *Console) sign(h http.Header, mistake string) {
	s := signature{AppKey: c.Credentials.AppKey(), Nonce: rand.Text(), CurTime: strconv.FormatInt(c.Engine.Now().Unix(), 10)}
	s.CheckSum = c.Credentials.CheckSum(s.Nonce, s.CurTime)
	if err := mistakes[mistake]; err != nil {
		err(&s, c.Credentials)
	}
	h.Set(sign.HeaderAppKey, s.AppKey)
	h.Set(sign.HeaderNonce, s.Nonce)
	h.Set(sign.HeaderCurTime, s.CurTime)
	h.Set(sign.HeaderCheckSum, s.CheckSum)
}

// send lets the API respond to a request.
func (c *Console) send(req *http.Request, op *gen.Operation) (got *response) {
	got = new(response)
	defer func() {
		if v := recover(); v != nil {
			if v != http.ErrAbortHandler { //nolint:errorlint // a panic is compared as it is
				panic(v)
			}
			got.cut = true // by a fault
		}
	}()
	c.API.Serve(got, req, op.Path)
	return got
}

// response is what the API responds.
type response struct {
	web.Recorder
	cut bool
}

// fields are what the console reads of a response.
func (r *response) fields() (f struct {
	Code     int
	Chatroom struct {
		RoomID json.Number `json:"roomid"`
	}
}) {
	_ = json.Unmarshal(r.Body.Bytes(), &f) // what is no JSON has no fields
	return f
}

func (r *response) code() int      { return r.fields().Code }
func (r *response) roomID() string { return r.fields().Chatroom.RoomID.String() }

// text returns the body, indented if it is JSON.
func (r *response) text() string {
	var b bytes.Buffer
	if err := json.Indent(&b, r.Body.Bytes(), "", "  "); err != nil {
		return clip.Text(r.Body.String())
	}
	return b.String()
}
