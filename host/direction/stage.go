package direction

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
	"github.com/footlight-bots/footlight/host/turn"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// stage is what one call of a direction can do: everything is held against the grants,
// and what it does is noted to be done when the call has ended well.
type stage struct {
	ctx     context.Context
	plugin  *Plugin
	cue     turn.Cue
	values  Values
	input   []byte        // of the call
	draws   *rand.ChaCha8 // nil until the first draw
	effects []turn.Effect
	said    int // bytes that effects hold
	log     []turn.Logged
	dropped int                // lines of the log
	set     map[string]*string // variables that this call has set; nil: cleared
	kept    map[string]string  // what the plug-in keeps about the person; nil until it is looked at
	network network
}

var _ plugin.Stage = (*stage)(nil)

// levels are the names of the levels of the log.
var levels = [...]string{abi.LevelDebug: "debug", abi.LevelInfo: "info", abi.LevelWarn: "warn", abi.LevelError: "error"}

// Log implements plugin.Stage.
func (s *stage) Log(level int32, text string) error {
	if err := s.needs(abi.CapLog); err != nil {
		return err
	}
	if len(s.log) >= abi.MaxLogLines {
		s.dropped++
		return nil
	}
	name := levels[abi.LevelInfo]
	if level >= 0 && int(level) < len(levels) {
		name = levels[level]
	}
	if len(text) > abi.MaxLogLine {
		text = text[:abi.MaxLogLine]
	}
	s.log = append(s.log, turn.Logged{Level: name, Text: strings.ToValidUTF8(text, "\ufffd")})
	return nil
}

// needs is the error of what was not granted.
func (s *stage) needs(capability string) error {
	if s.plugin.grants.has(capability) {
		return nil
	}
	return &plugin.Denied{Capability: capability}
}

// needsOne is the error of an item that was not granted.
func (s *stage) needsOne(capability, item string) error {
	if s.plugin.grants.covers(capability, item) {
		return nil
	}
	return &plugin.Denied{Capability: capability, What: shown(item)}
}

// maxShown is how much of a name that a plug-in has chosen an error shows, in bytes.
const maxShown = 60

func shown(name string) string {
	if len(name) > maxShown {
		name = name[:maxShown]
	}
	return strings.ToValidUTF8(name, "\ufffd")
}

// Now implements plugin.Stage.
func (s *stage) Now() (time.Time, error) { return s.cue.Now, s.needs(abi.CapClock) }

// Random implements plugin.Stage.
func (s *stage) Random(p []byte) error {
	if err := s.needs(abi.CapRandom); err != nil {
		return err
	}
	if s.draws == nil {
		var seed [32]byte
		source := rand.NewPCG(s.cue.Seed, drawStream)
		for i := range seed {
			seed[i] = byte(source.Uint64())
		}
		s.draws = rand.NewChaCha8(seed)
	}
	_, err := s.draws.Read(p) // never fails
	return err
}

// drawStream is the second half of the seed of what directions draw. Changing it
// changes every seeded test: do not.
const drawStream = 0x646972656374 // "direct"

// do notes an effect.
func (s *stage) do(capability string, size int, e turn.Effect) error {
	if err := s.needs(capability); err != nil {
		return err
	}
	if len(s.effects) >= abi.MaxEffects {
		return &plugin.Limit{Max: fmt.Sprintf("%d effects", abi.MaxEffects)}
	}
	if s.said += size; s.said > abi.MaxOutput {
		return &plugin.Limit{Max: fmt.Sprintf("%d bytes of what it says", abi.MaxOutput)}
	}
	s.effects = append(s.effects, e)
	return nil
}

// token is an effect on the reply.
func token(t reply.Token) turn.Effect { return turn.Effect{Token: &t} }

// errText is the failure of a direction whose text is none.
var errText = errors.New("a text that it gave the host is not UTF-8")

// Emit implements plugin.Stage.
func (s *stage) Emit(text string) error {
	if !utf8.ValidString(text) {
		return errText
	}
	return s.do(abi.CapEmit, len(text), token(reply.Token{Kind: reply.Text, Text: text}))
}

// Cut implements plugin.Stage.
func (s *stage) Cut() error { return s.do(abi.CapCut, 0, token(reply.Token{Kind: reply.Send})) }

// Delay implements plugin.Stage.
func (s *stage) Delay(millis int32, keep bool) error {
	return s.do(abi.CapDelay, 0, token(reply.Token{Kind: reply.Delay, Millis: min(max(int(millis), 0), reply.MaxDelayMillis), NoCancel: keep}))
}

// Silence implements plugin.Stage.
func (s *stage) Silence() error {
	return s.do(abi.CapSilence, 0, token(reply.Token{Kind: reply.NoReply}))
}

// elements are the shortcodes that attach takes.
var elements = []string{"image", "audio", "video", "file", "link", "template", "card", "cards", "typing", "metadata"}

