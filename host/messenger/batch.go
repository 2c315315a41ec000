package messenger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/bundle"
	"github.com/footlight-bots/footlight/host/messenger/scan"
)

// A Parcel is a message and the person it is for.
type Parcel struct {
	Person  string
	Message Outgoing
}

// An Outcome is what became of one of several messages: a receipt, or the error that Send would have given.
type Outcome struct {
	Receipt Receipt
	Err     error
}

// Together tells whether a message may share a call with those to other people. What the platform fetches
// from elsewhere may not: it would keep the others waiting. Nor may one to somebody without a page-scoped id: the
// thread may be that of another of them, and each thread has one message in a batch (messenger.md section 3.10).
func Together(person string, m Outgoing) bool {
	kind := m.Kind()
	return Scoped(person) && (kind == "" || kind == "template")
}

// SendAll sends messages to different people, MaxBatch at most, in one call. Each has an outcome of its own, in the
// order of the parcels, judged as if it had been sent alone. Those of which the answer says nothing are of unknown
// outcome, as all are when there is no answer.
//
// An error is the platform's refusal of the call as a whole: no message was sent, or, if its
// class is ClassAmbiguous, nobody knows of any.
func (c *Client) SendAll(ctx context.Context, parcels []Parcel) ([]Outcome, error) {
	if len(parcels) == 0 || len(parcels) > MaxBatch {
		return nil, fmt.Errorf("send together: %d messages, a batch has 1 to %d calls", len(parcels), MaxBatch)
	}
	out := make([]Outcome, len(parcels))
	forms := make([]bundle.Form, 0, len(parcels))
	places := make([]int, 0, len(parcels)) // in out, of each form
	people := make(map[string]bool, len(parcels))
	for i, p := range parcels {
		if people[p.Person] {
			return nil, errors.New("send together: two messages to one person, whose order nobody would keep")
		}
		people[p.Person] = true
		if out[i].Err = p.Message.check(p.Person); out[i].Err != nil {
			continue
		}
		form, err := p.form()
		if err != nil {
			return nil, err
		}
		forms, places = append(forms, form), append(places, i)
	}
	if len(forms) == 0 {
		return out, nil
	}
	var answers innerAnswers
	used, err := c.batch(ctx, opSend, forms, true, &answers)
	if err != nil {
		return nil, err
	}
	for n, i := range places {
		var a *innerAnswer
		if n < len(answers) {
			a = answers[n]
		}
		out[i] = c.outcome(a, used)
	}
	return out, nil
}

// form is a message as the body of a call in a batch.
func (p Parcel) form() (bundle.Form, error) {
	message, err := json.Marshal(p.Message)
	if err != nil {
		return nil, fmt.Errorf("send: message: %w", err)
	}
	f := bundle.Form{}.With("recipient", recipient(p.Person)).With("messaging_type", []byte(messagingType)).With("message", message)
	if p.Message.PersonaID != "" {
		f = f.With("persona_id", []byte(p.Message.PersonaID))
	}
	return f, nil
}

// outcome judges the answer to one call of a batch. used is what the call as a whole tells of usage: it holds where
// the answer tells none.
func (c *Client) outcome(a *innerAnswer, used Usage) Outcome {
	if a == nil {
		return Outcome{Receipt{Usage: used}, &TransportError{Op: opSend, Err: errors.New("the batch has no answer to this call")}}
	}
	if len(a.header) > 0 {
		used = c.inside.read(a.header)
	}
	if a.status != http.StatusOK {
		return Outcome{Receipt{Usage: used}, apiError(opSend, a.status, []byte(a.body), used, c.token, c.secret, c.proof)}
	}
	var w wireReceipt
	err := read([]byte(a.body), &w)
	switch {
	case err != nil:
		err = &TransportError{Op: opSend, Err: fmt.Errorf("answer of status 200: %w", err)}
	default:
		err = w.check()
	}
	return Outcome{Receipt{MessageID: w.MessageID, Usage: used}, err}
}

// batch makes calls of the Page's messages in one, each with the parameters of a form and the proof.
func (c *Client) batch(ctx context.Context, op string, forms []bundle.Form, headers bool, out any) (Usage, error) {
	raw := bundle.Body(c.page+"/messages", forms, headers, paramProof, c.proof)
	return c.call(ctx, request{op: op, method: http.MethodPost, timeout: CallTimeout, raw: raw}, out)
}

// anyAnswers are the answers to the calls of a batch where they are of no interest.
type anyAnswers struct{}

// read fails when raw is no list.
func (anyAnswers) read(raw []byte) error {
	if !scan.IsList(raw) {
		return errors.New("no list of answers")
	}
	return nil
}

// innerAnswer is the answer to one call of a batch, as far as it matters.
type innerAnswer struct {
	status int
	header http.Header // what it tells of usage; nil: nothing
	body   string
}

// innerAnswers reads the answers to the calls of a batch, in their order; what is no answer counts as none. A batch
// comes for every few messages, so nothing is read that does not matter.
type innerAnswers []*innerAnswer

// read reads valid JSON. It fails when that is no list.
func (l *innerAnswers) read(raw []byte) error {
	if err := (anyAnswers{}).read(raw); err != nil {
		return err
	}
	for item := range scan.Items(raw) {
		*l = append(*l, readInner(item))
	}
	return nil
}

// readInner reads one answer; nil: there is none.
func readInner(raw []byte) *innerAnswer {
	if !scan.IsObject(raw) {
		return nil
	}
	a := &innerAnswer{}
	for name, value := range scan.Members(raw) {
		switch string(name) {
		case "code":
			a.status = readNumber(value).count()
		case "body":
			a.body = readText(value)
		case "headers":
			for one := range scan.Items(value) {
				a.heed(one)
			}
		}
	}
	return a
}

// heed keeps a header if it tells of usage.
func (a *innerAnswer) heed(raw []byte) {
	var name string
	var value []byte
	for member, v := range scan.Members(raw) {
		switch string(member) {
		case "name":
			name = readText(v)
		case "value":
			value = v
		}
	}
	usage := slices.IndexFunc(usageHeaders, func(h string) bool { return strings.EqualFold(h, name) })
	if value == nil || usage < 0 {
		return
	}
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header[usageHeaders[usage]] = []string{readText(value)}
}
