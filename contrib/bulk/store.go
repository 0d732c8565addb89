package bulk

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver for Postgres
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the driver for SQLite, without a C compiler

	"github.com/nimroom/nimroom/internal/command"
)

// schema adds our tables beside those of River. A line has sent_at from when it may have been
// sent, and an outcome once that is known.
const schema = `
CREATE TABLE IF NOT EXISTS bulk_runs (
	name text PRIMARY KEY, digest text NOT NULL, app text NOT NULL, lines bigint NOT NULL, rooms text NOT NULL, started_at bigint NOT NULL);
CREATE TABLE IF NOT EXISTS bulk_lines (
	run text NOT NULL, line bigint NOT NULL, action text NOT NULL, form text NOT NULL, request_id text NOT NULL,
	sent_at bigint, tries bigint NOT NULL DEFAULT 0, outcome text, id text, result text,
	PRIMARY KEY (run, line));
CREATE INDEX IF NOT EXISTS bulk_lines_outcome ON bulk_lines (run, outcome);`

// Store keeps runs, their lines and the results.
type Store struct {
	db     *sql.DB
	driver riverdriver.Driver[*sql.Tx]
	file   string  // empty for Postgres
	lock   *sql.DB // a file with a transaction that ends with the process
}

// Open opens the store in a Postgres database (postgres://...) or in an SQLite file, and makes
// its tables if they are missing.
func Open(ctx context.Context, database string) (s *Store, err error) {
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		s = &Store{}
		if s.db, err = sql.Open("pgx", database); err != nil {
			return nil, errors.New("the address of the database is wrong, want postgres://user@host:5432/name") // err may quote a password
		}
		s.db.SetMaxOpenConns(8)
		s.db.SetMaxIdleConns(8)
		s.driver = riverdatabasesql.New(s.db)
	} else {
		s = &Store{file: database}
		f, err := os.OpenFile(database, os.O_CREATE|os.O_RDWR, 0o600) // responses may hold tokens
		if err != nil {
			return nil, err
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
		if s.db, err = openFile(database, "_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_txlock=immediate&_pragma=busy_timeout(10000)"); err != nil {
			return nil, err
		}
		s.driver = riversqlite.New(s.db)
	}
	if err := s.migrate(ctx); err != nil {
		_ = s.Close() // err is the reason
		return nil, fmt.Errorf("database: %w", err)
	}
	return s, nil
}

// openFile opens an SQLite file over one connection, because SQLite has one writer at a time.
func openFile(name, parameters string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: name}).EscapedPath()+"?"+parameters)
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// Close closes the store.
func (s *Store) Close() error {
	if s.lock != nil {
		_ = s.lock.Close() // nothing was written
	}
	return s.db.Close()
}

// migrationLock is the number of the lock under which processes make the tables in Postgres.
const migrationLock = 0x6e696d726f6f6d

// migrate makes the tables.
func (s *Store) migrate(ctx context.Context) error {
	if s.file == "" {
		conn, err := s.db.Conn(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }() // ends the lock, too
		if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
			return err
		}
		defer func() { _, _ = conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", migrationLock) }()
	}
	migrator, err := rivermigrate.New(s.driver, &rivermigrate.Config{Logger: silent})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, schema)
	return err
}

// own makes sure that no other process works on the file, and makes the jobs available that a
// killed process had begun. Processes share a Postgres database; there River rescues such jobs.
func (s *Store) own(ctx context.Context) (err error) {
	if s.file == "" {
		return nil
	}
	if s.lock, err = openFile(s.file+".lock", ""); err != nil {
		return err
	}
	if _, err := s.lock.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil { // of the one connection, which stays open
		return fmt.Errorf("%s is in use by another process; wait for it, or see its progress with status", s.file)
	}
	_, err = s.db.ExecContext(ctx, "UPDATE river_job SET state = 'available' WHERE state = 'running'")
	return err
}

// RunInfo says what a run is about.
type RunInfo struct {
	Name    string
	Digest  string // of the file, see [Digest]
	App     string // the app and the service
	Lines   int
	Started time.Time
	rooms   map[string][]int64 // of each creator, before the run
}

// Digest returns the digest by which a run recognizes its file.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Find returns a run. It is nil if there is none.
func (s *Store) Find(ctx context.Context, name string) (*RunInfo, error) {
	r := &RunInfo{Name: name}
	var started int64
	var rooms string
	err := s.db.QueryRowContext(ctx, "SELECT digest, app, lines, rooms, started_at FROM bulk_runs WHERE name = $1", name).Scan(&r.Digest, &r.App, &r.Lines, &rooms, &started)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r.Started = time.UnixMilli(started)
	return r, json.Unmarshal([]byte(rooms), &r.rooms)
}

