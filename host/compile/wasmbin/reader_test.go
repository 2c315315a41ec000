package wasmbin

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCustomSection(t *testing.T) {
	var m Module
	m.Func("f", nothing)
	m.Custom("first", []byte("one"))
	m.Custom("second", nil)
	module, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		module []byte
		want   string
		ok     bool
		err    string
	}{
		{"first", module, "one", true, ""},
		{"second", module, "", true, ""},
		{"third", module, "", false, ""},
		{"third", module[:4], "", false, ErrNotModule.Error()},
		{"third", append(module[:len(module):len(module)], 0, 0x80), "", false, "its length is no 32-bit number"},
		{"third", append(module[:len(module):len(module)], 0, 9, 1), "", false, "it should have 9 bytes, but only 1 are left"},
		{"third", append(module[:len(module):len(module)], 0, 1, 5), "", false, "name of the custom section"},
	} {
		data, ok, err := CustomSection(tt.module, tt.name)
		if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.err)
		}
		if string(data) != tt.want || ok != tt.ok {
			t.Errorf("%s: %q, %v, want %q, %v", tt.name, data, ok, tt.want, tt.ok)
		}
	}
	if _, _, err := CustomSection(nil, "x"); !errors.Is(err, ErrNotModule) {
		t.Errorf("no bytes: %v, want ErrNotModule", err)
	}
}

func TestCustomSectionsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-m]{1,200}`), 1, 5, rapid.ID).Draw(t, "names")
		var m Module
		want := map[string][]byte{}
		for _, n := range names {
			want[n] = rapid.SliceOf(rapid.Byte()).Draw(t, "data")
			m.Custom(n, want[n])
		}
		module, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		for n, data := range want {
			got, ok, err := CustomSection(module, n)
			if err != nil || !ok || !bytes.Equal(got, data) {
				t.Fatalf("section %s: %x, %v, %v, want %x", n, got, ok, err, data)
			}
		}
	})
}

func FuzzCustomSection(f *testing.F) {
	var m Module
	m.Custom("footlight", []byte("{}"))
	module, err := m.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(module)
	f.Add(append(module, 0, 0xff, 0xff, 0xff, 0xff, 0x0f))
	f.Fuzz(func(t *testing.T, module []byte) {
		data, ok, err := CustomSection(module, "footlight")
		if err != nil && (ok || data != nil) {
			t.Errorf("an error %v and a section", err)
		}
		if ok && !bytes.Contains(module, data) {
			t.Error("the section is no part of the module")
		}
	})
}
