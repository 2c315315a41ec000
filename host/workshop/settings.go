package workshop

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// Settings are the lines of a plug-in's table in bot.toml that grant all that it wants.
func Settings(wants []direction.Want) []string {
	lists := map[string][]string{}
	var order []string
	add := func(setting string, items ...string) {
		if _, known := lists[setting]; !known {
			order = append(order, setting)
		}
		lists[setting] = append(lists[setting], items...)
	}
	for _, w := range wants {
		c, _ := abi.CapabilityNamed(w.Capability)
		if c.Items == "" {
			add(c.Setting, c.Name)
		} else {
			add(c.Setting, w.Items...)
		}
	}
	lines := make([]string, len(order))
	for i, setting := range order {
		quoted := make([]string, len(lists[setting]))
		for j, item := range lists[setting] {
			if quoted[j] = strconv.Quote(item); setting == "config" {
				quoted[j] = item + ` = "…"`
			}
		}
		open, end := "[", "]"
		if setting == "config" {
			open, end = "{", "}"
		}
		lines[i] = fmt.Sprintf("%s = %s%s%s", setting, open, strings.Join(quoted, ", "), end)
	}
	return lines
}
