package app

import (
	"strings"
	"testing"
)

func TestPrivateNetworksAreAllowedByWordOnly(t *testing.T) {
	for _, value := range []string{"", "allow", "refuse"} {
		if _, err := (Config{HTTPPrivate: value}).tune(); err != nil {
			t.Errorf("%q: %v", value, err)
		}
	}
	_, err := Config{HTTPPrivate: "yes"}.tune()
	if err == nil || !strings.Contains(err.Error(), `write "allow"`) {
		t.Errorf("error is %v", err)
	}
}
