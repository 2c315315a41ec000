package console

import "time"

// State is all that the page shows. Its top-level fields are sections: a section
// that has not changed is not sent again, so fields that change together or
// seldom belong together.
type State struct {
	Bot        string     `json:"bot"` // name
	Generation Generation `json:"generation"`
	Problems   []Problem  `json:"problems"` // of the current files, sorted by file and line
	Topics     []Topic    `json:"topics"`
	Plugins    []Plugin   `json:"plugins"` // of the version that answers, by name
	Topic      string     `json:"topic"`   // in which the person stands
	Person     string     `json:"person"`  // name of the person who chats; may be empty
	Thread     []Bubble   `json:"thread"`  // oldest first
	Typing     bool       `json:"typing"`
	TypingAs   string     `json:"typingAs"`  // name of the persona who types; empty: the Page, or nobody
	Pending    *Pending   `json:"pending"`   // nil: nothing waits
	Traces     []Trace    `json:"traces"`    // of the turns of Thread, oldest first
	Variables  []Variable `json:"variables"` // in the order to show
	Published  *Published `json:"published"` // nil: nobody looks at what is published
}

// Generation is the version of the bot that answers.
type Generation struct {
	Number  int       `json:"number"`  // 0: no version has compiled yet
	SavedAt time.Time `json:"savedAt"` // when the files of this version were saved
	OK      bool      `json:"ok"`      // false: the current files do not compile, so this is an earlier version
}

// Problem is one diagnostic, with the same fields as "footlight check --format json",
// and the frame as the terminal prints it, without colours.
type Problem struct {
	Code       string      `json:"code"`
	Name       string      `json:"name,omitempty"`
	Severity   string      `json:"severity"` // error, warning, info
	Message    string      `json:"message"`
	File       string      `json:"file"`
	Range      Range       `json:"range"`
	Label      string      `json:"label,omitempty"`
	Suggestion *Suggestion `json:"suggestion,omitempty"`
	Notes      []Note      `json:"notes,omitempty"`
	Help       string      `json:"help,omitempty"`
	Frame      string      `json:"frame"`
}

// Range is a stretch of a file.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// Position is a place in a file; lines and columns count characters from 1.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Suggestion is a replacement that would mend the problem.
type Suggestion struct {
	Text  string `json:"text"`
	Range Range  `json:"range"`
}

// Note is a further remark with a place of its own.
type Note struct {
	Text  string `json:"text"`
	File  string `json:"file,omitempty"`
	Range Range  `json:"range"`
}

// Plugin is a plug-in with what it wants of the bot's owner, and what it has been given.
type Plugin struct {
	Name        string   `json:"name"`
	Version     string   `json:"version"`
	Description string   `json:"description,omitempty"`
	Tags        []string `json:"tags"` // without their brackets
	Wants       []Want   `json:"wants"`
	Notes       []string `json:"notes,omitempty"` // what its author or the owner should know
}

// Want is a capability that a plug-in asks for, with its reason.
type Want struct {
	What   string `json:"what"`  // "http api.example.org"
	State  string `json:"state"` // granted, not granted, not set
	Reason string `json:"reason"`
	Cure   string `json:"cure,omitempty"` // the line of [plugins.NAME] in bot.toml that would grant or set it
}

// Topic is one topic with the triggers it holds itself, in the order of the file.
type Topic struct {
	Name     string    `json:"name"`
	File     string    `json:"file,omitempty"` // where it begins
	Line     int       `json:"line,omitempty"`
	Triggers []Trigger `json:"triggers"`
}

// Trigger is one trigger as written, without its "+".
type Trigger struct {
	Text string `json:"text"`
	File string `json:"file"` // relative to the bot's folder, with /
	Line int    `json:"line"` // from 1
}

// Bubble is one entry of the thread as the person sees it.
type Bubble struct {
	ID           string      `json:"id"`                // never used twice in one thread
	From         string      `json:"from"`              // FromPerson or FromBot
	Persona      string      `json:"persona,omitempty"` // name of who speaks in place of the Page; empty: the Page or the person
	Text         string      `json:"text,omitempty"`
	QuickReplies []Button    `json:"quickReplies,omitempty"` // only while they are shown
	Buttons      []Button    `json:"buttons,omitempty"`
	Attachment   *Attachment `json:"attachment,omitempty"`
	Cards        []Card      `json:"cards,omitempty"` // elements of a generic template
	At           time.Time   `json:"at"`
	Why          *Why        `json:"why,omitempty"` // nil: no turn is known
}

// The two sides of a thread.
const (
	FromPerson = "person"
	FromBot    = "bot"
)

// Button is a quick reply or a button. One with a URL opens it, others are tapped.
type Button struct {
	Title string `json:"title"`
	URL   string `json:"url,omitempty"`
}

// Attachment is a picture, a sound, a film or a file. The page shows its kind and
// address and does not load it.
type Attachment struct {
	Kind string `json:"kind"` // image, audio, video, file, location, sticker …
	URL  string `json:"url,omitempty"`
}

// Card is one element of a generic template.
type Card struct {
	Title    string   `json:"title"`
	Subtitle string   `json:"subtitle,omitempty"`
	Image    string   `json:"image,omitempty"`
	Buttons  []Button `json:"buttons,omitempty"`
}

// Why names the turn that a bubble belongs to and, for the bot's, the trigger that
// answered. On the person's own bubbles, and when nothing matched, Trigger is empty.
type Why struct {
	Turn    string `json:"turn"`
	Trigger string `json:"trigger,omitempty"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
}

// Pending tells of messages that wait for their time.
type Pending struct {
	Count    int       `json:"count"`
	Due      time.Time `json:"due"`                // of the next one
	Reminder bool      `json:"reminder,omitempty"` // nothing but reminders waits
}

// Trace is the explanation of one turn.
type Trace struct {
	Turn  string      `json:"turn"`
	Input string      `json:"input"` // what the person said or did
	Lines []TraceLine `json:"lines"`
}

// TraceLine is one step of a turn, written out.
type TraceLine struct {
	Kind   string `json:"kind"` // as trace.Kind names it; persona: who spoke; problem, refused: what went wrong after the turn
	Text   string `json:"text"`
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Indent int    `json:"indent,omitempty"` // depth, from 0
	Code   string `json:"code,omitempty"`   // of a refusal of the platform's, to be explained
}

// Variable is one variable of the person.
type Variable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
