// A plug-in that does everything a plug-in can, for tests of the library and of the host.

import { at, Attribute, Call, Can, Direction, explain, parseJSON, Plugin, Request, serve, Status } from "../assembly";
export * from "../assembly/exports";

/** What remember kept. */
let last: string = "";

serve(
  new Plugin("1.0")
    .description("does everything")
    .time(1500)
    .memory(1 << 20)
    .direction(
      Direction.inline("echo", echo)
        .description("says its attributes")
        .attribute(Attribute.text("text").default("nothing").description("any text"))
        .attribute(Attribute.number("number").min("-1").max("1.5"))
        .attribute(Attribute.integer("integer"))
        .attribute(Attribute.boolean("boolean"))
        .attribute(Attribute.choice("choice", ["red", "Blue"]))
        .attribute(Attribute.url("url")),
    )
    .direction(Direction.block("shout", (call: Call) => call.block().toUpperCase()))
    .direction(
      Direction.effect("act", act).attribute(
        Attribute.choice("what", ["emit", "attach", "vars", "clear", "remind", "silence", "refused"]).required(),
      ),
    )
    .direction(Direction.inline("ask", ask).attribute(Attribute.text("what").required()))
    .direction(Direction.inline("remember", remember).attribute(Attribute.text("word")))
    .direction(Direction.inline("dig", dig).attribute(Attribute.text("word").required()))
    .direction(Direction.inline("trip", trip).attribute(Attribute.text("how").required()).attribute(Attribute.text("json")))
    .want(Can.Log, "to tell what it does")
    .want(Can.Clock, "to know the time")
    .want(Can.Random, "to roll dice")
    .wantOf(Can.Config, ["city"], "to know the city")
    .wantOf(Can.Secret, ["KEY"], "to open the service")
    .want(Can.State, "to keep what all share")
    .want(Can.Person, "to keep what is a person's")
    .wantOf(Can.HTTP, ["api.example.org", "*.example.net"], "to ask the service")
    .want(Can.Emit, "to say things")
    .want(Can.Cut, "to part them")
    .want(Can.Delay, "to wait")
    .want(Can.Attach, "to show things")
    .want(Can.Quick, "to offer answers")
    .wantOf(Can.Read, ["name"], "to know the name")
    .wantOf(Can.Write, ["name", "_secret"], "to change the name")
    .want(Can.Topic, "to change the topic")
    .want(Can.Remind, "to remind")
    .want(Can.Silence, "to be quiet"),
);

function echo(call: Call): string {
  let out = call.text("text");
  if (call.has("number")) out += " " + call.number("number").toString();
  if (call.has("integer")) out += " " + call.integer("integer").toString();
  return out + " " + call.boolean("boolean").toString() + " " + call.text("choice") + " " + call.text("url");
}

function act(call: Call): string {
  const what = call.text("what");
  let status = Status.OK;
  if (what == "emit") {
    call.emit('<b>"Hello"\n\u0001');
    call.cut();
    call.delay(1500);
    call.delay(2000, true);
  } else if (what == "attach") {
    call.image("https://example.org/a.png");
    call.link("https://example.org", "More");
    call.template('{"template_type":"button", "text":"é"}');
    call.card("Title", "", "", ["Yes=yes"]);
    call.typing();
    status = call.quick(["Yes", "No"]);
  } else if (what == "vars") {
    status = call.write("name", call.read("name") + "!");
    call.topic("other");
  } else if (what == "clear") {
    status = call.clear("name");
  } else if (what == "remind") {
    call.remind("tea", "5 minutes", "pour");
    call.remind("late", at(call.now() + 1000), "now");
    status = call.cancel("tea");
  } else if (what == "silence") {
    call.silence();
  } else {
    status = call.write("_secret", "x");
  }
  return status == Status.OK ? "" : call.fail(explain(status));
}

function ask(call: Call): string {
  const what = call.text("what");
  if (what == "log") {
    call.debug("d");
    call.info("i");
    call.warn("w");
    call.error("e");
    return "";
  }
  if (what == "clock") return call.now().toString();
  if (what == "random") {
    let dice = "";
    for (let i = 0; i < 5; i++) dice += call.dice(6).toString();
    return dice;
  }
  if (what == "bytes") return call.random(70000).length.toString();
  if (what == "settings") return call.config("city") + " " + call.secret("KEY") + " " + call.personID();
  if (what == "count") {
    // A value longer than the first look takes a second one.
    const before = call.person().get("long");
    if (before === null) return call.fail("the store does not answer");
    call.person().put("long", before + "0123456789");
    const after = call.person().get("long");
    return after === null ? "" : after.length.toString();
  }
  if (what == "seat") {
    const first = call.state().swap("seat", "", call.personID());
    const second = call.state().swap("seat", "", "somebody else");
    return (first == Status.OK).toString() + " " + (second == Status.OK).toString();
  }
  if (what == "full") return call.fail(explain(call.state().put("big", "x".repeat(20000))));
  if (what == "post") {
    const request = new Request("https://api.example.org/x");
    request.method = "POST";
    request.headers.set("Accept", "application/json");
    request.body = "{}";
    const answer = call.http(request);
    return answer.status.toString() + " " + answer.json().get("list").at(1).get("n").text();
  }
  const answer = call.get(what);
  if (answer.error.length) return call.fail(answer.error);
  return answer.bytes().toString();
}

/** Does what no direction should: keeps a word in memory, and says what it kept before. */
function remember(call: Call): string {
  const before = last;
  last = call.text("word");
  return before;
}

/**
 * Looks for a word all over the memory, and says how often it is there. Each letter is given as the next one of the alphabet,
 * so that what it is given is not what it finds.
 */
function dig(call: Call): string {
  const word = call.text("word");
  const last = <usize>word.length - 1;
  let found = 0;
  for (let width: usize = 1; width <= 2; width++) {
    for (let at: usize = 0, end = (<usize>memory.size() << 16) - width * last; at < end; at++) {
      let i = 0;
      while (i < word.length && load<u8>(at + <usize>i * width) == <u8>(word.charCodeAt(i) - 1)) i++;
      if (i == word.length) found++;
    }
  }
  return found.toString();
}

function trip(call: Call): string {
  const how = call.text("how");
  if (how == "panic") throw new Error("it fell over");
  if (how == "undeclared") return call.text("where");
  if (how == "unwanted") return call.read("age");
  if (how == "json") {
    const json = parseJSON(call.text("json"));
    return json.error.length ? call.fail(json.error) : json.text();
  }
  if (how == "garbage") {
    let total = 0;
    for (let i = 0; i < 1000; i++) total += ("garbage " + i.toString()).length;
    return total.toString();
  }
  return call.fail("it did not want to");
}
