package importer

import (
	"fmt"
	"strings"
)

// settings writes bot.toml, if the project brought none.
func (im *importer) settings() {
	if im.settled {
		return
	}
	var b strings.Builder
	if im.options.Name != "" {
		fmt.Fprintf(&b, "name = %s\n", quoted(im.options.Name))
	}
	if im.options.Dexter {
		b.WriteString("dialect = \"dexter\"\n")
	} else {
		b.WriteString("dialect = \"rivescript\"\n")
		if im.other {
			b.WriteString("utf8 = true\n")
			im.change("bot.toml", 0, "utf8 = true, because triggers have letters beyond a to z; without it nobody could say them")
		}
	}
	if len(im.hosts) > 0 {
		list := make([]string, len(im.hosts))
		for i, h := range im.hosts {
			list[i] = quoted(h)
		}
		fmt.Fprintf(&b, "\n# Hosts that scripts may ask. Remove the # in front of those you trust.\n# [http]\n# hosts = [%s]\n", strings.Join(list, ", "))
		im.change("bot.toml", 0, "requests go to "+strings.Join(im.hosts, ", ")+": none is asked before you grant it there")
	}
	im.result.Files["bot.toml"] = []byte(b.String())
}

// quoted is a string of TOML.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, "\\u%04X", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
