package messenger_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// Lists that are longer than what the platform gives at once come whole: a person with many Pages
// is to be forgotten on all of them.
func TestListsInPages(t *testing.T) {
	const account, pagesOfTheirs = "5", 230
	config := emulator.Config{
		Seed: 1, Apps: []emulator.App{{ID: "2001", Secret: secret}},
		Users:  []emulator.User{{ID: account, Token: "EAAuser"}},
		Quotas: emulator.Quotas{ProfileCalls: -1},
	}
	for i := range pagesOfTheirs {
		id := strconv.Itoa(100_000_000_000_000 + i)
		config.Pages = append(config.Pages, emulator.Page{ID: id})
		config.People = append(config.People, emulator.Person{Page: id, Account: account})
	}
	e, err := emulator.New(config)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	server := httptest.NewServer(e.Handler())
	defer server.Close()
	for _, who := range e.People() {
		if err := e.Act(t.Context(), emulator.Action{Page: who.Page, Person: who.ID, Kind: "say", Text: "hi"}); err != nil {
			t.Fatal(err)
		}
	}
	app := messenger.Config{GraphURL: server.URL, AppSecret: secret}
	registry, err := messenger.NewRegistry("2001", app)
	if err != nil {
		t.Fatal(err)
	}
	defer registry.Close()
	user, err := registry.TokenOwner(t.Context(), "EAAuser")
	if err != nil || user == account || user == "" {
		t.Fatalf("owner %q, %v: want an app-scoped id", user, err)
	}
	accounts, err := registry.Accounts(t.Context(), user)
	if err != nil || len(accounts) != pagesOfTheirs || accounts[pagesOfTheirs-1].PSID != e.People()[pagesOfTheirs-1].ID {
		t.Errorf("%d conversations, %v; want %d", len(accounts), err, pagesOfTheirs)
	}
	app.PageToken = "EAAuser"
	client, err := messenger.NewClient(app)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if owned, err := client.Pages(t.Context()); err != nil || len(owned) != messenger.MaxPages {
		t.Errorf("%d Pages, %v; want %d", len(owned), err, messenger.MaxPages)
	}
}

// TestListsAreBounded: also of a platform that gives more at once than was asked for no more is taken.
func TestListsAreBounded(t *testing.T) {
	graph := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":[`+strings.Repeat(`{"id":"1"},`, messenger.MaxPages)+`{"id":"2"}]}`)
	}))
	defer graph.Close()
	client, err := messenger.NewClient(messenger.Config{GraphURL: graph.URL, PageToken: "token"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if owned, err := client.Pages(t.Context()); err != nil || len(owned) != messenger.MaxPages {
		t.Errorf("%d Pages, %v; want %d", len(owned), err, messenger.MaxPages)
	}
}
