//! What agents are told, and how they want to be told.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Actor, AgentId, ConversationId, EventId, MessageId, NotificationId};

/// How long a notification waits unread before it goes out by mail, together with those that came meanwhile.
pub const MAIL_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// How long it takes until a notification is pushed: who reads it meanwhile, in front of the app, is not disturbed.
pub const PUSH_AFTER: SignedDuration = SignedDuration::from_secs(2);

/// How long after it happened a notification is still worth pushing.
pub const PUSH_UNTIL: SignedDuration = SignedDuration::from_hours(1);

/// What an agent is told about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// Somebody gave me a conversation.
    Assigned,
    /// Somebody named me, or my team, in a note.
    Mention,
    /// A customer wrote in a conversation of mine, or one that I follow.
    CustomerMessage,
    /// A colleague replied or left a note in one of those.
    Colleague,
    /// A snooze of one of those ended.
    SnoozeEnded,
    /// A conversation of mine has become due.
    Due,
    /// I asked to be reminded.
    Reminder,
    /// A new conversation that nobody has came into an inbox that I see.
    NewUnassigned,
    /// A queue offers me a conversation. Told as what is given to me, but never by mail: by then it is somebody else's.
    Offered,
    /// A colleague wants me in a chat. Told as what names me.
    Invited,
    /// A supervisor whispers to me in a chat. Told as what names me, but never by mail: by then it is said.
    Whispered,
    /// A supervisor took a conversation over from me. Told as what is given to me.
    TakenOver,
}

impl NotificationKind {
    /// Every kind, in the order of the settings.
    pub const ALL: [Self; 12] = [
        Self::Assigned,
        Self::Mention,
        Self::CustomerMessage,
        Self::Colleague,
        Self::SnoozeEnded,
        Self::Due,
        Self::Reminder,
        Self::NewUnassigned,
        Self::Offered,
        Self::Invited,
        Self::Whispered,
        Self::TakenOver,
    ];

    /// As stored and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Mention => "mention",
            Self::CustomerMessage => "customer_message",
            Self::Colleague => "colleague",
            Self::SnoozeEnded => "snooze_ended",
            Self::Due => "due",
            Self::Reminder => "reminder",
            Self::NewUnassigned => "new_unassigned",
            Self::Offered => "offered",
            Self::Invited => "invited",
            Self::Whispered => "whispered",
            Self::TakenOver => "taken_over",
        }
    }

    /// From storage; an unknown kind reads as a colleague's doing.
    pub fn from_stored(text: &str) -> Self {
        Self::ALL.into_iter().find(|k| k.as_str() == text).unwrap_or(Self::Colleague)
    }
}

/// The ways in which one kind is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ways {
    /// In the app.
    pub in_app: bool,
    /// By mail, when it was not read within [`MAIL_AFTER`].
    pub mail: bool,
    /// By the browser: while the app is open, and on devices that it is pushed to.
    pub desktop: bool,
}

impl Ways {
    /// None at all.
    pub fn none(self) -> bool {
        !self.in_app && !self.mail && !self.desktop
    }
}

/// When it is quiet: mail waits and the browser shows nothing. What happens is in the app all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// Switched on.
    pub enabled: bool,
    /// From this time of the agent's day …
    pub from: Time,
    /// … until this one, on the next day when it is earlier.
    pub until: Time,
}

impl QuietHours {
    /// The end of the quiet hours that `now` lies in; none when it is not quiet.
    pub fn end(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        if !self.enabled || self.from == self.until {
            return None;
        }
        let local = now.to_zoned(zone.clone());
        let (time, day) = (local.time(), local.date());
        let over_night = self.from > self.until;
        let quiet = if over_night { time >= self.from || time < self.until } else { time >= self.from && time < self.until };
        if !quiet {
            return None;
        }
        let day = if over_night && time >= self.from { day.tomorrow().ok()? } else { day };
        day.to_datetime(self.until).to_zoned(zone.clone()).ok().map(|z| z.timestamp())
    }
}

/// What a notification sounds like in the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum SoundName {
    #[default]
    None,
    Drop,
    Chime,
    Knock,
    Glass,
}

/// The sound of an agent's notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sound {
    /// Which; none by default.
    pub name: SoundName,
    /// From 0 to 100.
    pub volume: u8,
}

impl Sound {
    /// The loudest.
    pub const LOUDEST: u8 = 100;
}

