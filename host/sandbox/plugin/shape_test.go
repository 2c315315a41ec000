package plugin

import (
	"slices"
	"testing"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
)

// TestShape: what an image holds of the globals is all that code writes, and no more; what
// it cannot hold makes the module one whose calls each need a new instance.
func TestShape(t *testing.T) {
	for _, tt := range []struct {
		name, fields string
		globals      []uint32
		forgetful    bool
	}{
		{"none", `(func)`, nil, true},
		{"never written", `(global (mut i32) (i32.const 1)) (func (drop (global.get 0)))`, nil, true},
		{"written", `(global (mut i32) (i32.const 1)) (global i32 (i32.const 2)) (global (mut f64) (f64.const 3)) (global (mut i64) (i64.const 4))
			(func (global.set 3 (i64.const 5)) (if (i32.const 0) (then (global.set 0 (i32.const 6)))))`, []uint32{0, 3}, true},
		{"a vector", `(global (mut v128) (v128.const i64x2 1 2)) (func (global.set 0 (v128.const i64x2 3 4)))`, nil, false},
		{"a vector that stays", `(global (mut v128) (v128.const i64x2 1 2)) (func)`, nil, true},
		{"a reference", `(global (mut funcref) (ref.null func)) (func (global.set 0 (ref.null func)))`, nil, false},
		{"a table", `(table 1 funcref) (func (table.set 0 (i32.const 0) (ref.null func)))`, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := bytecode.Parse(assembled(t, "(module "+tt.fields+")"))
			if err != nil {
				t.Fatal(err)
			}
			s, err := shapeOf(m)
			if err != nil || !slices.Equal(s.globals, tt.globals) || s.forgetful != tt.forgetful {
				t.Errorf("globals %v, forgetful %v, %v; want %v, %v", s.globals, s.forgetful, err, tt.globals, tt.forgetful)
			}
		})
	}
}
