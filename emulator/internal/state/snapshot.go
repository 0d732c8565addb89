package state

// Snapshot is all that a state holds, as plain data: what [State.Export] gives
// and [Import] takes. Lists are sorted, so that equal states have equal states.
// Times are in Unix milliseconds, except where a field says otherwise. The
// JSON is spelt as the API spells the same things.
type Snapshot struct {
	NextRoomID int64 `json:"nextRoomid"`
	// Random is the state of chance, as math/rand/v2 writes that of a PCG.
	Random   []byte               `json:"random"`
	Accounts []string             `json:"accounts"`
	Hourly   List[PeriodSnapshot] `json:"hourly"`
	Daily    List[PeriodSnapshot] `json:"daily"`
	Rooms    []RoomSnapshot       `json:"rooms"` // by id
}

// RoomSnapshot is a [Room].
type RoomSnapshot struct {
	RoomID       int64  `json:"roomid"`
	Creator      string `json:"creator"`
	Name         string `json:"name"`
	Announcement string `json:"announcement,omitempty"`
	BroadcastURL string `json:"broadcasturl,omitempty"`
	Ext          string `json:"ext,omitempty"`
	QueueLevel   int    `json:"queuelevel"`
	Valid        bool   `json:"valid"`
	Muted        bool   `json:"muted"`
	EntryNotify  bool   `json:"ionotify"`
	// LastEntry and LastMessage are the last times given.
	LastEntry   int64                 `json:"lastEntry"`
	LastMessage int64                 `json:"lastMessage,omitempty"`
	Members     List[MemberSnapshot]  `json:"members"` // by time of entering
	TempMutes   List[MuteSnapshot]    `json:"tempMutes,omitempty"`
	TagMutes    List[MuteSnapshot]    `json:"tagMutes,omitempty"`
	Messages    List[MessageSnapshot] `json:"messages,omitempty"` // by time
	// Departed gives, by account that has left, the time of the latest message
	// when it did.
	Departed map[string]int64  `json:"departed,omitempty"`
	Priority *PrioritySnapshot `json:"priority,omitempty"`
}

// ProfileSnapshot is a [Profile].
type ProfileSnapshot struct {
	Nick   string `json:"nick"`
	Avatar string `json:"avator,omitempty"`
	Ext    string `json:"ext,omitempty"`
}

// MemberSnapshot is a [Member].
type MemberSnapshot struct {
	Accid string `json:"accid"`
	ProfileSnapshot
	// Saved is the profile the member comes back with, where it is another one.
	Saved       *ProfileSnapshot `json:"saved,omitempty"`
	Role        Role             `json:"type"`
	Blacklisted bool             `json:"blacklisted,omitempty"`
	Muted       bool             `json:"muted,omitempty"`
	EnterTime   int64            `json:"enterTime"`
	// RobotLeaves is when a robot leaves, absent for people.
	RobotLeaves int64               `json:"robotLeaves,omitempty"`
	Logins      List[LoginSnapshot] `json:"logins,omitempty"` // the first one first
}

// LoginSnapshot is a [Login].
type LoginSnapshot struct {
	ClientType       int      `json:"clienttype"`
	Tags             []string `json:"tags,omitempty"`
	NotifyTargetTags string   `json:"notifyTargetTags,omitempty"`
	EnterTime        int64    `json:"enterTime"`
}

// MuteSnapshot is the mute of an account or a tag.
type MuteSnapshot struct {
	Whom string `json:"whom"`
	Ends int64  `json:"ends"`
}

// MessageSnapshot is a [Message], in the history or only known by its id.
type MessageSnapshot struct {
	MsgID            string `json:"msgid"`
	From             string `json:"from"`
	FromNick         string `json:"fromNick"`
	FromAvatar       string `json:"fromAvator,omitempty"`
	Type             int    `json:"type"`
	SubType          int    `json:"subType,omitempty"`
	Attach           string `json:"attach,omitempty"`
	Ext              string `json:"ext,omitempty"`
	Time             int64  `json:"time"`
	HighPriority     bool   `json:"highPriority,omitempty"`
	RepeatOnReturn   bool   `json:"needHighPriorityMsgResend,omitempty"`
	NotifyTargetTags string `json:"notifyTargetTags,omitempty"`
	SkipHistory      bool   `json:"skipHistory,omitempty"`
	Abandoned        bool   `json:"abandoned,omitempty"`
}

// PrioritySnapshot counts the high-priority messages of a second.
type PrioritySnapshot struct {
	Second int64 `json:"second"` // Unix seconds
	Count  int   `json:"count"`
}

// PeriodSnapshot holds the figures of an hour or a day.
type PeriodSnapshot struct {
	Start int64               `json:"start"` // Unix seconds
	Rooms List[TallySnapshot] `json:"rooms"` // by id
}

// TallySnapshot holds a room's figures in a period.
type TallySnapshot struct {
	RoomID   int64 `json:"roomid"`
	Active   int   `json:"activeNums"`
	Entries  int   `json:"enterNums"`
	Messages int   `json:"msgs"`
	// Accounts are those that were active, while the period lasts.
	Accounts []string `json:"accids,omitempty"`
}
