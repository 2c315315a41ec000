package diag

// warningCodes are what is worth a look but never stops a bot.
var warningCodes = []Entry{
	{
		Code: "W001", Name: "lone-character", Meaning: "A line holds a single character.", Recovery: "the line is skipped.",
		Wrong: "+ hello\n- Hi!\n-\n",
		Right: "+ hello\n- Hi!\n",
		Why:   "Something was probably meant to follow.",
	},
	{
		Code: "W002", Name: "comment-end", Meaning: "A */ stands outside a comment, or text follows a comment on its line.", Recovery: "the line is skipped.",
		Wrong: "/* greeting */ + hello\n+ hi\n- Hi!\n",
		Right: "/* greeting */\n+ hi\n- Hi!\n",
		Why:   "The whole line is lost, not only the comment.",
	},
	{
		Code: "W003", Name: "tight-comment", Meaning: "Text directly behind // is taken as a comment.", Recovery: "it is a comment.",
		Wrong: "+ hello\n- Hi! //cut this\n",
		Right: "+ hello\n- Hi! // cut this\n",
		Why:   "If it was meant for people, they do not see it. Write \\// for two slashes.",
	},
	{
		Code: "W004", Name: "empty-entry", Meaning: "An entry of an array or an alternative of a group is empty.", Recovery: "it is dropped.",
		Wrong: "+ (hi|hello|) there\n- Hi!\n",
		Right: "+ [hi|hello] there\n- Hi!\n",
		Why:   "An empty alternative matches nothing; what may be missing is written in [ ].",
	},
	{
		Code: "W005", Name: "unknown-option", Meaning: "A ! local sets an option that does not exist.", Recovery: "the line is skipped.",
		Wrong: "! local concatenate = space\n+ hello\n- Hi!\n",
		Right: "! local concat = space\n+ hello\n- Hi!\n",
		Why:   "The only option is concat.",
	},
	{
		Code: "W006", Name: "zero-weight", Meaning: "A reply has weight 0.", Recovery: "it counts as 1.",
		Wrong: "+ hello\n- Hi!\n- Ho!{weight=0}\n",
		Right: "+ hello\n- Hi!{weight=20}\n- Ho!\n",
		Why:   "A reply that should never be drawn is better left out.",
	},
	{
		Code: "W100", Name: "redirect-cycle", Meaning: "Redirects lead back to where they began.",
		Wrong: "+ tea\n@ drink\n+ drink\n@ tea\n",
		Right: "+ tea\n@ drink\n+ drink\n- Tea it is.\n",
		Why:   "After 50 redirects the person sees an error. Replies that stand beside conditions are not looked at: there the condition can end the circle.",
	},
	{
		Code: "W101", Name: "inherit-cycle", Meaning: "Topics include or inherit each other.",
		Wrong: "+ hello\n- Hi! {topic=a}\n> topic a includes b\n+ one\n- 1 {topic=b}\n< topic\n> topic b includes a\n+ two\n- 2\n< topic\n",
		Right: "+ hello\n- Hi! {topic=a}\n> topic a includes b\n+ one\n- 1 {topic=b}\n< topic\n> topic b\n+ two\n- 2\n< topic\n",
		Why:   "It does no harm, but each of the topics then has all triggers of the others.",
	},
	{
		Code: "W102", Name: "missing-topic", Meaning: "A topic includes or inherits one that does not exist.", Recovery: "it is ignored.",
		Wrong: "+ hello\n- Hi! {topic=quiz}\n> topic quiz includes halp\n+ *\n- Wrong! {topic=default}\n< topic\n",
		Right: "+ hello\n- Hi! {topic=quiz}\n> topic quiz includes help\n+ *\n- Wrong! {topic=default}\n< topic\n> topic help\n+ help\n- Help.\n< topic\n",
		Why:   "The triggers you wanted to share are not there.",
	},
	{
		Code: "W103", Name: "shadowed-reply", Meaning: "A condition or reply stands behind a condition that is always true.",
		Wrong: "+ hello\n* 1 == 1 => Hi!\n- Ho!\n",
		Right: "+ hello\n* <get _userFirstName> != undefined => Hi, <get _userFirstName>!\n- Ho!\n",
		Why:   "It is never used.",
	},
	{
		Code: "W104", Name: "unreachable-trigger", Meaning: "An earlier trigger matches everything this one does, or a sample above a trigger does not reach it.",
		Wrong: "+ i want *{weight=1}\n- What else?\n+ i want [a] coffee\n- Here you are.\n",
		Right: "+ i want *\n- What else?\n+ i want [a] coffee\n- Here you are.\n",
		Why:   "It never answers. Usually the earlier one has more weight. A weight comes before everything else, so give one only to what must always be heard.",
	},
	{
		Code: "W105", Name: "capitals-in-trigger", Meaning: "A trigger or previous pattern has capitals.", Recovery: "they are taken as small letters.",
		Wrong: "+ Hello\n- Hi!\n",
		Right: "+ hello\n- Hi!\n",
		Why:   "Messages are put in small letters before they are matched.",
	},
	{
		Code: "W106", Name: "no-catch-all", Meaning: "In a topic some message matches nothing.",
		Wrong: "+ hello\n- Hi!\n",
		Right: "+ hello\n- Hi!\n+ *\n- Sorry?\n",
		Why:   "People who say something unexpected see an error text, or nothing at all.",
	},
	{
		Code: "W107", Name: "trap-topic", Meaning: "A topic answers everything and switches to no other topic.",
		Wrong: "+ quiz me\n- Go! {topic=quiz}\n+ *\n- Sorry?\n> topic quiz\n+ *\n- Wrong!\n< topic\n",
		Right: "+ quiz me\n- Go! {topic=quiz}\n+ *\n- Sorry?\n> topic quiz\n+ stop\n- Fine. {topic=default}\n+ *\n- Wrong!\n< topic\n",
		Why:   "Whoever gets in never gets out.",
	},
	{
		Code: "W108", Name: "dead-character", Meaning: "A pattern holds a character that no message can have when it is matched.",
		Wrong: "+ how are you?\n- Fine.\n",
		Right: "+ how are you\n- Fine.\n",
		Why:   "Punctuation is removed from messages before they are matched, so the pattern never matches.",
	},
	{
		Code: "W109", Name: "duplicate-trigger", Meaning: "Two triggers of a topic have the same text, weight and previous.", Recovery: "the first one counts.",
		Wrong: "+ hello\n- Hi!\n+ hello\n- Ho!\n",
		Right: "+ hello\n- Hi!\n- Ho!\n",
		Why:   "The second never answers. Several replies of one trigger are drawn at random.",
	},
	{
		Code: "W110", Name: "text-too-long", Meaning: "The text of a part is longer than Messenger takes.",
		Wrong: "+ story\n- " + longText + longText + "\n",
		Right: "+ story\n- " + longText + " <send> " + longText + "\n",
		Why:   "It is sent in pieces, cut where it fits and not where it reads best.",
	},
	{
		Code: "W111", Name: "quick-reply-limits", Meaning: "There are more quick replies, or longer ones, than Messenger shows.",
		Wrong: "+ menu\n- Tea? ^buttons(Yes please with a lot of sugar, No)\n",
		Right: "+ menu\n- Tea? ^buttons(\"Yes, with sugar\", No)\n",
		Why:   "Messenger shows 13 quick replies of 20 characters.",
	},
	{
		Code: "W112", Name: "template-limits", Meaning: "A field of a template or card is longer than Messenger takes.",
		Wrong: "+ menu\n- Tea ^card(Tea, Hot, https://tea.example/i.png, \"Order this very fine tea=order\")\n",
		Right: "+ menu\n- Tea ^card(Tea, Hot, https://tea.example/i.png, \"Order=order\")\n",
		Why:   "Messenger refuses the message.",
	},
	{
		Code: "W113", Name: "outside-window", Meaning: "A part or reminder can come after Messenger's window for answers, which is 24 hours.",
		Wrong: "+ remind me\n- I will. ^reminder(tea, \"Tea!\", 2 days)\n",
		Right: "+ remind me\n- I will. ^reminder(tea, \"Tea!\", 20 hours)\n",
		Why:   "Nothing is sent outside the window, unless the person has written again.",
	},
	{
		Code: "W114", Name: "media-too-large", Meaning: "A file is larger than Messenger takes.",
		Why:        "Messenger fetches media by their address and refuses images above 8 MB and other files above 25 MB.",
		Unreported: "a build asks no other machine, so it does not know how large a file is.",
	},
	{
		Code: "W115", Name: "no-reply", Meaning: "A trigger has no reply, condition or alias.",
		Wrong: "+ hello\n+ hi\n- Hi!\n",
		Right: "+ hello\n@ hi\n+ hi\n- Hi!\n",
		Why:   "People who say this see an error text, or nothing at all.",
	},
	{
		Code: "W116", Name: "split-topic", Meaning: "Two .topic documents have the same name.", Recovery: "they are merged.",
		Wrong: "-- a/quiz.topic --\n+ one\n- 1\n-- b/quiz.topic --\n+ two\n- 2\n",
		Right: "-- quiz.topic --\n+ one\n- 1\n+ two\n- 2\n",
		Why:   "Somebody who reads one of them does not know all of the topic.",
	},
	{
		Code: "W117", Name: "ignored-beside-alias", Meaning: "A reply, condition or other alias stands beside the alias that counts.", Recovery: "it is ignored.",
		Wrong: "+ hello\n@ hi\n- Ho!\n+ hi\n- Hi!\n",
		Right: "+ hello\n@ hi\n+ hi\n- Hi!\n",
		Why:   "A trigger with an alias answers by the alias only.",
	},
	{
		Code: "W118", Name: "begin-without-request", Meaning: "No trigger of the begin block matches \"request\".",
		Wrong: "> begin\n+ requests\n- {ok}\n< begin\n+ hello\n- Hi!\n",
		Right: "> begin\n+ request\n- {ok}\n< begin\n+ hello\n- Hi!\n",
		Why:   "Every message goes through the begin block first. As it is, all of them end in an error.",
	},
	{
		Code: "W120", Name: "undefined-variable-read", Meaning: "A variable is read that nothing sets.",
		Wrong: "+ my name is *\n- <set name=<star>>Hi, <get nmae>!\n",
		Right: "+ my name is *\n- <set name=<star>>Hi, <get name>!\n",
		Why:   "People would see the word \"undefined\".",
	},
	{
		Code: "W121", Name: "never-read", Meaning: "A variable, topic or array is there that nothing uses.",
		Wrong: "! array leaf = green black\n+ hello\n- Hi!\n",
		Right: "! array leaf = green black\n+ (@leaf)\n- <star>!\n",
		Why:   "It is left over, or what should use it has a slip in it.",
	},
	{
		Code: "W122", Name: "idle-silencer", Meaning: "An // allow line silences nothing.",
		Wrong: "// allow W105\n+ hello\n- Hi!\n",
		Right: "// allow W105\n+ Hello\n- Hi!\n",
		Why:   "It would hide the next warning at this place, which nobody has looked at.",
	},
	{
		Code: "W130", Name: "permission", Meaning: "A direction needs a permission the bot has not granted.",
		Why:   "It fails each time it is called.",
		Later: "what the bot grants in its settings",
	},
	{
		Code: "W131", Name: "broken-macro", Meaning: "A macro is no valid JavaScript.", Recovery: "people who get here see an error text.",
		Wrong: "> object greet\n  return 'Hi!\n< object\n+ hello\n- <call>greet</call>\n",
		Right: "> object greet\n  return 'Hi!';\n< object\n+ hello\n- <call>greet</call>\n",
		Why:   "There is nothing to run.",
		Later: "compiling the macros",
	},
	{
		Code: "W132", Name: "unanswered-button", Meaning: "No trigger but a catch-all answers what a button of the Page stands for.",
		Why:   "Whoever taps it is told that the bot did not understand.",
		Later: "what the Page shows by its settings",
	},
}

// longText is a little longer than half of what one message holds.
const longText = stanza + stanza + stanza + stanza

const stanza = "There once was a host in the wings, who knew about all sorts of things. " +
	"He would whisper the word that nobody heard, and see to the ropes and the strings. " +
	"The house was as still as a mouse, and nobody left for the bar. " +
	"The lines were so good that they all understood why the host was the evening's star. "
