package link

import (
	"strings"

	"github.com/footlight-bots/footlight/host/script/syntax"
)

// permissions reports requests of hosts that the bot's settings do not grant
// (W130), as far as the host is literal.
func (l *linker) permissions(granted func(address string) bool) {
	if granted == nil {
		return
	}
	for _, t := range l.all() {
		for _, trigger := range t.Triggers {
			for i := range trigger.Requests {
				r := &trigger.Requests[i]
				if address, host, ok := literalHost(r.URL); ok && !granted(address) {
					l.add("W130", r.URL.Span, host+" is not granted to this bot", "people see an error text",
						"add it to bot.toml: [http] hosts = [\""+host+"\"].")
				}
			}
		}
	}
}

// literalHost is the beginning of an address up to its path, and its host with the
// port; ok is false when a tag may have a part in it.
func literalHost(t *syntax.Template) (address, host string, ok bool) {
	if t == nil {
		return "", "", false
	}
	text, literal := "", true
	for _, n := range t.Nodes {
		if literal = n.Kind == syntax.TextNode; !literal {
			break
		}
		text += n.Text
	}
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return "", "", false
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		if !literal {
			return "", "", false
		}
		end = len(rest)
	}
	address, host = scheme+"://"+rest[:end], rest[:end]
	return address, host[strings.LastIndexByte(host, '@')+1:], true
}
