package bulk

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/nimroom/nimroom/gen"
)

// pacer keeps the calls of one process within the quota, evenly. The client's own limiter lets a
// tenth of a quota pass at once, and is therefore left with nine tenths for work without a pause.
type pacer struct {
	base       gen.RateLimit
	operations sync.Map // *pace by path
}

type pace struct {
	turns *rate.Limiter
	until atomic.Int64 // when the service's block ends, in Unix nanoseconds
}

// margin lengthens the time of a quota by 3 %, for calls that take unlike times to the
// service.
const margin = 33

func newPacer(n int) *pacer {
	base := gen.DefaultRateLimit
	base.Calls = n
	return &pacer{base: base}
}

func (p *pacer) pace(operation *gen.Operation) *pace {
	limit := operation.RateLimitOr(p.base)
	each := limit.Per / time.Duration(limit.Calls)
	o, _ := p.operations.LoadOrStore(operation.Path, &pace{turns: rate.NewLimiter(rate.Every(each+each/margin), 1)})
	return o.(*pace)
}

// Wait waits for the turn of a call.
func (p *pacer) Wait(ctx context.Context, operation *gen.Operation) error {
	o := p.pace(operation)
	for {
		if left := time.Duration(o.until.Load() - time.Now().UnixNano()); left > 0 {
			if err := wait(ctx, left); err != nil {
				return err
			}
		}
		if err := o.turns.Wait(ctx); err != nil {
			return err
		}
		if o.until.Load() <= time.Now().UnixNano() { // a block may have begun during the wait
			return nil
		}
	}
}

// Blocked holds the operation back for d.
func (p *pacer) Blocked(operation *gen.Operation, d time.Duration) {
	p.pace(operation).until.Store(time.Now().Add(d).UnixNano())
}
