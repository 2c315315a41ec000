package turn

import (
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/compile/world"
)

// Recording is what the outside world did in a turn, in order. Handed in with the
// same Input it makes the same turn again, and nobody is asked.
type Recording struct {
	Answers    []Answered `json:"answers,omitempty"`
	Directions []Directed `json:"directions,omitempty"`
}

// Answered is a request with what came of it.
type Answered struct {
	Method  string        `json:"method"`
	URL     string        `json:"url"` // without what may be secret: see shown
	Status  int           `json:"status,omitempty"`
	Body    string        `json:"body,omitempty"`
	Took    time.Duration `json:"took,omitempty"`
	Problem string        `json:"problem,omitempty"` // why there was no answer
}

// Why a replay knows no answer: the script is not the one that was recorded.
const (
	noAnswer = "the recording holds no answer to this request"
	noEffect = "the recording does not hold this direction"
)

// replayed is the next recorded answer, if it is one to this request.
func (o *outside) replayed(q Request) Answered {
	out := Answered{Method: q.Method, URL: shown(q.URL), Problem: noAnswer}
	if o.answered >= len(o.replay.Answers) {
		return out
	}
	next := o.replay.Answers[o.answered]
	if next.Method != out.Method || next.URL != out.URL {
		return out
	}
	o.answered++
	return next
}

// repeated is the next recorded direction, if it is this one.
func (o *outside) repeated(d world.Direction) Directed {
	if o.directed >= len(o.replay.Directions) || o.replay.Directions[o.directed].Name != d.Name {
		return Directed{Name: d.Name, Problem: noEffect}
	}
	o.directed++
	return o.replay.Directions[o.directed-1]
}

// shown is an address as it is shown and kept: without name and password, and
// without the values of its query, among which keys are often found.
func shown(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	rest, _, _ = strings.Cut(rest, "#")
	rest, query, asks := strings.Cut(rest, "?")
	host, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	address = scheme + "://" + host + "/" + path
	if !asks {
		return address
	}
	fields := strings.Split(query, "&")
	for i, field := range fields {
		if name, _, valued := strings.Cut(field, "="); valued {
			fields[i] = name + "=…"
		}
	}
	return address + "?" + strings.Join(fields, "&")
}
