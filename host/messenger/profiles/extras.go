package profiles

import (
	"context"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
)

// extraReader asks for the extras of Pages, and remembers which of them the platform does not
// tell, so that what is refused is not asked for with every person. It is safe for concurrent use.
type extraReader struct {
	fetch func(ctx context.Context, page, psid string, wanted []messenger.Extra) (map[string]string, error)
	now   func() time.Time

	mu     sync.Mutex
	denied map[denial]time.Time // when it was refused
}

type denial struct {
	page  string
	extra messenger.Extra
}

// read is what the platform tells of the extras that are wanted; what it does not tell is left out.
func (r *extraReader) read(ctx context.Context, page, psid string, wanted []messenger.Extra) map[string]string {
	wanted = r.allowed(page, wanted)
	if len(wanted) == 0 {
		return nil
	}
	out, err := r.fetch(ctx, page, psid, wanted)
	if !messenger.LacksPermission(err) {
		return out
	}
	if len(wanted) == 1 {
		r.deny(page, wanted[0])
		return nil
	}
	out = map[string]string{}
	for _, x := range wanted { // which of them it was, it does not say
		one, err := r.fetch(ctx, page, psid, []messenger.Extra{x})
		if messenger.LacksPermission(err) {
			r.deny(page, x)
		}
		for name, value := range one {
			out[name] = value
		}
	}
	return out
}

// allowed leaves out what was refused within ExtraRetry.
func (r *extraReader) allowed(page string, wanted []messenger.Extra) []messenger.Extra {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []messenger.Extra
	for _, x := range wanted {
		if at, ok := r.denied[denial{page, x}]; !ok || r.now().Sub(at) >= ExtraRetry {
			out = append(out, x)
		}
	}
	return out
}

func (r *extraReader) deny(page string, x messenger.Extra) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.denied[denial{page, x}] = r.now()
}
