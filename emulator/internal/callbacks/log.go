package callbacks

import (
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// logSize is how many deliveries are remembered.
const logSize = 1000

// Delivery is an attempt to deliver a callback.
type Delivery struct {
	ID       int64            `json:"id,omitempty"` // 0 of a question
	Type     gen.CallbackType `json:"eventType"`
	RoomID   int64            `json:"roomid"`
	Env      string           `json:"env,omitempty"`
	URL      string           `json:"url,omitempty"`
	Attempt  int              `json:"attempt,omitempty"` // counted from 1; 0 if it was lost
	At       time.Time        `json:"time"`
	Body     json.RawMessage  `json:"body"`               // what was sent
	Status   int              `json:"status,omitempty"`   // 0 without a response
	Response string           `json:"response,omitempty"` // the beginning of its body
	Error    string           `json:"error,omitempty"`
	Fault    string           `json:"fault,omitempty"`
}

// log holds the latest deliveries.
type log struct {
	mu   sync.Mutex
	list []Delivery
}

func (l *log) add(d Delivery) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) == logSize {
		l.list = l.list[1:]
	}
	l.list = append(l.list, d)
}

func (l *log) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = nil
}

// Deliveries lists the latest deliveries, the oldest first.
func (c *Courier) Deliveries() []Delivery {
	c.log.mu.Lock()
	defer c.log.mu.Unlock()
	return slices.Clone(c.log.list)
}

// ClearLog forgets the deliveries.
func (c *Courier) ClearLog() { c.log.clear() }
