package dialogue

import (
	"strings"
	"testing"
)

// A reminder outlives new versions of the scripts (L-BOT-8, L-REM-3): its script is
// found wherever it stands by then, and what it leads to is that of the new version.
// One that no longer stands in any reminder is dropped.
func TestRemindersOutliveReloads(t *testing.T) {
	const cases = `
{"name":"moved","dialect":"dexter","needs":["clock"],"files":{"default.topic":"+ a\n- ok ^reminder(x, \"For <get name>: <raw>{@ drink}</raw>\", 1 hour)\n+ drink\n- old\n"},"steps":[{"set":{"name":"Ann"}},{"say":"a","expect":"ok"},{"load":{"default.topic":"+ drink\n- new\n","t.topic":"+ other\n- ^reminder(y, \"<get x> <raw>{@ drink}</raw>\", 3 hours)\n"}},{"wait":3600,"expect":"For Ann: new"},{"get":{"_reminder_x":"undefined"}}]}
{"name":"gone","dialect":"dexter","needs":["clock"],"files":{"default.topic":"+ a\n- ok ^reminder(x, \"<raw>{@ drink}</raw>\", 1 hour) ^reminder(y, Still here, 2 hours)\n+ drink\n- old\n"},"steps":[{"say":"a","expect":"ok"},{"load":{"default.topic":"+ drink\n- new\n"}},{"wait":3600,"silent":true},{"get":{"_reminder_x":"undefined"}},{"wait":3600,"expect":"Still here"}]}
{"name":"sets itself","dialect":"dexter","needs":["clock"],"files":{"default.topic":"+ a\n- {@ again}\n+ again\n- tick ^reminder(x, \"<raw>{@ again}</raw>\", 12)\n"},"steps":[{"say":"a","expect":"tick tick"},{"wait":3,"expect":"tick tick tick"}]}
{"name":"as written","dialect":"dexter","files":{"default.topic":"+ a\n- ok ^reminder(x, \"Hi <get name>! <raw>{@ drink} \\\"</raw>\", 1 hour)\n+ drink\n- Drink\n"},"steps":[{"set":{"name":"A\"nn"}},{"say":"a","expect":"ok","actions":[["reminder","x","Hi A\"nn! <raw>{@ drink} \\\"</raw>","1 hour"]]}]}
`
	list, err := ReadCases(strings.NewReader(cases))
	if err != nil {
		t.Fatal(err)
	}
	for engine, build := range builds(t) {
		for _, c := range list {
			if err := c.Run(t.Context(), build); err != nil {
				t.Errorf("%s: %v", engine, err)
			}
		}
	}
}
