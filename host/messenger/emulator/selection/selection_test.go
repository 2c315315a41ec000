package selection

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, row := range []struct {
		source string
		want   Fields
	}{
		{"", nil},
		{"id", Fields{{Name: "id"}}},
		{" id , name ,", Fields{{Name: "id"}, {Name: "name"}}},
		{"messages{id,from{name}},link", Fields{
			{Name: "messages", Of: Fields{{Name: "id"}, {Name: "from", Of: Fields{{Name: "name"}}}}}, {Name: "link"},
		}},
		{"messages.limit(5).order(chronological){id}", Fields{{Name: "messages", Limit: 5, Of: Fields{{Name: "id"}}}}},
		{"messages{}", Fields{{Name: "messages"}}},
	} {
		got, err := Parse(row.source)
		if err != nil || !reflect.DeepEqual(got, row.want) {
			t.Errorf("%q: %+v, %v; want %+v", row.source, got, err, row.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, row := range []struct{ source, want string }{
		{"messages{id", "byte 11: a brace is not closed"},
		{"id}", "byte 2: unexpected '}'"},
		{"id name", "byte 3: unexpected 'n'"},
		{"{id}", "want a field's name"},
		{"messages.limit", "want a modifier"},
		{"messages.limit(0)", "want a positive number"},
		{strings.Repeat("a{", 7), "nest more than 5 deep"},
		{strings.Repeat("a", maxSource+1), "at most 10000"},
	} {
		if _, err := Parse(row.source); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%.30q: error %v, want %q in it", row.source, err, row.want)
		}
	}
}

func TestPick(t *testing.T) {
	all := map[string]any{"id": 1, "name": "x", "empty": nil}
	for _, row := range []struct {
		fields  string
		want    map[string]any
		unknown string
	}{
		{"", map[string]any{"id": 1, "name": "x"}, ""},
		{"name", map[string]any{"id": 1, "name": "x"}, ""},
		{"empty", map[string]any{"id": 1}, ""},
		{"name,nothing", nil, "nothing"},
	} {
		f, err := Parse(row.fields)
		if err != nil {
			t.Fatal(err)
		}
		got, unknown := f.Pick(all, "name")
		if unknown != row.unknown || !reflect.DeepEqual(got, row.want) {
			t.Errorf("%q: %v, unknown %q", row.fields, got, unknown)
		}
	}
}

// Pages that follow their cursors have each item once.
func TestPage(t *testing.T) {
	var items []int
	for i := range 253 {
		items = append(items, i)
	}
	for limit, want := range map[int]int{0: 25, 1: 1, 100: 100, 1000: 100} {
		var all []any
		after := ""
		for n := 0; ; n++ {
			page, err := Page(items, limit, after, func(i int) any { return i })
			if err != nil {
				t.Fatal(err)
			}
			data := page["data"].([]any)
			if all = append(all, data...); len(all) == len(items) {
				break
			}
			if len(data) != want || n > len(items) {
				t.Fatalf("limit %d: a page of %d", limit, len(data))
			}
			after = page["paging"].(map[string]any)["cursors"].(map[string]any)["after"].(string)
		}
		if fmt.Sprint(all) != fmt.Sprint(items) {
			t.Errorf("limit %d: %v", limit, all)
		}
	}
	if _, err := Page(items, 5, "nonsense", func(i int) any { return i }); err == nil {
		t.Error("a cursor that nobody gave: no error")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "id,name", "messages.limit(5){id,from{name}}", "a{b{c{d{e}}}}", "}", "a.b(", "a{,}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		fields, err := Parse(source)
		if err != nil {
			return
		}
		again, err := Parse(write(fields))
		if err != nil || !reflect.DeepEqual(again, fields) {
			t.Errorf("%q reads as %+v, written %q, read again %+v, %v", source, fields, write(fields), again, err)
		}
	})
}

func write(f Fields) string {
	parts := make([]string, len(f))
	for i, one := range f {
		parts[i] = one.Name
		if one.Limit > 0 {
			parts[i] += fmt.Sprintf(".limit(%d)", one.Limit)
		}
		if one.Of != nil {
			parts[i] += "{" + write(one.Of) + "}"
		}
	}
	return strings.Join(parts, ",")
}
