package action

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Referral is where the person came from (messenger.md §6).
func (a Action) Referral() map[string]any {
	r := map[string]any{"type": "OPEN_THREAD", "source": "SHORTLINK"}
	if a.Ref != "" {
		r["ref"] = a.Ref
	}
	if a.AdID != "" {
		r["source"], r["ad_id"] = "ADS", a.AdID
		r["ads_context_data"] = map[string]any{"ad_title": "Ad " + a.AdID, "photo_url": "https://example.org/ad.jpg", "post_id": a.AdID}
	}
	if a.URL != "" {
		r["referer_uri"] = a.URL
	}
	return r
}

// maxRef is the longest ref of an m.me link, in characters of its encoded form.
const maxRef = 2083

// CheckReferral reports what no link or ad can bring along.
func (a Action) CheckReferral() error {
	if a.Ref == "" && a.AdID == "" {
		return fmt.Errorf("neither ref nor ad_id is given")
	}
	if len(url.QueryEscape(a.Ref)) > maxRef || strings.ContainsFunc(a.Ref, notInRef) {
		return fmt.Errorf("ref %.40q: want letters, digits, '-', '_' and '=', %d at most", a.Ref, maxRef)
	}
	return nil
}

func notInRef(r rune) bool {
	const signs = "-_="
	letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	return !letter && !strings.ContainsRune(signs, r)
}

// Lead is the referral that brings the answers to a lead ad.
func (a Action) Lead() (map[string]any, error) {
	answers, err := a.Object("lead")
	if err != nil {
		return nil, err
	}
	data := []any{}
	for _, question := range slices.Sorted(maps.Keys(answers)) {
		data = append(data, map[string]any{"question": question, "answer": answers[question]})
	}
	return map[string]any{"type": "LEAD_COMPLETE", "source": "ADS", "ad_id": a.AdID, "lead": map[string]any{"data": data}}, nil
}
