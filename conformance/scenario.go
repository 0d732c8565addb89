package conformance

// Suite is the content of all scenario files.
type Suite struct {
	// Given are the beginnings that scenarios share, by name.
	Given     map[string][]Step `json:"given"`
	Scenarios []Scenario        `json:"scenarios"`
	// Unprovoked are the codes that no scenario provokes, each with the reason.
	Unprovoked []Unprovoked `json:"unprovoked"`
	// Unchecked are the members of responses that no scenario checks, each with the
	// reason.
	Unchecked []Unchecked `json:"unchecked"`
}

// Scenario is a sequence of steps that starts with an empty service.
type Scenario struct {
	// Name is operation/what.
	Name    string  `json:"name"`
	Options Options `json:"options"`
	// Given names the beginnings to play before the steps, in this order.
	Given []string `json:"given"`
	Steps []Step   `json:"steps"`
}

// Options describe the service that a scenario needs.
type Options struct {
	// Accounts is empty, so that every account exists, or strict, so that only
	// those exist that a step added.
	Accounts string `json:"accounts"`
	// Strict makes unknown fields, and fields sent twice, an API error.
	Strict bool `json:"strict"`
	// StillClock needs a clock that only the advance control moves.
	StillClock bool `json:"stillClock"`
}

// Step calls an operation, or performs a control: what no operation can do.
type Step struct {
	// Call is an operation's id, Form what is sent: lists and objects travel
	// as JSON text.
	Call string         `json:"call"`
	Form map[string]any `json:"form"`
	// Raw sends a form that a client's own checks would not allow.
	Raw bool `json:"raw"`

	// Control is join, leave, advance, accounts or reset, Room whose room, and
	// With the body of the request to the control plane.
	Control string         `json:"control"`
	Room    any            `json:"room"`
	With    map[string]any `json:"with"`

	// Code is the code that the response must have, 200 when left out, and Desc
	// the text that an API error must have.
	Code int          `json:"code"`
	Desc *Expectation `json:"desc"`
	// Response gives by path what the response must hold, Absent the paths at
	// which it must hold nothing, and Save the paths of the values that later
	// steps use, by the name under which they are kept.
	Response map[string]Expectation `json:"response"`
	Absent   []string               `json:"absent"`
	Save     map[string]string      `json:"save"`
}

// Unprovoked excuses codes of operations; "*" means all that list the code.
type Unprovoked struct {
	Codes      []int    `json:"codes"`
	Operations []string `json:"operations"`
	Reason     string   `json:"reason"`
}

// Unchecked excuses members of responses, given by path with * for an item.
type Unchecked struct {
	Members    []string `json:"members"`
	Operations []string `json:"operations"`
	Reason     string   `json:"reason"`
}

// title returns the name of a step for an error.
func (s *Step) title() string {
	if s.Control != "" {
		return s.Control
	}
	return s.Call
}

// wanted returns the code that a step expects.
func (s *Step) wanted() int {
	if s.Code == 0 {
		return codeOK
	}
	return s.Code
}
