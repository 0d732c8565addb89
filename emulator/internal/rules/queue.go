package rules

import (
	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

func (c *call) initQueue(f gen.InitQueueForm) (*gen.InitQueueSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	r.InitQueue(valueOr(f.SizeLimit, c.defaultOf("sizeLimit")))
	r.TellQueue(c.now, state.QueueInit)
	return new(gen.InitQueueSuccess), nil
}

func (c *call) dropQueue(f gen.DropQueueForm) (*gen.DropQueueSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	high, err := r.DropQueue(c.now, priority(f.HighPriority, f.HighPriorityPolicy))
	if err != nil {
		return nil, err
	}
	return &gen.DropQueueSuccess{Desc: gen.QueueChangeResult{HighPriority: high}}, nil
}

func (c *call) offerQueueElement(f gen.OfferQueueElementForm) (*gen.OfferQueueElementSuccess, error) {
	r, err := c.queueRoom(f.RoomID, value(f.Operator))
	if err != nil {
		return nil, err
	}
	e := state.Element{Key: f.Key, Value: f.Value, Owner: value(f.Operator), Transient: value(f.Transient)}
	high, err := r.Offer(c.now, e, priority(f.HighPriority, f.HighPriorityPolicy))
	if err != nil {
		return nil, err
	}
	return &gen.OfferQueueElementSuccess{Desc: gen.QueueChangeResult{HighPriority: high}}, nil
}

func (c *call) offerQueueElements(f gen.OfferQueueElementsForm) (*gen.OfferQueueElementsSuccess, error) {
	r, err := c.queueRoom(f.RoomID, value(f.Operator))
	if err != nil {
		return nil, err
	}
	list := make([]state.Element, len(f.Elements))
	for i, e := range f.Elements {
		transient := valueOr(e.Transient, value(f.Transient))
		list[i] = state.Element{Key: e.Key, Value: e.Value, Owner: value(e.Accid), Transient: transient}
	}
	n, p := notice(f.NeedNotify, f.NotifyExt), priority(f.HighPriority, f.HighPriorityPolicy)
	failed, high, err := c.state.OfferBatch(c.now, r, value(f.Operator), list, p, n)
	if err != nil {
		return nil, err
	}
	return &gen.OfferQueueElementsSuccess{Desc: gen.OfferedElements{FailedKeys: failed, HighPriority: high}}, nil
}

func (c *call) updateQueueElements(f gen.UpdateQueueElementsForm) (*gen.UpdateQueueElementsSuccess, error) {
	r, err := c.queueRoom(f.RoomID, f.Operator)
	if err != nil {
		return nil, err
	}
	list := make([]state.Element, len(f.Elements))
	for i, e := range f.Elements {
		list[i] = state.Element{Key: e.Key, Value: e.Value}
	}
	n, p := notice(f.NeedNotify, f.NotifyExt), priority(f.HighPriority, f.HighPriorityPolicy)
	missing, high, err := r.UpdateQueue(c.now, f.Operator, list, p, n)
	if err != nil {
		return nil, err
	}
	return &gen.UpdateQueueElementsSuccess{Desc: gen.UpdatedElements{MissingKeys: missing, HighPriority: high}}, nil
}

func (c *call) listQueueElements(f gen.ListQueueElementsForm) (*gen.ListQueueElementsSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	r.TellQueue(c.now, state.QueueList)
	return &gen.ListQueueElementsSuccess{Desc: queueElements(r.Queue())}, nil
}

func (c *call) getQueueElements(f gen.GetQueueElementsForm) (*gen.GetQueueElementsSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	return &gen.GetQueueElementsSuccess{Desc: queueElements(r.QueueElements(f.Keys))}, nil
}

func (c *call) pollQueueElement(f gen.PollQueueElementForm) (*gen.PollQueueElementSuccess, error) {
	r, err := c.room(f.RoomID)
	if err != nil {
		return nil, err
	}
	e, high, err := r.Poll(c.now, value(f.Key), priority(f.HighPriority, f.HighPriorityPolicy))
	if err != nil {
		return nil, err
	}
	return &gen.PollQueueElementSuccess{Desc: gen.PolledElement{Key: e.Key, Value: e.Value, HighPriority: high}}, nil
}

// queueRoom finds the room of a call with an operator, which must be an account
// if there is one.
func (c *call) queueRoom(id gen.RoomID, operator string) (*state.Room, error) {
	if operator != "" {
		if err := c.account("operator", operator); err != nil {
			return nil, err
		}
	}
	return c.room(id)
}

func priority(high *gen.QueuePriority, policy *gen.QueuePriorityPolicy) state.Priority {
	return state.Priority{High: value(high) == gen.QueuePriorityHigh, Refuse: value(policy) == gen.QueuePriorityPolicyRefuse}
}

func queueElements(list []state.Element) gen.QueueElements {
	elements := gen.QueueElements{List: make([]gen.Entry, len(list))}
	for i, e := range list {
		elements.List[i] = gen.Entry{Key: e.Key, Value: e.Value}
	}
	return elements
}
