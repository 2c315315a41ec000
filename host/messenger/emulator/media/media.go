// Package media fetches what a message names by URL, as Meta does: within a time, up
// to a size, and of the kind that the message says.
//
// It keeps nothing of what it fetches. It reaches whatever address it is given: an
// emulator that fetches is for its owner's own machine and bots. No API of the host
// is promised.
package media

import (
	"context"
	"errors"
	"image"
	_ "image/gif"  // a format of pictures
	_ "image/jpeg" // the same
	_ "image/png"  // the same
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
)

// Times within which a medium must be fetched (emulator.md §4.3).
const (
	maxFetch = 10 * time.Second
	maxVideo = 75 * time.Second
)

// minSide is the smallest side of a quick reply's picture, in pixels.
const minSide = 24

// Fetcher fetches media.
type Fetcher struct {
	Client *http.Client
	Clock  clock.Clock
}

// Medium is something that a message names by URL.
type Medium struct {
	Kind string // image, audio, video, file; empty: it is the picture of a quick reply
	URL  string
}

// Fetch fetches a medium and says what is wrong with it; nil: nothing.
func (f Fetcher) Fetch(ctx context.Context, m Medium) *refusal.Refusal {
	if m.Kind == "" {
		return f.Picture(ctx, m.URL)
	}
	return f.Check(ctx, m.Kind, m.URL)
}

// Check fetches a medium of a kind (image, audio, video, file) and says what is wrong
// with it; nil: nothing.
func (f Fetcher) Check(ctx context.Context, kind, address string) *refusal.Refusal {
	limit, late := maxFetch, refusal.New(100, 2018008, "%s", refusal.Text(100, 2018008))
	if kind == "video" {
		limit, late = maxVideo, refusal.New(100, 2018294, "%s", refusal.Text(100, 2018294))
	}
	unreachable := refusal.New(100, 2018008, "%s", refusal.Text(100, 2018008))
	var refused *refusal.Refusal
	err := f.fetch(ctx, limit, address, func(resp *http.Response) error {
		if resp.StatusCode != http.StatusOK {
			refused = unreachable
			return nil
		}
		n, err := io.Copy(io.Discard, io.LimitReader(resp.Body, request.MaxUpload+1))
		if err != nil {
			return err
		}
		got, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")) // what is no type fits none
		refused = (&request.Upload{MIME: got, Size: n}).Check(kind)
		return nil
	})
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return late
	case err != nil:
		return unreachable
	}
	return refused
}

// Picture fetches the picture of a quick reply, which must not be tiny.
func (f Fetcher) Picture(ctx context.Context, address string) *refusal.Refusal {
	refused := refusal.New(100, 0, "Invalid parameter: image_url must be a picture of %d by %d pixels at least", minSide, minSide)
	err := f.fetch(ctx, maxFetch, address, func(resp *http.Response) error {
		size, _, err := image.DecodeConfig(io.LimitReader(resp.Body, request.MaxUpload))
		if err == nil && size.Width >= minSide && size.Height >= minSide {
			refused = nil
		}
		return nil
	})
	if err != nil {
		return refusal.New(100, 2018008, "%s", refusal.Text(100, 2018008))
	}
	return refused
}

// fetch gets an address within a limit of the clock.
func (f Fetcher) fetch(ctx context.Context, limit time.Duration, address string, read func(*http.Response) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	late, stop := f.Clock.At(f.Clock.Now().Add(limit))
	defer stop()
	guarded := make(chan struct{})
	go func() {
		defer close(guarded)
		select {
		case <-late:
			cancel(context.DeadlineExceeded)
		case <-ctx.Done():
		}
	}()
	defer func() { cancel(nil); <-guarded }()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := f.Client.Do(req)
	if err == nil {
		defer func() { _ = resp.Body.Close() }()
		err = read(resp)
	}
	if err != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return context.DeadlineExceeded
	}
	return err
}
