package app

import (
	"cmp"
	"path/filepath"
	"slices"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/console"
	"github.com/footlight-bots/footlight/host/draft"
	"github.com/footlight-bots/footlight/host/release"
)

// openDraft has the desk know how the folder stands to what is published in c.Press.
func (s *Stage) openDraft(c Config) error {
	if c.Press == "" {
		return nil
	}
	name := cmp.Or(c.Bot, filepath.Base(absolute(c.Dir)))
	dir, err := bot.Folder(c.Dir)
	if err != nil {
		return err
	}
	s.showcase = &showcase{address: c.Press, log: c.Log}
	if c.Press == c.Store {
		s.showcase.own = s.Host.store
	}
	s.draft, err = draft.New(draft.Config{Store: s.showcase, Bot: name, Path: c.Dir, Dir: dir, Clock: c.Clock})
	if err != nil {
		// A folder of such a name cannot be published under it; everything else works.
		s.Desk.unnamed = err.Error()
		return nil
	}
	s.Desk.draft, s.Desk.order = s.draft, c.PressCommand
	return nil
}

// published is how the files stand to what people get; nil: nobody looks.
func (d *Desk) published() *console.Published {
	if d.draft == nil && d.unnamed == "" {
		return nil
	}
	out := &console.Published{Stand: console.Unknown, Command: d.order, Fault: d.unnamed, Changes: []console.Change{}}
	if d.draft == nil {
		return out
	}
	s := d.draft.Standing()
	out.Stage, out.Canary, out.Draft = version(s.Stage), version(s.Canary), version(s.Draft)
	out.Percent, out.Why, out.Fault = s.Percent, s.Order.Why, s.Fault
	if s.Stage != nil {
		out.At = s.Order.At
	}
	for _, h := range s.Hosts {
		out.Hosts = append(out.Hosts, console.Follower{Name: h.Host, Fault: h.Fault, Behind: h.Order < s.Order.Number})
	}
	switch {
	case !s.Looked || s.Fault != "" && s.Stage == nil:
		return out
	case s.Stage == nil:
		out.Stand = console.Unpublished
		return out
	case s.Draft != nil && s.Draft.ID == s.Stage.ID:
		out.Stand = console.Same
		return out
	}
	out.Stand, out.Changes = console.Differs, changes(s.Report)
	if s.Report.Quiet() {
		out.Stand = console.Alike
	}
	return out
}

func version(v *release.Version) *console.Version {
	if v == nil {
		return nil
	}
	return &console.Version{Number: v.Number, ID: v.Short(), At: v.At, Note: v.Note}
}

// changes are what is different, in the order in which an author looks for it.
func changes(r bot.Report) []console.Change {
	list := []console.Change{}
	add := func(kind console.Kind, all ...bot.Change) {
		for _, c := range all {
			list = append(list, console.Change{Kind: kind, State: string(c.State), Name: c.Name, Detail: c.Detail})
		}
	}
	for _, topic := range r.Added {
		add(console.TopicKind, bot.Change{State: bot.Added, Name: topic})
	}
	for _, c := range r.Changed {
		list = append(list, topicChange(c))
	}
	for _, topic := range r.Removed {
		add(console.TopicKind, bot.Change{State: bot.Removed, Name: topic})
	}
	for _, file := range r.Beyond {
		add(console.ScriptKind, bot.Change{State: bot.Changed, Name: file})
	}
	add(console.PluginKind, r.Plugins...)
	add(console.SettingKind, r.Settings...)
	add(console.MaterialKind, r.Material...)
	add(console.BackstageKind, r.Backstage...)
	if r.Quiet() { // comments, and the order of lines: nothing that anybody hears
		for _, file := range r.Edited {
			if !slices.Contains(r.Beyond, file) {
				add(console.BackstageKind, bot.Change{State: bot.Changed, Name: file})
			}
		}
	}
	return list
}

func topicChange(c bot.TopicChange) console.Change {
	out := console.Change{Kind: console.TopicKind, State: string(bot.Changed), Name: c.Topic}
	for _, part := range []struct {
		state bot.State
		list  bot.Triggers
	}{{bot.Added, c.Added}, {bot.Changed, c.Changed}, {bot.Removed, c.Removed}} {
		for _, text := range part.list.Named {
			out.Triggers = append(out.Triggers, console.TriggerChange{State: string(part.state), Text: text})
		}
		out.More += part.list.Count - len(part.list.Named)
	}
	return out
}
