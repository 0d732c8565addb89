package main

import (
	"strings"
	"unicode"
)

// goNames gives Go names to wire names that are misspelt, run together or
// abbreviated. The wire keeps its spelling.
var goNames = map[string]string{
	"addr":            "Addresses",
	"antispam":        "AntiSpam",
	"antispamCustom":  "AntiSpamCustom",
	"avator":          "Avatar",
	"broadcasturl":    "BroadcastURL",
	"clientip":        "ClientIP",
	"clienttype":      "ClientType",
	"datetime":        "DateTime",
	"endtime":         "EndTime",
	"failAccids":      "FailedAccids",
	"failRooms":       "FailedRooms",
	"fromAvator":      "FromAvatar",
	"fromclienttype":  "FromClientType",
	"ionotify":        "EntryNotify",
	"msgid":           "MsgID",
	"msgid_client":    "ClientMsgID",
	"noExistRooms":    "MissingRooms",
	"onlineStat":      "Online",
	"onlineusercount": "OnlineUserCount",
	"optvalue":        "OptValue",
	"orderby":         "OrderBy",
	"queuelevel":      "QueueLevel",
	"robotExpirAt":    "RobotExpireAt",
	"roomid":          "RoomID",
	"roomids":         "RoomIDs",
	"sendtime":        "SendTime",
	"succRooms":       "Rooms",
	"tempMuteTtl":     "TempMuteTTL",
	"topn":            "TopN",
}

// initialisms are written in capitals at the end of a word.
var initialisms = map[string]string{"Id": "ID", "Ids": "IDs", "Url": "URL", "Ip": "IP", "Ttl": "TTL", "Json": "JSON"}

// goName is the exported Go name of a wire name.
func goName(wire string) string {
	if name, ok := goNames[wire]; ok {
		return name
	}
	var b strings.Builder
	for _, word := range words(wire) {
		word = upperFirst(word)
		if caps, ok := initialisms[word]; ok {
			word = caps
		}
		b.WriteString(word)
	}
	return b.String()
}

// words splits at capitals and at whatever is no letter or digit.
func words(s string) []string {
	var list []string
	start := 0
	for i, r := range s {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			list = append(list, s[start:i])
			start = i + len(string(r))
		case unicode.IsUpper(r):
			list = append(list, s[start:i])
			start = i
		}
	}
	return append(list, s[start:])
}
