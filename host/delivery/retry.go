package delivery

import "time"

// schedule is the longest pause before each further try (messenger.md section
// 5.4); beyond its end the last entry goes on.
var schedule = [...]time.Duration{1 * time.Second, 4 * time.Second, 15 * time.Second, 60 * time.Second, 240 * time.Second}

// longest is the entry of the schedule after the tries-th failure, counted from 0.
func longest(tries int) time.Duration {
	return schedule[min(max(tries, 0), len(schedule)-1)]
}

// pause is how long to wait after the tries-th failure, counted from 0: a part of
// the schedule's entry drawn by chance, which lies in [0, 1). The whole interval is drawn
// from ("full jitter"), so that hosts and people who failed together do not come back together.
func pause(tries int, chance float64) time.Duration {
	return time.Duration(chance * float64(longest(tries))).Round(time.Millisecond)
}
