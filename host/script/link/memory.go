package link

import (
	"bytes"
	"io/fs"
	"runtime"
	"sync"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// Memory keeps the documents of the last build, so that the next one need not parse
// those that did not change. The zero Memory is empty. It must not be used by two
// builds at once.
type Memory struct {
	documents map[string]remembered // by path
}

// remembered is a document, and what it was read from.
type remembered struct {
	content []byte
	parsed  Parsed
}

// Build is Build of the package, with the same result.
func (m *Memory) Build(fsys fs.FS, s Settings, directions []Direction, further ...Check) (*Program, *diag.List, error) {
	contents, err := contents(fsys)
	if err != nil {
		return nil, nil, err
	}
	program, list := Link(m.parse(contents), s, directions, further...)
	return program, list, nil
}

// parse parses what is new, several documents at once, in the order of L-BOT-2.
func (m *Memory) parse(contents map[string][]byte) []Parsed {
	parsed := make([]Parsed, len(contents))
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	var parsing sync.WaitGroup
	for i, path := range keys(contents) {
		if known := m.documents[path]; known.parsed.Document != nil && bytes.Equal(known.content, contents[path]) {
			parsed[i] = known.parsed
			continue
		}
		turns <- struct{}{}
		parsing.Go(func() {
			defer func() { <-turns }()
			parsed[i].Document, parsed[i].Diagnostics = syntax.Parse(source.New(path, contents[path]))
		})
	}
	parsing.Wait()
	m.documents = make(map[string]remembered, len(parsed))
	for _, p := range parsed {
		path := p.Document.File.Path
		m.documents[path] = remembered{contents[path], p}
	}
	return parsed
}
