//! Answers the tag `<newdirection to=Ann>`.

use direction::{can, Attribute, Call, Direction, Plugin, Result, Want};

static PLUGIN: Plugin = Plugin::new("0.1.0")
    .description("Greets people")
    .directions(&[Direction::inline("newdirection", run).description("says hello to somebody").attributes(&[
        Attribute::text("to").default("you").description("who is greeted"),
        Attribute::integer("times").min("1").max("5").default("1"),
    ])])
    .wants(&[Want::new(can::LOG, "to tell you whom it has greeted")]);

direction::plugin!(PLUGIN);

fn run(call: &Call) -> Result<String> {
    let hello = vec!["hello"; call.integer("times") as usize].join(", ");
    call.info(&format!("greeted {}", call.text("to")));
    Ok(format!("H{}, {}!", &hello[1..], call.text("to")))
}

#[cfg(test)]
mod tests {
    use super::PLUGIN;
    use direction::Stage;

    #[test]
    fn says_hello() {
        for (tag, text) in [
            ("<newdirection>", "Hello, you!"),
            ("<newdirection to=\"Ann Bo\">", "Hello, Ann Bo!"),
            ("<newdirection to=Ann times=3>", "Hello, hello, hello, Ann!"),
        ] {
            let got = Stage::new(&PLUGIN).run(tag);
            assert_eq!((got.text.as_str(), got.error.as_str()), (text, ""), "{}", tag);
        }
    }

    #[test]
    fn is_short() {
        assert_eq!(Stage::new(&PLUGIN).run("<newdirection times=6>").error, "attribute times: 6 is above 5");
    }
}
