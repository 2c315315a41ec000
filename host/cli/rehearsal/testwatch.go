package rehearsal

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sync/errgroup"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/clock"
)

// watch runs the tests of all folders, and again whenever something in one of them
// was saved, until ctx ends. The picture is always that of all tests.
func (t *Tester) watch(ctx context.Context, dirs []string) error {
	c := t.env.Clock
	if c == nil {
		c = clock.Real{}
	}
	changes := make(chan struct{}, 1)
	group, ctx := errgroup.WithContext(ctx)
	for _, dir := range dirs {
		group.Go(func() error {
			return bot.Watch(ctx, dir, c, func() {
				select {
				case changes <- struct{}{}:
				default:
				}
			})
		})
	}
	group.Go(func() error {
		var last [sha256.Size]byte
		for {
			if seen := fingerprint(dirs); seen != last {
				last = seen
				t.again(ctx, dirs)
			}
			select {
			case <-changes:
			case <-ctx.Done():
				return nil
			}
		}
	})
	return group.Wait()
}

// again runs everything once more. What is wrong with tests, scripts or settings is
// shown, and mended by the next save.
func (t *Tester) again(ctx context.Context, dirs []string) {
	if t.env.Terminal {
		_, _ = fmt.Fprint(t.env.Out, "\x1b[H\x1b[2J") // the screen anew
	}
	err := t.runFolders(ctx, dirs)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		_, _ = fmt.Fprintln(t.env.Err, err)
	}
	_, _ = fmt.Fprintln(t.env.Err, "waiting for the next save; Ctrl-C ends")
}

// fingerprint tells the contents of folders from others. What cannot be read is
// left out: it is about to change.
func fingerprint(dirs []string) [sha256.Size]byte {
	h := sha256.New()
	for _, dir := range dirs {
		folder := os.DirFS(dir)
		_ = fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil
			}
			if data, err := fs.ReadFile(folder, name); err == nil {
				_, _ = fmt.Fprintf(h, "%s\x00%d\x00", name, len(data)) // a hash takes everything
				_, _ = h.Write(data)
			}
			return nil
		})
	}
	return [sha256.Size]byte(h.Sum(nil))
}
