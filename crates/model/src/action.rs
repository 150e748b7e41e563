//! What can be done to a conversation in one go: the one list that macros, bulk work and (later) automation rules share.
//!
//! In JSON each action is an object with a `kind`: `{"kind":"set_priority","priority":"high"}`. Fields that an action does
//! not have are refused.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::conversation::{Priority, StatusKind};
use crate::custom_status::Wanted;
use crate::field::Values;
use crate::{AgentId, Conversation, CustomStatusId, FieldId, InboxId, MessageId, SavedReplyId, ShelfKind, Status, TagId, TeamId};

/// Most actions in one list.
pub const MOST_ACTIONS: usize = 20;
/// Longest note or reply of an action, in bytes of HTML.
pub const MOST_HTML: usize = 100_000;
/// Most tags in one action.
pub const MOST_TAGS: usize = 50;
/// Longest snooze, in minutes: five years.
pub const MOST_MINUTES: u32 = 5 * 365 * 24 * 60;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Give it to an agent.
    AssignAgent {
        /// Who.
        agent_id: AgentId,
    },
    /// Give it to whoever does this.
    AssignMe {},
    /// Give it to nobody; the team stays.
    AssignNobody {},
    /// Give it to a team, or to none.
    AssignTeam {
        /// Which; null: none.
        team_id: Option<TeamId>,
    },
    /// Open, park, snooze or resolve it.
    SetStatus {
        /// The status.
        status: StatusTo,
    },
    /// Say how soon it wants an answer.
    SetPriority {
        /// How soon.
        priority: Priority,
    },
    /// Put tags on; those that are on already stay.
    AddTags {
        /// Which.
        tag_ids: Vec<TagId>,
    },
    /// Take tags off; those that are not on change nothing.
    RemoveTags {
        /// Which.
        tag_ids: Vec<TagId>,
    },
    /// Move it to another inbox.
    MoveInbox {
        /// Which.
        inbox_id: InboxId,
    },
    /// Leave an internal note.
    AddNote {
        /// Its words, a template.
        html: String,
    },
    /// Put a reply into the author's draft, to be read before it is sent.
    InsertReply {
        /// Its words, a template.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        html: Option<String>,
        /// Or a saved reply, in the customer's language.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        saved_reply_id: Option<SavedReplyId>,
    },
    /// Send a reply to everyone who takes part. It can be taken back within the author's undo window.
    SendReply {
        /// Its words, a template.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        html: Option<String>,
        /// Or a saved reply, in the customer's language.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        saved_reply_id: Option<SavedReplyId>,
    },
    /// Give a custom field a value, or none.
    SetField {
        /// Which.
        field_id: FieldId,
        /// As the API writes it; null takes the value away. Whether it fits is seen where the field is known.
        value: serde_json::Value,
    },
    /// Say until when it is to be done.
    SetDue {
        /// Until when.
        due: DueTo,
    },
    /// Throw it away, or call it spam.
    Shelve {
        /// Where to.
        shelf: ShelfKind,
    },
    /// Take it out of the trash or out of spam.
    Restore {},
}

/// A status to move to, where a snooze may also be counted from when it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum StatusTo {
    /// Ours to answer.
    Open {},
    /// The customer's turn.
    Pending {},
    /// Waits for a third party.
    OnHold {},
    /// Hidden until a time.
    Snoozed {
        /// When it comes back; null: when the customer writes.
        #[serde(deserialize_with = "present")]
        until: Option<Timestamp>,
    },
    /// Hidden for a while.
    SnoozedFor {
        /// How long.
        minutes: u32,
    },
    /// Done.
    Resolved {},
    /// One of the workspace's own.
    Custom {
        /// Which.
        custom_status_id: CustomStatusId,
    },
}

/// A time by which something is to be done, which may also be counted from when this happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DueTo {
    /// At a time.
    At {
        /// Which.
        at: Timestamp,
    },
    /// So long from then.
    After {
        /// How long.
        minutes: u32,
    },
    /// No longer.
    Never {},
}

impl DueTo {
    /// The time when this is done at `now`.
    pub fn from(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::At { at } => Some(at),
            Self::After { minutes } => Some(now.checked_add(SignedDuration::from_mins(i64::from(minutes))).unwrap_or(Timestamp::MAX)),
            Self::Never {} => None,
        }
    }
}

/// Null is said, not left out.
fn present<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    Option::deserialize(from)
}

