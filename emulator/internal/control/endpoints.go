package control

import "net/http"

// endpoints is the table of the control plane, from which it is routed, listed, described and documented.
func endpoints() []endpoint {
	const (
		get, post, put, del         = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
		notFound, conflict, stopped = http.StatusNotFound, http.StatusConflict, http.StatusServiceUnavailable
	)
	return []endpoint{
		row(get, "", "List the paths. Each has its methods.", "", (*Control).getIndex),
		row(get, "openapi.json", "Describe the control plane in OpenAPI 3.0.", "", (*Control).getDescription),
		row(get, "health", "Report whether the emulator works. `now` is its time.", "", (*Control).getHealth, stopped),
		row(post, "reset", "Put everything back to the start. That is state, clock, chance, ids of rooms, faults, stubs, features, blocks and the request log.", "", (*Control).postReset),

		row(get, "clock", "Read the clock.", "", (*Control).getClock),
		row(post, "clock", "Set the clock forward. It does not go back.", `{"advance":"24h"}`, (*Control).postClock),

		row(post, "accounts", "Create accounts. It is needed with strict accounts only.", `{"accids":["lena","mia"]}`, (*Control).postAccounts),

		row(get, "rooms", "List rooms by id. `text` searches in names, owners and ids.", "", (*Control).getRooms),
		row(post, "rooms", "Open a room under an id of your choice, such as one that a suite has written into it.",
			`{"roomid":10908439525,"creator":"lena","name":"lobby"}`, (*Control).postRoom, notFound, conflict),
		row(get, "rooms/{roomid}", "Read a room with everything in it.", "", (*Control).getRoom, notFound),
		row(get, "rooms/{roomid}/members", "List the members of a room. The fixed ones come first, then the visitors, in each the latest to enter first. `text` searches in accounts and nicknames.",
			"", (*Control).getMembers, notFound),
		row(get, "rooms/{roomid}/messages", "List the messages of a room, oldest first, without notifications.", "", (*Control).getMessages, notFound),
		row(get, "rooms/{roomid}/statistics", "Count what happened in a room by the hour.", "", (*Control).getStatistics, notFound),
		row(post, "rooms/{roomid}/join", "Let an account enter, as a client does that logs in. Each call is one more connection.",
			`{"accid":"lena","tags":["vip"],"nick":"Lena","clienttype":2}`, (*Control).postJoin, notFound, conflict),
		row(post, "rooms/{roomid}/leave", "End all connections of an account to the room.", `{"accid":"lena"}`, (*Control).postLeave, notFound),
		row(get, "rooms/{roomid}/events", "Stream what the members of a room receive, as [server-sent events](#events).", "", (*Control).streamRoom, notFound),

		row(get, "requests", "List requests to the API, of the last 1000, oldest first. That of an error has its `circumstance` (the name of an entry of `x-advice` in the spec), what is wrong (`meaning`) and what to do next (`advice`), in the language of `--lang`.",
			"", (*Control).getRequests),
		row(del, "requests", "Forget all requests. The next ones have the ids that follow.", "", (*Control).deleteRequests),
		row(get, "requests/events", "Stream requests as they arrive, as server-sent events. Each has the name `request`, an `id` (which, other than that of the request, goes on after a reset) and, as data, the request as in the list. `since` is the id of a request. A client that connects again with `Last-Event-ID` first gets all that it missed; an event `lost` says how many of the missed requests the log had forgotten, at most.",
			"", (*Control).streamRequests),
		row(post, "requests/await", "Wait for a request. The response is the first one that the log holds after `since`, or else the next that arrives. HTTP 504 says that the time is over, and which request differs least.",
			`{"operation":"sendMsg","code":200,"form":{"msgId":"m1"},"timeout":"5s"}`, (*Control).awaitRequest, stopped, http.StatusGatewayTimeout),

		row(get, "faults", "List the [faults](#faults), the spent ones too. `applied` counts the requests that each was applied to.", "", (*Control).getFaults),
		row(post, "faults", "Add a fault.", `{"operation":"sendMsg","kind":"status","status":502,"phase":"after","skip":1,"times":2}`, (*Control).postFault),
		row(del, "faults", "Remove all faults.", "", (*Control).deleteFaults),

		row(get, "stubs", "List the stubs.", "", (*Control).getStubs),
		row(post, "stubs", "Respond for a path of another product, which gets HTTP 501 otherwise. The request log marks it. Like faults, stubs are not part of the state.",
			`{"path":"/team/create.action","answer":{"code":200}}`, (*Control).postStub),
		row(del, "stubs", "Remove all stubs.", "", (*Control).deleteStubs),

		row(get, "features", "List the features of the app and whether they are on.", "", (*Control).getFeatures),
		row(post, "features", "Switch features on or off. Those that the request does not name stay as they are.", `{"broadcast":true,"search":false}`, (*Control).postFeatures),

		row(get, "callbacks", "Report how many [callbacks](#callbacks) were not received, and the last 1000 attempts with their responses, oldest first.", "", (*Control).getCallbacks),
		row(del, "callbacks", "Forget the attempts.", "", (*Control).deleteCallbacks),

		row(get, "state", "Read everything that the server remembers, see [State](#state).", "", (*Control).getState),
		row(put, "state", "Put a state in the place of what the server remembers.", "", (*Control).putState),
	}
}
