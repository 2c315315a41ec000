package bot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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
// itself every few seconds.
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
	for err != nil { // the system lets a user watch so many folders and no more
		changed()
		if clock.Sleep(ctx, c, recheck) != nil {
			return nil
		}
	}
	defer func() { _ = watcher.Close() }()
	o := outlook{Watcher: watcher, dir: dir, clock: c}
	for {
		o.turn() // first, so that no change falls between looking and watching
		changed()
		if !o.quiet(ctx) {
			return nil
		}
	}
}

// outlook is what is watched of a folder: the folders in it, and those where links lead to it.
type outlook struct {
	*fsnotify.Watcher
	dir   string
	clock clock.Clock
	links map[string]bool // that lead to the folder
}

// quiet waits for a change, or for recheck, and then until nothing has changed
// for settle, or unrest has passed. It is false when ctx has ended.
func (o *outlook) quiet(ctx context.Context) bool {
	latest := o.clock.Now().Add(recheck)
	until, changed := latest, false
	for {
		reached, stop := o.clock.At(until)
		select {
		case <-ctx.Done():
			stop()
			return false
		case <-reached:
			stop()
			return true
		case e := <-o.Events:
			now := o.clock.Now()
			switch {
			case !o.concerns(e.Name):
				stop()
				continue
			case !changed:
				latest, changed = now.Add(unrest), true
			}
			if until = now.Add(settle); until.After(latest) {
				until = latest
			}
		case <-o.Errors: //nolint:errcheck // an overflow, say: the recheck will see what was missed
		}
		stop()
	}
}

// turn watches every folder that may hold documents, and the links that lead there; no others any more.
func (o *outlook) turn() {
	root, links := wayTo(o.dir)
	o.links = map[string]bool{}
	watched := map[string]bool{}
	add := func(path string) {
		if !watched[path] && o.Add(path) == nil { // what has just vanished is looked at again soon
			watched[path] = true
		}
	}
	for range maxLinks { // a link may have been switched before it was watched
		for _, at := range links {
			o.links[at] = true
			add(filepath.Dir(at))
		}
		before := root
		if root, links = wayTo(o.dir); root == before {
			break
		}
	}
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // it has just vanished
		}
		if !d.IsDir() {
			return nil
		}
		if below, err := filepath.Rel(root, path); err == nil && below != "." && link.Skips(filepath.ToSlash(below)) {
			return fs.SkipDir
		}
		add(path)
		return nil
	})
	for _, path := range o.WatchList() {
		if !watched[path] {
			_ = o.Remove(path) // it may be gone
		}
	}
}

// concerns tells whether a change is one of the folder, and not of something beside a link to it.
func (o *outlook) concerns(name string) bool {
	if o.links[name] {
		return true
	}
	beside := filepath.Dir(name)
	for at := range o.links {
		if filepath.Dir(at) == beside {
			return false
		}
	}
	return true
}

// maxLinks is how many symbolic links may lead to a folder, one after the other.
const maxLinks = 40

// wayTo follows the links that lead to a folder: where it is, and which they are.
func wayTo(dir string) (root string, links []string) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return dir, nil
	}
	for range maxLinks {
		at, to, found := firstLink(root)
		if !found {
			break
		}
		links = append(links, at)
		root = to
	}
	return root, links
}

// firstLink finds the first link on the way to a path, and where the path is when that is followed.
func firstLink(path string) (at, to string, found bool) {
	volume := filepath.VolumeName(path)
	end := len(volume)
	for end < len(path) {
		next := strings.IndexByte(path[end+1:], filepath.Separator)
		if end += next + 1; next < 0 {
			end = len(path)
		}
		target, err := os.Readlink(path[:end])
		if err != nil {
			continue
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path[:end]), target)
		}
		return path[:end], filepath.Join(target, path[end:]), true
	}
	return "", "", false
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
