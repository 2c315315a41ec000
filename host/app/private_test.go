package app

import (
	"strings"
	"testing"
)

func TestPrivateNetworksAreAllowedByWordOnly(t *testing.T) {
	for _, value := range []string{"", "allow", "refuse"} {
		if err := (Config{HTTPPrivate: value}).validate(); err != nil {
			t.Errorf("%q: %v", value, err)
		}
	}
	err := Config{HTTPPrivate: "yes"}.validate()
	if err == nil || !strings.Contains(err.Error(), `write "allow"`) {
		t.Errorf("error is %v", err)
	}
}
