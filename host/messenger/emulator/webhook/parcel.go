package webhook

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Item is one event that waits for delivery.
type Item struct {
	Page     string
	Body     json.RawMessage
	Key      string    // of its list in an entry: empty for messaging, Standby or Changes
	Own      *Delivery // how this event misbehaves, instead of the app's way; nil: no other way
	Due      time.Time // not to be posted before; zero: at once
	overtook int       // how many later events went before it
}

// Changes is the key of events that are no messages, such as comments.
const Changes = "changes"

// Parcel is one POST: what it says, and the bytes and headers that say it.
type Parcel struct {
	Elements []string // for the log: the events as they were queued
	Pages    []string // whose events they are
	Body     []byte
	Header   http.Header
	Tries    int // POSTs so far

	Slow, SlowBody time.Duration // delays before it and in its middle

	due   time.Time // of a spaced repeat
	first time.Time // first failure
}

// Envelope says how events are put into one POST.
type Envelope struct {
	Secret   string // of the app
	Now      time.Time
	PerEntry int    // events in one entry, at least 1 (F4)
	Escapes  string // set of escapes (F9)
	Delivery Delivery
}

// Pack puts queued items into one POST body, lists of different keys apart.
func Pack(items []Item, v Envelope) *Parcel {
	parcel := &Parcel{
		Header: http.Header{},
		Slow:   time.Duration(v.Delivery.Slow) * time.Millisecond, SlowBody: time.Duration(v.Delivery.SlowBody) * time.Millisecond,
	}
	var entries []string
	for i := 0; i < len(items); {
		end := i
		for end < len(items) && end-i < v.PerEntry && items[end].Key == items[i].Key && items[end].Page == items[i].Page {
			end++
		}
		entries = append(entries, entryOf(items[i].Page, v.Now, items[i:end]))
		i = end
	}
	for _, it := range items {
		parcel.Elements = append(parcel.Elements, string(it.Body))
		if !slices.Contains(parcel.Pages, it.Page) {
			parcel.Pages = append(parcel.Pages, it.Page)
		}
	}
	set := v.Escapes
	if v.Delivery.Unescaped {
		set = EscapesNone
	}
	parcel.Body = Escape([]byte(`{"object":"page","entry":[`+strings.Join(entries, ",")+`]}`), set)
	parcel.Header.Set("Content-Type", "application/json")
	parcel.Header.Set("User-Agent", "facebookexternalua")
	if v.Delivery.Gzip {
		parcel.Body = compress(parcel.Body)
		parcel.Header.Set("Content-Encoding", "gzip")
	}
	addSignatures(parcel.Header, v.Secret, v.Delivery.Signature, parcel.Body)
	return parcel
}

func entryOf(pageID string, now time.Time, items []Item) string {
	key := items[0].Key
	if key == "" {
		key = "messaging"
	}
	elements := make([]string, len(items))
	for i, it := range items {
		elements[i] = string(it.Body)
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

// addSignatures signs the body, rightly or spoilt as Delivery.Signature says.
func addSignatures(h http.Header, secret, spoilt string, body []byte) {
	if spoilt == "secret" {
		secret += "x"
	}
	long, short := sign(secret, body)
	switch spoilt {
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
