//! What a program reaches from its container: the services of its pipeline, by name, once they answer.
//!
//! Each container has a `localhost` of its own. Drone starts a service and does not wait for it.

use std::collections::BTreeSet;

use crate::course::declared::Asks;
use crate::course::rehearse::exec::Step;
use crate::course::rehearse::state::{Cause, State};

/// What a service needs that sends its program into the background.
const KEEP_RUNNING: &str =
    "A container lives as long as its last command. Let that be the program itself, without a `&`.";

/// What a container calls itself.
const OWN: [&str; 4] = ["localhost", "127.0.0.1", "0.0.0.0", "::1"];

/// How long Drone lets a pipeline go on, in seconds, if nobody says otherwise.
pub(super) const HOUR: u32 = 3600;

/// A service, or a step with `detach`.
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbour {
    /// Its name, which is its host name too.
    pub(super) name: String,
    /// The roles of the programs that it comes to.
    pub(super) begins: BTreeSet<String>,
    /// Those of them that listen for as long as the pipeline goes on.
    pub(super) serves: BTreeSet<String>,
    /// What its commands could not do, and its image.
    pub(super) broke: Option<(Cause, String)>,
    /// Seconds after the start of the pipeline at which it starts.
    pub(super) start: u32,
}

/// What can be reached from one container.
#[derive(Clone, Debug, Default)]
pub(super) struct Network {
    /// Those that have started before.
    pub(super) neighbours: Vec<Neighbour>,
    /// Those that start later.
    pub(super) later: Vec<String>,
    /// Seconds after the start of the pipeline at which the container starts.
    pub(super) start: u32,
    /// Roles whose programs need so many seconds until they answer.
    pub(super) slow: Vec<(String, u32)>,
}

impl Network {
    /// How many seconds after the start of this container the neighbour answers.
    fn wait(&self, neighbour: &Neighbour, role: &str) -> u32 {
        let slow = self.slow.iter().find(|it| it.0 == role).map_or(0, |it| it.1);
        slow.saturating_sub(self.start.saturating_sub(neighbour.start))
    }

    fn names(&self) -> String {
        let names: Vec<String> = self.neighbours.iter().map(|it| format!("`{}`", it.name)).collect();
        match names.as_slice() {
            [] => "no service runs in this build".into(),
            [one] => format!("the only service here is {one}"),
            many => format!("the services here are {}", many.join(", ")),
        }
    }
}

impl Step<'_> {
    /// Why the server does not answer the program; `None` when it does.
    pub(super) fn unanswered(&self, state: &State, asks: &Asks) -> Option<Cause> {
        let host = state.environment().get(&asks.variable).unwrap_or(&asks.otherwise).clone();
        let unset = !state.environment().contains_key(&asks.variable);
        let unset = if unset { format!("; this step has no `{}`", asks.variable) } else { String::new() };
        let with =
            |why: String, next| Some(Cause::NobodyThere { host: host.clone(), why: why + &unset, next });
        let nobody = |why: String| with(why, None);
        if OWN.contains(&host.as_str()) {
            if state.world.listening.contains(&asks.role) {
                return None;
            }
            return nobody(format!(
                "that is the container of `{}` itself, and {}",
                self.name,
                self.network.names()
            ));
        }
        if self.network.later.iter().any(|it| it.eq_ignore_ascii_case(&host)) {
            return nobody(format!("`{host}` is started later than this step"));
        }
        let named = self.network.neighbours.iter().find(|it| it.name.eq_ignore_ascii_case(&host));
        let Some(neighbour) = named else {
            return nobody(format!("no host has this name; {}", self.network.names()));
        };
        if !neighbour.serves.contains(&asks.role) {
            if let Some((cause, image)) = &neighbour.broke {
                let (host, image) = (host.clone(), image.clone());
                return Some(Cause::ServiceBroke { host, image, cause: Box::new(cause.clone()) });
            }
            let called = self.role(&asks.role).map_or("the server", |it| &it.0.called);
            if neighbour.begins.contains(&asks.role) {
                let why = format!("the container of `{host}` is over, nothing in it keeps {called} running");
                return with(why, Some(KEEP_RUNNING));
            }
            return nobody(format!("`{host}` does not run {called}"));
        }
        let seconds = self.network.wait(neighbour, &asks.role).saturating_sub(state.clock);
        (seconds > 0).then_some(Cause::TooEarly { host, seconds })
    }
}
