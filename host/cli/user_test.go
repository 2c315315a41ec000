package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/cli/shell"
)

// TestUserUsage: what is missing or wrong is told with an example, before any store is made.
func TestUserUsage(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, row := range []struct {
		args []string
		want string
	}{
		{[]string{"user", "show"}, "footlight user show 104290001"},
		{[]string{"user", "show", "1"}, "on which Page is 1?"},
		{[]string{"user", "list"}, "which Page?"},
		{[]string{"user", "show", "1", "2", "3"}, "3 arguments given"},
		{[]string{"user", "show", "1", "2"}, "there is no file"},
		{[]string{"user", "shwo", "1"}, "did you mean show"},
		{[]string{"page", "resume", "1", "--store", "bolt:nowhere.db"}, "there is no file nowhere.db"},
		{[]string{"user", "erase", "1", "2", "--store", "mysql://x"}, "store: an address begins with"},
		{[]string{"trace"}, "footlight trace ID"},
		{[]string{"trace", "x", "nowhere.log"}, "nowhere.log"},
	} {
		var out bytes.Buffer
		env := shell.Environment{In: strings.NewReader(""), Out: &out, Err: &out, Getenv: environment(nil)}
		if code := Main(row.args, env); code != exitFailed || !strings.Contains(out.String(), row.want) {
			t.Errorf("footlight %s: %d %s, want %q", strings.Join(row.args, " "), code, out.String(), row.want)
		}
	}
}
