package messenger

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	testToken  = "EAAtesttoken0123456789"
	testSecret = "app-secret-of-the-tests"
)

// graph is a Graph API of one handler, and a client of it.
func graph(t testing.TB, h http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return clientOf(t, server.URL)
}

func clientOf(t testing.TB, url string) *Client {
	t.Helper()
	c, err := NewClient(Config{GraphURL: url, Page: "104290001", PageToken: testToken, AppSecret: testSecret})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func TestClientCalls(t *testing.T) {
	proof := Proof(testSecret, testToken)
	for _, tt := range []struct {
		name, answer, method, uri, body string
		call                            func(context.Context, *Client) (any, error)
		want                            any
	}{
		{
			name: "send", answer: `{"recipient_id":"7","message_id":"m_1"}`,
			method: "POST", uri: "/v26.0/104290001/messages",
			body: `{"appsecret_proof":"` + proof + `","message":{"text":"Hi","metadata":"7:1"},"messaging_type":"RESPONSE","recipient":{"id":"7"}}`,
			call: func(ctx context.Context, c *Client) (any, error) {
				return c.Send(ctx, "7", Outgoing{Text: "Hi", Metadata: "7:1"})
			},
			want: Receipt{MessageID: "m_1"},
		},
		{
			name: "typing", answer: `{"recipient_id":"7"}`,
			method: "POST", uri: "/v26.0/104290001/messages",
			body: `{"appsecret_proof":"` + proof + `","recipient":{"id":"7"},"sender_action":"typing_on"}`,
			call: func(ctx context.Context, c *Client) (any, error) { return nil, c.SenderAction(ctx, "7", TypingOn) },
		},
		{
			name: "typing as a persona", answer: `{"recipient_id":"7"}`,
			method: "POST", uri: "/v26.0/104290001/messages",
			body: `{"appsecret_proof":"` + proof + `","persona_id":"31","recipient":{"id":"7"},"sender_action":"typing_on"}`,
			call: func(ctx context.Context, c *Client) (any, error) { return nil, c.Type(ctx, "7", "31") },
		},
		{
			name: "seen, one", answer: `{"recipient_id":"7"}`,
			method: "POST", uri: "/v26.0/104290001/messages",
			body: `{"appsecret_proof":"` + proof + `","recipient":{"id":"7"},"sender_action":"mark_seen"}`,
			call: func(ctx context.Context, c *Client) (any, error) {
				return nil, c.MarkSeen(ctx, []string{"7", "comment.MQ"})
			},
		},
		{
			name: "seen, many", answer: `[{"code":200,"body":"{}"},null]`,
			method: "POST", uri: "/v26.0/",
			body: `{"batch":[` +
				`{"method":"POST","relative_url":"104290001/messages","body":"recipient=%7B%22id%22%3A%227%22%7D&sender_action=mark_seen&appsecret_proof=` + proof + `"},` +
				`{"method":"POST","relative_url":"104290001/messages","body":"recipient=%7B%22id%22%3A%228%22%7D&sender_action=mark_seen&appsecret_proof=` + proof + `"}],` +
				`"include_headers":false,"appsecret_proof":"` + proof + `"}`,
			call: func(ctx context.Context, c *Client) (any, error) { return nil, c.MarkSeen(ctx, []string{"7", "8"}) },
		},
		{
			name: "pass thread", answer: `{"success":true}`,
			method: "POST", uri: "/v26.0/104290001/pass_thread_control",
			body: `{"appsecret_proof":"` + proof + `","metadata":"m","recipient":{"id":"7"},"target_app_id":"5"}`,
			call: func(ctx context.Context, c *Client) (any, error) { return nil, c.PassThread(ctx, "7", "5", "m") },
		},
		{
			name: "upload", answer: `{"attachment_id":1857777774821032}`,
			method: "POST", uri: "/v26.0/104290001/message_attachments",
			body: `{"appsecret_proof":"` + proof + `","message":{"attachment":{"payload":{"is_reusable":true,"url":"https://a.example/c.png"},"type":"image"}}}`,
			call: func(ctx context.Context, c *Client) (any, error) {
				return c.Upload(ctx, Medium{Kind: "image", URL: "https://a.example/c.png"})
			},
			want: "1857777774821032",
		},
		{
			name: "profile", answer: `{"id":"7","first_name":"Ann","last_name":"Bo","profile_pic":"https://cdn.example/7"}`,
			method: "GET", uri: "/v26.0/7?appsecret_proof=" + proof + "&fields=id%2Cname%2Cfirst_name%2Clast_name%2Cprofile_pic",
			call: func(ctx context.Context, c *Client) (any, error) { return c.Profile(ctx, "7") },
			want: Profile{FirstName: "Ann", LastName: "Bo", Picture: "https://cdn.example/7"},
		},
		{
			name: "extras", answer: `{"id":"7","locale":"fr_CA","timezone":-3.5}`,
			method: "GET", uri: "/v26.0/7?appsecret_proof=" + proof + "&fields=gender%2Clocale%2Ctimezone",
			call: func(ctx context.Context, c *Client) (any, error) { return c.Extras(ctx, "7", Extras()) },
			want: map[string]string{"_userLocale": "fr_CA", "_userTimezone": "-3.5"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := graph(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if r.Method != tt.method || r.RequestURI != tt.uri || string(body) != tt.body {
					t.Errorf("%s %s\n%s", r.Method, r.RequestURI, body)
				}
				if r.Header.Get("Authorization") != "Bearer "+testToken {
					t.Error("token is not in the header")
				}
				answer(w, 200, tt.answer)
			})
			got, err := tt.call(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestClientReadsRefusals(t *testing.T) {
	c := graph(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-App-Usage", `{"call_count":28,"total_time":25,"total_cputime":"31"}`)
		w.Header().Set("X-Business-Use-Case-Usage", `{"1":[{"type":"messenger","call_count":100,"estimated_time_to_regain_access":19}]}`)
		answer(w, 400, `{"error":{"message":"(#80006) zu viele Aufrufe","type":"OAuthException","code":80006,"error_subcode":"12","fbtrace_id":"A1","is_transient":true}}`)
	})
	_, err := c.Send(t.Context(), "7", Outgoing{Text: "Hi"})
	want := &APIError{
		Op: "send", Status: 400, Code: 80006, Subcode: 12, Type: "OAuthException", Message: "(#80006) zu viele Aufrufe",
		TraceID: "A1", Transient: true, Usage: Usage{App: 31, Page: 100, Regain: 19 * time.Minute},
	}
	var got *APIError
	if !errors.As(err, &got) || cmp.Diff(want, got) != "" {
		t.Errorf("%v\n%s", err, cmp.Diff(want, got))
	}
	if text := "graph api: send: code 80006/12: (#80006) zu viele Aufrufe [fbtrace A1]"; err.Error() != text {
		t.Errorf("%v", err)
	}
}

// Section 3.9: the fullest counter counts, and no pause beyond a day is believed.
func TestUsage(t *testing.T) {
	var c Client
	for _, tt := range []struct {
		name, app, page, business string
		want                      Usage
	}{
		{name: "none"},
		{name: "app", app: `{"call_count":28,"total_time":25,"total_cputime":26}`, want: Usage{App: 28}},
		{name: "older page header", page: `{"total_time":99}`, want: Usage{Page: 99}},
		{name: "several cases", business: `{"1":[{"call_count":3},{"total_cputime":70,"estimated_time_to_regain_access":2}],"2":[]}`, want: Usage{Page: 70, Regain: 2 * time.Minute}},
		{name: "absurd pause", business: `{"1":[{"estimated_time_to_regain_access":1000000}]}`, want: Usage{Regain: 24 * time.Hour}},
		{name: "garbage", app: `{`, page: `[]`, business: `{"1":{}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{}
			h.Set("X-App-Usage", tt.app)
			h.Set("X-Page-Usage", tt.page)
			h.Set("X-Business-Use-Case-Usage", tt.business)
			for range 2 { // what was told before is known
				if got := c.told.read(h); got != tt.want {
					t.Errorf("%+v, want %+v", got, tt.want)
				}
			}
		})
	}
}

// What is known about a call that got no proper answer: not sent, or in doubt (law 4
// of delivery rests on it).
func TestClientDoubt(t *testing.T) {
	hangUp := func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}
	for _, tt := range []struct {
		name string
		h    http.HandlerFunc
		want Class
	}{
		{"connection lost after the request", hangUp, ClassAmbiguous},
		{"gateway page", func(w http.ResponseWriter, _ *http.Request) { answer(w, 502, "<html>") }, ClassAmbiguous},
		{"half an answer", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, `{"message_id"`) }, ClassAmbiguous},
		{"answer without id", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, `{}`) }, ClassAmbiguous},
		{"redirect is not followed", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, ClassPage},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := graph(t, tt.h).Send(t.Context(), "7", Outgoing{Text: "Hi"})
			if err == nil || Judge(err).Class != tt.want {
				t.Errorf("%v is of class %s, want %s", err, Judge(err).Class, tt.want)
			}
		})
	}
	t.Run("nobody listens", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
		_, err = clientOf(t, "http://"+l.Addr().String()).Send(t.Context(), "7", Outgoing{Text: "Hi"})
		if Judge(err).Class != ClassTransient {
			t.Errorf("%v is of class %s", err, Judge(err).Class)
		}
	})
	t.Run("context ends before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := graph(t, hangUp).Send(ctx, "7", Outgoing{Text: "Hi"})
		if Judge(err).Class != ClassTransient || !errors.Is(err, context.Canceled) {
			t.Errorf("%v is of class %s", err, Judge(err).Class)
		}
	})
	t.Run("context ends while waiting", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := graph(t, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadAll(r.Body)
			cancel()
			<-r.Context().Done()
		})
		_, err := c.Send(ctx, "7", Outgoing{Text: "Hi"})
		if Judge(err).Class != ClassAmbiguous || !errors.Is(err, context.Canceled) {
			t.Errorf("%v is of class %s", err, Judge(err).Class)
		}
	})
	t.Run("certificate of somebody else", func(t *testing.T) {
		server := httptest.NewUnstartedServer(http.HandlerFunc(hangUp))
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		defer server.Close()
		_, err := clientOf(t, server.URL).Send(t.Context(), "7", Outgoing{Text: "Hi"})
		if Judge(err).Class != ClassTransient {
			t.Errorf("%v is of class %s", err, Judge(err).Class)
		}
	})
}

func TestSendRefusesBeforeItLeaves(t *testing.T) {
	c := graph(t, func(http.ResponseWriter, *http.Request) { t.Error("a call was made") })
	for _, tt := range []struct {
		name, psid string
		m          Outgoing
	}{
		{"empty", "7", Outgoing{}},
		{"blank", "7", Outgoing{Text: " \n"}},
		{"quick replies alone", "7", Outgoing{QuickReplies: []QuickReply{{Title: "a"}}}},
		{"nobody", "", Outgoing{Text: "Hi"}},
		{"metadata too long", "7", Outgoing{Text: "Hi", Metadata: strings.Repeat("x", 1000)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := c.Send(t.Context(), tt.psid, tt.m); err == nil || Judge(err).Class != ClassMessage {
				t.Errorf("err = %v", err)
			}
		})
	}
}

// Rule 15: whatever the platform or the network says, no secret and no person's id is
// in an error, nor in a configuration error.
func TestErrorsHoldNoSecrets(t *testing.T) {
	proof := Proof(testSecret, testToken)
	echo := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			shapeless := ""
			if code == 100 { // 101: its text can repeat the app secret, which may be another than ours
				shapeless = "The secret correct-horse-battery is wrong. "
			}
			text, _ := json.Marshal(shapeless + "bad access_token=" + testToken + " client_secret: " + testSecret + " " + proof + " and EAAsomebodyelses99 " + r.Header.Get("Authorization"))
			answer(w, 400, `{"error":{"code":`+string(rune('0'+code/100))+`01,"message":`+string(text)+`}}`)
		}
	}
	var errs []error
	for _, h := range []http.HandlerFunc{echo(100), echo(200), func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }} {
		c := graph(t, h)
		_, err := c.Send(t.Context(), "24680135791357", Outgoing{Text: "Hi"})
		_, err2 := c.Profile(t.Context(), "24680135791357")
		errs = append(errs, err, err2)
	}
	_, err := NewClient(Config{GraphURL: "://x" + testToken, PageToken: testToken})
	errs = append(errs, err)
	for _, err := range errs {
		if err == nil {
			t.Fatal("no error")
		}
		for _, secret := range []string{testToken, testSecret, proof, "EAAsomebodyelses99", "24680135791357", "correct-horse-battery"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%q holds %q", err, secret)
			}
		}
	}
}

func TestNewClientRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		c    Config
		want string
	}{
		{"no token", Config{}, "token is empty"},
		{"no address", Config{PageToken: "t", GraphURL: "graph"}, "graph url"},
		{"odd version", Config{PageToken: "t", Version: "26"}, `"26" is not of the form v26.0`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := NewClient(tt.c); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestVariables(t *testing.T) {
	for _, tt := range []struct {
		name string
		p    Profile
		want map[string]string
	}{
		{"nothing", Profile{}, map[string]string{}},
		{"full name given", Profile{FirstName: "Ann", Name: "Ann Bo"}, map[string]string{"_userFirstName": "Ann", "_userFullName": "Ann Bo"}},
		{"full name joined", Profile{FirstName: "Ann", LastName: "Bo", Picture: "u"}, map[string]string{
			"_userFirstName": "Ann", "_userLastName": "Bo", "_userFullName": "Ann Bo", "_userProfilePic": "u",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.p.Variables()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
