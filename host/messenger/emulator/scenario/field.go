package scenario

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

func (l *line) keys(options map[string]word) []string { return slices.Sorted(maps.Keys(options)) }

// names are the JSON names of a struct that a scenario can set.
func names(into any) []string {
	t := reflect.TypeOf(into).Elem()
	var out []string
	for i := range t.NumField() {
		tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if tag == "" {
			tag = strings.ToLower(t.Field(i).Name)
		}
		out = append(out, tag)
	}
	slices.Sort(out)
	return out
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }
