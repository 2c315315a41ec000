package emulator

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Delivery says how an app's webhooks misbehave. The zero value is a calm day.
type Delivery struct {
	Batch           int     `json:"batch"`            // events in one POST, up to 1000; 0: 1
	Duplicate       int     `json:"duplicate"`        // how often each event comes again
	DuplicateChance float64 `json:"duplicate_chance"` // from 0 to 1: each event once more with this probability
	StandbyTwin     bool    `json:"standby_twin"`     // a postback comes as messaging and as standby
	Reorder         int     `json:"reorder"`          // by how many places an event may be overtaken
	Hold            bool    `json:"hold"`             // events wait until this is taken back
	Drop            bool    `json:"drop"`             // events are never delivered
	Slow            int     `json:"slow_ms"`          // delay before each POST, in ms of the emulator's clock
	// Signature spoils the headers: "flipped" one digit off, "secret" a wrong secret, "sha1" only the
	// old one, "missing", "short", "doubled" with two equals signs; "" right.
	Signature string `json:"signature"`
	Unescaped bool   `json:"unescaped"` // raw UTF-8 in the body
	Gzip      bool   `json:"gzip"`      // the body is compressed; the signature covers the compressed bytes
}

// Bounds of Delivery: events in one POST, repeats of one event, places of disorder.
const (
	maxBatch     = 1000
	maxDuplicate = 100
	maxReorder   = 1000
)

var signatures = []string{"", "flipped", "secret", "sha1", "missing", "short", "doubled"}

func (d Delivery) check() error {
	switch {
	case d.Batch < 0 || d.Batch > maxBatch:
		return fmt.Errorf("delivery: batch %d: want 0 to %d", d.Batch, maxBatch)
	case d.Duplicate < 0 || d.Duplicate > maxDuplicate:
		return fmt.Errorf("delivery: duplicate %d: want 0 to %d", d.Duplicate, maxDuplicate)
	case math.IsNaN(d.DuplicateChance) || d.DuplicateChance < 0 || d.DuplicateChance > 1:
		return fmt.Errorf("delivery: duplicate_chance %g: want 0 to 1", d.DuplicateChance)
	case d.Reorder < 0 || d.Reorder > maxReorder:
		return fmt.Errorf("delivery: reorder %d: want 0 to %d", d.Reorder, maxReorder)
	case d.Slow < 0:
		return fmt.Errorf("delivery: slow_ms %d: want 0 or more", d.Slow)
	case !slices.Contains(signatures, d.Signature):
		return fmt.Errorf("delivery: signature %q: want one of %q", d.Signature, signatures)
	}
	return nil
}

// SetDelivery changes how an app's webhooks misbehave, from the next POST on.
// Taking Hold back releases what waits.
func (e *Emulator) SetDelivery(appID string, d Delivery) error {
	if err := d.check(); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.app(appID)
	if a == nil {
		return fmt.Errorf("app %q: not known to the emulator", appID)
	}
	a.Delivery = d
	e.wakeAll()
	e.touch()
	return nil
}

// parcel is one POST: what it says, and the bytes and headers that say it.
type parcel struct {
	events []string // for the log: the elements as they were queued
	count  int
	body   []byte
	header http.Header
	tries  int
	due    time.Time // of a spaced repeat
	first  time.Time // first failure
}

// pack puts queued items into one POST body: EventsPerEntry to each entry, standby
// and messaging apart.
func (e *Emulator) pack(a *app, p *page, items []item) *parcel {
	parcel := &parcel{count: len(items), header: http.Header{}}
	var entries []string
	for i := 0; i < len(items); {
		end := i
		for end < len(items) && end-i < e.switches.EventsPerEntry && items[end].standby == items[i].standby {
			end++
		}
		entries = append(entries, entryOf(p.ID, e.clock.Now(), items[i:end]))
		i = end
	}
	for _, it := range items {
		parcel.events = append(parcel.events, string(it.body))
	}
	body := []byte(`{"object":"page","entry":[` + strings.Join(entries, ",") + `]}`)
	set := e.switches.Escapes
	if a.Delivery.Unescaped {
		set = escapesNone
	}
	parcel.body = escape(body, set)
	parcel.header.Set("Content-Type", "application/json")
	parcel.header.Set("User-Agent", "facebookexternalua")
	if a.Delivery.Gzip {
		parcel.body = compress(parcel.body)
		parcel.header.Set("Content-Encoding", "gzip")
	}
	addSignatures(parcel.header, a, parcel.body)
	return parcel
}

func entryOf(pageID string, now time.Time, items []item) string {
	key := "messaging"
	if items[0].standby {
		key = "standby"
	}
	elements := make([]string, len(items))
	for i, it := range items {
		elements[i] = string(it.body)
	}
	return fmt.Sprintf(`{"id":"%s","time":%d,"%s":[%s]}`, pageID, now.UnixMilli(), key, strings.Join(elements, ","))
}

func compress(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body) // a bytes.Buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

// addSignatures signs the body, rightly or as Delivery.Signature wants it.
func addSignatures(h http.Header, a *app, body []byte) {
	secret := a.Secret
	if a.Delivery.Signature == "secret" {
		secret += "x"
	}
	long, short := sign(secret, body)
	switch a.Delivery.Signature {
	case "missing":
		return
	case "sha1":
		long = ""
	case "flipped":
		last := byte('0')
		if long[len(long)-1] == last {
			last = '1'
		}
		long = long[:len(long)-1] + string(last)
	case "short":
		long = long[:len(long)-8]
	case "doubled":
		long = strings.Replace(long, "=", "==", 1)
	}
	if long != "" {
		h.Set("X-Hub-Signature-256", long)
	}
	h.Set("X-Hub-Signature", short)
}
