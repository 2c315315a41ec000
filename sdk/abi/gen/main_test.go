package main

import (
	"strings"
	"testing"
)

// TestFresh: the files are as abi.json says.
func TestFresh(t *testing.T) {
	if err := run("..", true); err != nil {
		t.Error(err)
	}
}

func TestSplice(t *testing.T) {
	file := "above\n" + partBegins + "old\n" + partEnds + "below\n"
	got, err := splice(file, "new\n")
	if err != nil || got != "above\n"+partBegins+"new\n"+partEnds+"below\n" {
		t.Errorf("splice = %q, %v", got, err)
	}
	if _, err := splice("no marks", "new\n"); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("without marks: %v", err)
	}
}

func TestAgree(t *testing.T) {
	for name, tt := range map[string]struct {
		c    contract
		want string
	}{
		"twice":      {contract{Capabilities: []capability{{Name: "a"}, {Name: "a"}}}, "twice"},
		"capability": {contract{Functions: []function{{Name: "f", Capability: "x"}}}, "not known"},
		"minor":      {contract{Functions: []function{{Name: "f", Since: 1}}}, "still to come"},
		"type":       {contract{Functions: []function{{Name: "f", Params: [][2]string{{"a", "f64"}}}}}, "unknown type"},
		"space":      {contract{Spaces: []space{{Name: "s", Capability: "x"}}}, "not known"},
	} {
		if err := tt.c.agree(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{5: "5", 50: "50", 100: "100", 1000: "1,000", 65536: "65,536", 16777216: "16,777,216"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %q, want %q", n, got, want)
		}
	}
}
