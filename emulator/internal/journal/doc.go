// Package journal keeps records in the order in which they were appended, and
// a snapshot that stands for those before it, in a directory.
//
// They are kept in one file of go.etcd.io/bbolt. Compared in 2026:
//
//   - bbolt: kept by the etcd project, releases several times a year; one
//     dependency (x/sys), 0.5 MB in a binary. A transaction is a few writes at
//     the end of a copy-on-write tree, of which the last, one page, makes it
//     valid: a process that is killed at any moment leaves the state before it
//     or after it. It locks its file against a second process.
//   - modernc.org/sqlite: as well kept, but brings a C library in Go and some
//     8 MB, and each batch pays for SQL. Nothing here is ever queried.
//   - cockroachdb/pebble: the fastest writer, with more than thirty modules.
//     Its compaction serves random keys and far more data than a checkpoint
//     lets gather here.
//
// Records are committed in groups: while one batch is being written, the next
// one gathers. A commit is not forced to the disk unless [Options].Sync says
// so: what is committed is with the operating system, and outlives the process
// but not a loss of power. After such a loss the file may be damaged, and is
// then not opened. Checkpoints and Close always force.
package journal
