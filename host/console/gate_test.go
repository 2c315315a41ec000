package console

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

const aToken = "open sesame, the long one"

func TestOnlyOurOwnPageActs(t *testing.T) {
	desk := newFakeDesk()
	c, base := open(t, Config{Desk: desk})
	own := strings.TrimPrefix(base, "http://")
	_, port, _ := strings.Cut(own, ":")
	forgery := c.gate.forgery
	const json = "application/json"
	for _, row := range []struct {
		name   string
		header []string
		want   int
	}{
		{"our page", []string{forgeryHeader, forgery, "Origin", base, "Sec-Fetch-Site", "same-origin"}, 204},
		{"our page by another name of this machine", []string{forgeryHeader, forgery, "Host", "localhost:" + port, "Origin", "http://localhost:" + port}, 204},
		{"a script with the token, no browser", []string{forgeryHeader, forgery}, 204},
		{"no forgery token", []string{"Origin", base}, 403},
		{"wrong forgery token", []string{forgeryHeader, forgery + "x", "Origin", base}, 403},
		{"another site", []string{forgeryHeader, forgery, "Origin", "https://evil.example"}, 403},
		{"another port of this machine", []string{forgeryHeader, forgery, "Origin", "http://127.0.0.1:1"}, 403},
		{"a sandboxed frame", []string{forgeryHeader, forgery, "Origin", "null"}, 403},
		{"cross-site by fetch metadata", []string{forgeryHeader, forgery, "Sec-Fetch-Site", "cross-site"}, 403},
		{"same-site by fetch metadata", []string{forgeryHeader, forgery, "Sec-Fetch-Site", "same-site"}, 403},
		{"rebound name", []string{forgeryHeader, forgery, "Host", "evil.example:" + port, "Origin", "http://evil.example:" + port}, 421},
		{"rebound name that looks like ours", []string{forgeryHeader, forgery, "Host", "localhost.evil.example"}, 421},
		{"proxy header does not stand in for the host", []string{forgeryHeader, forgery, "Host", "evil.example", "X-Forwarded-Host", "localhost"}, 421},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := len(desk.did())
			res := request(t, "POST", base+"/api/reset", "{}", append(row.header, "Content-Type", json)...)
			if res.StatusCode != row.want {
				t.Fatalf("%s: %s, want %d", res.Status, complaint(t, res), row.want)
			}
			if acted := len(desk.did()) > before; acted != (row.want == 204) {
				t.Fatalf("acted: %v", acted)
			}
		})
	}
	for _, path := range []string{"say", "tap", "event", "reset", "skip", "walk", "walk/answer", "walk/off", "walk/dismiss", "doctor"} {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
			if res := request(t, method, base+"/api/"+path, `{}`, "Content-Type", json); res.StatusCode != 403 {
				t.Errorf("%s %s without forgery token: %s", method, path, res.Status)
			}
		}
		if res := request(t, "GET", base+"/api/"+path, ""); res.StatusCode != 405 && res.StatusCode != 404 {
			t.Errorf("GET %s: %s", path, res.Status)
		}
	}
}

func TestReboundNamesSeeNothing(t *testing.T) {
	_, base := open(t, Config{Desk: newFakeDesk()})
	for _, path := range []string{"/", "/api/events", "/api/state", "/api/source?path=quiz.topic", "/page/main.js", "/enter"} {
		if res := request(t, "GET", base+path, "", "Host", "evil.example"); res.StatusCode != http.StatusMisdirectedRequest {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
}

func TestLoopbackNames(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST:8081": true, "127.0.0.1:8081": true, "127.9.9.9": true, "[::1]:8081": true, "[::1]": true,
		"": false, "evil.example": false, "127.0.0.1.evil.example:80": false, "192.168.1.7:8081": false, "0.0.0.0": false, "localhost.": false,
	} {
		if got := isLoopbackName(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	_, base := open(t, Config{Desk: newFakeDesk()})
	for _, path := range []string{"/", "/page/main.js", "/api/state", "/nothing"} {
		res := request(t, "GET", base+path, "")
		policy := res.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: policy lacks %s: %q", path, part, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s: policy is too wide: %q", path, policy)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: headers %v", path, res.Header)
		}
		if res.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s is open to other sites", path)
		}
	}
}

func TestTokenOpensTheDoor(t *testing.T) {
	c, base := open(t, Config{Desk: newFakeDesk(), Token: aToken})

	res := request(t, "GET", base+"/", "")
	text, _ := io.ReadAll(res.Body)
	if res.StatusCode != 401 || !strings.Contains(string(text), "<form") || strings.Contains(string(text), c.gate.forgery) {
		t.Fatalf("without a token: %s\n%s", res.Status, text)
	}
	for _, path := range []string{"/api/events", "/api/state", "/api/source?path=quiz.topic"} {
		if res := request(t, "GET", base+path, ""); res.StatusCode != 401 {
			t.Errorf("%s without a token: %s", path, res.Status)
		}
		if res := request(t, "GET", base+path, "", "Authorization", "Bearer "+aToken+"!"); res.StatusCode != 401 {
			t.Errorf("%s with a wrong token: %s", path, res.Status)
		}
	}
	if res := request(t, "GET", base+"/api/state", "", "Authorization", "Bearer "+aToken); res.StatusCode != 200 {
		t.Errorf("bearer: %s", res.Status)
	}
	// The forgery token alone does not open the door.
	if res := request(t, "POST", base+"/api/reset", "{}", forgeryHeader, c.gate.forgery); res.StatusCode != 401 {
		t.Errorf("act without a token: %s", res.Status)
	}
}

func TestTokenBecomesACookie(t *testing.T) {
	c, base := open(t, Config{Desk: newFakeDesk(), Token: aToken})
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	body := "token=" + strings.ReplaceAll(aToken, " ", "+")
	for _, row := range []struct {
		name string
		res  *http.Response
		want int
	}{
		{"printed link", request(t, "GET", base+"/?"+body, ""), 303},
		{"form", request(t, "POST", base+"/enter", body, form...), 303},
		{"wrong link", request(t, "GET", base+"/?token=guess", ""), 401},
		{"wrong form", request(t, "POST", base+"/enter", "token=guess", form...), 401},
		{"form of another site", request(t, "POST", base+"/enter", body, append(form, "Origin", "https://evil.example")...), 403},
	} {
		t.Run(row.name, func(t *testing.T) {
			if row.res.StatusCode != row.want {
				t.Fatalf("%s", row.res.Status)
			}
			cookies := row.res.Cookies()
			if (len(cookies) == 1) != (row.want == 303) {
				t.Fatalf("cookies: %v", cookies)
			}
			if len(cookies) == 0 {
				return
			}
			if k := cookies[0]; !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || strings.Contains(k.Value, "sesame") {
				t.Fatalf("cookie: %+v", k)
			}
			if to := row.res.Header.Get("Location"); to != "/" {
				t.Fatalf("sent to %q", to)
			}
			cookie := cookies[0].Name + "=" + cookies[0].Value
			if res := request(t, "GET", base+"/", "", "Cookie", cookie); res.StatusCode != 200 {
				t.Fatalf("with the cookie: %s", res.Status)
			}
			if res := request(t, "POST", base+"/api/reset", "{}", "Cookie", cookie); res.StatusCode != 403 {
				t.Fatalf("act without forgery token: %s", res.Status)
			}
			if res := request(t, "POST", base+"/api/reset", "{}", "Cookie", cookie, forgeryHeader, c.gate.forgery); res.StatusCode != 204 {
				t.Fatalf("act: %s", res.Status)
			}
		})
	}
}