impl StatusTo {
    /// The status when this is done at `now`.
    pub fn at(self, now: Timestamp) -> Wanted {
        Wanted::Status(match self {
            Self::Custom { custom_status_id } => return Wanted::Custom(custom_status_id),
            Self::Open {} => Status::Open,
            Self::Pending {} => Status::Pending,
            Self::OnHold {} => Status::OnHold,
            Self::Snoozed { until } => Status::snoozed(until),
            Self::SnoozedFor { minutes } => {
                let until = now.checked_add(SignedDuration::from_mins(i64::from(minutes))).unwrap_or(Timestamp::MAX);
                Status::Snoozed { until }
            }
            Self::Resolved {} => Status::Resolved { at: now },
        })
    }
}

/// An action that does not fit, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("actions[{at}]: {detail}")]
pub struct ActionFault {
    /// Which action, from 0.
    pub at: usize,
    /// Its field; empty when it is the action as a whole.
    pub field: &'static str,
    /// Stable code: `missing`, `too_long`, `too_many`, `invalid`.
    pub code: &'static str,
    /// What to do, for people.
    pub detail: String,
}

impl ActionFault {
    /// The place as the API writes it: `actions[2].html`.
    pub fn place(&self) -> String {
        place_of(self.at, self.field)
    }
}

/// The place of an action's field as the API writes it: `actions[2].html`.
pub fn place_of(at: usize, field: &str) -> String {
    if field.is_empty() { format!("actions[{at}]") } else { format!("actions[{at}].{field}") }
}

/// A list that fits: 1 to 20 actions, no text too long, at most one reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Action>", into = "Vec<Action>")]
pub struct Actions(Vec<Action>);

impl std::ops::Deref for Actions {
    type Target = [Action];

    fn deref(&self) -> &[Action] {
        &self.0
    }
}

impl From<Actions> for Vec<Action> {
    fn from(actions: Actions) -> Self {
        actions.0
    }
}

impl TryFrom<Vec<Action>> for Actions {
    type Error = ActionFault;

    fn try_from(list: Vec<Action>) -> Result<Self, ActionFault> {
        let fault = |at, field, code, detail: &str| ActionFault { at, field, code, detail: detail.to_owned() };
        if list.is_empty() {
            return Err(fault(0, "", "missing", "Add at least one action."));
        }
        if list.len() > MOST_ACTIONS {
            return Err(fault(MOST_ACTIONS, "", "too_many", "20 actions are the most."));
        }
        let mut replies = 0;
        for (at, action) in list.iter().enumerate() {
            if let Some((field, code, detail)) = action.fault() {
                return Err(fault(at, field, code, detail));
            }
            replies += usize::from(action.writes_to_customer());
            if replies > 1 {
                return Err(fault(at, "", "too_many", "One reply is the most."));
            }
        }
        Ok(Self(list))
    }
}

impl Action {
    /// Whether its words are for the customer.
    pub fn writes_to_customer(&self) -> bool {
        matches!(self, Self::InsertReply { .. } | Self::SendReply { .. })
    }

    /// Whether it can be taken back altogether. A note stays.
    pub fn can_be_undone(&self) -> bool {
        !matches!(self, Self::AddNote { .. })
    }

    /// Its name, as in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AssignAgent { .. } => "assign_agent",
            Self::AssignMe {} => "assign_me",
            Self::AssignNobody {} => "assign_nobody",
            Self::AssignTeam { .. } => "assign_team",
            Self::SetStatus { .. } => "set_status",
            Self::SetPriority { .. } => "set_priority",
            Self::AddTags { .. } => "add_tags",
            Self::RemoveTags { .. } => "remove_tags",
            Self::MoveInbox { .. } => "move_inbox",
            Self::AddNote { .. } => "add_note",
            Self::InsertReply { .. } => "insert_reply",
            Self::SendReply { .. } => "send_reply",
            Self::SetField { .. } => "set_field",
            Self::SetDue { .. } => "set_due",
            Self::Shelve { .. } => "shelve",
            Self::Restore {} => "restore",
        }
    }

    fn fault(&self) -> Option<(&'static str, &'static str, &'static str)> {
        match self {
            Self::AddTags { tag_ids } | Self::RemoveTags { tag_ids } => match tag_ids.len() {
                0 => Some(("tag_ids", "missing", "Pick at least one tag.")),
                n if n > MOST_TAGS => Some(("tag_ids", "too_many", "50 tags are the most.")),
                _ => None,
            },
            Self::AddNote { html } => words(html),
            Self::InsertReply { html, saved_reply_id } | Self::SendReply { html, saved_reply_id } => match (html, saved_reply_id) {
                (Some(_), Some(_)) => Some(("html", "invalid", "Give either words or a saved reply.")),
                (None, None) => Some(("html", "missing", "Write something, or pick a saved reply.")),
                (Some(html), None) => words(html),
                (None, Some(_)) => None,
            },
            Self::SetStatus { status: StatusTo::SnoozedFor { minutes } } if *minutes == 0 || *minutes > MOST_MINUTES => {
                Some(("status.minutes", "invalid", "Snooze for one minute to five years."))
            }
            Self::SetDue { due: DueTo::After { minutes } } if *minutes == 0 || *minutes > MOST_MINUTES => {
                Some(("due.minutes", "invalid", "Make it due in one minute to five years."))
            }
            Self::SetField { value, .. } if !is_small(value) => Some(("value", "invalid", "This is no value of a field.")),
            _ => None,
        }
    }
}

