package messenger_test

import (
	"testing"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/advice"
)

// Whatever the table of verdicts knows (messenger.md section 5.3) is explained.
func TestEveryVerdictHasAdvice(t *testing.T) {
	for _, c := range messenger.Judged() {
		if a, ok := advice.Of(c[0], c[1]); !ok || a.Code != c[0] || a.Subcode != c[1] {
			t.Errorf("%v has a verdict and no advice", c)
		}
	}
}
