package main

import (
	"bytes"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestFresh: the archive is what the libraries beside it are.
func TestFresh(t *testing.T) {
	want, err := pack("../..")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../kit.zip")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("sdk/kit/kit.zip is not what the libraries in sdk are: run make gen")
	}
}

// TestLeft: no kit holds what only the library's own tests need.
func TestLeft(t *testing.T) {
	files, err := gather("../..")
	if err != nil {
		t.Fatal(err)
	}
	for name := range files {
		if strings.HasSuffix(name, "_test.go") && !strings.HasPrefix(name, "go/template/") || path.Ext(name) == ".wasm" || strings.Contains(name, "node_modules") {
			t.Errorf("%s is in the archive", name)
		}
	}
}

// TestLinks: what the pages of a kit lead to is in it.
func TestLinks(t *testing.T) {
	files, err := gather("../..")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for name, data := range files {
		if path.Ext(name) != ".md" {
			continue
		}
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllSubmatch(data, -1) {
			found++
			if to := path.Join(path.Dir(name), string(m[1])); files[to] == nil {
				t.Errorf("%s leads to %s, which is not in the archive", name, to)
			}
		}
	}
	if found == 0 {
		t.Error("no page leads anywhere")
	}
}