/// Whether it may be the value of any field at all.
fn is_small(value: &serde_json::Value) -> bool {
    use serde_json::Value as Json;
    let short = |t: &str| t.len() <= 4 * crate::field::LONGEST_LINK;
    match value {
        Json::String(text) => short(text),
        Json::Array(list) => list.len() <= crate::field::MOST_OPTIONS && list.iter().all(|v| v.as_str().is_some_and(short)),
        Json::Object(_) => false,
        _ => true,
    }
}

fn words(html: &str) -> Option<(&'static str, &'static str, &'static str)> {
    if html.trim().is_empty() {
        return Some(("html", "missing", "Write something here."));
    }
    (html.len() > MOST_HTML).then_some(("html", "too_long", "Use at most 100,000 characters."))
}

/// What actions can change of a conversation, as it stood at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Standing {
    pub status: StatusKind,
    /// End of a snooze, or since when it is resolved.
    pub status_time: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_status: Option<CustomStatusId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    pub priority: Priority,
    pub assignee: Option<AgentId>,
    pub team: Option<TeamId>,
    pub inbox: InboxId,
    /// In the order of their ids.
    pub tags: Vec<TagId>,
    /// Values of custom fields; only where the actions set some.
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    pub fields: Values,
    /// Where it lies, when nobody works on it.
    #[serde(default)]
    pub shelf: Option<ShelfKind>,
}

impl Standing {
    /// How a conversation with these tags stands.
    pub fn of(c: &Conversation, mut tags: Vec<TagId>) -> Self {
        tags.sort_unstable();
        Self {
            status: c.status.kind(),
            status_time: c.status.time(),
            custom_status: c.custom_status,
            due_at: c.due_at,
            priority: c.priority,
            assignee: c.assignee,
            team: c.team,
            inbox: c.inbox,
            tags,
            fields: Values::new(),
            shelf: c.shelf.map(crate::shelf::Shelf::kind),
        }
    }

    /// Its status.
    pub fn status(&self) -> Status {
        Status::from_columns(self.status.as_str(), self.status_time)
    }
}

