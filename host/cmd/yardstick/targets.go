package main

import (
	"time"

	"github.com/footlight-bots/footlight/host/bench/brain"
)

// Tables and names of figures that others look for.
const (
	breakingTable = "triggers that break interpreters: messages of 200 words"
	buildTable    = "building, loading, memory"
	nativeTable   = "beside the same search in plain Go: the winner alone"
	npmTable      = "beside npm rivescript: the median of a reply"

	median = "p50"
)

func turnsTable(kind brain.Kind) string {
	return string(kind) + " brain: a whole turn in the sandbox, normalisation included"
}

// What is to be reached, on one core.
var (
	targetMedian   = 5 * time.Microsecond
	targetTail     = 25 * time.Microsecond
	targetSlowest  = 5 * time.Millisecond // a message of 2,000 characters, on any brain
	targetBreaking = 500 * time.Microsecond
	targetChange   = 150 * time.Millisecond
	targetBuild    = map[int]time.Duration{1000: 50 * time.Millisecond, 10_000: 400 * time.Millisecond, 100_000: 4 * time.Second}
	targetReload   = map[int]time.Duration{10_000: 20 * time.Millisecond, 100_000: 150 * time.Millisecond}
	targetKeyword  = map[string]time.Duration{ // in a brain of targetFrom triggers
		brain.KeywordClass(8): 20 * time.Microsecond, brain.KeywordClass(50): 100 * time.Microsecond, brain.KeywordClass(200): 400 * time.Microsecond,
	}
)

const (
	targetPair    = 1.8    // times as many replies for two people on two cores
	targetTrigger = 120    // bytes of a trigger beside its text
	targetNpm     = 2000   // times as quick as npm rivescript, in a brain of targetFrom triggers
	targetFrom    = 10_000 // triggers from which on the targets of turns hold
)
