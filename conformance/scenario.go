package conformance

// Suite is what the scenario files hold together.
type Suite struct {
	// Given are the beginnings that scenarios share, by name.
	Given     map[string][]Step `json:"given"`
	Scenarios []Scenario        `json:"scenarios"`
	// Unprovoked are the documented codes that no scenario provokes, and why.
	Unprovoked []Unprovoked `json:"unprovoked"`
	// Unchecked are the members of responses that no scenario looks at, and why.
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

// Options say what kind of service a scenario needs.
type Options struct {
	// Accounts is empty, so that every account exists, or strict, so that only
	// those exist that a step added.
	Accounts string `json:"accounts"`
	// Strict refuses unknown fields and fields sent twice.
	Strict bool `json:"strict"`
	// StillClock needs a clock that only the advance control moves.
	StillClock bool `json:"stillClock"`
}

// Step calls an operation, or does to the service what no operation does.
type Step struct {
	// Call is an operation's id, Form what is sent: lists and objects travel
	// as JSON text.
	Call string         `json:"call"`
	Form map[string]any `json:"form"`
	// Raw sends a form that a client's own checks would not let through.
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

// title names a step in an error.
func (s *Step) title() string {
	if s.Control != "" {
		return s.Control
	}
	return s.Call
}

// wanted is the code that a step asks for.
func (s *Step) wanted() int {
	if s.Code == 0 {
		return codeOK
	}
	return s.Code
}
