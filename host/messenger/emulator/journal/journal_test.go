package journal

import "testing"

func TestLogsAreBounded(t *testing.T) {
	var l Log[int]
	for i := range 5*maxEntries + 1 {
		l.Add(i)
	}
	last := l.Last()
	if len(last) != maxEntries || last[0] != 4*maxEntries+1 || last[len(last)-1] != 5*maxEntries || len(l.entries) > maxEntries {
		t.Errorf("%d kept, first %d", len(last), last[0])
	}
}