// Attach implements plugin.Stage.
func (s *stage) Attach(element string) (int32, error) {
	var e struct {
		Name string            `json:"name"`
		Args []json.RawMessage `json:"args"`
	}
	if !utf8.ValidString(element) || json.Unmarshal([]byte(element), &e) != nil || !slices.Contains(elements, e.Name) {
		return abi.StatusInvalid, s.needs(abi.CapAttach)
	}
	return s.shortcode(abi.CapAttach, len(element), e.Name, arguments(e.Args)...)
}

// arguments are the arguments of a shortcode: texts as they are, the rest as JSON.
func arguments(list []json.RawMessage) []reply.Arg {
	args := make([]reply.Arg, len(list))
	for i, raw := range list {
		var text string
		if json.Unmarshal(raw, &text) == nil && raw[0] == '"' {
			args[i] = reply.Arg{Text: text}
			continue
		}
		args[i] = reply.Arg{JSON: string(raw)}
	}
	return args
}

// shortcode is an effect that a shortcode has.
func (s *stage) shortcode(capability string, size int, name string, args ...reply.Arg) (int32, error) {
	return abi.StatusOK, s.do(capability, size, token(reply.Token{Kind: reply.Shortcode, Text: name, Args: args}))
}

// Quick implements plugin.Stage.
func (s *stage) Quick(labels string) (int32, error) {
	var list []string
	if !utf8.ValidString(labels) || json.Unmarshal([]byte(labels), &list) != nil || len(list) == 0 || len(list) > reply.MaxQuickReplies || slices.Contains(list, "") {
		return abi.StatusInvalid, s.needs(abi.CapQuick)
	}
	args := make([]reply.Arg, len(list))
	for i, label := range list {
		args[i] = reply.Arg{Text: label}
	}
	return s.shortcode(abi.CapQuick, len(labels), "buttons", args...)
}

// Read implements plugin.Stage. What the call itself has set is there already.
func (s *stage) Read(name string) (string, bool, error) {
	if err := s.needsOne(abi.CapRead, name); err != nil {
		return "", false, err
	}
	if value, own := s.set[name]; own {
		if value == nil {
			return "", false, nil
		}
		return *value, true, nil
	}
	value, set := s.cue.Variable(name)
	return value, set, nil
}

// Write implements plugin.Stage.
func (s *stage) Write(name, value string) (int32, error) {
	if !utf8.ValidString(value) {
		return abi.StatusInvalid, s.needs(abi.CapWrite)
	}
	return s.change(name, &value, turn.Effect{Set: name, Value: value})
}

// Clear implements plugin.Stage.
func (s *stage) Clear(name string) (int32, error) {
	return s.change(name, nil, turn.Effect{Unset: name})
}

// change is Write and Clear.
func (s *stage) change(name string, value *string, e turn.Effect) (int32, error) {
	if name == "" || name == "topic" || strings.HasPrefix(name, "_") || !utf8.ValidString(name) {
		return abi.StatusInvalid, s.needs(abi.CapWrite)
	}
	if err := s.needsOne(abi.CapWrite, name); err != nil {
		return 0, err
	}
	if s.set == nil {
		s.set = map[string]*string{}
	}
	s.set[name] = value
	return abi.StatusOK, s.do(abi.CapWrite, len(name)+len(e.Value), e)
}

// Topic implements plugin.Stage.
func (s *stage) Topic(name string) error {
	if !utf8.ValidString(name) {
		return errText
	}
	if name == "" {
		return nil
	}
	return s.do(abi.CapTopic, len(name), turn.Effect{Topic: name})
}

// Remind implements plugin.Stage.
func (s *stage) Remind(reminder string) (int32, error) {
	var r struct {
		Name   string `json:"name"`
		Text   string `json:"text"`
		Time   string `json:"time"`
		Cancel bool   `json:"cancel"`
	}
	if !utf8.ValidString(reminder) || json.Unmarshal([]byte(reminder), &r) != nil || r.Name == "" || !r.Cancel && (r.Text == "" || r.Time == "") {
		return abi.StatusInvalid, s.needs(abi.CapRemind)
	}
	if r.Cancel {
		return s.shortcode(abi.CapRemind, 0, "reminderCancel", reply.Arg{Text: r.Name})
	}
	return s.shortcode(abi.CapRemind, len(reminder), "reminder", reply.Arg{Text: r.Name}, reply.Arg{Text: r.Text}, reply.Arg{Text: r.Time})
}

// about is what the plug-in keeps about the person, as a copy that the call may change.
func (s *stage) about() map[string]string {
	if s.kept == nil {
		s.kept = maps.Clone(s.cue.Kept(s.plugin.Name))
		if s.kept == nil {
			s.kept = map[string]string{}
		}
	}
	return s.kept
}
