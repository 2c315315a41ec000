package emulator

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger/emulator/answer"
	"github.com/footlight-bots/footlight/host/messenger/emulator/fault"
)

// Fault is a misfortune that befalls Graph calls (emulator.md §9).
type Fault = fault.Fault

// ArmedFault is a fault that waits for calls, and what it has done so far.
type ArmedFault = fault.State

// Endpoints are the names by which faults can address calls, in the order of emulator.md §2.
func Endpoints() []string {
	var out []string
	for _, r := range endpoints() {
		if len(out) == 0 || out[len(out)-1] != r.name {
			out = append(out, r.name)
		}
	}
	return out
}

// Arm arms a fault and returns its number.
func (e *Emulator) Arm(f Fault) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.faults.Arm(f, Endpoints())
}

// Disarm clears the fault of that number; 0 clears all.
func (e *Emulator) Disarm(id int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults.Disarm(id)
}

// Faults are the faults that still wait for calls, oldest first.
func (e *Emulator) Faults() []ArmedFault {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.faults.Armed()
}

// befall does what a fault changes for good before its call goes on. The mutex is held.
func (e *Emulator) befall(c *call) {
	t := e.state.Tokens[c.Secret]
	switch c.fault.Kind {
	case fault.Token:
		if t != nil {
			t.Dead = c.fault.Subcode
		}
	case fault.Version:
		if c.Version != "" {
			e.ended[c.Version] = true
		}
	}
	if t != nil && !c.fault.TakesEffect() { // the headers and the log still tell whose call it was
		c.token, c.app, c.page = t, t.App, t.Page
	}
}

// gatewayPage is what a gateway answers when it reaches nobody.
const gatewayPage = "<!DOCTYPE html><html><head><title>Facebook | Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>\n"

// cutShort is what a broken proxy leaves of an answer.
const cutShort = `{"recipient_id":"`

// misbehave is the answer that a call gets from its fault.
func (e *Emulator) misbehave(c *call) answer.Answer {
	f := c.fault
	switch f.Kind {
	case fault.Timeout, fault.Reset:
		return answer.Answer{Breaks: f.Kind}
	case fault.HTML:
		return answer.Answer{Status: f.Status, Headers: []answer.Header{{Name: "Content-Type", Value: "text/html; charset=utf-8"}}, Body: []byte(gatewayPage)}
	case fault.Garbage:
		return answer.Answer{Status: http.StatusOK, Headers: []answer.Header{{Name: "Content-Type", Value: "application/json; charset=UTF-8"}}, Body: []byte(cutShort)}
	}
	secret := ""
	if c.app != nil {
		secret = c.app.Secret
	}
	refused := f.Refusal(secret)
	c.secret = refused.Secret
	return e.answer(c, nil, refused)
}

// breakOff resets the connection: the client sees neither answer nor end.
func breakOff(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // net/http's own way to break a connection that cannot be taken over
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // makes the close a reset where the system can
	}
	_ = conn.Close()
}

// pause waits on the emulator's clock, until ctx ends, or until Close.
func (e *Emulator) pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(e.ctx, cancel)()
	_ = clock.Sleep(ctx, e.clock, d) // whoever gave up does not mind
}
