//! A host for tests of directions on the machine of their author, without WebAssembly. It reads tags as a script writes them,
//! grants a plug-in what its manifest wants and nothing else, and records what a call does.
//!
//! Limits of the server are not in it: `footlight direction test` runs the module itself, on the host's own code.

mod host;
pub(crate) mod raw;
mod tag;

use crate::abi::op;
use crate::json::parse_json;
use crate::plugin::Plugin;
use std::collections::BTreeMap;

/// A host with one person and one plug-in. Its fields may be set before a call and looked at after it.
#[derive(Clone)]
pub struct Stage {
    plugin: &'static Plugin,
    /// Settings of the owner.
    pub config: BTreeMap<String, String>,
    /// Keys and passwords.
    pub secrets: BTreeMap<String, String>,
    /// Variables of the person.
    pub vars: BTreeMap<String, String>,
    /// The plug-in's values for all.
    pub state: BTreeMap<String, String>,
    /// The plug-in's values about the person.
    pub person: BTreeMap<String, String>,
    /// Id of the person.
    pub id: String,
    /// The topic that the person is in.
    pub topic: String,
    /// The time, in milliseconds since 1970 UTC. It stands.
    pub now: i64,
    /// What random numbers come from.
    pub seed: u64,
    services: Vec<Service>,
}

/// A web service that a test makes up.
#[derive(Clone)]
struct Service {
    url: String,
    answer: Result<(u16, Vec<u8>), String>,
}

/// What a call came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What stands in the place of the tag.
    pub text: String,
    /// Why it failed; empty if it did not.
    pub error: String,
    /// What it did, in order: `emit Hello`, `cut`, `delay 2s`, `write name=Ann`.
    pub effects: Vec<String>,
    /// Its lines: `info: asked the service`.
    pub log: Vec<String>,
}

impl Stage {
    /// A stage for a plug-in, at nine on Monday, 5 January 2026. A manifest that a server would refuse panics.
    pub fn new(plugin: &'static Plugin) -> Stage {
        let faults = plugin.faults();
        assert!(faults.is_empty(), "manifest: {}", faults.join("; "));
        Stage {
            plugin,
            config: BTreeMap::new(),
            secrets: BTreeMap::new(),
            vars: BTreeMap::new(),
            state: BTreeMap::new(),
            person: BTreeMap::new(),
            id: "ann".into(),
            topic: "default".into(),
            now: 1_767_603_600_000,
            seed: 1,
            services: Vec::new(),
        }
    }

    /// Lets a web service answer. A `*` at the end of the address stands for anything; of several services that fit, the one
    /// named last answers.
    pub fn answer(&mut self, url: &str, status: u16, body: impl AsRef<[u8]>) {
        self.services.push(Service { url: url.into(), answer: Ok((status, body.as_ref().to_vec())) });
    }

    /// Lets a web service not answer, for a reason such as `timeout`.
    pub fn fail(&mut self, url: &str, why: &str) {
        self.services.push(Service { url: url.into(), answer: Err(why.into()) });
    }

    /// Calls a direction with a tag, written as in a script:
    ///
    /// ```text
    /// <weather city="New York" days=3>
    /// <shout>hello</shout>
    /// ```
    ///
    /// A tag that a server would not call the plug-in for is an outcome with an error. A call that does what its wants do
    /// not ask for panics.
    pub fn run(&mut self, tag: &str) -> Outcome {
        let input = match tag::call(self.plugin, &self.id, tag) {
            Ok(input) => input,
            Err(error) => return Outcome { error, ..Outcome::default() },
        };
        let (stage, mut outcome, json) =
            host::with(self.clone(), || crate::entry::answer(self.plugin, op::RUN, input.as_bytes()));
        *self = stage;
        let json = parse_json(&json).expect("an outcome is JSON");
        outcome.text = json.get("text").text().into();
        outcome.error = json.get("error").text().into();
        outcome
    }
}
