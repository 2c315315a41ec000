package directiontest

import (
	"strings"
	"testing"
	"time"

	direction "github.com/footlight-bots/footlight/sdk/go"
)

// Stage is a host with one person and one plug-in. Its fields may be set before a
// call and looked at after it.
type Stage struct {
	Config  map[string]string // settings of the owner
	Secrets map[string]string
	Vars    map[string]string // variables of the person
	State   map[string]string // the plug-in's values for all
	Person  map[string]string // the plug-in's values about the person
	ID      string            // of the person
	Topic   string            // the person is in
	Now     time.Time
	Seed    uint64

	t        testing.TB
	plugin   direction.Plugin
	services []service
}

// New makes a stage for a plug-in. A manifest that a server would refuse fails the
// test.
func New(t testing.TB, p direction.Plugin) *Stage {
	t.Helper()
	for _, fault := range Check(p) {
		t.Errorf("manifest: %s", fault)
	}
	return &Stage{
		Config:  map[string]string{},
		Secrets: map[string]string{},
		Vars:    map[string]string{},
		State:   map[string]string{},
		Person:  map[string]string{},
		ID:      "ann",
		Topic:   "default",
		Now:     time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC),
		Seed:    1,
		t:       t,
		plugin:  p,
	}
}

// Result is what a call came to.
type Result struct {
	Text    string   // what stands in the place of the tag
	Err     string   // why it failed; empty if it did not
	Effects []string // what it did, in order: emit Hello, cut, delay 2s, write name=Ann
	Log     []string // its lines: info: asked the service
}

// service is a web service that a test makes up.
type service struct {
	url    string // a * at the end stands for anything
	status int
	body   string
	fault  string
}

func (s service) serves(url string) bool {
	if head, ok := strings.CutSuffix(s.url, "*"); ok {
		return strings.HasPrefix(url, head)
	}
	return s.url == url
}

// Answer lets a web service answer. A * at the end of the address stands for
// anything; of several services that fit, the one named last answers.
func (s *Stage) Answer(url string, status int, body string) {
	s.services = append(s.services, service{url: url, status: status, body: body})
}

// Fail lets a web service not answer, for a reason such as timeout.
func (s *Stage) Fail(url, why string) {
	s.services = append(s.services, service{url: url, fault: why})
}

// Run calls a direction with a tag, written as in a script:
//
//	<weather city="New York" days=3>
//	<shout>hello</shout>
//
// A tag that a server would not call the plug-in for is a Result with Err.
func (s *Stage) Run(tag string) Result {
	s.t.Helper()
	input, err := s.call(tag)
	if err != nil {
		return Result{Err: err.Error()}
	}
	h := &host{stage: s, wants: s.plugin.Wants, draw: s.Seed}
	return h.run(input)
}
