package chat

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strings"
)

// Record is an outcome as one line of JSON.
type Record struct {
	File   string   `json:"file"`
	Line   int      `json:"line"`
	Test   string   `json:"test"`
	Result string   `json:"result"` // passed, failed or skipped
	Reason string   `json:"reason,omitempty"`
	Seed   uint64   `json:"seed,omitempty"`
	At     int      `json:"at,omitempty"` // line of the step that failed
	Step   string   `json:"step,omitempty"`
	Want   string   `json:"want,omitempty"`
	Got    string   `json:"got,omitempty"`
	Talk   []string `json:"talk,omitempty"`
}

// NewRecord describes an outcome; folder is that of the bot.
func NewRecord(folder string, o Outcome) Record {
	r := Record{File: path.Join(folder, o.File), Line: o.Test.Line, Test: o.Test.Name, Result: "passed", Seed: o.Seed}
	switch f := o.Failed; {
	case o.Skipped:
		r.Result, r.Reason, r.Seed = "skipped", o.Test.Skip, 0
	case f != nil:
		r.Result, r.At, r.Step, r.Want, r.Got, r.Talk = "failed", f.Line, f.Step, f.Want, f.Got, f.Talk
	}
	return r
}

// WriteJSON writes one object a line: the outcomes, then their count.
func WriteJSON(w io.Writer, folder string, outcomes []Outcome) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for _, o := range outcomes {
		if err := out.Encode(NewRecord(folder, o)); err != nil {
			return err
		}
	}
	return nil
}

// WriteGitHub writes an annotation for each failed test.
func WriteGitHub(w io.Writer, folder string, outcomes []Outcome) error {
	value := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, o := range outcomes {
		if o.Failed == nil {
			continue
		}
		_, err := fmt.Fprintf(w, "::error file=%s,line=%d,title=%s::%s\n", property.Replace(path.Join(folder, o.File)), o.Failed.Line,
			property.Replace(o.Test.Name), value.Replace(o.Failed.Step+"\nwant "+o.Failed.Want+"\ngot  "+o.Failed.Got))
		if err != nil {
			return err
		}
	}
	return nil
}

// The elements of JUnit's XML that its readers agree on.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr"`
	Line    int           `xml:"line,attr"`
	Failure *junitMessage `xml:"failure"`
	Skipped *junitMessage `xml:"skipped"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",cdata"`
}

// JUnit gathers outcomes for a JUnit file: one suite for each .chat file, one case
// for each test.
type JUnit struct{ suites junitSuites }

// Add adds the outcomes of a bot; those of a file stand together.
func (j *JUnit) Add(folder string, outcomes []Outcome) {
	for _, o := range outcomes {
		file := path.Join(folder, o.File)
		if n := len(j.suites.Suites); n == 0 || j.suites.Suites[n-1].Name != file {
			j.suites.Suites = append(j.suites.Suites, junitSuite{Name: file})
		}
		suite := &j.suites.Suites[len(j.suites.Suites)-1]
		c := junitCase{Class: file, Name: o.Test.Name, File: file, Line: o.Test.Line}
		switch {
		case o.Skipped:
			c.Skipped = &junitMessage{Message: o.Test.Skip}
			suite.Skipped++
			j.suites.Skipped++
		case o.Failed != nil:
			var b strings.Builder
			_ = WriteFailure(&b, folder, o) // a builder takes everything
			c.Failure = &junitMessage{Message: fmt.Sprintf("line %d: want %s, got %s", o.Failed.Line, o.Failed.Want, o.Failed.Got), Text: b.String()}
			suite.Failures++
			j.suites.Failures++
		}
		suite.Tests++
		j.suites.Tests++
		suite.Cases = append(suite.Cases, c)
	}
}

// Write writes the file.
func (j *JUnit) Write(w io.Writer) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(w)
	out.Indent("", "  ")
	if err := out.Encode(j.suites); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
