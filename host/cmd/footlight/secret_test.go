package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger"
)

// TestErrorsTellNoSecrets: when Meta's errors repeat what they were sent (code 101 holds the app
// secret, others may hold tokens), neither the log nor what operators are shown does
// (rule 15 of messenger.md section 9). The theatre looks for secrets in every log when it closes.
func TestErrorsTellNoSecrets(t *testing.T) {
	stages(t, func(t *testing.T, store string, hosts int) {
		th := openScene(t, scene{store: store, files: map[string]string{"default.topic": remembering}})
		app, page := th.emulator.Apps()[0], th.emulator.Pages()[0]
		inner := th.graph.Config.Handler
		var sends atomic.Int32
		echoing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n := 0
			if isSend(r) {
				n = int(sends.Add(1))
			}
			code := map[int]int{1: 101, 2: 100}[n]
			if code == 0 {
				inner.ServeHTTP(w, r)
				return
			}
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, `{"error":{"code":%d,"message":"Error validating client secret: %s, access_token=%s, %s&appsecret_proof=%s"}}`,
				code, app.Secret, page.Token, page.Token, messenger.Proof(app.Secret, page.Token))
		}))
		t.Cleanup(echoing.Close)
		th.graph = echoing
		for range hosts {
			th.start()
		}
		th.say("I am Quincy")
		th.say("who am I")
		th.say("who am I")
		if got := th.await(1); got[0].Text != "You are Quincy." {
			t.Errorf("after the errors the bot says %q", got[0].Text)
		}
		shown := th.command("user", "show", th.person) + th.command("user", "export", th.person)
		if !strings.Contains(shown, "given up: ") {
			t.Errorf("what was given up is not shown:\n%s", shown)
		}
		for what, secret := range map[string]string{"app secret": app.Secret, "page token": page.Token, "proof": messenger.Proof(app.Secret, page.Token)} {
			if strings.Contains(shown, secret) {
				t.Errorf("operators are shown the %s", what)
			}
			for _, h := range th.running() {
				if strings.Contains(h.log.String(), secret) || strings.Contains(h.log.String(), "Quincy") {
					t.Errorf("host %s wrote the %s, or a text", h.addr, what)
				}
			}
		}
	})
}
