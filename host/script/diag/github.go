package diag

import (
	"fmt"
	"io"
	"path"
	"strings"
)

var (
	githubText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// WriteGitHub writes annotations for GitHub's workflows, one a line. The folder
// is put before the paths, which GitHub wants relative to the repository.
func WriteGitHub(w io.Writer, list []Diagnostic, folder string) error {
	for _, d := range list {
		place := ""
		if !d.Span.IsZero() {
			start, end := d.Span.File.Position(d.Span.Start), d.Span.File.Position(d.Span.End)
			place = fmt.Sprintf("file=%s,line=%d,col=%d,endLine=%d,endColumn=%d,",
				githubProperty.Replace(path.Join(folder, d.Span.File.Path)), start.Line, start.Column, end.Line, end.Column)
		}
		_, err := fmt.Fprintf(w, "::%s %stitle=%s::%s\n", d.Code.Severity(), place, d.Code, githubText.Replace(d.Message))
		if err != nil {
			return err
		}
	}
	return nil
}
