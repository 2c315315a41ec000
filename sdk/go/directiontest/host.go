package directiontest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	direction "github.com/footlight-bots/footlight/sdk/go"
)

// What host functions return.
const (
	ok      = 0
	changed = 1
	invalid = -1
	full    = -2
)

// host is a stage during one call.
type host struct {
	stage    *Stage
	wants    []direction.Want
	draw     uint64 // state of the random numbers
	requests int
	said     int
	result   Result
}

// refusal ends a call, as the server ends one that uses what it may not.
type refusal struct{ error }

func (h *host) run(input []byte) (r Result) {
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case refusal:
			h.stage.t.Errorf("%v", fault)
			r = h.result
			r.Err = fault.Error()
		default:
			panic(fault)
		}
	}()
	outcome := direction.Perform(&h.stage.plugin, h, 1, input)
	var out struct{ Text, Error string }
	if err := json.Unmarshal(outcome, &out); err != nil {
		panic(err)
	}
	h.result.Text, h.result.Err = out.Text, out.Error
	return h.result
}

// need ends the call unless the plug-in wants the capability, with the item if
// there is one.
func (h *host) need(c direction.Capability, item string) {
	for _, w := range h.wants {
		if w.Capability != c {
			continue
		}
		if item == "" {
			return
		}
		for _, granted := range w.Items {
			if granted == item || c == direction.CanHTTP && covers(granted, item) {
				return
			}
		}
	}
	if item != "" {
		item = " " + item
	}
	panic(refusal{errors.New("the plug-in uses " + string(c) + item + ", but its wants do not ask for it")})
}

// covers says whether a granted host, which may begin with *., is the one of an
// address.
func covers(granted, host string) bool {
	under, wide := strings.CutPrefix(granted, "*")
	return wide && strings.HasSuffix(host, under)
}

func (h *host) did(effect string) {
	h.result.Effects = append(h.result.Effects, effect)
	if len(h.result.Effects) > direction.MaxEffects {
		panic(refusal{errors.New("a call may do " + strconv.Itoa(direction.MaxEffects) + " things")})
	}
}

func (h *host) Log(level direction.Level, text string) {
	h.need(direction.CanLog, "")
	if len(h.result.Log) < direction.MaxLogLines {
		h.result.Log = append(h.result.Log, [...]string{"debug", "info", "warn", "error"}[level]+": "+text)
	}
}

func (h *host) Now() int64 {
	h.need(direction.CanClock, "")
	return h.stage.Now.UnixMilli()
}

// Random is splitmix64.
func (h *host) Random(p []byte) {
	h.need(direction.CanRandom, "")
	for i := range p {
		h.draw += 0x9e3779b97f4a7c15
		z := h.draw
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		p[i] = byte(z ^ z>>31)
	}
}

// space is the map behind a key, and whether it can be written.
func (h *host) space(key string) (values map[string]string, name string, writable bool) {
	space, name, _ := strings.Cut(key, ":")
	switch space {
	case "config":
		h.need(direction.CanConfig, name)
		return h.stage.Config, name, false
	case "secret":
		h.need(direction.CanSecret, name)
		return h.stage.Secrets, name, false
	case "state":
		h.need(direction.CanState, "")
		return h.stage.State, name, true
	case "person":
		h.need(direction.CanPerson, "")
		return h.stage.Person, name, true
	}
	return nil, name, false
}

func (h *host) Get(key string) (string, int32) {
	values, name, _ := h.space(key)
	return values[name], ok
}

func (h *host) Put(key, value string) int32 {
	values, name, writable := h.space(key)
	switch {
	case !writable || name == "" || len(key) > direction.MaxKey || !utf8.ValidString(key):
		return invalid
	case len(value) > direction.MaxValue || value != "" && values[name] == "" && len(values) >= direction.MaxKeys:
		return full
	case value == "":
		delete(values, name)
	default:
		values[name] = value
	}
	return ok
}

func (h *host) Swap(key, old, value string) int32 {
	values, name, _ := h.space(key)
	if values[name] != old {
		return changed
	}
	return h.Put(key, value)
}

