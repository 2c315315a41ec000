package cli

import (
	"testing"

	"github.com/footlight-bots/footlight/host/app"
)

// TestPublishing: the desk names the command that publishes what lies on it, to where it looks.
func TestPublishing(t *testing.T) {
	for _, row := range []struct{ dir, store, want string }{
		{"scripts/tea", "", "footlight publish scripts/tea"},
		{"my bots/Ann's tea", "", `footlight publish 'my bots/Ann'\''s tea'`},
		{".", "bolt:desk.db", "footlight publish . --store bolt:desk.db"},
		{".", "redis://:secret@h/0", "footlight publish ."},
	} {
		if got := publishing(app.Config{Dir: row.dir, Store: row.store}); got != row.want {
			t.Errorf("%q %q: %s, want %s", row.dir, row.store, got, row.want)
		}
	}
}
