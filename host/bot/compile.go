package bot

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/link"
)

// RefusedError says that a bot has errors and is not put in service (L-BOT-7).
type RefusedError struct {
	Problems []diag.Diagnostic
	Files    int // documents of the bot
}

func (e *RefusedError) Error() string {
	n := 0
	for _, d := range e.Problems {
		if d.Code.IsError() {
			n++
		}
	}
	if n == 1 {
		return "the scripts have 1 error"
	}
	return fmt.Sprintf("the scripts have %d errors", n)
}

// errNoScript is the error of a build without any document.
var errNoScript = errors.New(`there is no script in this folder: write "+ *" and below it "- Hello!" into a file default.topic`)

// Compile is the one build that check, dev, serve and tests share. The result is
// there, with its diagnostics, also when the error is a *RefusedError.
func Compile(dir fs.FS, s Settings, directions ...link.Direction) (*compile.Result, error) {
	return compileWith(new(compile.Memory), dir, s, directions...)
}

// compileWith is Compile with a memory of the build before.
func compileWith(memory *compile.Memory, dir fs.FS, s Settings, directions ...link.Direction) (*compile.Result, error) {
	built, err := memory.Build(dir, s.Link(), directions...)
	if err != nil {
		return nil, err
	}
	if len(built.Files) == 0 {
		return nil, errNoScript
	}
	if s.Tolerant() {
		return built, nil
	}
	for _, d := range built.Diagnostics {
		if d.Code.IsError() {
			return built, &RefusedError{built.Diagnostics, len(built.Files)}
		}
	}
	return built, nil
}
