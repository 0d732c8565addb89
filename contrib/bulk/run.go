package bulk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/nimroom/nimroom/wrapper"
)

// The defaults of a [Config].
const (
	DefaultConcurrency = 64
	DefaultSettle      = wrapper.DefaultAttemptTimeout
	DefaultTries       = 10
	DefaultRescue      = time.Minute // of which a job may use five sixths: more than a call takes
)

const (
	maxAttempts = 1000 // as often may the worker of a job be killed
	poll        = 200 * time.Millisecond
)

var silent = slog.New(slog.DiscardHandler)

// Config says how lines are carried out. Only New must be set.
type Config struct {
	Concurrency int                                              // how many lines at once; 0 means DefaultConcurrency
	Settle      time.Duration                                    // how long a request may be under way before it is asked for
	Tries       int                                              // after how many tries a line is given up that the service cannot carry out now
	Rescue      time.Duration                                    // after how long a job counts as one of a killed worker. River looks each half minute
	Rate        int                                              // how many calls of an operation may be made per second; 0 means wrapper.DefaultRate
	Limiter     wrapper.Limiter                                  // keeps the calls within a quota that several machines share; nil means that of Rate
	Logger      *slog.Logger                                     // for the messages of the engine; nil discards them
	Language    wrapper.Language                                 // of the advice in results
	Progress    func(sum Summary, trouble error)                 // is called again and again while lines are open; trouble is that of the database
	New         func(...wrapper.Option) (*wrapper.Client, error) // makes the client, with these options last
}

// Engine works off the lines in a store.
type Engine struct {
	store  *Store
	config Config
	client *wrapper.Client
	river  *river.Client[*sql.Tx]
	failed chan error // gets the error that no line can escape
}

// NewEngine returns an engine. It owns an SQLite file alone; if another process works on it,
// NewEngine returns an error.
func NewEngine(ctx context.Context, store *Store, config Config) (*Engine, error) {
	config.Concurrency = cmp.Or(config.Concurrency, DefaultConcurrency)
	config.Settle = cmp.Or(config.Settle, DefaultSettle)
	config.Tries = cmp.Or(config.Tries, DefaultTries)
	config.Rescue = cmp.Or(config.Rescue, DefaultRescue)
	config.Logger = cmp.Or(config.Logger, silent)
	if config.Limiter == nil {
		config.Limiter = newPacer(cmp.Or(config.Rate, wrapper.DefaultRate))
	}
	client, err := config.New(wrapper.WithLimiter(limiter{config.Limiter, store}))
	if err != nil {
		return nil, err
	}
	if err := store.own(ctx); err != nil {
		return nil, err
	}
	failed := make(chan error, 1)
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{store: store, client: client, config: config, failed: failed})
	jobs, err := river.NewClient(store.driver, &river.Config{
		Workers: workers, Logger: config.Logger, FetchPollInterval: poll, JobTimeout: config.Rescue * 5 / 6, RescueStuckJobsAfter: config.Rescue,
		Queues: map[string]river.QueueConfig{queueOf(client.String()): {MaxWorkers: config.Concurrency}},
	})
	if err != nil {
		return nil, err
	}
	return &Engine{store, config, client, jobs, failed}, nil
}

// queueOf returns the name of the queue of an app, so that no worker of another app gets its jobs.
func queueOf(app string) string {
	sum := sha256.Sum256([]byte(app))
	return "bulk_" + hex.EncodeToString(sum[:8])
}

// Check asks for a room, which changes nothing. It returns the error of the call, unless the service responds as it does
// to every app that may call it: with a room, or that there is none of this id.
func (e *Engine) Check(ctx context.Context) error {
	if _, err := e.client.Rooms.Get(ctx, wrapper.GetChatroomForm{RoomID: 1}); !errors.Is(err, wrapper.ErrNotFound) {
		return err
	}
	return nil
}

// Add adds a run with its lines, in place of an earlier run of this name that has ended. Nothing is
// sent before Add returns, except that the rooms of accounts are listed for which rooms will be
// created. If Add returns an error, the earlier run and its results are as they were.
//
// Errors: those of [wrapper.RoomsService.ListByCreator]; one that names a run of this name with open
// lines; those of the database.
func (e *Engine) Add(ctx context.Context, r RunInfo, lines []Line) (err error) {
	r.App = e.client.String()
	if r.rooms, err = roomsBefore(ctx, e.client, lines); err != nil {
		return err
	}
	return e.store.add(ctx, e.river, r, lines)
}

// Wait works until no line of a run is open, and returns how many there are of each outcome.
// If name is empty, it works until the context ends. The run must be one of the client's app.
//
// Errors: the cause of the context's end, after which the lines that had begun are open; the
// error of a call that the service rejects for its signature, because no other would succeed.
func (e *Engine) Wait(ctx context.Context, name string) (Summary, error) {
	if name != "" {
		switch r, err := e.store.Find(ctx, name); {
		case err != nil:
			return Summary{}, err
		case r.App != e.client.String():
			return Summary{}, fmt.Errorf("the run belongs to the %s, and this is the %s", r.App, e.client)
		}
	}
	if err := e.river.Start(context.WithoutCancel(ctx)); err != nil {
		return Summary{}, err
	}
	defer func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.config.Rescue)
		defer cancel()
		_ = e.river.StopAndCancel(stopping) // the jobs that did not end are as those of a killed process
	}()
	for {
		var sum Summary
		var err error
		if name != "" {
			if sum, err = e.store.Summary(ctx, name); err == nil && sum.Open == 0 {
				return sum, nil
			}
			if e.config.Progress != nil && ctx.Err() == nil {
				e.config.Progress(sum, err)
			}
		}
		select {
		case <-time.After(poll):
		case err := <-e.failed:
			return sum, err
		case <-ctx.Done():
			return sum, context.Cause(ctx)
		}
	}
}
