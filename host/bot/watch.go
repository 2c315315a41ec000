package bot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/script/link"
)

// Bounds of watching a folder.
const (
	settle  = 100 * time.Millisecond // quiet time after a change before the folder is read: editors save in several steps
	unrest  = time.Second            // a folder that never gets quiet is read after this time
	recheck = 5 * time.Second        // the folder is read again this often in any case: some file systems tell nothing
)

// Follow rebuilds the bot whenever its folder changes, until ctx ends, whatever
// the folder goes through. Where the system cannot tell of changes, it looks by
// itself every few seconds. It fails only when nothing can be watched at all.
func (b *Bot) Follow(ctx context.Context, dir string) error {
	return Watch(ctx, dir, b.config.Clock, func() {
		if _, err := b.Reload(ctx); err != nil && ctx.Err() == nil {
			b.config.Log.Debug("reload", "bot", b.config.Name, "error", err)
		}
	})
}

// Watch calls changed at once and whenever something in a folder may have changed,
// until ctx ends: also now and then when nothing tells of a change.
func Watch(ctx context.Context, dir string, c clock.Clock, changed func()) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	defer func() { _ = watcher.Close() }()
	for {
		watchFolders(watcher, dir) // first, so that no change falls between looking and watching
		changed()
		if !quiet(ctx, watcher, c) {
			return nil
		}
	}
}

// quiet waits for a change, or for recheck, and then until nothing has changed
// for settle, or unrest has passed. It is false when ctx has ended.
func quiet(ctx context.Context, w *fsnotify.Watcher, c clock.Clock) bool {
	latest := c.Now().Add(recheck)
	until, changed := latest, false
	for {
		reached, stop := c.At(until)
		select {
		case <-ctx.Done():
			stop()
			return false
		case <-reached:
			stop()
			return true
		case <-w.Events:
			now := c.Now()
			if !changed {
				latest, changed = now.Add(unrest), true
			}
			if until = now.Add(settle); until.After(latest) {
				until = latest
			}
		case <-w.Errors: //nolint:errcheck // an overflow, say: the recheck will see what was missed
		}
		stop()
	}
}

// watchFolders watches every folder below dir that may hold documents. Folders
// that are watched already stay so.
func watchFolders(w *fsnotify.Watcher, dir string) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // it has just vanished
		}
		if !d.IsDir() {
			return nil
		}
		if below, err := filepath.Rel(dir, path); err == nil && below != "." && link.Skips(filepath.ToSlash(below)) {
			return fs.SkipDir
		}
		_ = w.Add(path)
		return nil
	})
}

// Folder is a bot's folder on disk.
func Folder(dir string) (fs.FS, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("bot folder: there is no %s; name the folder that holds the *.topic files", dir)
	}
	if err != nil {
		return nil, fmt.Errorf("bot folder: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("bot folder: %s is a file; name the folder that holds the *.topic files", dir)
	}
	return os.DirFS(dir), nil
}
