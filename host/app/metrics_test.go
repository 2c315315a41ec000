package app

import (
	"context"
	"os"
	"regexp"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// metricName reads the name out of a description, which keeps it to itself.
var metricName = regexp.MustCompile(`fqName: "([^"]+)"`)

// ofProcess are the metrics that every program in Go has.
var ofProcess = regexp.MustCompile(`^(go|process)_`)

// OPERATIONS.md tells of every metric that a host has, and of no other.
func TestMetricsAreDocumented(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "default.topic", cafe)
	h, err := New(t.Context(), serviceConfig(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	all := make(chan *prometheus.Desc, 1000)
	h.metrics.Describe(all)
	close(all)
	there := map[string]bool{}
	for desc := range all {
		if m := metricName.FindStringSubmatch(desc.String()); m != nil && !ofProcess.MatchString(m[1]) {
			there[m[1]] = true
		}
	}
	text, err := os.ReadFile("../docs/OPERATIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `(footlight_[a-z_]+)").FindAllStringSubmatch(string(text), -1) {
		told[m[1]] = true
	}
	for name := range there {
		if !told[name] {
			t.Errorf("OPERATIONS.md does not tell of %s", name)
		}
	}
	for name := range told {
		if !there[name] {
			t.Errorf("OPERATIONS.md tells of %s, which no host has", name)
		}
	}
	if len(there) < 15 {
		t.Errorf("only %d metrics were found", len(there))
	}
}
