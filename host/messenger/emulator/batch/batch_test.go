package batch

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

func TestRead(t *testing.T) {
	v, err := value.Decode([]byte(`[{"method":"post","relative_url":"me/messages","body":"a=1","name":"x"},
		{"method":"GET","relative_url":"me","depends_on":"x","omit_response_on_success":true},{"method":"DELETE","relative_url":"7","name":"y","omit_response_on_success":false}]`))
	if err != nil {
		t.Fatal(err)
	}
	items, refused := Read(v)
	if refused != nil {
		t.Fatal(refused)
	}
	want := []Item{
		{Method: "POST", URL: "me/messages", Body: "a=1", Name: "x", Quiet: true},
		{Method: "GET", URL: "me", After: "x", Quiet: true},
		{Method: "DELETE", URL: "7", Name: "y"},
	}
	if !slices.Equal(items, want) {
		t.Errorf("%+v, want %+v", items, want)
	}
	if again, refused := Read(string(value.Raw(v))); refused != nil || !slices.Equal(again, want) {
		t.Errorf("as JSON text: %+v, %v", again, refused)
	}
}

func TestReadRefuses(t *testing.T) {
	const one = `{"method":"GET","relative_url":"me"}`
	for _, row := range []struct{ source, want string }{
		{`[]`, "at least one call"},
		{`{}`, "at least one call"},
		{`[` + strings.TrimSuffix(strings.Repeat(one+",", 51), ",") + `]`, "Maximum batch size is 50"},
		{`[{"method":"PUT","relative_url":"me"}]`, "batch[0][method]"},
		{`[` + one + `,{"method":"GET"}]`, "batch[1][relative_url]"},
		{`[{"method":"GET","relative_url":"me","depends_on":"x"}]`, "names no earlier call"},
		{`[{"method":"GET","relative_url":"me","name":"x"},{"method":"GET","relative_url":"me","name":"x"}]`, "used twice"},
	} {
		v, err := value.Decode([]byte(row.source))
		if err != nil {
			t.Fatal(err)
		}
		if _, refused := Read(v); refused == nil || !strings.Contains(refused.Text, row.want) {
			t.Errorf("%.60s: %+v, want %q in it", row.source, refused, row.want)
		}
	}
}

// Each item runs once, behind the one it waits for; free ones change places.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "items")
		items := make([]Item, n)
		for i := range items {
			items[i].Name = string(rune('a' + i))
			if i > 0 && rapid.Bool().Draw(t, "waits") {
				items[i].After = items[rapid.IntRange(0, i-1).Draw(t, "for")].Name
			}
		}
		order := Order(items, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)))
		at := map[string]int{}
		for place, i := range order {
			at[items[i].Name] = place
		}
		if len(at) != n || len(order) != n {
			t.Fatalf("order %v of %d items", order, n)
		}
		for _, it := range items {
			if it.After != "" && at[it.After] > at[it.Name] {
				t.Fatalf("%s ran before %s", it.Name, it.After)
			}
		}
	})
	free := make([]Item, 10)
	if slices.IsSorted(Order(free, rand.New(rand.NewPCG(1, 1)))) {
		t.Error("items that wait for nothing ran in their order")
	}
}

// What a call takes from the answer to another, and that it waits for it.
func TestReferences(t *testing.T) {
	v, err := value.Decode([]byte(`[{"method":"GET","relative_url":"me/personas","name":"list"},
		{"method":"GET","relative_url":"?ids={result=list:$.data.*.id}&first={result=list:$.data[0].name}&none={result=list:$.data[7].id}{result=list:$.no}"}]`))
	if err != nil {
		t.Fatal(err)
	}
	items, refused := Read(v)
	if refused != nil {
		t.Fatal(refused)
	}
	if items[0].After != "" || items[1].After != "list" {
		t.Errorf("waits for %q and %q", items[0].After, items[1].After)
	}
	answer, err := value.Decode([]byte(`{"data":[{"id":"1","name":"Ada"},{"id":"2","name":"Bo"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := items[1].With(map[string]any{"list": answer}).URL, "?ids=1,2&first=Ada&none="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
