package syntax

import "strings"

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

// IsHTML tells whether <name> is always text, so that no plug-in can declare it.
func IsHTML(name string) bool { return isHTML(name) }
