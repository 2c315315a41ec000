package plugin

import (
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/sandbox"
)

// BenchmarkCall is a small call with a clean image, in a memory of one page, which is
// compared and copied, and in one of 8 MiB, which is mapped.
func BenchmarkCall(b *testing.B) {
	for name, pages := range map[string]string{"64KiB": "1", "128KiB": "2", "256KiB": "4", "1MiB": "16", "8MiB": "128"} {
		b.Run(name, func(b *testing.B) {
			text := strings.Replace(zooText(b), `(memory (export "memory") 1)`, `(memory (export "memory") `+pages+`)`, 1)
			p := pooled(b, runtimes(b, sandbox.Config{}), assembled(b, text), false)
			input := named("spy")
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if _, _, err := p.Call(b.Context(), input, Nobody{}, budget); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
