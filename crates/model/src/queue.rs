//! Queues: who answers which conversations, in which order, and by which rule.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::filter::Filter;
use crate::{AgentId, QueueId, SkillId, TeamId};

/// Most queues of a workspace.
pub const MOST: usize = 50;
/// Most skills of a workspace.
pub const MOST_SKILLS: usize = 200;
/// Most skills that a queue asks for.
pub const MOST_ASKED: usize = 20;
/// The highest priority of a queue; the lowest is 1.
pub const HIGHEST: u8 = 9;

/// Something that an agent can do, or a language that they speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    /// Id.
    pub id: SkillId,
    /// Unique in a workspace regardless of case.
    pub name: String,
    /// The language that it is, such as `ko`: then customers who write in it are matched with those who have it.
    pub language: Option<String>,
}

/// Who gets the next one, of those who could.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Who has most room.
    #[default]
    SpareCapacity,
    /// Who has been given nothing for longest.
    LongestIdle,
    /// Each in turn.
    RoundRobin,
}

impl Strategy {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::SpareCapacity, Self::LongestIdle, Self::RoundRobin];

    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SpareCapacity => "spare_capacity",
            Self::LongestIdle => "longest_idle",
            Self::RoundRobin => "round_robin",
        }
    }
}

/// How a customer's language is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum LanguageMatch {
    Ignored,
    #[default]
    Preferred,
    Required,
}

/// When it is open, on one day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct OpenHours {
    /// Monday 1 … Sunday 7.
    pub day: i8,
    pub from: Time,
    /// Later than `from`; `23:59:59` is the end of the day.
    pub until: Time,
}

/// The rule of a queue: everything but its name and place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "independent settings, not a state")]
pub struct Rule {
    /// From 1 to [`HIGHEST`]: what waits in a higher queue goes first.
    pub priority: u8,
    /// Who gets the next one.
    pub strategy: Strategy,
    /// It is offered, and the agent accepts or declines; else it is given at once.
    pub offers: bool,
    /// How long an offer stands.
    pub accept_seconds: u32,
    /// The agent who last helped the customer comes first …
    pub same_agent: bool,
    /// … and so does the one who represents the customer's company.
    pub representative: bool,
    /// How long a conversation waits for one of those, when they are there but have no room.
    pub hold_seconds: u32,
    /// Conversations of new customers go round everybody in turn.
    pub newcomer_rota: bool,
    /// Skills that an agent must have …
    pub required: Vec<SkillId>,
    /// … or had better have.
    pub preferred: Vec<SkillId>,
    /// How the customer's language is looked at.
    pub language: LanguageMatch,
    /// After so long, what is required is only preferred.
    pub relax_seconds: Option<u32>,
    /// After `overflow_seconds` it goes on to this queue.
    pub overflow: Option<QueueId>,
    /// See `overflow`.
    pub overflow_seconds: u32,
    /// What has waited so long goes before everything, whatever its queue: so nothing waits for ever.
    pub lift_seconds: Option<u32>,
    /// A chat without a word of the customer for so long takes no room.
    pub silent_minutes: u32,
    /// What the agent has not answered after so long goes back to the queue.
    pub silence_seconds: Option<u32>,
    /// What waits for an agent who went away goes back to the queue.
    pub return_when_gone: bool,
    /// A good answer comes within so long: the service level counts those.
    pub answer_seconds: u32,
    /// When it is open, in the workspace's time zone; empty: always.
    pub hours: Vec<OpenHours>,
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            priority: 5,
            strategy: Strategy::default(),
            offers: false,
            accept_seconds: 30,
            same_agent: true,
            representative: true,
            hold_seconds: 60,
            newcomer_rota: false,
            required: Vec::new(),
            preferred: Vec::new(),
            language: LanguageMatch::default(),
            relax_seconds: Some(120),
            overflow: None,
            overflow_seconds: 300,
            lift_seconds: Some(3_600),
            silent_minutes: 10,
            silence_seconds: None,
            return_when_gone: true,
            answer_seconds: 60,
            hours: Vec::new(),
        }
    }
}

