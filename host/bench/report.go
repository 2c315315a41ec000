package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// Report is what a measurement found.
type Report struct {
	Files, Triggers int
	Build           time.Duration // scripts to module
	Load            time.Duration // module to the first instance, never seen before
	Reload          time.Duration // the same from the cache on disk
	ModuleBytes     int
	InstanceBytes   int // memory of one instance after the run
	People          int
	Took            time.Duration // the run
	Classes         []Figures     // those that some message belongs to
	All             Figures
}

// Figures are what the turns of one class took.
type Figures struct {
	Class         Class // not of Report.All
	Messages      int   // different ones
	Turns         uint64
	P50, P99, Max time.Duration
}

func newFigures(class Class, messages int, s *Spread) Figures {
	return Figures{class, messages, s.Count(), s.Share(0.5), s.Share(0.99), s.Max()}
}

// Rate is how many replies a second were made.
func (r *Report) Rate() float64 { return float64(r.All.Turns) / r.Took.Seconds() }

// WriteText writes a report for people, in lines of less than 80 characters.
func (r *Report) WriteText(w io.Writer, name string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s in %s, %s\n\n", name, Count(r.Triggers, "trigger"), Count(r.Files, "file"), Count(r.All.Messages, "message"))
	for _, row := range [][3]string{
		{"build", Short(r.Build), "scripts to module"},
		{"load", Short(r.Load), "module to machine code; " + Short(r.Reload) + " from the cache"},
		{"module", Bytes(r.ModuleBytes), "on disk"},
		{"memory", Bytes(r.InstanceBytes), "each instance; one for each turn that runs at once"},
	} {
		fmt.Fprintf(&b, "  %-8s %10s   %s\n", row[0], row[1], row[2])
	}
	fmt.Fprintf(&b, "\n  %-16s %9s %11s %10s %10s %10s\n", "answered by", "messages", "turns", "p50", "p99", "max")
	for _, f := range r.Classes {
		f.write(&b, classTitles[f.Class])
	}
	if len(r.Classes) > 1 {
		r.All.write(&b, "all")
	}
	who := "one person after another"
	if r.People > 1 {
		who = fmt.Sprintf("%d people at once", r.People)
	}
	fmt.Fprintf(&b, "\n%s replies a second, %s, for %s\n", Thousands(uint64(r.Rate())), who, Short(r.Took))
	_, err := io.WriteString(w, b.String())
	return err
}

func (f *Figures) write(b *strings.Builder, title string) {
	fmt.Fprintf(b, "  %-16s %9s %11s %10s %10s %10s\n", title, Thousands(uint64(f.Messages)), Thousands(f.Turns), Short(f.P50), Short(f.P99), Short(f.Max))
}

// Count is a number with its noun.
func Count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return Thousands(uint64(n)) + " " + noun
}

// Thousands writes a number in groups of three digits.
func Thousands(n uint64) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Short writes a time in three digits.
func Short(d time.Duration) string {
	for _, unit := range []struct {
		size time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		if d >= unit.size-unit.size/2000 { // what would be written as 1000 of the smaller unit
			return digits(float64(d)/float64(unit.size)) + " " + unit.name
		}
	}
	return fmt.Sprintf("%d ns", d.Nanoseconds())
}

// Bytes writes a size in three digits.
func Bytes(n int) string {
	switch {
	case n >= 1<<20:
		return digits(float64(n)/(1<<20)) + " MiB"
	case n >= 1<<10:
		return digits(float64(n)/(1<<10)) + " KiB"
	default:
		return fmt.Sprintf("%d bytes", n)
	}
}

// digits writes a number of up to three digits with a point where it needs one.
func digits(x float64) string {
	switch {
	case x < 9.995:
		return fmt.Sprintf("%.2f", x)
	case x < 99.95:
		return fmt.Sprintf("%.1f", x)
	default:
		return fmt.Sprintf("%.0f", x)
	}
}

// record is a report for machines. Times say their unit.
type record struct {
	Bot           string         `json:"bot"`
	Files         int            `json:"files"`
	Triggers      int            `json:"triggers"`
	Messages      int            `json:"messages"`
	BuildMillis   float64        `json:"build_ms"`
	LoadMillis    float64        `json:"load_ms"`
	ReloadMillis  float64        `json:"cached_load_ms"`
	ModuleBytes   int            `json:"module_bytes"`
	InstanceBytes int            `json:"instance_bytes"`
	People        int            `json:"people"`
	Seconds       float64        `json:"seconds"`
	Turns         uint64         `json:"turns"`
	Rate          float64        `json:"replies_per_second"`
	P50           float64        `json:"p50_us"`
	P99           float64        `json:"p99_us"`
	Max           float64        `json:"max_us"`
	Classes       []recordFigure `json:"classes"`
}

type recordFigure struct {
	Class    string  `json:"class"`
	Messages int     `json:"messages"`
	Turns    uint64  `json:"turns"`
	P50      float64 `json:"p50_us"`
	P99      float64 `json:"p99_us"`
	Max      float64 `json:"max_us"`
}

// WriteJSON writes a report for machines: one object on one line.
func (r *Report) WriteJSON(w io.Writer, name string) error {
	out := record{
		Bot: name, Files: r.Files, Triggers: r.Triggers, Messages: r.All.Messages,
		BuildMillis: in(r.Build, time.Millisecond), LoadMillis: in(r.Load, time.Millisecond), ReloadMillis: in(r.Reload, time.Millisecond),
		ModuleBytes: r.ModuleBytes, InstanceBytes: r.InstanceBytes,
		People: r.People, Seconds: r.Took.Seconds(), Turns: r.All.Turns, Rate: r.Rate(),
		P50: in(r.All.P50, time.Microsecond), P99: in(r.All.P99, time.Microsecond), Max: in(r.All.Max, time.Microsecond),
		Classes: []recordFigure{},
	}
	for _, f := range r.Classes {
		out.Classes = append(out.Classes, recordFigure{
			f.Class.String(), f.Messages, f.Turns, in(f.P50, time.Microsecond), in(f.P99, time.Microsecond), in(f.Max, time.Microsecond),
		})
	}
	return json.NewEncoder(w).Encode(out)
}

func in(d, unit time.Duration) float64 { return float64(d) / float64(unit) }
