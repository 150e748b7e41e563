//! Whether an agent is there for new work, for which kind of it, and for how much.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::AgentId;
use crate::conversation::Channel;

/// Longest own reason, in characters.
pub const LONGEST_REASON: usize = 40;
/// Most reasons of a workspace.
pub const MOST_REASONS: usize = 20;

/// What an agent is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// New work comes.
    Online,
    /// Back soon; nothing new comes.
    Away,
    /// At work, and wants nothing new.
    Busy,
    /// Only what a colleague hands over.
    TransfersOnly,
    /// Not at work.
    Offline,
}

impl State {
    /// Every one, in the order of the menu.
    pub const ALL: [Self; 5] = [Self::Online, Self::Away, Self::Busy, Self::TransfersOnly, Self::Offline];

    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Away => "away",
            Self::Busy => "busy",
            Self::TransfersOnly => "transfers_only",
            Self::Offline => "offline",
        }
    }

    /// From storage; an unknown word is off-line.
    pub fn from_stored(text: &str) -> Self {
        Self::ALL.into_iter().find(|s| s.as_str() == text).unwrap_or(Self::Offline)
    }

    /// Whether the agent is in front of customers at all.
    pub fn is_at_work(self) -> bool {
        self != Self::Offline
    }
}

/// The two kinds of work that are counted: a customer waits in front of the screen, or for a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Medium {
    Chat,
    Mail,
}

impl Medium {
    /// As in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Mail => "mail",
        }
    }
}

impl From<Channel> for Medium {
    fn from(channel: Channel) -> Self {
        Self::from_stored(channel.as_str())
    }
}

impl Medium {
    /// Of a conversation's channel, as stored.
    pub fn from_stored(channel: &str) -> Self {
        if channel == "chat" { Self::Chat } else { Self::Mail }
    }
}

/// Which kinds of work an agent has switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Switches {
    pub chat: bool,
    pub mail: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self { chat: true, mail: true }
    }
}

impl Switches {
    /// Whether one is on.
    pub fn has(self, medium: Medium) -> bool {
        match medium {
            Medium::Chat => self.chat,
            Medium::Mail => self.mail,
        }
    }
}

/// How many conversations an agent has at once, at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Capacity {
    pub total: u16,
    pub chat: u16,
    pub mail: u16,
}

impl Capacity {
    /// The largest number of any of them.
    pub const MOST: u16 = 500;

    /// Of one kind.
    pub fn of(self, medium: Medium) -> u16 {
        match medium {
            Medium::Chat => self.chat,
            Medium::Mail => self.mail,
        }
    }
}

impl Default for Capacity {
    fn default() -> Self {
        Self { total: 12, chat: 4, mail: 10 }
    }
}

/// How many conversations an agent has now: those in which a customer waits, and chats that go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Load {
    pub chat: u16,
    pub mail: u16,
}

impl Load {
    /// Of one kind.
    pub fn of(self, medium: Medium) -> u16 {
        match medium {
            Medium::Chat => self.chat,
            Medium::Mail => self.mail,
        }
    }

    /// Both.
    pub fn total(self) -> u16 {
        self.chat.saturating_add(self.mail)
    }

    /// One more, or one fewer, of a kind.
    pub fn add(&mut self, medium: Medium, by: i32) {
        let slot = match medium {
            Medium::Chat => &mut self.chat,
            Medium::Mail => &mut self.mail,
        };
        *slot = u16::try_from((i32::from(*slot) + by).max(0)).unwrap_or(u16::MAX);
    }

    /// How many more of a kind there is room for.
    pub fn spare(self, medium: Medium, capacity: Capacity) -> u16 {
        capacity.of(medium).saturating_sub(self.of(medium)).min(capacity.total.saturating_sub(self.total()))
    }
}

/// A reason of the workspace's own: a name for a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct OwnReason {
    pub name: String,
    pub state: State,
}

/// What a workspace says about availability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// So long after the last sign of an agent's app they still count as there.
    pub grace_seconds: u32,
    /// Without a touch of the app for so long they count as away; none: never.
    pub idle_minutes: Option<u32>,
    /// Names for states, to choose from.
    pub reasons: Vec<OwnReason>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { grace_seconds: 120, idle_minutes: Some(15), reasons: Vec::new() }
    }
}

impl Settings {
    /// As a duration.
    pub fn grace(&self) -> SignedDuration {
        SignedDuration::from_secs(i64::from(self.grace_seconds))
    }

    fn idle(&self) -> Option<SignedDuration> {
        self.idle_minutes.map(|m| SignedDuration::from_mins(i64::from(m)))
    }
}

/// Why an agent is not what they said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// No touch of the app for a while.
    Idle,
    /// No sign of the app for a while.
    Gone,
    /// The shift is over.
    ShiftOver,
}

impl Because {
    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Gone => "gone",
            Self::ShiftOver => "shift_over",
        }
    }
}

