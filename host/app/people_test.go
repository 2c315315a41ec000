package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/person"
	"github.com/footlight-bots/footlight/host/store"
)

// meta is what the callbacks ask of the Graph API, and nothing more of it.
type meta struct {
	ids   int    // status of the ids
	owner string // of the token
}

func (m *meta) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("Authorization") != "Bearer 77|secret" || r.URL.Query().Get("appsecret_proof") == "":
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprint(w, `{"error":{"code":190,"message":"no app token"}}`)
	case strings.HasSuffix(r.URL.Path, "/asid-1/ids_for_pages") && m.ids == 0:
		_, _ = fmt.Fprint(w, `{"data":[{"id":"2468","page":{"id":"1042","name":"Tea"}}]}`)
	case strings.HasSuffix(r.URL.Path, "/ids_for_pages"):
		w.WriteHeader(m.ids)
		_, _ = fmt.Fprint(w, `{"error":{"code":100,"message":"no such user"}}`)
	case strings.HasSuffix(r.URL.Path, "/debug_token"):
		_, _ = fmt.Fprintf(w, `{"data":{"is_valid":%v,"user_id":%q}}`, m.owner != "", m.owner)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// called is a running host that Meta calls.
type called struct {
	*Host
	t *testing.T
}

func call(t *testing.T, m *meta, change func(*Config)) *called {
	t.Helper()
	graph := httptest.NewServer(m)
	t.Cleanup(graph.Close)
	dir := t.TempDir()
	write(t, dir, "default.topic", cafe)
	c := serviceConfig(t, dir)
	c.GraphURL, c.Page.AppID, c.Page.ID = graph.URL, "77", "1042"
	change(&c)
	h, err := New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := h.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return &called{h, t}
}

// post fires a callback for a user.
func (c *called) post(path, user string) string {
	c.t.Helper()
	payload := fmt.Sprintf(`{"user_id":%q,"algorithm":"HMAC-SHA256","issued_at":%d}`, user, time.Now().Unix())
	resp, err := http.PostForm("http://"+c.Addr()+path, url.Values{"signed_request": {messenger.SignRequest("secret", []byte(payload))}})
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Code string `json:"confirmation_code"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || resp.StatusCode != 200 {
		c.t.Fatalf("%s: %d, %v", path, resp.StatusCode, err)
	}
	return answer.Code
}

// closes waits until a request is open no more.
func (c *called) closes(code string) person.Request {
	c.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		r, err := c.desk.Request(c.t.Context(), code)
		if err != nil {
			c.t.Fatal(err)
		}
		if r.State != person.Open {
			return r
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("request %+v", r)
		}
		time.Sleep(time.Millisecond)
	}
}

// Rule 17: whom the platform can name is erased, whom it cannot is left to people; and the
// page about it says how far it is.
func TestDeletionRequest(t *testing.T) {
	k := store.Key{Page: "1042", Person: "2468"}
	for _, row := range []struct {
		name   string
		meta   meta
		change func(*Config)
		want   person.State
		page   string
	}{
		{"the platform knows", meta{}, func(*Config) {}, person.Done, "Your data were deleted on"},
		{"the platform does not know", meta{ids: 400}, func(*Config) {}, person.Review, "Somebody is looking after it"},
		{"without an app id", meta{}, func(c *Config) { c.Page.AppID = "" }, person.Review, "Somebody is looking after it"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := call(t, &row.meta, row.change)
			lease, _, err := c.store.Lease(t.Context(), time.Now(), k, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.store.Commit(t.Context(), lease, store.Change{Session: []byte(`{"v":1,"turns":1}`)}, true); err != nil {
				t.Fatal(err)
			}
			r := c.closes(c.post("/deletion", "asid-1"))
			if r.State != row.want || (r.User == "") != (row.want == person.Done) {
				t.Errorf("request %+v, want %s", r, row.want)
			}
			kept, err := c.store.Read(t.Context(), k)
			if err != nil || (len(kept.Session) == 0) != (row.want == person.Done) {
				t.Errorf("kept: %+v, %v", kept, err)
			}
			if sentence, ok, err := (people{c.Host}).Progress(t.Context(), r.Code); err != nil || !ok || !strings.HasPrefix(sentence, row.page) && !strings.Contains(sentence, row.page) || strings.Contains(sentence, "asid") {
				t.Errorf("page: %q, %v, %v", sentence, ok, err)
			}
		})
	}
}

// Rule 18: when whoever gave the token takes it back, it is forgotten and the Page paused;
// somebody else who removes the app stops nobody.
func TestDeauthorisation(t *testing.T) {
	for _, row := range []struct {
		name  string
		meta  meta
		app   string
		stops bool
	}{
		{"the owner's token is dead", meta{}, "77", true},
		{"the owner's token is still alive", meta{owner: "asid-1"}, "77", true},
		{"somebody else", meta{owner: "asid-9"}, "77", false},
		{"nobody can be asked", meta{owner: "asid-9"}, "", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := call(t, &row.meta, func(c *Config) { c.Page.AppID = row.app })
			c.post("/deauthorise", "asid-1")
			_, speaks := c.client("1042")
			paused, err := c.desk.Paused(t.Context())
			if err != nil || speaks == row.stops || (len(paused) == 1) != row.stops {
				t.Errorf("speaks %v, paused %v, %v", speaks, paused, err)
			}
			state, err := c.pageState(t.Context())
			if err != nil || strings.Contains(state, "get a new Page token") != row.stops {
				t.Errorf("state %q, %v", state, err)
			}
		})
	}
}
