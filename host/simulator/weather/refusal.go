package weather

import (
	"math/rand/v2"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// A Refusal is an answer of the platform that the schedule can ask for, with what it does
// to what waits: "again": it is tried again; "drop": this message is given up; "dropAll": all that waits for the
// person is; "doubt": it may have been delivered.
type Refusal struct {
	Weight int
	Means  string
	emulator.Fault
}

// Refusals are the answers to one message.
var Refusals = []Refusal{
	{4, "again", emulator.Fault{Code: 1200}},
	{2, "again", emulator.Fault{Code: 613}},
	{1, "again", emulator.Fault{Code: 4}},
	{1, "again", emulator.Fault{Code: 80006}},
	{1, "again", emulator.Fault{Code: 9}},
	{4, "doubt", emulator.Fault{Code: 2, Status: 500}},
	{4, "doubt", emulator.Fault{Code: 2, Status: 500, Deliver: true}},
	{2, "doubt", emulator.Fault{Kind: "html", Status: 502}},
	{2, "doubt", emulator.Fault{Kind: "html", Status: 503, Deliver: true}},
	{2, "doubt", emulator.Fault{Kind: "garbage", Deliver: true}},
	{2, "drop", emulator.Fault{Code: 100, Subcode: 2018109}},
	{1, "dropAll", emulator.Fault{Code: 551}},
	{1, "dropAll", emulator.Fault{Code: 10, Subcode: 2018278}},
}

// Whole are what the platform can answer to a call that brings several messages, as a whole. What it refuses only
// because they come together is tried again at once, one by one.
var Whole = []Refusal{
	{3, "doubt", emulator.Fault{Code: 1, Subcode: 1357046, Deliver: true}},
	{2, "doubt", emulator.Fault{Code: 2, Status: 500}},
	{2, "doubt", emulator.Fault{Code: 2, Status: 500, Deliver: true}},
	{1, "doubt", emulator.Fault{Kind: "html", Status: 503, Deliver: true}},
	{2, "doubt", emulator.Fault{Kind: "garbage", Deliver: true}},
	{2, "again", emulator.Fault{Code: 1200}},
	{1, "again", emulator.Fault{Code: 613}},
	{1, "again", emulator.Fault{Code: 4}},
	{1, "refused for now", emulator.Fault{Code: 100}},
}

// Missing are the ways in which the answer to a batch can have none to a message.
var Missing = []Refusal{
	{1, "doubt", emulator.Fault{Kind: "reset"}},
	{1, "doubt", emulator.Fault{Kind: "reset", Deliver: true}},
}

// Draw draws one of several refusals.
func Draw(r *rand.Rand, from []Refusal) Refusal {
	total := 0
	for _, one := range from {
		total += one.Weight
	}
	n := r.IntN(total)
	i := 0
	for ; n >= from[i].Weight; i++ {
		n -= from[i].Weight
	}
	return from[i]
}
