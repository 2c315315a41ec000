// Package link puts the documents of a bot together: topics merge, definitions
// overwrite, arrays are resolved, names are checked. Its Program is what the
// compiler works from. It knows directions only by signatures that its caller
// hands in. No API of the host is promised.
package link

import (
	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// Dialect is the switch of section 3 of the language.
type Dialect string

// The dialects.
const (
	Dexter     Dialect = "dexter"
	RiveScript Dialect = "rivescript"
)

// Settings are the settings of bot.toml that change what scripts mean (section 2).
type Settings struct {
	Dialect     Dialect // empty: by L-DIA-1
	UTF8        bool
	Punctuation *string
	Silenced    []string                  // warnings switched off, by code or name (L-DIAG-2)
	Granted     func(address string) bool // whether the bot may ask an address (L-HTTP-9); nil: not known
	Shown       []Shown                   // what people can tap on the Page
	Personas    []string                  // who can speak in place of the Page, by the names that ^persona calls them
	Called      bool                      // the directions of the language are called like those of plug-ins, not compiled
}

// Shown is a button that the Page shows: the setting that it comes from, and the texts for which a tap can stand,
// of which the script need know one.
type Shown struct {
	Setting string
	Texts   []string
}

// Program is a whole bot, checked.
type Program struct {
	Dialect     Dialect
	UTF8        bool
	Punctuation *string
	Called      bool // see Settings
	Files       []*source.File
	Topics      []*Topic // the root topic first, then by first appearance
	Begin       *Topic   // nil without
	Arrays      map[string]*Array
	Subs        []Pair // in order of definition, later ones of the same name in the place of the last
	Person      []Pair
	BotVars     []Pair
	Env         []Pair
	Objects     []*syntax.Object
}

// Topic is one topic with the triggers of all documents that feed it.
type Topic struct {
	Name     string // lower-cased; the root topic is "default" in dexter, "random" in rivescript
	Includes []string
	Inherits []string
	Triggers []*Trigger // in source order; duplicates of L-SORT-8 are left out
}

// Trigger is a trigger with its place in the source order of the whole bot.
type Trigger struct {
	*syntax.Trigger
	Order int
}

// Array is a word list with its members resolved: literal entries for patterns,
// templates for replies, in the same order.
type Array struct {
	Name      string
	Entries   []string
	Templates []*syntax.Template
}

// Pair is a definition.
type Pair struct{ Name, Value string }
