package workshop

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/turn"
)

// outside is the world around a case: the plug-in itself, and a network that says only
// what was written down.
type outside struct {
	set     *direction.Set
	answers []Answer
	network bool // what no answer is for goes out

	mu        sync.Mutex
	unwritten string
}

var (
	_ turn.Directions = (*outside)(nil)
	_ turn.Fetcher    = (*outside)(nil)
)

// Direct implements turn.Directions.
func (o *outside) Direct(ctx context.Context, c turn.Cue) turn.Directed {
	if !o.network || len(o.answers) > 0 {
		c.Fetcher = o
	}
	return o.set.Direct(ctx, c)
}

// Fetch implements turn.Fetcher. Of several answers that fit, the one written last
// counts.
func (o *outside) Fetch(_ context.Context, q turn.Request) (turn.Answer, error) {
	asked := q.Method + " " + q.URL
	for i := len(o.answers) - 1; i >= 0; i-- {
		a := &o.answers[i]
		head, any := strings.CutSuffix(a.Request, "*")
		if a.Request != asked && (!any || !strings.HasPrefix(asked, head)) {
			continue
		}
		if a.Error != "" {
			return turn.Answer{}, errors.New(a.Error)
		}
		return turn.Answer{Status: a.Status, Body: a.Body}, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.unwritten == "" {
		o.unwritten = fmt.Sprintf(`{"request": %q, "status": 200, "body": "…"}`, asked)
	}
	return turn.Answer{}, errors.New("no answer was written down")
}