/// What an agent said, and what is known of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    /// Who.
    pub agent: AgentId,
    /// What they chose.
    pub state: State,
    /// Their word for it.
    pub reason: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// For which kinds of work.
    pub on: Switches,
    /// How much at once.
    pub capacity: Capacity,
    /// The last sign of their app.
    pub signs_at: Option<Timestamp>,
    /// The last touch of their app.
    pub active_at: Option<Timestamp>,
    /// Since when nothing new was given to them: the last time that something was, or that they came.
    pub idle_since: Timestamp,
    /// When something was last given to them in turn.
    pub routed_at: Option<Timestamp>,
    /// When a newcomer was last given to them.
    pub newcomer_at: Option<Timestamp>,
    /// When their shift ends.
    pub shift_ends_at: Option<Timestamp>,
    /// What was last told of them.
    pub told: State,
}

impl Availability {
    /// An agent who has said nothing yet.
    pub fn new(agent: AgentId, now: Timestamp) -> Self {
        Self {
            agent,
            state: State::Offline,
            reason: None,
            since: now,
            on: Switches::default(),
            capacity: Capacity::default(),
            signs_at: None,
            active_at: None,
            idle_since: now,
            routed_at: None,
            newcomer_at: None,
            shift_ends_at: None,
            told: State::Offline,
        }
    }

    /// How it really is at `now`, and why that is not what they said.
    pub fn effective(&self, settings: &Settings, now: Timestamp) -> (State, Option<Because>) {
        if self.state == State::Offline {
            return (State::Offline, None);
        }
        if self.shift_ends_at.is_some_and(|end| end <= now) {
            return (State::Offline, Some(Because::ShiftOver));
        }
        if self.signs_at.is_none_or(|at| now.duration_since(at) > settings.grace()) {
            return (State::Offline, Some(Because::Gone));
        }
        let idle = settings.idle().filter(|_| matches!(self.state, State::Online | State::TransfersOnly));
        if idle.is_some_and(|idle| now.duration_since(self.active_at.unwrap_or(self.since).max(self.since)) >= idle) {
            return (State::Away, Some(Because::Idle));
        }
        (self.state, None)
    }

    /// When it next changes by itself, as far as is known.
    pub fn changes_at(&self, settings: &Settings, now: Timestamp) -> Option<Timestamp> {
        if self.effective(settings, now).0 == State::Offline {
            return None;
        }
        // A sign that is exactly as old as the grace still counts.
        let gone = self.signs_at.map(|at| at + settings.grace() + SignedDuration::from_millis(1));
        let idle = settings.idle().map(|idle| self.active_at.unwrap_or(self.since).max(self.since) + idle).filter(|at| *at > now);
        [gone, idle, self.shift_ends_at].into_iter().flatten().filter(|at| *at > now).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Id;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + seconds).unwrap()
    }

    fn online() -> Availability {
        Availability { state: State::Online, signs_at: Some(at(0)), active_at: Some(at(0)), ..Availability::new(AgentId::from_raw(1), at(0)) }
    }

    #[test]
    fn a_break_of_the_stream_is_not_off_line_for_a_while() {
        let settings = Settings { idle_minutes: None, ..Settings::default() };
        let agent = online();
        assert_eq!(agent.effective(&settings, at(120)), (State::Online, None));
        assert_eq!(agent.effective(&settings, at(121)), (State::Offline, Some(Because::Gone)));
        let next = agent.changes_at(&settings, at(60)).unwrap();
        assert_eq!(agent.effective(&settings, next).0, State::Offline);
    }

    #[test]
    fn who_does_not_touch_the_app_is_away_and_who_said_busy_stays_busy() {
        let settings = Settings::default();
        let agent = Availability { signs_at: Some(at(890)), ..online() };
        assert_eq!(agent.changes_at(&settings, at(890)), Some(at(900)));
        assert_eq!(agent.effective(&settings, at(899)), (State::Online, None));
        assert_eq!(agent.effective(&settings, at(900)), (State::Away, Some(Because::Idle)));
        let busy = Availability { state: State::Busy, ..agent };
        assert_eq!(busy.effective(&settings, at(900)), (State::Busy, None));
    }

    #[test]
    fn a_shift_ends_by_itself() {
        let agent = Availability { shift_ends_at: Some(at(30)), ..online() };
        assert_eq!(agent.changes_at(&Settings::default(), at(0)), Some(at(30)));
        assert_eq!(agent.effective(&Settings::default(), at(30)), (State::Offline, Some(Because::ShiftOver)));
    }

    #[test]
    fn room_is_limited_by_the_kind_and_by_the_whole() {
        let capacity = Capacity { total: 5, chat: 4, mail: 3 };
        let mut load = Load { chat: 2, mail: 2 };
        assert_eq!((load.spare(Medium::Chat, capacity), load.spare(Medium::Mail, capacity)), (1, 1));
        load.add(Medium::Mail, -3);
        assert_eq!((load.mail, load.spare(Medium::Chat, capacity)), (0, 2));
        load.add(Medium::Chat, 9);
        assert_eq!(load.spare(Medium::Mail, capacity), 0);
    }
}
