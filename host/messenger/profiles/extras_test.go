package profiles

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
)

// Section 4.2: one field too many fails the whole call. Which one it was is found out once, and then left
// out for a day; what fails for another reason says nothing about permissions.
func TestExtras(t *testing.T) {
	denied := &messenger.APIError{Status: 403, Code: 2018247}
	for _, row := range []struct {
		name   string
		told   map[messenger.Extra]string
		err    error // of what is not told
		want   map[string]string
		calls  string // for two people
		anyway string // and for a third, a day later
	}{
		{"all", map[messenger.Extra]string{messenger.Gender: "f", messenger.Locale: "fr_CA", messenger.Timezone: "2"}, denied, map[string]string{"_userGender": "f", "_userLocale": "fr_CA", "_userTimezone": "2"}, "GLT GLT", "GLT"},
		{"some", map[messenger.Extra]string{messenger.Locale: "fr_CA"}, denied, map[string]string{"_userLocale": "fr_CA"}, "GLT G L T L", "GLT G L T"},
		{"none", nil, denied, map[string]string{}, "GLT G L T", "GLT G L T"},
		{"none, in the other position", nil, &messenger.APIError{Code: 10, Subcode: 2018247}, map[string]string{}, "GLT G L T", "GLT G L T"},
		{"none, as a plain permission", nil, &messenger.APIError{Code: 10}, map[string]string{}, "GLT G L T", "GLT G L T"},
		{"no such person", nil, &messenger.APIError{Code: 100, Subcode: 33}, nil, "GLT GLT", "GLT"},
		{"no answer", nil, errors.New("reset"), nil, "GLT GLT", "GLT"},
	} {
		t.Run(row.name, func(t *testing.T) {
			now := clock.NewVirtual(opening)
			var calls []string
			r := &extraReader{now: now.Now, denied: map[denial]time.Time{}, fetch: func(_ context.Context, _, _ string, wanted []messenger.Extra) (map[string]string, error) {
				letters, out := "", map[string]string{}
				for _, x := range wanted {
					letters += strings.ToUpper(string(x[:1]))
					out[x.Variable()] = row.told[x]
				}
				calls = append(calls, letters)
				for _, x := range wanted {
					if row.told[x] == "" {
						return nil, row.err
					}
				}
				return out, nil
			}}
			for i := range 2 {
				got := r.read(t.Context(), "9", fmt.Sprint(i), messenger.Extras())
				if diff := cmp.Diff(row.want, got); diff != "" && len(row.want)+len(got) > 0 {
					t.Error(diff)
				}
			}
			if got := strings.Join(calls, " "); got != row.calls {
				t.Errorf("calls %q, want %q", got, row.calls)
			}
			calls = nil
			now.Advance(ExtraRetry)
			if r.read(t.Context(), "9", "3", messenger.Extras()); strings.Join(calls, " ") != row.anyway {
				t.Errorf("a day later: calls %q, want %q", calls, row.anyway)
			}
		})
	}
}
