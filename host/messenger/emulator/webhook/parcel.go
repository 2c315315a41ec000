package webhook

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Item is one event that waits for delivery.
type Item struct {
	Body     json.RawMessage
	Standby  bool
	Due      time.Time // not to be posted before; zero: at once
	overtook int       // how many later events went before it
}

// Parcel is one POST: what it says, and the bytes and headers that say it.
type Parcel struct {
	Elements []string // for the log: the events as they were queued
	Body     []byte
	Header   http.Header
	Tries    int // POSTs so far

	due   time.Time // of a spaced repeat
	first time.Time // first failure
}

// Envelope says how events are put into one POST.
type Envelope struct {
	Page     string
	Secret   string // of the app
	Now      time.Time
	PerEntry int    // events in one entry, at least 1 (F4)
	Escapes  string // set of escapes (F9)
	Delivery Delivery
}

// Pack puts queued items into one POST body, standby and messaging apart.
func Pack(items []Item, v Envelope) *Parcel {
	parcel := &Parcel{Header: http.Header{}}
	var entries []string
	for i := 0; i < len(items); {
		end := i
		for end < len(items) && end-i < v.PerEntry && items[end].Standby == items[i].Standby {
			end++
		}
		entries = append(entries, entryOf(v.Page, v.Now, items[i:end]))
		i = end
	}
	for _, it := range items {
		parcel.Elements = append(parcel.Elements, string(it.Body))
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
	key := "messaging"
	if items[0].Standby {
		key = "standby"
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
