package dialogue

import (
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/turn"
)

// A case fails when its bot asks what the case does not list, or asks otherwise.
func TestCasesHoldRequestsToTheirList(t *testing.T) {
	const head = `{"name":"x","dialect":"dexter","files":{"default.topic":"+ a\n$ POST https://a.example/ {\"headers\":{\"K\":\"1\"},\"body\":{\"n\":1}}\n- ok\n"},"needs":["http"],"steps":[{"say":"a"}],"http":[`
	tests := []struct{ name, entry, want string }{
		{"as listed", `{"method":"post","url":"https://a.example/","status":200,"text":"","expect":{"headers":{"k":"1"},"body":{"n":1.0}}}`, ""},
		{"not listed", `{"method":"GET","url":"https://a.example/","status":200}`, "the case holds no answer to POST https://a.example/"},
		{"another header", `{"method":"POST","url":"https://a.example/","status":200,"expect":{"headers":{"K":"2"}}}`, `header K is "1", want "2"`},
		{"another body", `{"method":"POST","url":"https://a.example/","status":200,"expect":{"body":"n"}}`, `the body is {"n":1}, want "n"`},
	}
	for _, tt := range tests {
		cases, err := ReadCases(strings.NewReader(head + tt.entry + "]}"))
		if err != nil {
			t.Fatal(err)
		}
		for engine, build := range builds(t) {
			err := cases[0].Run(t.Context(), build)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %s: error is %v, want one with %q", tt.name, engine, err, tt.want)
			}
		}
	}
}

func TestDirectionsOfCases(t *testing.T) { // L-EXT-6
	cases, err := ReadCases(strings.NewReader(`{"name":"x","dialect":"dexter","files":{"a.topic":""},"directions":{"shop:cart":{"attributes":{"n":{"kind":"integer","default":"7"}},"block":true,"returns":"%n% %body% %n"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		call          world.Direction
		want, problem string
	}{
		{world.Direction{Name: "shop:cart", Block: "%n%"}, "7 %n% %n", ""},
		{world.Direction{Name: "cart", Attributes: []world.Attribute{{Name: "n", Value: "8"}}}, "8  %n", ""},
		{world.Direction{Name: "cart", Attributes: []world.Attribute{{Name: "n", Value: "eight"}}}, "", `"n" must be a number`},
		{world.Direction{Name: "shop"}, "", "it is not installed"},
	}
	for _, tt := range tests {
		done := cases[0].Directions.Direct(t.Context(), turn.Cue{Direction: tt.call})
		if done.Problem != tt.problem || tt.problem == "" && (len(done.Effects) != 1 || done.Effects[0].Token.Text != tt.want) {
			t.Errorf("%+v gives %+v", tt.call, done)
		}
	}
}