/// A queue. Of several whose filter a conversation passes, the first by position takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Queue {
    pub id: QueueId,
    /// Rises with each change; the ETag.
    pub version: i64,
    /// Unique in a workspace regardless of case.
    pub name: String,
    pub position: i64,
    pub filter: Filter,
    /// Teams whose members work in it …
    pub teams: Vec<TeamId>,
    /// … and agents who do. With none of either, everybody who sees the inbox does.
    pub agents: Vec<AgentId>,
    pub rule: Rule,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Queue {
    /// Whether an agent of these teams works in it.
    pub fn has(&self, agent: AgentId, teams: &[TeamId]) -> bool {
        (self.agents.is_empty() && self.teams.is_empty()) || self.agents.contains(&agent) || self.teams.iter().any(|t| teams.contains(t))
    }
}

/// Seconds as a duration.
pub fn seconds(n: u32) -> SignedDuration {
    SignedDuration::from_secs(i64::from(n))
}

impl Rule {
    /// Whether it is open at `now`, where the workspace is.
    pub fn is_open(&self, now: Timestamp, zone: &TimeZone) -> bool {
        if self.hours.is_empty() {
            return true;
        }
        let local = now.to_zoned(zone.clone());
        let (day, time) = (local.weekday().to_monday_one_offset(), local.time());
        self.hours.iter().any(|h| h.day == day && h.from <= time && (time < h.until || ends_the_day(h.until)))
    }

    /// When it opens next, should it be closed at `now`. None when it never does, or is open.
    pub fn opens_at(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        if self.hours.is_empty() || self.is_open(now, zone) {
            return None;
        }
        let today = now.to_zoned(zone.clone()).date();
        (0..8).find_map(|days| {
            let date = today.checked_add(jiff::Span::new().days(days)).ok()?;
            let day = date.weekday().to_monday_one_offset();
            let begins = self.hours.iter().filter(|h| h.day == day);
            begins.filter_map(|h| Some(date.to_datetime(h.from).to_zoned(zone.clone()).ok()?.timestamp())).filter(|at| *at > now).min()
        })
    }
}

/// Nobody can write 24:00 as a time of day.
fn ends_the_day(until: Time) -> bool {
    until >= Time::constant(23, 59, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_queue_is_open_by_the_clock_where_the_workspace_is() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        let hours = |day, from: &str, until: &str| OpenHours { day, from: from.parse().unwrap(), until: until.parse().unwrap() };
        let rule = Rule { hours: vec![hours(1, "09:00", "18:00"), hours(2, "09:00", "23:59:59")], ..Rule::default() };
        // 2026-11-23 is a Monday; Seoul is nine hours ahead.
        assert!(rule.is_open(at("2026-11-23T00:00:00Z"), &seoul));
        assert!(!rule.is_open(at("2026-11-23T09:00:00Z"), &seoul));
        assert_eq!(rule.opens_at(at("2026-11-23T09:00:00Z"), &seoul), Some(at("2026-11-24T00:00:00Z")));
        assert!(rule.is_open(at("2026-11-24T14:59:59Z"), &seoul));
        assert_eq!(rule.opens_at(at("2026-11-24T15:00:00Z"), &seoul), Some(at("2026-11-30T00:00:00Z")));
        assert_eq!(Rule::default().opens_at(at("2026-11-23T09:00:00Z"), &seoul), None);
    }

    #[test]
    fn a_rule_reads_back_and_an_empty_one_is_the_default() {
        let rule = Rule { priority: 7, lift_seconds: None, ..Rule::default() };
        assert_eq!(serde_json::from_str::<Rule>(&serde_json::to_string(&rule).unwrap()).unwrap(), rule);
        assert_eq!(serde_json::from_str::<Rule>("{}").unwrap(), Rule::default());
    }
}
