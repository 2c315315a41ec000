package control

import (
	_ "embed"
	"net/http"
)

//go:embed chat.html
var chatPage []byte

// chat serves the page on which a visitor is one of the people:
// /chat?page=ID&person=ID, by default the first of each.
func chat(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src http: https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(chatPage) // the client may have gone
}
