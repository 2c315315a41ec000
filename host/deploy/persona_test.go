package deploy

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/mask"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

// The walk shows which personas come and go, makes them, and leaves those of others alone; what was deleted by hand
// is made again; undeploy takes away what is ours.
func TestPersonas(t *testing.T) {
	kept, err := bolt.Open(bolt.Options{Path: filepath.Join(t.TempDir(), "state.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kept.Close() }()
	w := newTown(t)
	w.site.Masks = mask.New(kept, w.site.Clock)
	picture := "https://tea.example/vera.png"
	w.site.Personas = []messenger.Persona{{Name: "Vera", Picture: picture}, {Name: "Bo", Picture: picture}}
	w.walk()
	client, err := messenger.NewClient(messenger.Config{GraphURL: w.site.GraphURL, Page: pageID, PageToken: w.site.PageToken, AppSecret: secret})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	names := func() string {
		all, err := client.Personas(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, name := range all {
			out = append(out, name)
		}
		slices.Sort(out)
		return strings.Join(out, " ")
	}
	expect := func(what, state, there string, plan ...string) {
		t.Helper()
		delete(w.guide.plans, Personas)
		out := w.walk()
		if f := find(out.Findings, Personas); string(f.State) != state || names() != there || !slices.Equal(w.guide.plans[Personas], plan) {
			t.Errorf("%s: %+v, plan %q, personas %s", what, f, w.guide.plans[Personas], names())
		}
	}
	if plan := w.guide.plans[Personas]; len(plan) != 2 || plan[0] != `+ "Vera" with the picture `+picture {
		t.Errorf("the difference that was shown: %q", plan)
	}
	expect("again", string(Fine), "Bo Vera")
	if _, err := client.MakePersona(t.Context(), messenger.Persona{Name: "Somebody's", Picture: picture}); err != nil {
		t.Fatal(err)
	}
	w.site.Personas = w.site.Personas[:1]
	expect("one less", string(Changed), "Somebody's Vera", `- "Bo" with the picture `+picture)
	worn, err := w.site.Masks.Worn(t.Context(), pageID)
	if err != nil || len(worn) != 1 {
		t.Fatalf("kept: %v, %v", worn, err)
	}
	if err := client.DropPersona(t.Context(), worn[0].ID); err != nil {
		t.Fatal(err)
	}
	expect("deleted by hand", string(Changed), "Somebody's Vera", `+ "Vera" with the picture `+picture)
	if _, err := Undo(t.Context(), w.site, w.guide, false, false); err != nil || names() != "Somebody's" {
		t.Errorf("after undeploy: %v, personas %s", err, names())
	}
}