/// What is needed to take a list of actions back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// How it stood before.
    pub before: Standing,
    /// How it stood afterwards: what has changed again since is left alone.
    pub after: Standing,
    /// The reply that was sent.
    pub reply: Option<MessageId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Id;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(value: serde_json::Value) -> Result<Action, String> {
        serde_json::from_value(value).map_err(|e| e.to_string())
    }

    #[test]
    fn an_action_is_written_with_its_kind() {
        let written = json!({"kind": "set_status", "status": {"kind": "snoozed_for", "minutes": 90}});
        let action = read(written.clone()).unwrap();
        assert_eq!(action, Action::SetStatus { status: StatusTo::SnoozedFor { minutes: 90 } });
        assert_eq!(serde_json::to_value(action).unwrap(), written);
    }

    #[test]
    fn unknown_kinds_and_fields_are_refused() {
        for bad in [
            json!({"kind": "delete_everything"}),
            json!({"kind": "assign_me", "agent_id": "agt_0000000000000"}),
            json!({"kind": "set_priority", "priority": "huge"}),
            json!({"kind": "set_status", "status": {"kind": "open", "until": "2026-11-22T10:00:00Z"}}),
            json!({"kind": "set_status", "status": {"kind": "snoozed"}}),
            json!({"kind": "assign_agent", "agent_id": "team_0000000000000"}),
            json!({"priority": "high"}),
            json!("assign_me"),
        ] {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_list_that_does_not_fit_says_where() {
        let fault = |list: Vec<Action>| Actions::try_from(list).unwrap_err();
        let me = || Action::AssignMe {};
        let words = |n: usize| Action::AddNote { html: "x".repeat(n) };
        assert_eq!(fault(vec![]).code, "missing");
        assert_eq!(fault(vec![me(); 21]).place(), "actions[20]");
        assert_eq!(fault(vec![me(), words(0)]).place(), "actions[1].html");
        assert_eq!(fault(vec![me(), words(MOST_HTML + 1)]).code, "too_long");
        assert_eq!(fault(vec![Action::AddTags { tag_ids: vec![] }]).place(), "actions[0].tag_ids");
        let forever = Action::SetStatus { status: StatusTo::SnoozedFor { minutes: MOST_MINUTES + 1 } };
        assert_eq!(fault(vec![forever]).place(), "actions[0].status.minutes");
        let reply = || Action::SendReply { html: Some("<p>Hi</p>".into()), saved_reply_id: None };
        assert_eq!(fault(vec![reply(), me(), reply()]).place(), "actions[2]");
        assert_eq!(fault(vec![Action::InsertReply { html: None, saved_reply_id: None }]).code, "missing");
        let set = |value| Action::SetField { field_id: FieldId::from_raw(1), value };
        assert_eq!(fault(vec![me(), set(json!({"a": 1}))]).place(), "actions[1].value");
        assert_eq!(fault(vec![set(json!([1]))]).place(), "actions[0].value");
        assert!(Actions::try_from(vec![me(), reply(), words(5), set(json!(["a"])), set(json!(null))]).is_ok());
    }

    #[test]
    fn a_snooze_for_a_while_counts_from_when_it_happens() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let until = "2026-11-22T11:30:00Z".parse().unwrap();
        assert_eq!(StatusTo::SnoozedFor { minutes: 90 }.at(now), Wanted::Status(Status::Snoozed { until }));
        assert!(matches!(StatusTo::SnoozedFor { minutes: u32::MAX }.at(Timestamp::MAX), Wanted::Status(Status::Snoozed { .. })));
        assert_eq!(DueTo::After { minutes: 90 }.from(now), Some(until));
    }

    fn any_action() -> impl Strategy<Value = Action> {
        let id = 0..i64::MAX;
        let tags = proptest::collection::vec(0..i64::MAX, 1..5).prop_map(|ids| ids.into_iter().map(TagId::from_raw).collect::<Vec<_>>());
        let html = "[ -~가-힣]{1,40}";
        prop_oneof![
            id.clone().prop_map(|n| Action::AssignAgent { agent_id: AgentId::from_raw(n) }),
            Just(Action::AssignMe {}),
            Just(Action::AssignNobody {}),
            proptest::option::of(id.clone()).prop_map(|n| Action::AssignTeam { team_id: n.map(TeamId::from_raw) }),
            (1..MOST_MINUTES).prop_map(|minutes| Action::SetStatus { status: StatusTo::SnoozedFor { minutes } }),
            (1..MOST_MINUTES).prop_map(|minutes| Action::SetDue { due: DueTo::After { minutes } }),
            Just(Action::SetDue { due: DueTo::Never {} }),
            id.clone().prop_map(|n| Action::SetStatus { status: StatusTo::Custom { custom_status_id: CustomStatusId::from_raw(n) } }),
            (0..4_i64).prop_map(|n| Action::SetPriority { priority: Priority::from_i64(n) }),
            tags.clone().prop_map(|tag_ids| Action::AddTags { tag_ids }),
            tags.prop_map(|tag_ids| Action::RemoveTags { tag_ids }),
            id.clone().prop_map(|n| Action::MoveInbox { inbox_id: InboxId::from_raw(n) }),
            html.prop_map(|html| Action::AddNote { html: format!("x{html}") }),
            (id.clone(), 0..99_i64).prop_map(|(n, v)| Action::SetField { field_id: FieldId::from_raw(n), value: json!(v) }),
            id.prop_map(|n| Action::InsertReply { html: None, saved_reply_id: Some(SavedReplyId::from_raw(n)) }),
            prop_oneof![Just(ShelfKind::Trash), Just(ShelfKind::Spam)].prop_map(|shelf| Action::Shelve { shelf }),
            Just(Action::Restore {}),
            html.prop_map(|html| Action::SendReply { html: Some(format!("x{html}")), saved_reply_id: None }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(action in any_action()) {
            let written = serde_json::to_value(&action).unwrap();
            prop_assert_eq!(written["kind"].as_str(), Some(action.name()));
            prop_assert_eq!(read(written).unwrap(), action.clone());
            prop_assert!(Actions::try_from(vec![action]).is_ok());
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = serde_json::from_str::<Vec<Action>>(&text);
        }
    }
}
