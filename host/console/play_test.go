package console

import "github.com/footlight-bots/footlight/host/trace"

// scripts are the files of the bot that the tests show.
var scripts = map[string]string{
	"default.topic": `// The front door.
> topic default

  //? hello | hi
  + get started
  - Good evening, <get _userFirstName>! The curtain is up.<send>
  ^ Shall we play a little quiz about the theatre?
  ^ ^quickReply("Yes, please", "Not now") {topic=quiz}

  + (hello|hi) *
  - Hello again. <delay seconds=2>Shall we go on?

  + *
  - I did not catch that, <get name>.

< topic
`,
	"quiz.topic": `> topic quiz
  // Three questions, one prompter.

  + start
  - Which light stands at the front edge of the stage?

  + (yes|sure) *
  * <get tries> > 2 => Let us take it slowly. {@start}
  - Lovely! <set tries=1><delay seconds=2>First question: which light stands at the front edge of the stage?
  ^ ^quickReply("Footlight", "Spotlight", "Follow spot")

  + footlight *
  - Bravo, <get name>! <add score=1>{@next}

  + next
  * <get score> < 3 => Next: who whispers the lines when an actor forgets them?
  ^ ^quickReply("The prompter", "The audience", "Nobody")
  - That was the last one. {topic=default}

  + [not] now
  - Another evening, then. {topic=default}
< topic
`,
	"shop/tickets.topic": "> topic shop\n  + [i want] ticket [please]\n  - Stalls or gallery?\n< topic\n",
}

var topics = []Topic{
	{Name: "default", File: "default.topic", Line: 2, Triggers: []Trigger{
		{"get started", "default.topic", 5},
		{"(hello|hi) *", "default.topic", 10},
		{"*", "default.topic", 13},
	}},
	{Name: "quiz", File: "quiz.topic", Line: 1, Triggers: []Trigger{
		{"start", "quiz.topic", 4},
		{"(yes|sure) *", "quiz.topic", 7},
		{"footlight *", "quiz.topic", 12},
		{"next", "quiz.topic", 15},
		{"[not] now", "quiz.topic", 20},
	}},
	{Name: "shop", File: "shop/tickets.topic", Line: 1, Triggers: []Trigger{
		{"[i want] ticket [please]", "shop/tickets.topic", 2},
	}},
}

// traceLines explains a turn in which a trigger of quiz.topic or default.topic won.
func traceLines(input, trigger, file string, line int) []TraceLine {
	return explain([]trace.Event{
		{Kind: trace.Input, Text: input},
		{Kind: trace.Topic, Text: "quiz", File: "quiz.topic", Line: 1},
		{Kind: trace.Matched, Text: trigger, File: file, Line: line},
		{Kind: trace.Condition, Left: "1", Text: ">", Right: "2", File: file, Line: line + 1},
		{Kind: trace.Reply, Of: 1, File: file, Line: line + 2},
		{Kind: trace.Set, Name: "tries", Text: "1", OK: true},
		{Kind: trace.Redirect, Text: "start", File: file, Line: line + 2},
		{Kind: trace.Matched, Text: "start", File: "quiz.topic", Line: 4},
	})
}

func explain(events []trace.Event) []TraceLine {
	var lines []TraceLine
	for _, l := range trace.Lines(events) {
		lines = append(lines, TraceLine{Kind: l.Kind, Text: l.Text, File: l.File, Line: l.Line, Indent: l.Indent})
	}
	return lines
}

// broken are the problems of a save that went wrong.
var broken = []Problem{
	{
		Code: "E021", Name: "undefined-topic", Severity: "error",
		Message: `topic "quizz" does not exist`,
		File:    "default.topic", Range: Range{Position{8, 50}, Position{8, 55}},
		Label: `did you mean "quiz"?`,
		Frame: `error[E021]: topic "quizz" does not exist
  ╭─ default.topic:8:50
8 │ ^ ^quickReply("Yes, please", "Not now") {topic=quizz}
  │                                                ~~~~~ did you mean "quiz"?
  ╰─ topic "quiz" begins at quiz.topic:1
  help: people who reach this line would stay in topic "default".   footlight explain E021`,
		Help: `people who reach this line would stay in topic "default".`,
	},
	{
		Code: "E023", Name: "direction-arguments", Severity: "error",
		Message: `<delay>: seconds must be at most 120`,
		File:    "quiz.topic", Range: Range{Position{9, 35}, Position{9, 38}},
		Frame: `error[E023]: <delay>: seconds must be at most 120
  ╭─ quiz.topic:9:35
9 │ - Lovely! <set tries=1><delay seconds=200>First question: which …
  │                                       ~~~ 200 is too long`,
	},
	{
		Code: "W106", Name: "no-catch-all", Severity: "warning",
		Message: `topic "shop" has no "+ *" and inherits none`,
		File:    "shop/tickets.topic", Range: Range{Position{1, 1}, Position{1, 13}},
		Frame: `warning[W106]: topic "shop" has no "+ *" and inherits none   [no-catch-all]
  ╭─ shop/tickets.topic:1:1
1 │ > topic shop
  │ ~~~~~~~~~~~~`,
	},
}
