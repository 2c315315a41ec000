package quota

import (
	"container/heap"
	"time"
)

// Engaged counts people who were active within the last day, at a cost that does not
// grow with how often they were. The zero value has none.
type Engaged struct {
	last  map[string]time.Time // of those who count
	queue visits               // one of each who counts, perhaps an earlier one than their last
}

// Note counts an action of a person. now must not go back.
func (g *Engaged) Note(who string, now time.Time) {
	if g.last == nil {
		g.last = map[string]time.Time{}
	}
	if _, counts := g.last[who]; !counts {
		heap.Push(&g.queue, visit{who, now})
	}
	g.last[who] = now
}

// Count is how many people were active within the last day.
func (g *Engaged) Count(now time.Time) int {
	for len(g.queue) > 0 && now.Sub(g.queue[0].at) >= Day {
		who := g.queue[0].who
		if last := g.last[who]; now.Sub(last) < Day {
			g.queue[0].at = last
			heap.Fix(&g.queue, 0)
			continue
		}
		delete(g.last, who)
		heap.Pop(&g.queue)
	}
	return len(g.last)
}

type visit struct {
	who string
	at  time.Time
}

// visits is a heap with the oldest visit on top.
type visits []visit

func (v visits) Len() int           { return len(v) }
func (v visits) Less(i, j int) bool { return v[i].at.Before(v[j].at) }
func (v visits) Swap(i, j int)      { v[i], v[j] = v[j], v[i] }
func (v *visits) Push(x any)        { *v = append(*v, x.(visit)) }

func (v *visits) Pop() any {
	n := len(*v) - 1
	last := (*v)[n]
	*v = (*v)[:n]
	return last
}
