package app

import (
	"context"
	"testing"
)

// TestCast: a bot answers for its Page, or for all when none is named; as long as no version of its script has
// compiled there is no bot, so that nothing is done for those who wait, however often it is looked for.
func TestCast(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "default.topic", "+ (hello\n- x\n")
	h, err := New(t.Context(), serviceConfig(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.Close(context.Background()) }()
	if _, ok := (cast{program: &h.program}).Bot("1"); ok {
		t.Error("there is a bot without a script")
	}
	write(t, dir, "default.topic", cafe)
	write(t, dir, "table.topic", table)
	if _, err := h.Bot().Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		named, page string
		want        bool
	}{{"", "1", true}, {"1", "1", true}, {"1", "2", false}} {
		pages := []*page{{Booking: Booking{Page: row.named}, play: h.plays[0]}}
		byID := map[string]*page{}
		if row.named != "" {
			byID[row.named] = pages[0]
		}
		if _, ok := (cast{program: &program{pages: pages, byID: byID}}).Bot(row.page); ok != row.want {
			t.Errorf("a bot of Page %q answers for Page %q: %v", row.named, row.page, ok)
		}
	}
}
