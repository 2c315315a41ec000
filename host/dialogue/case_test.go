package dialogue

import (
	"strings"
	"testing"
)

func FuzzReadCases(f *testing.F) {
	f.Add(`{"name":"a","dialect":"dexter","files":{"a.topic":"+ a\n- b"},"steps":[{"say":"a","expect":"b"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = ReadCases(strings.NewReader(text))
	})
}
