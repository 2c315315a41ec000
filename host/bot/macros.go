package bot

import (
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/macro"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
)

// Diagnose lists what is wrong with a bot whose macros have been compiled: what its
// build has found, and the macros that are no JavaScript (W131).
func Diagnose(built *compile.Result, s Settings, macros *macro.Set) []diag.Diagnostic {
	problems := macros.Problems()
	if len(problems) == 0 || diag.Named(s.Allow, "W131") {
		return built.Diagnostics
	}
	var all diag.List
	all.Add(built.Diagnostics...)
	for _, p := range problems {
		all.Add(diag.Diagnostic{
			Code: "W131", Message: `the macro "` + p.Macro + `" is no valid JavaScript`, Span: lineOf(built.Files, p.File, p.Line),
			Label: strings.TrimPrefix(p.Text, "SyntaxError: "), Help: "<call>" + p.Macro + "</call> shows people an error text.",
		})
	}
	return all.All()
}

// lineOf is a line of a document without the white space around it.
func lineOf(files []*source.File, path string, line int) source.Span {
	i := slices.IndexFunc(files, func(f *source.File) bool { return f.Path == path })
	if i < 0 {
		return source.Span{}
	}
	span := files[i].LineSpan(line)
	text := span.Text()
	span.Start += len(text) - len(strings.TrimLeft(text, " \t"))
	span.End = span.Start + len(strings.TrimSpace(text))
	return span
}
