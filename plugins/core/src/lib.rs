//! The directions of the language that do something: delivery, variables and arithmetic. A host compiles them into the
//! script, for speed; what they mean is written here, and a host that is told so (`intrinsics = false`) runs these instead.
//!
//! Tags of the language that only read what the turn holds and no plug-in can know (`<star>`, `<input>`, `<bot x>` …) are
//! not here.

mod number;

use direction::{can, Attribute, Call, Direction, Plugin, Result, Want};

const NAME: Attribute = Attribute::text("name").required().description("of the variable");
const BY: Attribute = Attribute::text("value").required().description("the number");

/// Seconds as they are written: what is no number counts as none, so it is no attribute of that kind (L-DELAY-2).
const SECONDS: Attribute = Attribute::text("seconds").required().description("0 to 120, decimals allowed");

static PLUGIN: Plugin = Plugin::new("1.0.0")
    .description("The directions of the language")
    .stateless()
    .directions(&[
        Direction::effect("send", cut).description("ends the message; what follows is a new one"),
        Direction::effect("chat", cut).description("the same as send"),
        Direction::effect("delay", delay).description("what follows goes out later").attributes(&[
            SECONDS,
            Attribute::boolean("nocancel").description("it comes even if the person writes in between"),
        ]),
        Direction::effect("noreply", silence).description("nothing is sent in this turn"),
        Direction::inline("get", get).description("the value of a variable").attributes(&[NAME]),
        Direction::effect("set", set)
            .description("sets a variable, or clears it")
            .attributes(&[NAME, Attribute::text("value").description("left out: the variable is cleared")]),
        Direction::effect("add", calculate).description("adds to a variable").attributes(&[NAME, BY]),
        Direction::effect("sub", calculate).description("subtracts from a variable").attributes(&[NAME, BY]),
        Direction::effect("mult", calculate).description("multiplies a variable").attributes(&[NAME, BY]),
        Direction::effect("div", calculate).description("divides a variable").attributes(&[NAME, BY]),
        Direction::inline("id", id).description("the id of the person"),
    ])
    .wants(&[
        Want::new(can::CUT, "to end a message where a script says so"),
        Want::new(can::DELAY, "to let a message wait as long as a script says"),
        Want::new(can::SILENCE, "to keep a reply back where a script says so"),
        Want::new(can::TOPIC, "to switch the topic when a script sets the variable topic"),
        Want::new(can::PERSON, "to say the person's id"),
        Want::of(can::READ, &["*"], "to say what a script asks for, and to calculate with it"),
        Want::of(can::WRITE, &["*"], "to set what a script sets"),
    ]);

direction::plugin!(PLUGIN);

/// The variable by which scripts switch the topic (L-TOP-3).
const TOPIC: &str = "topic";
/// What a variable reads that is not set (L-VAR-3).
const UNDEFINED: &str = "undefined";

/// L-SEND-1.
fn cut(call: &Call) -> Result<String> {
    call.cut();
    Ok(String::new())
}

/// L-DELAY-1, L-DELAY-2.
fn delay(call: &Call) -> Result<String> {
    let seconds = number::read(call.text("seconds")).unwrap_or(0.0);
    call.delay(number::millis(seconds), call.boolean("nocancel"));
    Ok(String::new())
}

/// L-NOREPLY-1.
fn silence(call: &Call) -> Result<String> {
    call.silence();
    Ok(String::new())
}

/// L-VAR-3.
fn get(call: &Call) -> Result<String> {
    Ok(call.lookup(call.text("name").trim()).unwrap_or_else(|| UNDEFINED.into()))
}

/// L-VAR-2. Names that belong to the host are left alone (L-VAR-4): the host refuses them, and nothing comes of it.
fn set(call: &Call) -> Result<String> {
    let (name, value) = (call.text("name").trim(), call.text("value").trim());
    if !call.has("value") {
        let _ = call.clear(name);
    } else if name == TOPIC {
        // No topic has no name; a blank is one that leads to the root topic like any unknown name (L-TOP-4).
        call.topic(if value.is_empty() { " " } else { value });
    } else {
        let _ = call.write(name, value);
    }
    Ok(String::new())
}

/// L-MATH-1 to L-MATH-3. The operand is checked first.
fn calculate(call: &Call) -> Result<String> {
    let (name, operand) = (call.text("name").trim(), call.text("value").trim());
    let by = match number::read(operand) {
        Some(n) => n,
        None => return Err(format!("[ERR: Math can't '{}' non-numeric value '{}']", call.name(), operand).into()),
    };
    if name == TOPIC || name.starts_with('_') {
        return Ok(String::new());
    }
    let before = match call.lookup(name).filter(|value| !value.is_empty() && value != UNDEFINED) {
        None => 0.0,
        Some(value) => match number::read(&value) {
            Some(n) => n,
            None => {
                let problem = format!("[ERR: Math can't '{}' non-numeric user variable '{}']", call.name(), name);
                return Err(problem.into());
            }
        },
    };
    let after = match call.name() {
        "add" => before + by,
        "sub" => before - by,
        "mult" => before * by,
        _ if by == 0.0 => return Err("[ERR: Can't Divide By Zero]".into()),
        _ => before / by,
    };
    let text = number::write(after).ok_or("[ERR: Math result out of range]")?;
    let _ = call.write(name, &text);
    Ok(String::new())
}

fn id(call: &Call) -> Result<String> {
    Ok(call.person_id().into())
}

#[cfg(test)]
mod tests;
