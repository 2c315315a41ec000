package importer

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// rewriter goes through one document.
type rewriter struct {
	im       *importer
	d        *document
	out      []string
	triggers int
	top      int               // where request lines of the trigger go in out
	direct   bool              // nothing but % and ^ has come since the + line
	answers  map[string]string // names of the requests of the trigger, by address
	object   bool              // inside a macro
	comment  bool              // inside a /* comment
}

func (r *rewriter) rewrite() string {
	for i, line := range r.d.lines {
		r.line(i+1, line)
	}
	return strings.Join(r.out, "\n")
}

func (r *rewriter) line(n int, line string) {
	text := strings.TrimSpace(line)
	switch {
	case r.object:
		rest, found := strings.CutPrefix(text, "<")
		r.object = !found || !strings.HasPrefix(strings.TrimSpace(rest), "object")
	case r.comment || strings.HasPrefix(text, "/*"):
		r.comment = !strings.Contains(text, "*/")
	case text == "" || strings.HasPrefix(text, "//") || text[0] == '#':
	default:
		line = r.command(n, line, text)
	}
	r.out = append(r.out, line)
	if r.direct {
		r.top = len(r.out)
	}
}

// command takes a line that says something.
func (r *rewriter) command(n int, line, text string) string {
	switch text[0] {
	case '>':
		words := strings.Fields(text[1:])
		r.object = len(words) > 0 && words[0] == "object"
		r.direct = false
		return line
	case '+':
		r.triggers++
		r.direct, r.answers = true, map[string]string{}
		r.im.other = r.im.other || beyondASCII(text)
	case '%', '^':
	case '!':
		r.im.other = r.im.other || beyondASCII(text)
		return line
	case '$':
		r.direct = false
		r.host(text)
	default:
		r.direct = false
	}
	was := line
	line = legacyDefinition.ReplaceAllString(line, "<bot $1=$2>")
	line = legacyGlobal.ReplaceAllString(line, "<env $1=$2>")
	if line != was {
		r.im.change(r.d.old, n, "{!…} sets a value for one person only: <bot name=value>, <env name=value>")
	}
	line = r.renamed(n, line)
	if text[0] == '-' || text[0] == '*' || text[0] == '^' {
		line = r.requests(n, line)
	}
	return line
}

// The old tags that define something while the bot runs.
var (
	legacyDefinition = regexp.MustCompile(`(?i)\{!\s*var\s+([^={}]+?)\s*=\s*([^{}]*?)\s*\}`)
	legacyGlobal     = regexp.MustCompile(`(?i)\{!\s*global\s+([^={}]+?)\s*=\s*([^{}]*?)\s*\}`)
)

// switches are the tags that name a topic.
var switches = regexp.MustCompile(`(?i)(\{topic=|<set\s+topic\s*=)\s*([^{}<>]+?)\s*([}>])`)

// renamed follows topics whose names had to be changed.
func (r *rewriter) renamed(n int, line string) string {
	return switches.ReplaceAllStringFunc(line, func(tag string) string {
		m := switches.FindStringSubmatch(tag)
		topic, changed := r.im.topics[strings.ToLower(m[2])]
		if !changed {
			return tag
		}
		r.im.change(r.d.old, n, fmt.Sprintf("topic %q is called %q now", m[2], topic))
		return m[1] + topic + m[3]
	})
}

// oldRequest is the shortcode that $ lines have replaced. Its arguments are quoted, or
// hold no comma and no bracket.
var oldRequest = regexp.MustCompile(`\^httpGetJSONValue\(\s*(?:"([^"]*)"|'([^']*)'|([^,()"']+?))\s*,\s*(?:"([^"]*)"|'([^']*)'|([^,()"']+?))\s*\)`)

// requests turns old requests into $ lines above the answers of their trigger.
func (r *rewriter) requests(n int, line string) string {
	return oldRequest.ReplaceAllStringFunc(line, func(call string) string {
		m := oldRequest.FindStringSubmatch(call)
		address, path := m[1]+m[2]+m[3], m[4]+m[5]+m[6]
		if r.answers == nil || !strings.HasPrefix(address, "http") || strings.ContainsAny(address, " \t") {
			return call
		}
		name, known := r.answers[address]
		if !known {
			name = fmt.Sprintf("answer%d", len(r.answers)+1)
			r.answers[address] = name
			request := "$ GET:" + name + " " + address
			r.host(request)
			r.out = slices.Insert(r.out, r.top, request)
			r.top++
		}
		r.im.change(r.d.old, n, "^httpGetJSONValue has become a $ line, which is asked before any answer of its trigger")
		return "${{" + name + "." + position.ReplaceAllString(strings.TrimPrefix(path, "$."), ".$1") + "}}"
	})
}

// position is a place in a list, which is written .0 in paths (L-HTTP-5).
var position = regexp.MustCompile(`\[(\d+)\]`)

// host notes whom a request line asks.
func (r *rewriter) host(request string) {
	for _, word := range strings.Fields(request) {
		u, err := url.Parse(word)
		if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || strings.ContainsAny(u.Host, "<{$") {
			continue
		}
		if !slices.Contains(r.im.hosts, u.Hostname()) {
			r.im.hosts = append(r.im.hosts, u.Hostname())
		}
		return
	}
}
