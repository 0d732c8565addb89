package state

import (
	"slices"
	"time"
)

// QueueSize is how many elements a queue holds until InitQueue says otherwise.
const QueueSize = 50

// Element is an element of a room's queue.
type Element struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	// Owner is the account that offered the element last, or for which it was
	// offered.
	Owner string `json:"accid"`
	// Transient elements go when their owner leaves.
	Transient bool `json:"transient,omitempty"`
}

// The changes of a queue, by their names on the wire.
const (
	QueueOffer       = "OFFER"
	QueuePoll        = "POLL"
	QueueDrop        = "DROP"
	QueueBatchUpdate = "BATCH_UPDATE"
	QueueBatchOffer  = "BATCH_OFFER"
	QueuePartClear   = "PARTCLEAR"
)

// What is no change of the elements; members are not notified of it.
const (
	QueueInit = "INIT"
	QueueList = "LIST"
)

// QueueChange is what a notification says of a change of a queue. The JSON is
// that of the service.
type QueueChange struct {
	Change string `json:"_e"`
	// Key and Content are the element that was offered or polled.
	Key     string `json:"key,omitempty"`
	Content string `json:"content,omitempty"`
	// Values are the elements that were updated or that went with their owner.
	Values map[string]string `json:"kvObject,omitempty"`
	// Elements are those that were offered together.
	Elements []OfferedElement `json:"elements,omitempty"`
	// HighPriority says how the notification went out.
	HighPriority bool `json:"-"`
	// Owner, Transient and Known are those of the element: whose it is, whether
	// it goes with its owner, and whether its key was in the queue before.
	Owner            string `json:"-"`
	Transient, Known bool   `json:"-"`
}

// OfferedElement is an element of a batch, as members see it.
type OfferedElement struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Owner string `json:"accid"`
	Nick  string `json:"nick"`
}

// Priority says how the notification of a change of a queue is sent.
type Priority struct {
	High bool
	// Refuse rejects the change if the room has no high priority left this second.
	// Otherwise the notification goes as an ordinary one.
	Refuse bool
}

// prioritize takes one of the room's high-priority notifications of the second.
// Errors: ErrTooFast.
func (r *Room) prioritize(now time.Time, p Priority) (high bool, err error) {
	if high = p.High && r.priority.take(now); !high && p.High && p.Refuse {
		return false, ErrTooFast
	}
	return high, nil
}

// InitQueue sets how many elements the queue holds. It keeps those that there
// are, even if they are more.
func (r *Room) InitQueue(size int) { r.QueueLimit = &size }

// QueueSize is how many elements the queue holds.
func (r *Room) QueueSize() int {
	if r.QueueLimit == nil {
		return QueueSize
	}
	return *r.QueueLimit
}

// Queue lists the elements in their order.
func (r *Room) Queue() []Element { return slices.Clone(r.queue) }

// QueueElements lists the elements with keys, in the order of these, each once.
func (r *Room) QueueElements(keys []string) (list []Element) {
	for _, key := range unique(keys) {
		if i := r.queued(key); i >= 0 {
			list = append(list, r.queue[i])
		}
	}
	return list
}

func (r *Room) queued(key string) int {
	return slices.IndexFunc(r.queue, func(e Element) bool { return e.Key == key })
}

// Offer adds an element or changes the one with its key, for its owner. An empty
// owner is the creator of the room. Errors: ErrAway, ErrForbidden, ErrQueueFull,
// ErrTooFast.
func (r *Room) Offer(now time.Time, e Element, p Priority) (high bool, err error) {
	if e.Owner, err = r.queueOperator(e.Owner, e.Transient); err != nil {
		return false, err
	}
	if !r.fits(e.Key) {
		return false, ErrQueueFull
	}
	if high, err = r.prioritize(now, p); err != nil {
		return false, err
	}
	known := r.queued(e.Key) >= 0
	r.put(e)
	r.queueChanged(now, Notice{}, e.Owner, QueueChange{
		Change: QueueOffer, Key: e.Key, Content: e.Value, HighPriority: high, Owner: e.Owner, Transient: e.Transient, Known: known,
	})
	return high, nil
}

// OfferBatch offers elements in their order. Elements without an owner are the
// operator's; the others may be offered only by the owner of the room and by
// managers. It returns the keys that failed.
// Errors: ErrAway, ErrForbidden, ErrTooFast.
func (s *State) OfferBatch(now time.Time, r *Room, operator string, list []Element, p Priority, notice Notice) (failed []string, high bool, err error) {
	if operator, err = r.queueOperator(operator, false); err != nil {
		return nil, false, err
	}
	if high, err = r.prioritize(now, p); err != nil {
		return nil, false, err
	}
	change := QueueChange{Change: QueueBatchOffer, HighPriority: high}
	for _, e := range list {
		if e.Owner == "" {
			e.Owner = operator
		}
		allowed := e.Owner == operator || r.operates(operator)
		if !allowed || !s.HasAccount(e.Owner) || !r.holds(e.Owner, e.Transient) || !r.fits(e.Key) {
			failed = append(failed, e.Key)
			continue
		}
		r.put(e)
		offered := OfferedElement{Key: e.Key, Value: e.Value, Owner: e.Owner, Nick: e.Owner}
		if m, ok := r.find(e.Owner); ok {
			offered.Nick = m.Nick
		}
		change.Elements = append(change.Elements, offered)
	}
	if len(change.Elements) > 0 {
		r.queueChanged(now, notice, operator, change)
	}
	return unique(failed), high, nil
}

