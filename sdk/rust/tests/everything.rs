//! A plug-in that does everything a plug-in can, and tests of it. It is also built as a module, for tests of the host.

use direction::{at, can, parse_json, Attribute, Call, Direction, Level, Plugin, Request, Result, Want};
use std::cell::RefCell;

/// The plug-in.
pub static PLUGIN: Plugin = Plugin::new("1.0")
    .description("does everything")
    .time(1500)
    .memory(1 << 20)
    .directions(&[
        Direction::inline("echo", echo).description("says its attributes").attributes(&[
            Attribute::text("text").default("nothing").description("any text"),
            Attribute::number("number").min("-1").max("1.5"),
            Attribute::integer("integer"),
            Attribute::boolean("boolean"),
            Attribute::choice("choice", &["red", "Blue"]),
            Attribute::url("url"),
        ]),
        Direction::block("shout", |call| Ok(call.block().to_uppercase())),
        Direction::effect("act", act).attributes(&[Attribute::choice("what", ACTS).required()]),
        Direction::inline("ask", ask).attributes(&[Attribute::text("what").required()]),
        Direction::inline("remember", remember).attributes(&[Attribute::text("word")]),
        Direction::inline("dig", dig).attributes(&[Attribute::text("word").required()]),
        Direction::inline("trip", trip).attributes(&[Attribute::text("how").required()]),
    ])
    .wants(&[
        Want::new(can::LOG, "to tell what it does"),
        Want::new(can::CLOCK, "to know the time"),
        Want::new(can::RANDOM, "to roll dice"),
        Want::of(can::CONFIG, &["city"], "to know the city"),
        Want::of(can::SECRET, &["KEY"], "to open the service"),
        Want::new(can::STATE, "to keep what all share"),
        Want::new(can::PERSON, "to keep what is a person's"),
        Want::of(can::HTTP, &["api.example.org", "*.example.net"], "to ask the service"),
        Want::new(can::EMIT, "to say things"),
        Want::new(can::CUT, "to part them"),
        Want::new(can::DELAY, "to wait"),
        Want::new(can::ATTACH, "to show things"),
        Want::new(can::QUICK, "to offer answers"),
        Want::of(can::READ, &["name"], "to know the name"),
        Want::of(can::WRITE, &["name", "_secret"], "to change the name"),
        Want::new(can::TOPIC, "to change the topic"),
        Want::new(can::REMIND, "to remind"),
        Want::new(can::SILENCE, "to be quiet"),
    ]);

direction::plugin!(PLUGIN);

const ACTS: &[&str] = &["emit", "attach", "vars", "clear", "remind", "silence", "refused"];

fn echo(call: &Call) -> Result<String> {
    let mut out = call.text("text").to_string();
    if call.has("number") {
        out += &format!(" {}", call.number("number"));
    }
    if call.has("integer") {
        out += &format!(" {}", call.integer("integer"));
    }
    Ok(out + &format!(" {} {} {}", call.boolean("boolean"), call.text("choice"), call.text("url")))
}

