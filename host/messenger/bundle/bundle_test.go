package bundle

import (
	"encoding/json"
	"net/url"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the parameters are, the platform reads from a body what was put in.
func TestBody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.String(), 0, 4).Draw(t, "values")
		proof := rapid.SampledFrom([]string{"", "5f"}).Draw(t, "proof")
		headers := rapid.Bool().Draw(t, "headers")
		var forms []Form
		for _, v := range values {
			forms = append(forms, Form{}.With("a", []byte(v)).With("b", []byte(`{"c":"d"}`)))
		}
		body := Body("me/messages", forms, headers, "proof", proof)
		var got struct {
			Batch []struct {
				Method string
				Path   string `json:"relative_url"`
				Body   string
			}
			Headers bool `json:"include_headers"`
			Proof   string
		}
		if err := json.Unmarshal(body, &got); err != nil || len(got.Batch) != len(values) || got.Headers != headers || got.Proof != proof {
			t.Fatalf("%s: %v", body, err)
		}
		for i, one := range got.Batch {
			form, err := url.ParseQuery(one.Body)
			if err != nil || one.Method != "POST" || one.Path != "me/messages" || form.Get("a") != values[i] || form.Get("b") != `{"c":"d"}` || form.Get("proof") != proof {
				t.Fatalf("call %d of %s: %v", i, body, err)
			}
		}
	})
}
