package console

import "time"

// Published is how the files on the desk stand to what people get.
type Published struct {
	Stand   Standing   `json:"stand"`
	Stage   *Version   `json:"stage"`             // what most people get; nil: nothing, or it is not known
	Canary  *Version   `json:"canary,omitempty"`  // what a share of them get instead
	Percent float64    `json:"percent,omitempty"` // that share
	Why     string     `json:"why,omitempty"`     // publish, rollback, canary, promote or abort: how it came about
	At      time.Time  `json:"at,omitzero"`       // when
	Draft   *Version   `json:"draft"`             // the version that the files are; nil: none that is kept
	Changes []Change   `json:"changes"`           // from Stage to the files
	Hosts   []Follower `json:"hosts"`             // that play what is published
	Command string     `json:"command"`           // publishes the files, in a terminal
	Fault   string     `json:"fault,omitempty"`   // why it is not known, or not lately
}

// Standing is Published in a word.
type Standing string

// The standings.
const (
	Unknown     Standing = "unknown"     // nobody has looked yet, or Published.Fault keeps us from it
	Unpublished Standing = "unpublished" // nothing of this bot is
	Same        Standing = "same"        // the files are the version on stage
	Alike       Standing = "alike"       // they differ, and nobody who talks to the bot would notice
	Differs     Standing = "differs"
)

// Version is a published version.
type Version struct {
	Number int       `json:"number"`
	ID     string    `json:"id"` // its beginning
	At     time.Time `json:"at"` // when it was packed
	Note   string    `json:"note,omitempty"`
}

// Kind is what a Change is one of.
type Kind string

// The kinds of changes.
const (
	TopicKind     Kind = "topic"
	ScriptKind    Kind = "script" // a document whose definitions, macros or begin block are others
	PluginKind    Kind = "plug-in"
	SettingKind   Kind = "setting"   // of bot.toml, by key
	MaterialKind  Kind = "file"      // a picture, or another file beside the scripts
	BackstageKind Kind = "backstage" // a file that people never meet, or one of which only comments are others
)

// Change is something that is otherwise on the desk than on stage.
type Change struct {
	Kind     Kind            `json:"kind"`
	State    string          `json:"state"` // added, removed, changed
	Name     string          `json:"name"`
	Detail   string          `json:"detail,omitempty"`
	Triggers []TriggerChange `json:"triggers,omitempty"` // of a topic that was there before
	More     int             `json:"more,omitempty"`     // triggers that are not named
}

// TriggerChange is a trigger that is otherwise.
type TriggerChange struct {
	State string `json:"state"`
	Text  string `json:"text"`
}

// Follower is a host that plays what is published.
type Follower struct {
	Name   string `json:"name"`
	Behind bool   `json:"behind,omitempty"` // it has not followed the newest order yet
	Fault  string `json:"fault,omitempty"`  // why it does not play it
}