fn act(call: &Call) -> Result<String> {
    match call.text("what") {
        "emit" => {
            call.emit("<b>\"Hello\"\n\u{1}");
            call.cut();
            call.delay(1500, false);
            call.delay(2000, true);
        }
        "attach" => {
            call.image("https://example.org/a.png")?;
            call.link("https://example.org", "More")?;
            call.template(r#"{"template_type":"button", "text":"é"}"#)?;
            call.card("Title", "", "", &["Yes=yes"])?;
            call.typing()?;
            call.quick(&["Yes", "No"])?;
        }
        "vars" => {
            let name = call.read("name");
            call.write("name", &(name + "!"))?;
            call.topic("other");
        }
        "clear" => call.clear("name")?,
        "remind" => {
            call.remind("tea", "5 minutes", "pour")?;
            call.remind("late", &at(call.now() + 1000), "now")?;
            call.cancel("tea")?;
        }
        "silence" => call.silence(),
        _ => call.write("_secret", "x")?,
    }
    Ok(String::new())
}

fn ask(call: &Call) -> Result<String> {
    match call.text("what") {
        "log" => {
            call.debug("d");
            call.info("i");
            call.warn("w");
            call.error("e");
            Ok(format!("{:?}", Level::Debug < Level::Error))
        }
        "clock" => Ok(call.now().to_string()),
        "random" => Ok((0..5).map(|_| call.dice(6).to_string()).collect()),
        "settings" => Ok(format!("{} {} {}", call.config("city"), call.secret("KEY"), call.person_id())),
        "count" => {
            // A value longer than the first look takes a second one.
            let long = call.person().get("long")? + "0123456789";
            call.person().put("long", &long)?;
            Ok(call.person().get("long")?.len().to_string())
        }
        "seat" => {
            let first = call.state().swap("seat", "", call.person_id())?;
            let second = call.state().swap("seat", "", "somebody else")?;
            Ok(format!("{} {}", first, second))
        }
        "full" => call.state().put("big", &"x".repeat(20_000)).map(|_| String::new()),
        "post" => {
            let answer = call.http(&Request {
                method: "POST",
                url: "https://api.example.org/x",
                headers: &[("Accept", "application/json")],
                body: "{}",
            })?;
            Ok(format!("{} {}", answer.status, answer.json()?.get("list").at(1).get("n").text()))
        }
        url => Ok(format!("{:?}", call.get(url)?.body)),
    }
}

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Does what no direction should: keeps a word in memory, and says what it kept before.
fn remember(call: &Call) -> Result<String> {
    LAST.with(|last| Ok(last.replace(call.text("word").to_string())))
}

/// Looks for a word all over the memory, and says how often it is there. Each letter is given as the next one of the alphabet,
/// so that what it is given is not what it finds.
#[cfg(target_arch = "wasm32")]
fn dig(call: &Call) -> Result<String> {
    let word = call.text("word").as_bytes();
    let end = core::arch::wasm32::memory_size(0) * 65536 - word.len();
    // All of the memory can be read, whatever it is used for.
    let byte = |at: usize| unsafe { core::ptr::read_volatile(at as *const u8) };
    let is_at = |at: usize| word.iter().enumerate().all(|(i, b)| byte(at + i) == b - 1);
    Ok((1..end).filter(|at| is_at(*at)).count().to_string())
}

/// Only a module has its memory to itself.
#[cfg(not(target_arch = "wasm32"))]
fn dig(_: &Call) -> Result<String> {
    Err("there is nothing to dig in".into())
}

fn trip(call: &Call) -> Result<String> {
    match call.text("how") {
        "panic" => panic!("it fell over"),
        "undeclared" => Ok(call.text("where").to_string()),
        "json" => Ok(parse_json("[1,]")?.to_string()),
        "unwanted" => Ok(call.read("age")),
        _ => Err("it did not want to".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::PLUGIN;
    use direction::{parse_json, quote, Json, Stage};

    fn run(tag: &str) -> direction::Outcome {
        Stage::new(&PLUGIN).run(tag)
    }

    #[test]
    fn manifest() {
        let m = parse_json(&PLUGIN.manifest()).unwrap();
        let number = m.get("directions").at(0).get("attributes").at(1);
        assert_eq!(number.to_string(), r#"{"name":"number","kind":"number","min":-1,"max":1.5}"#);
        assert_eq!(m.get("directions").at(1).get("form").text(), "block");
        let http = m.get("wants").at(7);
        assert_eq!(http.get("items").to_string(), r#"["api.example.org","*.example.net"]"#);
        assert_eq!((m.get("time").integer(), m.get("memory").integer()), (Some(1500), Some(1 << 20)));
    }

    #[test]
    fn attributes() {
        for (tag, text) in [
            ("<echo>", "nothing false  "),
            (
                "<echo text=\"a > b\" number=-0.5 integer=7 boolean choice=Blue url=https://x.org/>",
                "a > b -0.5 7 true Blue https://x.org/",
            ),
            ("<echo text='&quot; \\ \u{1f600}' number=1.50>", "&quot; \\ \u{1f600} 1.5 false  "),
            ("<shout>straße <b></shout>", "STRASSE <B>"),
        ] {
            assert_eq!((run(tag).text, run(tag).error), (text.to_string(), String::new()), "{}", tag);
        }
    }

    #[test]
    fn tags_that_are_refused() {
        for (tag, error) in [
            ("echo", "echo is no tag"),
            ("<echo text=>b", "something stands behind <echo>"),
            ("<nothing>", "the plug-in has no direction nothing"),
            ("<echo word=1>", "<echo> has no attribute word"),
            ("<echo number=2>", "attribute number: 2 is above 1.5"),
            ("<echo number=1e0>", "attribute number: 1e0 is no number"),
            ("<echo integer=1.5>", "attribute integer: 1.5 is no integer"),
            ("<echo boolean=yes>", "attribute boolean: yes is neither true nor false"),
            ("<echo choice=blue>", "attribute choice: blue is none of red, Blue"),
            ("<echo url=ftp://x>", "attribute url: ftp://x is no http address"),
            ("<act>", "attribute what is missing"),
            ("<shout>a", "</shout> is missing"),
        ] {
            assert_eq!(run(tag).error, error, "{}", tag);
        }
    }

    #[test]
    fn effects() {
        for (what, effects) in [
            ("emit", vec!["emit <b>\"Hello\"\n\u{1}", "cut", "delay 1.5s", "delay 2s keep"]),
            (
                "attach",
                vec![
                    "image https://example.org/a.png",
                    "link https://example.org More",
                    r#"template {"template_type":"button","text":"é"}"#,
                    "card Title   Yes=yes",
                    "typing",
                    "quick Yes | No",
                ],
            ),
            ("remind", vec!["remind tea, 5 minutes: pour", "remind late, 1767603601000: now", "cancel tea"]),
            ("clear", vec!["clear name"]),
            ("silence", vec!["silence"]),
        ] {
            assert_eq!(run(&format!("<act what={}>", what)).effects, effects, "{}", what);
        }
        assert_eq!(run("<act what=refused>").error, "the host refused the argument");
    }

    #[test]
    fn person() {
        let mut stage = Stage::new(&PLUGIN);
        stage.vars.insert("name".into(), "Ann".into());
        assert_eq!(stage.run("<act what=vars>").effects, ["write name=Ann!", "topic other"]);
        assert_eq!((stage.vars["name"].as_str(), stage.topic.as_str()), ("Ann!", "other"));
    }

    #[test]
    fn questions() {
        let mut stage = Stage::new(&PLUGIN);
        stage.config.insert("city".into(), "Oslo".into());
        stage.secrets.insert("KEY".into(), "s3cret".into());
        stage.answer("https://api.example.org/*", 201, r#"{"list":[0,{"n":1.50}]}"#);
        stage.answer("https://b.example.net/", 200, [0xff, 0, 1]);
        stage.fail("https://c.example.net/", "timeout");
        for (what, text) in [
            ("clock", "1767603600000"),
            ("settings", "Oslo s3cret ann"),
            ("count", "10"),
            ("count", "20"),
            ("seat", "true false"),
            ("seat", "false false"),
            ("post", "201 1.50"),
            ("https://b.example.net/", "[255, 0, 1]"),
        ] {
            let got = stage.run(&format!("<ask what={}>", what));
            assert_eq!((got.text.as_str(), got.error.as_str()), (text, ""), "{}", what);
        }
        assert_eq!(stage.run("<ask what=log>").log, ["debug: d", "info: i", "warn: w", "error: e"]);
        assert_eq!(stage.run("<ask what=full>").error, "the space is full");
        assert_eq!(stage.run("<ask what=https://c.example.net/>").error, "timeout");
    }

    #[test]
    fn values_longer_than_the_first_look() {
        let mut stage = Stage::new(&PLUGIN);
        stage.person.insert("long".into(), "x".repeat(5000));
        assert_eq!(stage.run("<ask what=count>").text, "5010");
    }

    #[test]
    fn dice_follow_the_seed() {
        let mut stage = Stage::new(&PLUGIN);
        let first = stage.run("<ask what=random>").text;
        assert!(first.len() == 5 && first.bytes().all(|b| (b'0'..b'6').contains(&b)), "{}", first);
        assert_eq!(stage.run("<ask what=random>").text, first);
        stage.seed = 2;
        assert_ne!(stage.run("<ask what=random>").text, first);
    }

    #[test]
    fn own_errors() {
        assert_eq!(run("<trip how=error>").error, "it did not want to");
        assert_eq!(run("<trip how=json>").error, "json: a comma too many at byte 3");
    }

    #[test]
    #[should_panic(expected = "declares no attribute where")]
    fn attributes_that_are_not_declared() {
        run("<trip how=undeclared>");
    }

    #[test]
    #[should_panic(expected = "its wants do not ask for it")]
    fn what_is_not_wanted() {
        run("<trip how=unwanted>");
    }

    #[test]
    fn json() {
        for source in [r#"{"a":[1,-0.5e+7,true,false,null,""],"b":{}}"#, r#"["\"\\\n\r\t\u0001é😀"]"#, "0"] {
            assert_eq!(parse_json(source).unwrap().to_string(), source);
        }
        assert_eq!(parse_json(r#""\ud83d\ude00\ud83d\u0041\/""#).unwrap().text(), "\u{1f600}\u{fffd}A/");
        assert_eq!(parse_json(r#"{"a":1,"a":2}"#).unwrap().get("a").integer(), Some(2));
        assert_eq!(parse_json("{}").unwrap().get("x").at(3).get("y"), &Json::Absent);
        assert_eq!(quote("a\"b"), r#""a\"b""#);
        for (source, fault) in [
            ("", "a value is missing at byte 0"),
            ("[1", "it ends too early at byte 2"),
            ("[1 2]", "a comma is missing at byte 3"),
            ("{1:2}", "a key is missing at byte 1"),
            ("{\"a\" 2}", "a colon is missing at byte 5"),
            ("01", "this is no number at byte 2"),
            ("1.", "a digit is missing at byte 2"),
            ("\"a", "a text has no end at byte 2"),
            ("\"\\x\"", "no such escape at byte 2"),
            ("\"\\u00g0\"", "four hex digits are missing at byte 3"),
            ("nul", "no value begins like this at byte 0"),
            ("1 1", "more after the value at byte 2"),
        ] {
            assert_eq!(parse_json(source).unwrap_err(), format!("json: {}", fault), "{}", source);
        }
        assert_eq!(parse_json(&"[".repeat(100)).unwrap_err(), "json: too deep at byte 65");
    }
}
