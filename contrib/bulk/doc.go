// Package bulk carries out files of jobs, one operation a line, so that each line takes effect
// exactly once, whatever ends in between.
//
// [Read] checks a whole file before anything is sent, and gives each line the ids by which the
// service and this package recognize it again. [Store] keeps the lines and their results, in an
// SQLite file or in Postgres. [Run] works them off with River, the engine that hands out the
// jobs, repeats them and rescues those of a process that was killed.
//
// Before a request is sent, the store knows that it may be. A line that may have been sent and
// has no result is repeated only if the spec says that this does no harm. Otherwise the operation
// that shows whether it took effect (x-ask) is asked, and what that cannot show is reported as
// [Unknown].
package bulk
