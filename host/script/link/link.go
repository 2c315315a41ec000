package link

import (
	"path"
	"strings"
	"sync"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// Parsed is a document with what was found while reading it.
type Parsed struct {
	Document    *syntax.Document
	Diagnostics []diag.Diagnostic
}

// Link makes one bot of its documents, which must be in the order of L-BOT-2.
// It changes none of them, so they can be linked again. In the Program every
// name is resolved: what names nothing has become text, or is empty.
//
// Further checks look at the finished Program, beside the own ones; they must not
// change it. Their warnings can be silenced like all others.
func Link(docs []Parsed, s Settings, directions []Direction, further ...Check) (*Program, *diag.List) {
	l := &linker{
		program: &Program{Dialect: s.Dialect, UTF8: s.UTF8, Punctuation: s.Punctuation, Called: s.Called, Arrays: map[string]*Array{}},
		topics:  map[string]*topic{},
		offers:  offers(directions),
		granted: s.Granted, personas: s.Personas, shown: s.Shown,
		lacking: map[string]bool{},
	}
	l.dialect(docs)
	l.choose(docs)
	l.define()
	l.arrays()
	l.objects()
	l.gather()
	l.resolve()
	var checking sync.WaitGroup
	checking.Go(l.check) // it changes nothing in the program, as those below
	var later []diag.Diagnostic
	for _, check := range further {
		later = append(later, check(l.program)...)
	}
	checking.Wait()
	l.found.Add(later...)
	return l.program, l.silence(s.Silenced)
}

// Check is a check of a finished program that those behind the front end add to its own.
type Check func(*Program) []diag.Diagnostic

// linker is one run of Link.
type linker struct {
	program  *Program
	found    diag.List
	docs     []*syntax.Document // without those that were left out
	root     string
	topics   map[string]*topic
	begin    *topic
	order    []*topic // the root first, then by first appearance
	offers   map[string][]Direction
	granted  func(address string) bool
	personas []string // whom ^persona can name
	shown    []Shown
	words    []*word                // the arrays, in the order of their definitions
	written  map[string]source.Span // where definitions stand, by type and name
	normal   *message.Normalizer
	uses     uses
	lacking  map[string]bool // permissions that were reported
	broken   []*Trigger      // triggers that are left out of the program, still checked

	// What is being resolved; nil for entries of arrays.
	trigger  *Trigger
	topicNow *topic
}

// topic is a topic on its way into the program.
type topic struct {
	*Topic
	span      source.Span // where it begins
	begin     bool
	relations []relation
}

// relation is one topic another one includes or inherits.
type relation struct {
	syntax.Text
	inherits bool
}

// draft is a diagnostic to be completed and then added.
func draft(code diag.Code, at source.Span, message, label string) *diag.Diagnostic {
	return &diag.Diagnostic{Code: code, Message: message, Span: at, Label: label}
}

// add reports a diagnostic.
func (l *linker) add(code diag.Code, at source.Span, message, label, help string) {
	l.found.Add(diag.Diagnostic{Code: code, Message: message, Span: at, Label: label, Help: help})
}

// dialect decides the switch of section 3 (L-DIA-1).
func (l *linker) dialect(docs []Parsed) {
	if l.program.Dialect == "" {
		l.program.Dialect = RiveScript
		for _, d := range docs {
			if isTopic(d.Document) {
				l.program.Dialect = Dexter
			}
		}
	}
	l.root = "default"
	if l.program.Dialect == RiveScript {
		l.root = "random"
	}
}

func isTopic(d *syntax.Document) bool { return strings.HasSuffix(d.File.Path, ".topic") }

// topicName is the name a topic goes by: in dexter the root topic has two (L-DIA-2).
func (l *linker) topicName(name string) string {
	if name == "" || l.program.Dialect == Dexter && name == "random" {
		return l.root
	}
	return name
}

// choose leaves out documents whose names are no topics (L-BOT-4) and takes
// what was found in the others.
func (l *linker) choose(docs []Parsed) {
	first := map[string]*syntax.Document{}
	for _, d := range docs {
		doc := d.Document
		name := path.Base(doc.File.Path)
		if isTopic(doc) && !syntax.ValidTopic(doc.Topic) {
			l.add("E027", doc.File.LineSpan(1), `"`+strings.TrimSuffix(name, ".topic")+`" is no topic name`,
				"the whole document is left out", `rename the file: a-z, 0-9, "_" and "-"; names beginning with "__" or "dex-" are reserved.`)
			continue
		}
		l.found.Add(d.Diagnostics...)
		l.docs = append(l.docs, doc)
		l.program.Files = append(l.program.Files, doc.File)
		if !isTopic(doc) {
			continue
		}
		topic := l.topicName(doc.Topic)
		if other := first[topic]; other != nil {
			d := draft("W116", doc.File.LineSpan(1), `topic "`+topic+`" is spread over two documents`, "they are merged")
			d.AddNote("the other one begins", other.File.LineSpan(1))
			l.found.Add(*d)
		} else {
			first[topic] = doc
		}
	}
}
