package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/advice"
)

// lookRunning asks the running host how it is.
func lookRunning(ctx context.Context, r *round) Finding {
	status, body, err := r.probe(ctx, http.MethodGet, strings.TrimRight(r.Public, "/")+"/readyz", nil)
	var told struct {
		Ready  *bool `json:"ready"`
		Checks []struct {
			Name  string `json:"name"`
			OK    bool   `json:"ok"`
			Error string `json:"error"`
		} `json:"checks"`
	}
	if err != nil || json.Unmarshal([]byte(body), &told) != nil || told.Ready == nil {
		return skipped("it does not tell how it is at /readyz (%d): perhaps that is not open to the world", status)
	}
	if *told.Ready {
		return fine("store and scripts are ready")
	}
	var faults []string
	for _, c := range told.Checks {
		if !c.OK {
			faults = append(faults, c.Name+": "+c.Error)
		}
	}
	return broken(strings.Join(faults, "; "), "The host takes messages and cannot answer them.", "Mend what it names: the store, or the scripts (footlight check). It goes on by itself.")
}

func lookPause(ctx context.Context, r *round) Finding {
	if r.Host == nil {
		return skipped("the host's store cannot be asked from here")
	}
	reason, until, err := r.Host.Pause(ctx, r.PageID)
	switch {
	case err != nil:
		return unasked(err)
	case reason == "":
		return fine("the Page is not paused")
	}
	f := broken("the Page is paused: "+reason, "The bot hears and thinks, and says nothing; its messages are kept.", "When the reason is gone: footlight page resume "+r.PageID+".")
	if !until.IsZero() {
		f.Found += ", until " + until.UTC().Format("2 January 15:04 UTC")
	}
	if found := advice.Find(reason); len(found) > 0 {
		f.Means, f.Code = found[0].Means+" "+f.Means, found[0].Name()
	}
	f.Plan = []string{"resume the Page: what was kept goes out"}
	return f
}

func mendPause(ctx context.Context, r *round, _ Guide) error { return r.Host.Resume(ctx, r.PageID) }

// recent is how far back messages that were given up are told of.
const recent = 24 * time.Hour

// Recent is the time after which what was given up is told of.
func Recent(now time.Time) time.Time { return now.Add(-recent) }

func lookGivenUp(ctx context.Context, r *round) Finding {
	if r.Host == nil {
		return skipped("the host's store cannot be asked from here")
	}
	reasons, err := r.Host.GivenUp(ctx, r.PageID)
	switch {
	case err != nil:
		return unasked(err)
	case len(reasons) == 0:
		return fine("none within a day")
	}
	counts, newest := map[string]int{}, advice.Advice{}
	var means, cures []string
	for _, reason := range reasons {
		found := advice.Find(reason)
		if len(found) == 0 {
			continue
		}
		a := found[0]
		if counts[a.Name()]++; counts[a.Name()] == 1 {
			means, cures, newest = append(means, a.Name()+": "+a.Means), append(cures, a.Cure), a
		}
	}
	f := warning(fmt.Sprintf("%d within a day; the newest: %s", len(reasons), reasons[len(reasons)-1]), "Some people did not get what the bot said.", "footlight user list and footlight user show tell who, what and why.")
	if len(means) > 0 {
		f.Means, f.Cure, f.Code = strings.Join(means, " "), strings.Join(cures, " "), newest.Name()
	}
	return f
}
