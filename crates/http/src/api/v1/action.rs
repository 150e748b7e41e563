//! Actions as the API writes them, and what they would do.

use desk::Refusal;
use desk::action::{ActionError, Change, Named, Preview};
use model::action::{Actions, place_of};
use model::{AgentId, FieldId, InboxId, SavedReplyId, ShelfKind, TagId, TeamId};
use serde::Serialize;
use utoipa::ToSchema;

use super::conversation::Status;
use super::field::Translated;
use super::refs::Mailbox;
use super::tag::Tag;
use crate::problem::{Problem, Result};
use crate::time::Time;

/// One thing to do. Texts are templates: HTML with variables.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = Action)]
#[allow(missing_docs, dead_code)]
pub enum ActionBody {
    AssignAgent {
        #[schema(value_type = String)]
        agent_id: AgentId,
    },
    AssignMe {},
    AssignNobody {},
    AssignTeam {
        #[schema(value_type = Option<String>)]
        team_id: Option<TeamId>,
    },
    SetStatus {
        status: StatusTo,
    },
    SetPriority {
        /// `low`, `normal`, `high` or `urgent`.
        priority: String,
    },
    AddTags {
        #[schema(value_type = Vec<String>)]
        tag_ids: Vec<TagId>,
    },
    RemoveTags {
        #[schema(value_type = Vec<String>)]
        tag_ids: Vec<TagId>,
    },
    MoveInbox {
        #[schema(value_type = String)]
        inbox_id: InboxId,
    },
    AddNote {
        html: String,
    },
    /// Either `html` or `saved_reply_id`.
    InsertReply {
        html: Option<String>,
        #[schema(value_type = Option<String>)]
        saved_reply_id: Option<SavedReplyId>,
    },
    /// Either `html` or `saved_reply_id`.
    SendReply {
        html: Option<String>,
        #[schema(value_type = Option<String>)]
        saved_reply_id: Option<SavedReplyId>,
    },
    SetField {
        #[schema(value_type = String)]
        field_id: FieldId,
        /// As in `fields` of a conversation; null takes the value away.
        value: serde_json::Value,
    },
    SetDue {
        due: DueTo,
    },
    Shelve {
        /// `trash` or `spam`.
        #[schema(value_type = String)]
        shelf: ShelfKind,
    },
    Restore {},
}

/// A status to move to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, dead_code)]
pub enum StatusTo {
    Open {},
    Pending {},
    OnHold {},
    /// Null: until the customer writes.
    Snoozed {
        until: Option<String>,
    },
    SnoozedFor {
        minutes: u32,
    },
    Resolved {},
    /// One of the workspace's own.
    Custom {
        custom_status_id: String,
    },
}

/// A time by which something is to be done.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, dead_code)]
pub enum DueTo {
    At {
        at: String,
    },
    /// So long from when this happens.
    After {
        minutes: u32,
    },
    /// No longer.
    Never {},
}

/// A list that fits, or the problem with its place.
pub fn actions(list: Vec<model::action::Action>) -> Result<Actions> {
    Actions::try_from(list).map_err(|fault| Problem::invalid(&fault.place(), fault.code, fault.detail))
}

impl From<ActionError> for Problem {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Refused(refusal) => refusal.into(),
            ActionError::At { at, why: Refusal::Invalid { field, code, detail } } => Self::invalid(&place_of(at, field), code, detail),
            ActionError::At { why, .. } => why.into(),
        }
    }
}

/// Something with a name.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct NamedRef {
    pub id: String,
    pub name: String,
}

impl From<Named> for NamedRef {
    fn from(n: Named) -> Self {
        Self { id: n.id, name: n.name }
    }
}

/// Words that were filled in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Words {
    /// Sanitised HTML.
    pub html: String,
    /// Variables without a value and without a fallback.
    pub missing: Vec<String>,
    /// What stands in double brackets and has to be filled in by hand.
    pub placeholders: Vec<String>,
}

impl From<desk::template::Rendered> for Words {
    fn from(r: desk::template::Rendered) -> Self {
        Self { html: r.html, missing: r.missing, placeholders: r.placeholders }
    }
}

