package syntax

import (
	"slices"
	"strings"
)

// htmlNames are the elements of HTML that scripts may show as text (L-TAG-3).
// Names that are tags of the language do not come here.
const htmlNames = " a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br " +
	"button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed " +
	"fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img " +
	"ins kbd label legend li link main map mark marquee math menu menuitem meta meter nav nobr noembed noframes noscript " +
	"object ol optgroup option output p param picture plaintext portal pre progress q rb rp rt rtc ruby s samp script search section " +
	"select slot small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th " +
	"thead time title tr track tt u ul var video wbr xmp "

func isHTML(name string) bool {
	return !strings.Contains(name, " ") && strings.Contains(htmlNames, " "+name+" ")
}

// TagNames lists the names of the language's own tags in < >.
func TagNames() []string {
	return []string{
		"star", "botstar", "input", "reply", "id", "get", "set", "bot", "env", "add", "sub", "mult", "div", "call", "raw",
		"formal", "sentence", "uppercase", "lowercase", "person", "send", "chat", "delay", "noreply",
	}
}

// Reserved tells whether <name> is a tag of the language or of HTML: no plug-in
// can declare a direction of that lower-cased name (L-EXT-2).
func Reserved(name string) bool {
	return isHTML(name) || slices.Contains(TagNames(), strings.TrimRight(name, "0123456789"))
}