impl Default for Sound {
    fn default() -> Self {
        Self { name: SoundName::None, volume: 60 }
    }
}

/// What an agent wants to be told of, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NotificationSettings {
    pub assigned: Ways,
    pub mention: Ways,
    pub customer_message: Ways,
    pub colleague: Ways,
    pub snooze_ended: Ways,
    #[serde(default = "everywhere")]
    pub due: Ways,
    #[serde(default = "everywhere")]
    pub reminder: Ways,
    pub new_unassigned: Ways,
    pub quiet_hours: QuietHours,
    #[serde(default)]
    pub sound: Sound,
}

/// What an agent is told of everywhere unless they want it otherwise.
fn everywhere() -> Ways {
    Ways { in_app: true, mail: true, desktop: true }
}

impl Default for NotificationSettings {
    fn default() -> Self {
        let all = everywhere();
        let screen = Ways { in_app: true, mail: false, desktop: true };
        let app = Ways { in_app: true, mail: false, desktop: false };
        let nothing = Ways { in_app: false, mail: false, desktop: false };
        Self {
            assigned: all,
            mention: all,
            customer_message: screen,
            colleague: app,
            snooze_ended: screen,
            due: all,
            reminder: all,
            new_unassigned: nothing,
            quiet_hours: QuietHours { enabled: false, from: Time::constant(20, 0, 0, 0), until: Time::constant(8, 0, 0, 0) },
            sound: Sound::default(),
        }
    }
}

impl NotificationSettings {
    /// How one kind is told.
    pub fn ways(&self, kind: NotificationKind) -> Ways {
        match kind {
            NotificationKind::Assigned | NotificationKind::TakenOver => self.assigned,
            NotificationKind::Mention | NotificationKind::Invited => self.mention,
            NotificationKind::CustomerMessage => self.customer_message,
            NotificationKind::Colleague => self.colleague,
            NotificationKind::SnoozeEnded => self.snooze_ended,
            NotificationKind::Due => self.due,
            NotificationKind::Reminder => self.reminder,
            NotificationKind::NewUnassigned => self.new_unassigned,
            NotificationKind::Offered => Ways { mail: false, ..self.assigned },
            NotificationKind::Whispered => Ways { mail: false, ..self.mention },
        }
    }
}

/// Something an agent is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Id.
    pub id: NotificationId,
    /// Who is told.
    pub agent: AgentId,
    /// What about.
    pub kind: NotificationKind,
    /// Where.
    pub conversation: ConversationId,
    /// What happened.
    pub event: EventId,
    /// The message it is about.
    pub message: Option<MessageId>,
    /// Words of one's own that it brings back.
    pub words: Option<String>,
    /// Who did it.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// It stands in the app.
    pub shown: bool,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// It waits for the next mail.
    pub mail: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn hours(from: &str, until: &str) -> QuietHours {
        QuietHours { enabled: true, from: from.parse().unwrap(), until: until.parse().unwrap() }
    }

    #[test]
    fn a_quiet_night_ends_on_the_next_morning_of_the_agents_own_day() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        let night = hours("22:00", "08:00");
        // 23:30, 07:00, and 21:59 in Seoul.
        assert_eq!(night.end(at("2026-11-22T14:30:00Z"), &seoul), Some(at("2026-11-22T23:00:00Z")));
        assert_eq!(night.end(at("2026-11-22T22:00:00Z"), &seoul), Some(at("2026-11-22T23:00:00Z")));
        assert_eq!(night.end(at("2026-11-22T12:59:00Z"), &seoul), None);
        assert_eq!(hours("12:00", "13:00").end(at("2026-11-22T03:30:00Z"), &seoul), Some(at("2026-11-22T04:00:00Z")));
        assert_eq!(QuietHours { enabled: false, ..night }.end(at("2026-11-22T14:30:00Z"), &seoul), None);
        assert_eq!(hours("08:00", "08:00").end(at("2026-11-22T14:30:00Z"), &seoul), None);
    }

    #[test]
    fn settings_read_back_and_refuse_what_they_do_not_know() {
        let text = serde_json::to_string(&NotificationSettings::default()).unwrap();
        assert_eq!(serde_json::from_str::<NotificationSettings>(&text).unwrap(), NotificationSettings::default());
        assert!(serde_json::from_str::<NotificationSettings>(&text.replace("in_app", "inn_app")).is_err());
    }
}