/// One thing that would change.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = Change)]
#[allow(missing_docs)]
pub enum ChangeBody {
    Assignee {
        from: Option<NamedRef>,
        to: Option<NamedRef>,
    },
    Team {
        from: Option<NamedRef>,
        to: Option<NamedRef>,
    },
    Inbox {
        from: Option<NamedRef>,
        to: Option<NamedRef>,
    },
    Status {
        from: Status,
        to: Status,
        /// The workspace's own inside it.
        from_custom: Option<NamedRef>,
        to_custom: Option<NamedRef>,
    },
    Due {
        from: Option<Time>,
        to: Option<Time>,
    },
    Priority {
        from: String,
        to: String,
    },
    TagsAdded {
        tags: Vec<Tag>,
    },
    TagsRemoved {
        tags: Vec<Tag>,
    },
    Note {
        words: Words,
    },
    InsertReply {
        words: Words,
    },
    SendReply {
        words: Words,
        to: Vec<Mailbox>,
        cc: Vec<Mailbox>,
    },
    Shelf {
        /// `trash`, `spam` or null.
        #[schema(value_type = Option<String>)]
        from: Option<ShelfKind>,
        #[schema(value_type = Option<String>)]
        to: Option<ShelfKind>,
    },
    Field {
        key: String,
        label: Translated,
        from: serde_json::Value,
        to: serde_json::Value,
    },
}

impl From<Change> for ChangeBody {
    fn from(change: Change) -> Self {
        let named = |n: Option<Named>| n.map(Into::into);
        let priority = |p: model::Priority| serde_json::to_value(p).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        match change {
            Change::Assignee { from, to } => Self::Assignee { from: named(from), to: named(to) },
            Change::Team { from, to } => Self::Team { from: named(from), to: named(to) },
            Change::Inbox { from, to } => Self::Inbox { from: named(from), to: named(to) },
            Change::Status { from, to, from_custom, to_custom } => {
                Self::Status { from: from.into(), to: to.into(), from_custom: named(from_custom), to_custom: named(to_custom) }
            }
            Change::Due { from, to } => Self::Due { from: from.map(Time), to: to.map(Time) },
            Change::Priority { from, to } => Self::Priority { from: priority(from), to: priority(to) },
            Change::TagsAdded { tags } => Self::TagsAdded { tags: tags.into_iter().map(Into::into).collect() },
            Change::TagsRemoved { tags } => Self::TagsRemoved { tags: tags.into_iter().map(Into::into).collect() },
            Change::Note { words } => Self::Note { words: words.into() },
            Change::InsertReply { words } => Self::InsertReply { words: words.into() },
            Change::Field { key, label, from, to } => Self::Field { key, label: label.into(), from, to },
            Change::SendReply { words, recipients } => Self::SendReply {
                words: words.into(),
                to: recipients.to.into_iter().map(Into::into).collect(),
                cc: recipients.cc.into_iter().map(Into::into).collect(),
            },
            Change::Shelf { from, to } => Self::Shelf { from, to },
        }
    }
}

/// The action that cannot be done.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct FaultBody {
    /// Which, from 0.
    pub action: usize,
    pub code: String,
    pub detail: String,
}

/// What would happen. With a fault, nothing would.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = MacroPreview)]
#[allow(missing_docs)]
pub struct PreviewBody {
    pub changes: Vec<ChangeBody>,
    pub fault: Option<FaultBody>,
}

impl TryFrom<Preview> for PreviewBody {
    type Error = Problem;

    fn try_from(preview: Preview) -> Result<Self> {
        let fault = match preview.fault {
            None => None,
            Some(ActionError::At { at, why }) => Some(match why {
                Refusal::Invalid { code, detail, .. } | Refusal::Conflict { code, detail } => FaultBody { action: at, code: code.into(), detail },
                Refusal::Fields { code, .. } => FaultBody { action: at, code: code.into(), detail: why.to_string() },
                Refusal::Store(error) => return Err(error.into()),
                Refusal::Forbidden(_) => FaultBody { action: at, code: "forbidden".into(), detail: "Your role does not allow this.".into() },
                Refusal::NotFound => FaultBody { action: at, code: "not_found".into(), detail: "It is out of your sight.".into() },
            }),
            Some(other) => return Err(other.into()),
        };
        Ok(Self { changes: preview.changes.into_iter().map(Into::into).collect(), fault })
    }
}
