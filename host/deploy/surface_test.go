package deploy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestAtDesk: in the console no text of a check or of the platform's errors sends anybody to a command or a flag for which
// there is a page, and none is left without its sense.
func TestAtDesk(t *testing.T) {
	command := regexp.MustCompile(`footlight (deploy|doctor|check)\b|--(page|serve|addr)\b`)
	broken := regexp.MustCompile(`\b(the the|page Deploy with|Desk with)\b|^[a-z]+ page`)
	worded := 0
	for _, pattern := range []string{"*.go", "../messenger/advice/*.go"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatal(pattern, err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") || path == "surface.go" {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				literal, ok := n.(*ast.BasicLit)
				if !ok || literal.Kind != token.STRING {
					return true
				}
				text, _ := strconv.Unquote(literal.Value)
				said := AtDesk(text)
				if said != text {
					worded++
				}
				if command.MatchString(said) || broken.MatchString(said) {
					t.Errorf("%s: at the desk it says %q", path, said)
				}
				return true
			})
		}
	}
	if worded < 30 {
		t.Errorf("%d texts are worded otherwise at the desk, want the thirty and more that name commands", worded)
	}
	for _, row := range []struct{ text, want string }{
		{cureExpiry, "Go through the page Deploy, and give it a fresh user token: it makes a Page token that does not expire."},
		{"footlight deploy makes one of the user token.", "The page Deploy makes one of the user token."},
		{"Run footlight check with the bot's folder: it shows each with its line.", "The Desk shows each with its line, under Problems."},
		{"When the reason is gone: footlight page resume 1.", "When the reason is gone: footlight page resume 1."},
		{"", ""},
	} {
		if got := AtDesk(row.text); got != row.want {
			t.Errorf("%q, want %q", got, row.want)
		}
	}
}
