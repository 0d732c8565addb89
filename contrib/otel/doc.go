// Package nimotel reports the calls of a nimroom client to OpenTelemetry as traces and
// metrics.
//
//	client, err := wrapper.New(credentials, wrapper.WithHooks(nimotel.Hooks()))
//
// # Traces
//
// Each call is a span of kind client. Its name is the operation's path, such as
// /chatroom/get.action. It has these attributes. Their names are those of the semantic
// conventions for RPC and HTTP, if these have one:
//
//	rpc.system.name             nim
//	rpc.method                  the operation's id: getChatroom
//	rpc.response.status_code    the code in the last response, as text: 200, 404
//	url.template                the operation's path
//	http.request.method         POST
//	http.request.resend_count   number of attempts after the first, if there are any
//	http.response.status_code   the HTTP status of the last response
//	server.address, server.port the host and port of the last attempt
//	error.type                  why the call failed; see below
//	nim.request_id              the header RequestId, which all attempts share
//	nim.attempts                number of attempts
//	nim.field                   the field that failed validation
//
// A span has only the attributes that apply. The span of a failed call has the status
// Error, with error.type as its description.
//
// Each attempt is an event nim.attempt, with the time at which the attempt began. Its
// attributes are nim.attempt.number, nim.attempt.duration and nim.attempt.wait (the wait
// before the next attempt), both in seconds, and server.*, error.type and the two status
// codes as above.
//
// # Metrics
//
//	rpc.client.call.duration    histogram of the duration of calls in seconds, with all waits
//	nim.client.attempts         counter of the attempts
//
// Both have the attributes rpc.system.name, rpc.method, rpc.response.status_code and
// error.type. Each of these has few values.
//
// # Why a call failed
//
// error.type is outcome_unknown if the service may have carried out the call, and
// result_unknown if the service has carried it out but the result is lost. Otherwise it is
// canceled, deadline_exceeded, or the name of the wrapper's error, such as not_found for
// [wrapper.ErrNotFound]. It is _OTHER for all other errors.
//
// # What is not reported
//
// The hooks never report forms, responses, headers or the texts of errors, which may
// contain these. Therefore no secret, signature, account or message reaches a collector.
package nimotel
