package workshop

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/turn"
)

// Played is what a case came to.
type Played struct {
	Calls     []turn.Directed   // the directions that ran, in order
	Mistakes  []diag.Diagnostic // what is wrong with the tag; then nothing ran
	Vars      map[string]string // of the person, afterwards
	Unwritten string            // a request that no answer of the case is for
	values    *direction.Memory
	about     map[string]string
	shelf     direction.Shelf
}

// page is the Page on which cases play.
const page = "workshop"

// Play plays a case. The error is for what keeps it from being played; what the plug-in
// does wrong is in the result. With a network the plug-in asks that where the case has
// no answer.
func (d *Desk) Play(ctx context.Context, c Case, network bool) (out Played, err error) {
	if err := c.check(); err != nil {
		return out, err
	}
	out.values, out.shelf = &direction.Memory{}, direction.Shelf{Page: page, Plugin: d.name()}
	for key, value := range c.State {
		if _, err := out.values.SetValue(ctx, out.shelf, key, value, nil); err != nil {
			return out, fmt.Errorf("state: %w", err)
		}
	}
	set, err := d.equip(ctx, &c, out.values)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, set.Close(context.WithoutCancel(ctx))) }()
	built, err := script(c.Tag, set.Links())
	if err != nil {
		return out, err
	}
	for _, found := range built.Diagnostics {
		if found.Code.IsError() {
			out.Mistakes = append(out.Mistakes, found)
		}
	}
	if len(out.Mistakes) > 0 {
		return out, nil
	}
	world := &outside{answers: c.HTTP, set: set, network: network}
	runner := turn.New(interp.New(built.Program), turn.Settings{Directions: world})
	result, err := runner.Run(ctx, turn.Input{
		Event: turn.Event{Kind: turn.Text, Text: "go"}, Session: d.begin(&c), Now: c.Now, Seed: c.Seed,
		Person: turn.Person{ID: c.Person, PageID: page, Platform: "test"},
	})
	if err != nil {
		return out, err
	}
	out.Calls, out.Unwritten = result.Outside.Directions, world.unwritten
	out.about, out.Vars = result.Session.Kept[d.name()], map[string]string{}
	for name := range result.Session.Vars {
		if value, ok := turn.Variable(result.Session, name); ok && !strings.HasPrefix(name, "_") {
			out.Vars[name] = value
		}
	}
	return out, nil
}

// begin is the session in which a case plays.
func (d *Desk) begin(c *Case) session.State {
	s := session.State{Vars: map[string]json.RawMessage{}}
	for name, value := range c.Vars {
		data, err := json.Marshal(value)
		if err == nil { // which texts never fail
			s.Vars[name] = data
		}
	}
	for key, value := range c.About {
		s.Keep(d.name(), key, value)
	}
	return s
}

// scriptFile is the name of the script that holds the tag of a case.
const scriptFile = "default.topic"

// script builds a bot that answers everything with a tag.
func script(tag string, links []link.Direction) (*compile.Result, error) {
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	w, err := archive.Create(scriptFile)
	if err == nil {
		_, err = fmt.Fprintf(w, "+ *\n- %s\n", tag)
	}
	if err = errors.Join(err, archive.Close()); err != nil {
		return nil, err
	}
	folder, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		return nil, err
	}
	return compile.Front(fs.FS(folder), link.Settings{}, links...)
}
