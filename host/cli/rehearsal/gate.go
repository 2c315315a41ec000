package rehearsal

import (
	"context"
	"fmt"
	"regexp"

	"github.com/footlight-bots/footlight/host/cli/shell"
)

// Gate runs the conversation tests of a folder before it is published, and tells how many passed.
func Gate(ctx context.Context, env shell.Environment, dir string) (passed int, err error) {
	t, end, err := NewTester(ctx, env, TestOptions{Format: "text"}, regexp.MustCompile(""))
	if err != nil {
		return 0, err
	}
	defer end()
	one, err := t.folder(ctx, dir)
	if err != nil {
		return 0, err
	}
	if len(one.outcomes) == 0 {
		_, _ = fmt.Fprintln(env.Out, "no conversation tests: nothing but the build says that this version is right")
		return 0, nil
	}
	all := []tested{one}
	if err := t.report(all); err != nil {
		return 0, err
	}
	sum := total(all)
	if sum.Failed > 0 {
		return 0, shell.Finding(fmt.Sprintf("%d of %d tests failed; nothing was published (--no-test publishes all the same)", sum.Failed, sum.Failed+sum.Passed))
	}
	return sum.Passed, nil
}
