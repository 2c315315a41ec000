package chat

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/turn"
)

// maxFile is the size of a file that a test names, in bytes.
const maxFile = 1 << 20

// outside is the outside world of one test. Requests of one turn may come at the
// same time.
type outside struct {
	stubs     []Stub // those of the file, then those of the test
	installed turn.Directions
	folder    fs.FS
	near      string // path of the .chat file: names of files start from its folder

	mu      sync.Mutex
	used    map[int]bool // lines of the stubs that answered
	called  []world.Direction
	missing string // the first stub that was needed and not there, as it would be written
}

var (
	_ turn.Fetcher    = (*outside)(nil)
	_ turn.Directions = (*outside)(nil)
)

// Fetch implements turn.Fetcher: a test asks no network.
func (o *outside) Fetch(_ context.Context, q turn.Request) (turn.Answer, error) {
	s := o.choose(func(s *Stub) bool { return s.method == q.Method && glob(s.url, q.URL) })
	switch {
	case s == nil:
		o.miss(fmt.Sprintf("stub http %s %s -> 200 {}", q.Method, q.URL))
		return turn.Answer{}, errors.New("no stub answers")
	case s.fails:
		return turn.Answer{}, errors.New(s.text)
	case s.file != "":
		body, err := readBeside(o.folder, o.near, s.file)
		if err != nil {
			o.miss(fmt.Sprintf("%v; the stub at line %d needs it", err, s.Line))
			return turn.Answer{}, errors.New("the stub has no body")
		}
		return turn.Answer{Status: s.status, Body: string(body)}, nil
	}
	return turn.Answer{Status: s.status, Body: s.text}, nil
}

// Direct implements turn.Directions: a stub, else the direction itself, which asks no
// network either.
func (o *outside) Direct(ctx context.Context, c turn.Cue) turn.Directed {
	d := c.Direction
	if o.installed != nil && strings.HasPrefix(d.Name, world.Core+":") {
		return o.installed.Direct(ctx, c) // a tag of the language and no plug-in to a test
	}
	o.mu.Lock()
	kept := d
	kept.Attributes = slices.Clone(d.Attributes)
	o.called = append(o.called, kept)
	o.mu.Unlock()
	s := o.choose(func(s *Stub) bool { return s.direction != "" && sameTag(s.direction, d.Name) && has(d, s.attrs, glob) })
	switch {
	case s == nil && o.installed != nil:
		c.Fetcher = o
		return o.installed.Direct(ctx, c)
	case s == nil:
		o.miss(fmt.Sprintf("stub %s -> what it says", d.Name))
		return turn.Directed{Problem: "it is not installed"}
	case s.fails:
		return turn.Directed{Problem: s.text}
	}
	return turn.Directed{Effects: []turn.Effect{{Token: &reply.Token{Kind: reply.Text, Text: s.text}}}}
}

// sameTag compares names of directions; one without its plug-in means any.
func sameTag(asked, name string) bool {
	_, bare, named := strings.Cut(name, ":")
	return asked == name || named && asked == bare
}

// has tells whether a direction was called with these attributes.
func has(d world.Direction, attrs []Pair, same func(want, got string) bool) bool {
	for _, a := range attrs {
		i := slices.IndexFunc(d.Attributes, func(b world.Attribute) bool { return b.Name == a.Name })
		if i < 0 && a.Value != "*" || i >= 0 && !same(a.Value, d.Attributes[i].Value) {
			return false
		}
	}
	return true
}

// choose finds the most specific stub that fits; of equal ones the later.
func (o *outside) choose(fits func(*Stub) bool) *Stub {
	var best *Stub
	for i := range o.stubs {
		s := &o.stubs[i]
		if !fits(s) {
			continue
		}
		if best != nil {
			a, b := best.weight()
			c, d := s.weight()
			if c < a || c == a && d < b {
				continue
			}
		}
		best = s
	}
	if best != nil {
		o.mu.Lock()
		o.used[best.Line] = true
		o.mu.Unlock()
	}
	return best
}

func (o *outside) miss(stub string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.missing == "" {
		o.missing = stub
	}
}

// lacks returns what was missing since it was asked last.
func (o *outside) lacks() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	missing := o.missing
	o.missing = ""
	return missing
}

// calls are the directions that ran since calls was asked to forget.
func (o *outside) calls() []world.Direction {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.called
}

func (o *outside) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.called = nil
}

// readBeside reads a file that a .chat file names.
func readBeside(folder fs.FS, near, name string) ([]byte, error) {
	full := path.Join(path.Dir(near), name)
	if !fs.ValidPath(full) {
		return nil, fmt.Errorf("%s lies outside of the bot's folder", name)
	}
	file, err := folder.Open(full)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read", full)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	switch {
	case err != nil || info.IsDir():
		return nil, fmt.Errorf("%s is no file", full)
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%s has %d bytes, more than %d", full, info.Size(), maxFile)
	}
	data, err := fs.ReadFile(folder, full)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read", full)
	}
	return data, nil
}
