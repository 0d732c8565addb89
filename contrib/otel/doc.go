// Package nimotel reports the calls of a nimroom client to OpenTelemetry, as
// traces and metrics.
//
//	client, err := wrapper.New(credentials, wrapper.WithHooks(nimotel.Hooks()))
//
// # Traces
//
// A call is a span of kind client, named by the operation's path, such as
// /chatroom/get.action. It has these attributes, named by the semantic
// conventions for RPC and HTTP where those have a name:
//
//	rpc.system.name             nim
//	rpc.method                  the operation: getChatroom
//	rpc.response.status_code    the code in the answer, as text: 200, 404
//	url.template                the operation's path
//	http.request.method         POST
//	http.request.resend_count   attempts beyond the first, where there were any
//	http.response.status_code   status of the last answer
//	server.address, server.port where the last attempt went
//	error.type                  why the call failed, see below
//	nim.request_id              the RequestId header, one for all attempts
//	nim.attempts                how often it was sent
//	nim.field                   the field that failed validation
//
// What does not apply is left out. A call that fails has the status Error,
// described by error.type.
//
// Each attempt is an event nim.attempt, at the time it began: nim.attempt.number,
// nim.attempt.duration and nim.attempt.wait (until the next one) in seconds,
// and of the above server.*, error.type and the two codes.
//
// # Metrics
//
//	rpc.client.call.duration    histogram, seconds: whole calls, waiting included
//	nim.client.attempts         counter: what was sent
//
// Both have the attributes rpc.system.name, rpc.method, rpc.response.status_code
// and error.type, which have few values each.
//
// # Why a call failed
//
// error.type is outcome_unknown for a call that may have been carried out,
// result_unknown for one that was but does not tell what it did, and otherwise canceled, deadline_exceeded, or the name of the wrapper's error:
// not_found for [wrapper.ErrNotFound]. Errors that are none of these are _OTHER.
//
// # What is not reported
//
// Forms, answers, headers and the texts of errors, which may hold them. So no
// secret, signature, account or message reaches a collector.
package nimotel
