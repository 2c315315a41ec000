package diag

import (
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/rivo/uniseg"

	"github.com/footlight-bots/footlight/host/script/source"
)

const (
	// MaxFrames is how many diagnostics are shown in full.
	MaxFrames = 20
	// DefaultWidth is the width of the text rendering, in terminal cells.
	DefaultWidth = 88
	// helpOverhang is how far the command behind a help may stand out, in
	// terminal cells, before it gets a line of its own.
	helpOverhang = 2
	// minWidth is the least width frames are drawn for, in terminal cells.
	minWidth = 40
)

// TextOptions say how diagnostics are drawn for a terminal.
type TextOptions struct {
	Color  bool
	Width  int           // terminal cells; 0: DefaultWidth
	Folder string        // put before the paths of files; may be empty
	Files  int           // for the summary
	Took   time.Duration // for the summary
}

// WriteText draws diagnostics for people: a frame each, at most MaxFrames, and a
// summary. The list should come from List.All. The error is the writer's.
func WriteText(w io.Writer, list []Diagnostic, o TextOptions) error {
	if o.Width == 0 {
		o.Width = DefaultWidth
	}
	f := &frame{TextOptions: o}
	f.Width = max(o.Width, minWidth)
	for i := range list {
		if i == MaxFrames {
			f.line(fmt.Sprintf("and %d more", len(list)-MaxFrames))
			f.line("")
			break
		}
		f.draw(&list[i])
		f.line("")
	}
	f.line(Summary(list, o.Files, o.Took))
	_, err := io.WriteString(w, f.out.String())
	return err
}

// Summary is the last line: "2 errors, 1 warning in 3 files (18 ms)".
func Summary(list []Diagnostic, files int, took time.Duration) string {
	errors, warnings := count(list)
	var parts []string
	if errors > 0 {
		parts = append(parts, plural(errors, "error"))
	}
	if warnings > 0 {
		parts = append(parts, plural(warnings, "warning"))
	}
	if parts == nil {
		parts = []string{"no errors"}
	}
	return fmt.Sprintf("%s in %s (%d ms)", strings.Join(parts, ", "), plural(files, "file"), took.Milliseconds())
}

func count(list []Diagnostic) (errors, warnings int) {
	for _, d := range list {
		if d.Code.IsError() {
			errors++
		} else {
			warnings++
		}
	}
	return errors, warnings
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}

// Severity is the word for a code: error or warning.
func (c Code) Severity() string {
	if c.IsError() {
		return "error"
	}
	return "warning"
}

// The colours of a frame.
const (
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	cyan   = "\x1b[36m"
	bold   = "\x1b[1m"
	plain  = "\x1b[0m"
)

// frame draws diagnostics.
type frame struct {
	TextOptions
	out    strings.Builder
	gutter string // blanks as wide as the line number
}

func (f *frame) line(s string) { f.out.WriteString(strings.TrimRight(s, " ") + "\n") }

func (f *frame) paint(color, s string) string {
	if !f.Color || s == "" {
		return s
	}
	return color + s + plain
}

func (f *frame) tone(d *Diagnostic) string {
	if d.Code.IsError() {
		return red
	}
	return yellow
}

func (f *frame) draw(d *Diagnostic) {
	f.header(d)
	f.gutter = "  "
	if !d.Span.IsZero() {
		at := d.Span.File.Position(d.Span.Start)
		number := strconv.Itoa(at.Line)
		f.gutter = strings.Repeat(" ", len(number))
		f.line(f.gutter + f.paint(cyan, " ╭─ ") + f.path(d.Span) + ":" + number + ":" + strconv.Itoa(at.Column))
		f.source(d, number)
		f.notes(d)
	}
	f.help(d)
}

// header is the first line; the name of a warning, by which it can be silenced,
// stands at its end.
func (f *frame) header(d *Diagnostic) {
	head := d.Code.Severity() + "[" + string(d.Code) + "]"
	message := clean(d.Message)
	line := f.paint(f.tone(d), head) + f.paint(bold, ": "+message)
	if e, found := Lookup(string(d.Code)); found && !d.Code.IsError() {
		name := "[" + e.Name + "]"
		room := f.Width - source.Cells(head+": "+message) - len(name)
		line += strings.Repeat(" ", max(room, 2)) + name
	}
	f.line(line)
}

// source is the line with its marker. Of a line too long to show, the part
// around the marker is shown.
func (f *frame) source(d *Diagnostic, number string) {
	file := d.Span.File
	whole := file.LineSpan(file.Line(d.Span.Start))
	before := clean(file.Text[whole.Start:d.Span.Start])
	text := clean(whole.Text())
	start := source.Cells(before)
	end := source.Cells(clean(file.Text[whole.Start:min(d.Span.End, whole.End)]))
	shown, shift := crop(source.Expand(text), start, f.Width-len(number)-3)
	start -= shift
	length := max(min(end-shift, source.Cells(shown))-start, 1)
	f.line(f.paint(cyan, number+" │ ") + shown)
	marker := strings.Repeat(" ", start) + f.paint(f.tone(d), strings.Repeat("~", length))
	label := clean(d.Label)
	bar := f.gutter + f.paint(cyan, " │ ")
	if len(number)+3+start+length+1+source.Cells(label) <= f.Width {
		f.line(bar + strings.TrimRight(marker+" "+label, " "))
		return
	}
	f.line(bar + marker)
	indent := max(min(start, f.Width-len(number)-3-source.Cells(label)), 0)
	f.line(bar + strings.Repeat(" ", indent) + label)
}

// notes close the frame, one line each.
func (f *frame) notes(d *Diagnostic) {
	if len(d.Notes) == 0 {
		f.line(f.gutter + f.paint(cyan, " ╵"))
	}
	for i, n := range d.Notes {
		corner := " ├─ "
		if i == len(d.Notes)-1 {
			corner = " ╰─ "
		}
		text := clean(n.Text)
		if !n.Span.IsZero() {
			text += " at " + f.path(n.Span) + ":" + strconv.Itoa(n.Span.Line())
		}
		f.line(f.gutter + f.paint(cyan, corner) + text)
	}
}

// help is why it matters, and where to read more.
func (f *frame) help(d *Diagnostic) {
	if d.Help == "" {
		return
	}
	text := f.gutter + " help: " + clean(d.Help)
	more := "footlight explain " + string(d.Code)
	if source.Cells(text)+3+len(more) <= f.Width+helpOverhang {
		f.line(text + "   " + f.paint(cyan, more))
		return
	}
	f.line(text)
	f.line(f.gutter + "       " + f.paint(cyan, more))
}

func (f *frame) path(s source.Span) string { return path.Join(f.Folder, clean(s.File.Path)) }

// clean makes control characters visible, so that a script cannot steer the terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return '·'
		}
		return r
	}, s)
}

// crop cuts a line that is wider than width to the part that holds the cell at
// start; shift is how many cells the part begins further left than it stood.
func crop(line string, start, width int) (shown string, shift int) {
	if uniseg.StringWidth(line) <= width {
		return line, 0
	}
	from := 0
	if start > width*2/3 {
		from = start - width/3
	}
	var b strings.Builder
	cell, first := 0, -1
	more := ""
	for state, rest := -1, line; rest != ""; {
		var cluster string
		var wide int
		cluster, rest, wide, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if cell >= from {
			if first < 0 {
				first = cell
			}
			if cell+wide-first > width-2 {
				more = "…"
				break
			}
			b.WriteString(cluster)
		}
		cell += wide
	}
	if from == 0 {
		return b.String() + more, 0
	}
	return "…" + b.String() + more, first - 1
}
