package console

import (
	"time"

	"github.com/footlight-bots/footlight/host/deploy"
)

// Producer puts the bot on its Page, and finds out why it does not answer there. What it
// does takes its time: its acting methods return at once, and Watch tells of progress.
// Its methods are called from several goroutines at once, and its errors are shown as
// they are. Nothing that it shows holds a secret.
type Producer interface {
	// Walk is how the walk stands.
	Walk() Walk
	// Checkup is what was found when somebody looked last.
	Checkup() Checkup
	// Watch is as that of Desk.
	Watch() (changed <-chan struct{}, stop func())
	// Start begins a walk, or goes on with one that has ended.
	Start(o Order) error
	// Answer answers what Walk asks.
	Answer(a Answer) error
	// CallOff ends the walk where it is. Without a walk nothing happens.
	CallOff()
	// Dismiss stops the host that a walk has started here.
	Dismiss() error
	// Examine looks at everything, and changes nothing.
	Examine() error
	// Code is the QR code of the link to the Page with a ref, which may be empty.
	Code(ref string) (link string, code deploy.Code, err error)
}

// Stand is how a walk stands.
type Stand string

// The stands of a walk.
const (
	Idle    Stand = "idle"    // nobody has begun one
	Walking Stand = "walking" // a step is being looked at, or mended
	Asking  Stand = "asking"  // Walk.Ask waits for an answer
	Waiting Stand = "waiting" // for somebody who writes to the Page
	Stopped Stand = "stopped" // at what only people can mend, or what nobody agreed to
	Off     Stand = "off"     // called off
	Failed  Stand = "failed"  // Walk.Fault says why
	Looked  Stand = "looked"  // the end of a dry run
	Done    Stand = "done"    // the bot is on its Page
)

// Walk is how the bot's way to its Page stands. It holds no secret.
type Walk struct {
	Stand    Stand            `json:"stand"`
	Steps    []deploy.Step    `json:"steps"`
	Findings []deploy.Finding `json:"findings"` // of this walk, in the order of the steps
	Now      string           `json:"now"`      // id of the step that is looked at; empty: none
	DryRun   bool             `json:"dryRun"`
	Ask      *Ask             `json:"ask"` // nil: nothing is asked
	Fault    string           `json:"fault,omitempty"`
	Cautions []string         `json:"cautions"`          // what else somebody should know
	Earlier  *Earlier         `json:"earlier,omitempty"` // of a walk that stopped before this start; nil: there was none
	Settings Settings         `json:"settings"`
	PageName string           `json:"pageName,omitempty"` // empty: not known yet
	Link     string           `json:"link,omitempty"`     // to the Page; empty: not known yet
	Notes    []deploy.Note    `json:"notes"`              // what to do next, once it is done
	Serving  string           `json:"serving,omitempty"`  // where a host listens that a walk has started; empty: none does
}

// Earlier is where a walk stopped.
type Earlier struct {
	Check string    `json:"check"`
	At    time.Time `json:"at"`
}

// Settings are what a walk starts with. None of them is a secret.
type Settings struct {
	Folder string `json:"folder"` // of the bot
	Public string `json:"public"` // where the world reaches the host
	App    string `json:"app"`    // its id
	Page   string `json:"page"`   // its id
	Addr   string `json:"addr"`   // where a host that is started here listens
}

// Order is how a walk is to be made. Empty settings are as they are kept.
type Order struct {
	Public      string `json:"public"`
	App         string `json:"app"`
	Page        string `json:"page"`
	Addr        string `json:"addr"`
	Serve       bool   `json:"serve"`       // start the host here when nobody answers the callback
	TestMessage bool   `json:"testMessage"` // send one to whoever wrote last
	DryRun      bool   `json:"dryRun"`      // look only
	All         bool   `json:"all"`         // agree to every change
}

// AskKind is what kind of answer is wanted.
type AskKind string

// The kinds of asks.
const (
	Consent AskKind = "consent" // whether Plan may be done
	Detail  AskKind = "detail"  // What, as a text
	Wait    AskKind = "wait"    // whether to wait for somebody who writes to the Page
)

// Ask is what a walk wants to know.
type Ask struct {
	ID     string   `json:"id"` // never used twice
	Kind   AskKind  `json:"kind"`
	Check  string   `json:"check"` // of which step
	Found  string   `json:"found,omitempty"`
	Plan   []string `json:"plan,omitempty"`
	Name   string   `json:"name,omitempty"` // as a setting
	What   string   `json:"what,omitempty"`
	Where  string   `json:"where,omitempty"` // it is found
	Secret bool     `json:"secret,omitempty"`
}

// Answer is the answer to an Ask.
type Answer struct {
	ID    string `json:"id"`    // of the ask
	Agree bool   `json:"agree"` // of a consent and a wait
	All   bool   `json:"all"`   // and agree to every later change
	Text  string `json:"text"`  // of a detail; it is never shown again
}

// Checkup is what was found when somebody looked.
type Checkup struct {
	Running bool           `json:"running"`
	At      time.Time      `json:"at,omitzero"` // when Report was made; zero: nobody has looked
	Report  *deploy.Report `json:"report"`      // as footlight doctor --json; nil: nobody has looked
	Fault   string         `json:"fault,omitempty"`
}
