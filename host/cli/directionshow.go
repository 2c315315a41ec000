package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/workshop"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// writeManifest shows what a plug-in says of itself, and how a bot comes to use it.
func writeManifest(env shell.Environment, file string, p *direction.Plugin) {
	m := p.Manifest
	size := ""
	if info, err := os.Stat(file); err == nil {
		size = ", " + bytesInWords(info.Size())
	}
	_, _ = fmt.Fprintf(env.Out, "%s %s (%s%s)%s\n", p.Name, m.Version, file, size, behind(": ", m.Description))
	for i := range m.Directions {
		writeDeclaration(env.Out, &m.Directions[i])
	}
	writeLimits(env.Out, m)
	wishes := p.Wishes()
	if len(wishes) > 0 {
		_, _ = fmt.Fprint(env.Out, "\nwants\n")
	}
	var rows [][]string
	for _, w := range wishes {
		rows = append(rows, []string{strings.Join(append([]string{w.Capability}, w.Items...), " "), w.Reason})
	}
	writeTable(env.Out, rows)
	writeUse(env.Out, file, p)
	for _, note := range p.Notes {
		_, _ = fmt.Fprintf(env.Out, "note: %s\n", note)
	}
}

// writeUse says how a bot comes to use a plug-in.
func writeUse(out io.Writer, file string, p *direction.Plugin) {
	rows := [][]string{{"in a bot's folder", path.Join(direction.Folder, p.Name, p.Name+extension(file))}}
	if settings := workshop.Settings(p.Manifest.Wants); len(settings) > 0 {
		rows = append(rows, []string{"in its bot.toml", "[plugins." + p.Name + "]"})
		for _, line := range settings {
			rows = append(rows, []string{"", line})
		}
	}
	if len(p.Manifest.Directions) > 0 {
		rows = append(rows, []string{"in a script", "- " + sample(&p.Manifest.Directions[0])})
	}
	_, _ = fmt.Fprint(out, "\nto use it\n")
	writeTable(out, rows)
}

// sample is a tag as short as it may be.
func sample(d *direction.Declaration) string {
	tag := "<" + d.Name
	for i := range d.Attributes {
		if a := &d.Attributes[i]; a.Required {
			tag += " " + a.Name + "=…"
		}
	}
	if tag += ">"; d.Form == abi.FormBlock {
		tag += "…</" + d.Name + ">"
	}
	return tag
}

// extension is how the name of a file ends.
func extension(file string) string { return file[strings.LastIndexByte(file, '.'):] }

// writeDeclaration shows a tag and its attributes.
func writeDeclaration(out io.Writer, d *direction.Declaration) {
	tag := "<" + d.Name + ">"
	if d.Form == abi.FormBlock {
		tag += "…</" + d.Name + ">"
	}
	_, _ = fmt.Fprintf(out, "\n%s%s\n", tag, behind("   ", d.Description))
	var rows [][]string
	for i := range d.Attributes {
		a := &d.Attributes[i]
		rows = append(rows, []string{a.Name, kind(a), a.Description})
	}
	writeTable(out, rows)
}

// writeTable writes rows whose cells stand below each other, a little to the right.
func writeTable(out io.Writer, rows [][]string) {
	var b bytes.Buffer
	table := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	for _, row := range rows {
		_, _ = fmt.Fprintf(table, "  %s\n", strings.Join(row, "\t")) // a buffer takes everything
	}
	_ = table.Flush()
	for line := range strings.Lines(b.String()) {
		_, _ = fmt.Fprintln(out, strings.TrimRight(line, " \n"))
	}
}

// kind says in words what an attribute may be.
func kind(a *direction.Attribute) string {
	words := []string{a.Kind}
	number := func(n *float64) string { return strconv.FormatFloat(*n, 'f', -1, 64) }
	switch {
	case len(a.Choices) > 0:
		words = []string{strings.Join(a.Choices, " | ")}
	case a.Min != nil && a.Max != nil:
		words = append(words, number(a.Min)+" to "+number(a.Max))
	case a.Min != nil:
		words = append(words, "from "+number(a.Min))
	case a.Max != nil:
		words = append(words, "up to "+number(a.Max))
	}
	text := strings.Join(words, " ")
	switch {
	case a.Required:
		text += ", required"
	case a.Default != nil:
		text += ", else " + *a.Default
	}
	return text
}

// writeLimits shows the limits that a plug-in sets itself.
func writeLimits(out io.Writer, m *direction.Manifest) {
	var limits []string
	if most := int(direction.MaxTime.Milliseconds()); m.Time < most {
		limits = append(limits, fmt.Sprintf("%d ms a call", m.Time))
	}
	if m.Memory < direction.MaxMemory {
		limits = append(limits, bytesInWords(int64(m.Memory))+" of memory")
	}
	if m.Stateless {
		limits = append(limits, "stateless")
	}
	if len(limits) > 0 {
		_, _ = fmt.Fprintf(out, "\nlimits: %s\n", strings.Join(limits, ", "))
	}
}

// behind puts something in front of a text, unless there is none.
func behind(separator, text string) string {
	if text == "" {
		return ""
	}
	return separator + text
}

// bytesInWords writes a size as people read it.
func bytesInWords(n int64) string {
	switch {
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 10<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%s bytes", grouped(n))
}

// grouped writes a number with a comma after each three digits.
func grouped(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}