func (h *host) HTTP(request []byte) []byte {
	var r struct{ Method, URL string }
	if err := json.Unmarshal(request, &r); err != nil {
		panic(err)
	}
	address, err := url.Parse(r.URL)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" {
		return answer(map[string]any{"error": "this is no http address"})
	}
	h.need(direction.CanHTTP, address.Host)
	if h.requests++; h.requests > direction.MaxRequests {
		panic(refusal{errors.New("a call may make " + strconv.Itoa(direction.MaxRequests) + " requests")})
	}
	for i := len(h.stage.services) - 1; i >= 0; i-- {
		s := h.stage.services[i]
		switch {
		case !s.serves(r.URL):
		case s.fault != "":
			return answer(map[string]any{"error": s.fault})
		case !utf8.ValidString(s.body):
			return answer(map[string]any{"status": s.status, "base64": base64.StdEncoding.EncodeToString([]byte(s.body))})
		default:
			return answer(map[string]any{"status": s.status, "body": s.body})
		}
	}
	h.stage.t.Errorf("no answer for %s: add stage.Answer(%q, 200, `…`)", r.URL, r.URL)
	return answer(map[string]any{"error": "no answer"})
}

func answer(fields map[string]any) []byte {
	data, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return data
}

func (h *host) Emit(text string) {
	h.need(direction.CanEmit, "")
	if h.said += len(text); h.said > direction.MaxOutput {
		panic(refusal{errors.New("a call may say " + strconv.Itoa(direction.MaxOutput) + " bytes")})
	}
	h.did("emit " + text)
}

func (h *host) Cut() {
	h.need(direction.CanCut, "")
	h.did("cut")
}

func (h *host) Delay(millis int32, keep bool) {
	h.need(direction.CanDelay, "")
	effect := "delay " + (time.Duration(millis) * time.Millisecond).String()
	if keep {
		effect += " keep"
	}
	h.did(effect)
}

func (h *host) Attach(element []byte) int32 {
	h.need(direction.CanAttach, "")
	var e struct {
		Name string
		Args []json.RawMessage
	}
	if err := json.Unmarshal(element, &e); err != nil {
		return invalid
	}
	words := []string{e.Name}
	for _, arg := range e.Args {
		var text string
		if json.Unmarshal(arg, &text) != nil {
			text = string(arg)
		}
		words = append(words, text)
	}
	h.did(strings.Join(words, " "))
	return ok
}

func (h *host) Quick(labels []byte) int32 {
	h.need(direction.CanQuick, "")
	var texts []string
	if err := json.Unmarshal(labels, &texts); err != nil || len(texts) == 0 || len(texts) > 13 {
		return invalid
	}
	h.did("quick " + strings.Join(texts, " | "))
	return ok
}

func (h *host) Read(name string) string {
	h.need(direction.CanRead, name)
	return h.stage.Vars[name]
}

func (h *host) Write(name, value string) int32 {
	h.need(direction.CanWrite, name)
	if strings.HasPrefix(name, "_") || name == "" {
		return invalid
	}
	h.stage.Vars[name] = value
	h.did("write " + name + "=" + value)
	return ok
}

func (h *host) Clear(name string) int32 {
	h.need(direction.CanWrite, name)
	if strings.HasPrefix(name, "_") || name == "" {
		return invalid
	}
	delete(h.stage.Vars, name)
	h.did("clear " + name)
	return ok
}

func (h *host) Topic(name string) {
	h.need(direction.CanTopic, "")
	h.stage.Topic = name
	h.did("topic " + name)
}

func (h *host) Remind(reminder []byte) int32 {
	h.need(direction.CanRemind, "")
	var r struct {
		Name, Text, Time string
		Cancel           bool
	}
	if err := json.Unmarshal(reminder, &r); err != nil || r.Name == "" || !r.Cancel && r.Time == "" {
		return invalid
	}
	if r.Cancel {
		h.did("cancel " + r.Name)
	} else {
		h.did("remind " + r.Name + ", " + r.Time + ": " + r.Text)
	}
	return ok
}

func (h *host) Silence() {
	h.need(direction.CanSilence, "")
	h.did("silence")
}