// UpdateQueue changes the values of elements, for the owner and managers of the
// room. It returns the keys that are not in the queue.
// Errors: ErrForbidden, ErrAway, ErrTooFast.
func (r *Room) UpdateQueue(now time.Time, operator string, list []Element, p Priority, notice Notice) (missing []string, high bool, err error) {
	switch {
	case !r.operates(operator):
		return nil, false, r.onlyStaff(operator)
	case !r.holds(operator, false):
		return nil, false, ErrAway
	}
	if high, err = r.prioritize(now, p); err != nil {
		return nil, false, err
	}
	change := QueueChange{Change: QueueBatchUpdate, Values: map[string]string{}, HighPriority: high}
	for _, e := range list {
		i := r.queued(e.Key)
		if i < 0 {
			missing = append(missing, e.Key)
			continue
		}
		e.Owner, e.Transient = r.queue[i].Owner, r.queue[i].Transient
		r.put(e)
		change.Values[e.Key] = e.Value
	}
	if len(change.Values) > 0 {
		r.queueChanged(now, notice, operator, change)
	}
	return unique(missing), high, nil
}

// Poll takes the element with a key out of the queue, or the first one if the
// key is empty. Errors: ErrNoElement, ErrTooFast.
func (r *Room) Poll(now time.Time, key string, p Priority) (e Element, high bool, err error) {
	i := 0
	if key != "" {
		i = r.queued(key)
	}
	if i < 0 || i >= len(r.queue) {
		return Element{}, false, ErrNoElement
	}
	if high, err = r.prioritize(now, p); err != nil {
		return Element{}, false, err
	}
	e = r.queue[i]
	r.drop(func(other Element) bool { return other.Key == e.Key })
	r.queueChanged(now, Notice{}, r.Creator, QueueChange{
		Change: QueuePoll, Key: e.Key, Content: e.Value, HighPriority: high, Owner: e.Owner, Transient: e.Transient,
	})
	return e, high, nil
}

// DropQueue removes all elements. Errors: ErrTooFast.
func (r *Room) DropQueue(now time.Time, p Priority) (high bool, err error) {
	if high, err = r.prioritize(now, p); err != nil {
		return false, err
	}
	r.drop(func(Element) bool { return true })
	r.queueChanged(now, Notice{}, r.Creator, QueueChange{Change: QueueDrop, HighPriority: high})
	return high, nil
}

// queueOperator returns who changes the queue, or why the account may not.
// Errors: ErrAway, ErrForbidden.
func (r *Room) queueOperator(operator string, transient bool) (string, error) {
	if operator == "" {
		operator = r.Creator
	}
	switch {
	case !r.holds(operator, transient):
		return "", ErrAway
	case r.QueueLevel == QueueManagers && !r.operates(operator):
		return "", r.onlyStaff(operator)
	}
	return operator, nil
}

// holds reports whether an element can belong to an account, which must be in the
// room. The creator need not be, unless the element would go with it.
func (r *Room) holds(accid string, transient bool) bool {
	m, ok := r.find(accid)
	return ok && m.Online() || accid == r.Creator && !transient
}

func (r *Room) fits(key string) bool { return len(r.queue) < r.QueueSize() || r.queued(key) >= 0 }

func (r *Room) put(e Element) {
	r.changed(func(c *RoomChanges) { c.Queue = append(c.Queue, QueueStep{Put: &e}) })
	if i := r.queued(e.Key); i >= 0 {
		r.queue[i] = e
		return
	}
	r.queue = append(r.queue, e)
}

// drop takes the elements out of the queue that match.
func (r *Room) drop(match func(Element) bool) {
	r.queue = slices.DeleteFunc(r.queue, func(e Element) bool {
		goes := match(e)
		if goes {
			r.changed(func(c *RoomChanges) { c.Queue = append(c.Queue, QueueStep{Drop: e.Key}) })
		}
		return goes
	})
}

// clearQueue removes the transient elements of an account that has left.
func (r *Room) clearQueue(at int64, accid string) {
	gone := map[string]string{}
	r.drop(func(e Element) bool {
		goes := e.Transient && e.Owner == accid
		if goes {
			gone[e.Key] = e.Value
		}
		return goes
	})
	if len(gone) > 0 {
		change := &QueueChange{Change: QueuePartClear, Values: gone, Owner: accid, Transient: true}
		r.emit(Event{Kind: QueueCleared, Time: at, Operator: accid, Queue: change})
		r.tell(Happening{Time: at, Operator: accid, Queue: change})
	}
}

// queueChanged notifies the members of a change of the queue.
func (r *Room) queueChanged(now time.Time, n Notice, operator string, change QueueChange) {
	kind := QueueChanged
	if change.Change == QueueBatchOffer {
		kind = QueueOffered
	}
	r.notify(n, Event{Kind: kind, Time: now.UnixMilli(), Operator: operator, Queue: &change})
	r.tell(Happening{Time: now.UnixMilli(), Operator: operator, Queue: &change})
}
