package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
)

// moment is something that happens between Meta and a host.
type moment string

const (
	heardComes moment = "a person's message comes"
	heardTaken moment = "a person's message was answered with 200"
	echoComes  moment = "an echo or a mark comes"
	echoTaken  moment = "an echo or a mark was answered with 200"
	sendComes  moment = "the bot's message comes"
	sendDone   moment = "the bot's message was delivered"
)

// pass tells of a moment; cut tells that the line is dead from here on.
func (th *theatre) pass(m moment, h *host) (cut bool) { return th.at != nil && th.at(m, h) }

// spread hands a webhook to one host after the other, and waits while there is none.
func (th *theatre) spread(w http.ResponseWriter, r *http.Request) {
	comes, taken := momentsOf(r)
	h := th.next(r)
	if h == nil || th.pass(comes, h) {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: h.addr})
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) {
		w.WriteHeader(http.StatusBadGateway) // the host has just died
	}
	answer := httptest.NewRecorder()
	proxy.ServeHTTP(answer, r)
	if th.pass(taken, h) {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	w.WriteHeader(answer.Code)
	_, _ = answer.Body.WriteTo(w) // the caller may have gone
}

// momentsOf tells what a webhook brings. The emulator writes the members of an echo's
// message in another order than those of a person's.
func momentsOf(r *http.Request) (comes, taken moment) {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err == nil && bytes.Contains(body, []byte(`"message":{"mid"`)) {
		return heardComes, heardTaken
	}
	return echoComes, echoTaken
}

// next is the host whose turn it is; nil when the caller gave up waiting for one.
func (th *theatre) next(r *http.Request) *host {
	for {
		th.mu.Lock()
		hosts, changed := th.hosts, th.changed
		th.turn++
		turn := th.turn
		th.mu.Unlock()
		if len(hosts) > 0 {
			return hosts[turn%len(hosts)]
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return nil
		}
	}
}

// watched is the Graph API on whose wire messages to people pass.
func (th *theatre) watched(graph http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isSend(r) {
			graph.ServeHTTP(w, r)
			return
		}
		if th.pass(sendComes, nil) {
			panic(http.ErrAbortHandler)
		}
		answer := httptest.NewRecorder()
		graph.ServeHTTP(answer, r)
		if th.pass(sendDone, nil) {
			panic(http.ErrAbortHandler)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = answer.Body.WriteTo(w) // the host may be dead
	})
}

// isSend tells whether a request sends a message, and not the typing indicator only.
func isSend(r *http.Request) bool {
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/messages") {
		return false
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	var call struct{ Message json.RawMessage }
	return err == nil && json.Unmarshal(body, &call) == nil && call.Message != nil
}
