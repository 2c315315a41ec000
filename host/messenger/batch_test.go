package messenger

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What each answer within a batch, and each answer to the batch as a whole, means for each of three messages (messenger.md
// sections 3.10 and 5.2). Each is a class, or the id of the message.
func TestSendAllOutcomes(t *testing.T) {
	const yes = `{"code":200,"body":"{\"recipient_id\":\"7\",\"message_id\":\"m_1\"}"}`
	inner := func(code, body string) string {
		return `{"code":` + code + `,"body":"` + strings.ReplaceAll(body, `"`, `\"`) + `"}`
	}
	for _, row := range []struct {
		name, answer string
		status       int
		want         string // classes or ids; of an error of the whole: its class alone
	}{
		{"all well", "[" + yes + "," + yes + "," + yes + "]", 200, "m_1 m_1 m_1"},
		{"one null", "[" + yes + ",null," + yes + "]", 200, "m_1 A m_1"},
		{"one no object", "[" + yes + ",7," + yes + "]", 200, "m_1 A m_1"},
		{"too few", "[" + yes + "]", 200, "m_1 A A"},
		{"window of one", "[" + yes + "," + inner("400", `{"error":{"code":10,"error_subcode":2018278}}`) + "," + yes + "]", 200, "m_1 W m_1"},
		{"person of one, text of another", "[" + inner("400", `{"error":{"code":551}}`) + "," + inner("400", `{"error":{"code":100}}`) + "," + yes + "]", 200, "U M m_1"},
		{"rate of one", "[" + inner("400", `{"error":{"code":613}}`) + "," + yes + "," + yes + "]", 200, "R m_1 m_1"},
		{"500 of one", "[" + inner("500", `{"error":{"code":2}}`) + "," + yes + "," + yes + "]", 200, "A m_1 m_1"},
		{"a gateway's page for one", "[" + inner("502", "<html>") + "," + yes + "," + yes + "]", 200, "A m_1 m_1"},
		{"success without an id", "[" + inner("200", "{}") + "," + yes + "," + yes + "]", 200, "A m_1 m_1"},
		{"success cut short", "[" + inner("200", `{"recip`) + "," + yes + "," + yes + "]", 200, "A m_1 m_1"},
		{"code as text", `[{"code":"200","body":"{\"message_id\":\"m_2\"}"},` + yes + "," + yes + "]", 200, "m_2 m_1 m_1"},
		{"no list", `{"data":[]}`, 200, "A"},
		{"cut short", `[{"code":200,"bo`, 200, "A"},
		{"dead token", `{"error":{"code":190}}`, 400, "P"},
		{"app limit", `{"error":{"code":4}}`, 400, "R"},
		{"arrived all the same", `{"error":{"code":1,"error_subcode":1357046}}`, 400, "A"},
		{"gateway", "<html>", 503, "A"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := graph(t, func(w http.ResponseWriter, _ *http.Request) { answer(w, row.status, row.answer) })
			out, err := c.SendAll(t.Context(), []Parcel{{"7", Outgoing{Text: "a"}}, {"8", Outgoing{Text: "b"}}, {"9", Outgoing{Text: "c"}}})
			var got []string
			if err != nil {
				got = append(got, string(Judge(err).Class))
			}
			for _, o := range out {
				if o.Err != nil {
					got = append(got, string(Judge(o.Err).Class))
					continue
				}
				got = append(got, o.Receipt.MessageID)
			}
			if strings.Join(got, " ") != row.want {
				t.Errorf("got %v, want %s", got, row.want)
			}
		})
	}
}

// Each message of a batch has the usage that its own answer tells, and what the call tells where that tells none.
func TestSendAllUsage(t *testing.T) {
	c := graph(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-App-Usage", `{"call_count":5}`)
		answer(w, 200, `[{"code":200,"headers":[{"name":"Date","value":"x"},{"name":"x-app-usage","value":"{\"call_count\":99}"}],"body":"{\"message_id\":\"m\"}"},{"code":200,"body":"{\"message_id\":\"m\"}"}]`)
	})
	out, err := c.SendAll(t.Context(), []Parcel{{"7", Outgoing{Text: "a"}}, {"8", Outgoing{Text: "b"}}})
	if err != nil || out[0].Receipt.Usage.App != 99 || out[1].Receipt.Usage.App != 5 {
		t.Errorf("%+v %v", out, err)
	}
}

// Whatever a message says, its call in a batch tells the platform what a call of its own would.
func TestSendAllForms(t *testing.T) {
	var body []byte
	c := graph(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		answer(w, 200, `[]`)
	})
	rapid.Check(t, func(t *rapid.T) {
		m := Outgoing{Text: "a" + rapid.String().Draw(t, "text"), Metadata: "x", PersonaID: rapid.SampledFrom([]string{"", "5"}).Draw(t, "persona")}
		if _, err := c.SendAll(context.Background(), []Parcel{{"7", m}, {"8", m}}); err != nil {
			t.Fatal(err)
		}
		var got struct {
			Batch []struct{ Method, Body string }
		}
		if err := json.Unmarshal(body, &got); err != nil || len(got.Batch) != 2 {
			t.Fatalf("%s: %v", body, err)
		}
		form, err := url.ParseQuery(got.Batch[1].Body)
		message, _ := json.Marshal(m)
		if err != nil || form.Get("message") != string(message) || form.Get("recipient") != `{"id":"8"}` || form.Get("persona_id") != m.PersonaID {
			t.Fatalf("%v %v", form, err)
		}
	})
}

// What no call can bring is refused before it leaves, and what can be sent goes without it; the proof is in each call.
func TestSendAllChecks(t *testing.T) {
	var calls, proofs int
	c := graph(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		calls++
		proofs = strings.Count(string(body), paramProof)
		answer(w, 200, `[{"code":200,"body":"{\"message_id\":\"m_8\"}"}]`)
	})
	if _, err := c.SendAll(t.Context(), []Parcel{{"7", Outgoing{Text: "a"}}, {"7", Outgoing{Text: "b"}}}); err == nil {
		t.Error("two messages to one person went in one call")
	}
	if _, err := c.SendAll(t.Context(), make([]Parcel, MaxBatch+1)); err == nil {
		t.Error("more went than a batch takes")
	}
	if calls != 0 {
		t.Errorf("%d calls were made", calls)
	}
	out, err := c.SendAll(t.Context(), []Parcel{{"7", Outgoing{}}, {"8", Outgoing{Text: "b", PersonaID: "5"}}})
	if err != nil || out[0].Err == nil || out[1].Err != nil || out[1].Receipt.MessageID != "m_8" || proofs != 2 {
		t.Errorf("%+v %v, %d proofs", out, err, proofs)
	}
	var refused *APIError
	if errors.As(out[0].Err, &refused) {
		t.Errorf("the empty message reached the platform: %v", refused)
	}
}

// Media that the platform fetches, and messages to people whose thread is not known, do not go with others.
func TestTogether(t *testing.T) {
	for _, row := range []struct {
		name, person string
		message      Outgoing
		want         bool
	}{
		{"text", "7", Outgoing{Text: "a"}, true},
		{"template", "7", attach("template", struct{}{}), true},
		{"picture", "7", attach("image", struct{}{}), false},
		{"video", "7", attach("video", struct{}{}), false},
		{"private reply", "comment.MQ", Outgoing{Text: "a"}, false},
		{"checkbox", Checkbox("u"), Outgoing{Text: "a"}, false},
	} {
		if got := Together(row.person, row.message); got != row.want {
			t.Errorf("%s: %t", row.name, got)
		}
	}
}