// add adds a run with its lines and their jobs in place of one that has ended, all of them or none. A run with open
// lines stays: another process has begun it meanwhile.
func (s *Store) add(ctx context.Context, client *river.Client[*sql.Tx], r RunInfo, lines []Line) error {
	rooms, err := json.Marshal(r.rooms)
	if err != nil {
		return err
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	for _, statement := range []string{
		"DELETE FROM bulk_lines WHERE run = $1 AND outcome IS NOT NULL",
		"DELETE FROM bulk_runs WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM bulk_lines WHERE run = $1)",
	} {
		if _, err := tx.ExecContext(ctx, statement, r.Name); err != nil {
			return err
		}
	}
	added, err := tx.ExecContext(ctx, "INSERT INTO bulk_runs VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
		r.Name, r.Digest, r.App, len(lines), string(rooms), time.Now().UnixMilli())
	if err != nil {
		return err
	}
	if n, err := added.RowsAffected(); err != nil || n == 0 {
		return errors.Join(fmt.Errorf("a run of %s has open lines; continue it with resume", r.Name), err)
	}
	for part := range slices.Chunk(lines, 1000) {
		var values []string
		var arguments []any
		var jobs []river.InsertManyParams
		for _, l := range part {
			n := len(arguments)
			values = append(values, fmt.Sprintf("($%d, $%d, $%d, $%d, $%d)", n+1, n+2, n+3, n+4, n+5))
			arguments = append(arguments, r.Name, l.Number, l.Operation.ID, l.Form.Encode(), l.RequestID)
			jobs = append(jobs, river.InsertManyParams{Args: jobArgs{r.Name, l.Number}, InsertOpts: &river.InsertOpts{Queue: queueOf(r.App), MaxAttempts: maxAttempts}})
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO bulk_lines (run, line, action, form, request_id) VALUES "+strings.Join(values, ","), arguments...); err != nil {
			return err
		}
		if _, err := client.InsertManyFastTx(ctx, tx, jobs); err != nil {
			return err
		}
	}
	return errors.Join(tx.Commit(), s.sync(ctx))
}

// kept is a line as the store has it.
type kept struct {
	Line
	sentAt  time.Time // zero if it was surely not sent
	tries   int
	outcome Outcome // empty if it is open
}

func (s *Store) line(ctx context.Context, run string, number int) (*kept, error) {
	l := &kept{Line: Line{Number: number}}
	var action, form string
	var sent sql.NullInt64
	var outcome sql.NullString
	err := s.db.QueryRowContext(ctx, "SELECT action, form, request_id, sent_at, tries, outcome FROM bulk_lines WHERE run = $1 AND line = $2", run, number).
		Scan(&action, &form, &l.RequestID, &sent, &l.tries, &outcome)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if sent.Valid {
		l.sentAt = time.UnixMilli(sent.Int64)
	}
	l.outcome = Outcome(outcome.String)
	if l.Operation, err = command.Find(action); err != nil {
		return nil, err
	}
	l.Form, err = url.ParseQuery(form)
	return l, err
}

// aboutToSend notes that a line may be sent from now on. It returns an error if the job is no
// longer that of this worker, because it took so long that another worker got it.
func (s *Store) aboutToSend(ctx context.Context, job *river.Job[jobArgs]) error {
	result, err := s.db.ExecContext(ctx, `UPDATE bulk_lines SET sent_at = $1 WHERE run = $2 AND line = $3 AND outcome IS NULL
		AND EXISTS (SELECT 1 FROM river_job WHERE id = $4 AND state = 'running' AND attempt = $5)`,
		time.Now().UnixMilli(), job.Args.Run, job.Args.Line, job.ID, job.Attempt)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(errors.New("another worker has got the job"), err)
	}
	return nil
}

// sync makes sure that what was written survives a power cut. Postgres does so by itself. A file
// does so only when it matters, because it takes long: the ids of the lines, and that an unsafe
// operation is sent. Other lines can be repeated.
func (s *Store) sync(ctx context.Context) error {
	if s.file == "" {
		return nil
	}
	_, err := s.db.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	return err
}

// failed counts a try that did not settle a line.
func (s *Store) failed(ctx context.Context, job *river.Job[jobArgs]) error {
	_, err := s.db.ExecContext(ctx, "UPDATE bulk_lines SET tries = tries + 1 WHERE run = $1 AND line = $2", job.Args.Run, job.Args.Line)
	return err
}

// settle notes the result of a line and ends its job, both or neither.
func (s *Store) settle(ctx context.Context, job *river.Job[jobArgs], r Result) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	if _, err := tx.ExecContext(ctx, "UPDATE bulk_lines SET outcome = $1, id = $2, result = $3 WHERE run = $4 AND line = $5 AND outcome IS NULL",
		string(r.Outcome), r.ID, string(text), job.Args.Run, job.Args.Line); err != nil {
		return err
	}
	if _, err := river.JobCompleteTx[*riversqlite.Driver](ctx, tx, job); err != nil && !errors.Is(err, river.ErrNotFound) {
		return err
	}
	return tx.Commit()
}

// Results calls f with the result of each line that has one, in order.
func (s *Store) Results(ctx context.Context, run string, f func(json.RawMessage) error) error {
	rows, err := s.db.QueryContext(ctx, "SELECT result FROM bulk_lines WHERE run = $1 AND outcome IS NOT NULL ORDER BY line", run)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err has the error
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if err := f(text); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Summary counts the lines of a run by their outcome.
type Summary struct{ Done, Failed, Unknown, Open int }

// Summary counts the lines of a run.
func (s *Store) Summary(ctx context.Context, run string) (sum Summary, err error) {
	rows, err := s.db.QueryContext(ctx, "SELECT COALESCE(outcome, ''), count(*) FROM bulk_lines WHERE run = $1 GROUP BY outcome", run)
	if err != nil {
		return sum, err
	}
	defer func() { _ = rows.Close() }() // rows.Err has the error
	for rows.Next() {
		var outcome Outcome
		var n int
		if err := rows.Scan(&outcome, &n); err != nil {
			return sum, err
		}
		switch outcome {
		case Done:
			sum.Done = n
		case Failed:
			sum.Failed = n
		case Unknown:
			sum.Unknown = n
		default:
			sum.Open = n
		}
	}
	return sum, rows.Err()
}
