// Package nimotel reports the calls of a nimroom client to OpenTelemetry, as
// traces and metrics.
//
//	client, err := wrapper.New(credentials, wrapper.WithHooks(nimotel.Hooks()))
//
// # Traces
//
// A call is a span of kind client, named after the operation's path, such as
// /chatroom/get.action. It has these attributes, with the names of the semantic
// conventions for RPC and HTTP if those have one:
//
//	rpc.system.name             nim
//	rpc.method                  the operation: getChatroom
//	rpc.response.status_code    the code in the response, as text: 200, 404
//	url.template                the operation's path
//	http.request.method         POST
//	http.request.resend_count   attempts beyond the first, if there were any
//	http.response.status_code   status of the last response
//	server.address, server.port the host of the last attempt
//	error.type                  why the call failed, see below
//	nim.request_id              the RequestId header, one for all attempts
//	nim.attempts                how often it was sent
//	nim.field                   the field that failed validation
//
// Attributes that do not apply are left out. A call that fails has the status Error,
// described by error.type.
//
// Each attempt is an event nim.attempt, at the time it began. It has the attributes
// nim.attempt.number, nim.attempt.duration and nim.attempt.wait (until the next attempt),
// both in seconds, and of the attributes above server.*, error.type and the two codes.
//
// # Metrics
//
//	rpc.client.call.duration    histogram, seconds: whole calls, waiting included
//	nim.client.attempts         counter: attempts
//
// Both have the attributes rpc.system.name, rpc.method, rpc.response.status_code
// and error.type, which have few values each.
//
// # Why a call failed
//
// error.type is outcome_unknown for a call that may have been carried out and
// result_unknown for a call that was carried out with a result that is not known. For
// other calls it is canceled, deadline_exceeded, or the name of the wrapper's error, such
// as not_found for [wrapper.ErrNotFound]. All other errors are _OTHER.
//
// # What is not reported
//
// Forms, responses, headers and the texts of errors, which may quote them, are not
// reported, so that no secret, signature, account or message reaches a collector.
package nimotel
