//! Doing it.

use model::action::{Action, Actions, Standing, Undo};
use model::message::Recipients;
use model::scope::Forbidden;
use model::{AgentId, Conversation, ConversationId, MessageId, Permission, SavedReplyId, Scope, TagId};
use store::Tx;

use crate::conversation::{self as verb, Assignment, ChangeStatusError, Changes, DraftForm, Note, Reply, ReplyError, SaveDraftError, SendError};
use crate::field::{self, Which};
use crate::template::{self, Context, Rendered, TemplateError};
use crate::{Desk, Refusal, html, library};

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The conversation is out of sight, or the actor may not change it.
    #[error(transparent)]
    Refused(Refusal),
    /// One action cannot be done.
    #[error("actions[{at}]: {why}")]
    At {
        /// Which, from 0.
        at: usize,
        /// Why.
        why: Refusal,
    },
}

impl From<store::Error> for ActionError {
    fn from(error: store::Error) -> Self {
        Self::Refused(error.into())
    }
}

/// Where the words of [`Action::InsertReply`] go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Insert {
    /// Into the author's draft on the server, under what stands there.
    Draft,
    /// Back to the caller only: for a composer that has the draft open.
    Return,
}

/// What sort of words an action wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenKind {
    /// An internal note.
    Note,
    /// A reply to be read before it is sent.
    Inserted,
    /// A reply that was sent.
    Sent,
}

/// Words that an action wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What sort.
    pub kind: WrittenKind,
    /// The words, filled in.
    pub rendered: Rendered,
    /// The message, for notes and sent replies.
    pub message: Option<MessageId>,
    /// Who a sent reply goes to.
    pub recipients: Option<Recipients>,
    /// Files that come with it: those of an inserted saved reply, as uploads of the author.
    pub attachments: Vec<model::AttachmentId>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// What is needed to take it back.
    pub undo: Undo,
    /// Words that were written, in order.
    pub written: Vec<Written>,
}

impl Applied {
    /// Whether the conversation is another than before.
    pub fn changed(&self) -> bool {
        self.undo.before != self.undo.after || !self.written.is_empty()
    }
}

/// Whether a list can be stored: its templates are read. The ids in it are checked when it is applied.
///
/// # Errors
/// [`ActionError::At`] with the action whose words do not fit.
pub fn check(actions: &Actions) -> Result<(), ActionError> {
    for (at, action) in actions.iter().enumerate() {
        if let Action::AddNote { html } | Action::InsertReply { html: Some(html), .. } | Action::SendReply { html: Some(html), .. } = action {
            template::check(&html::sanitize_composed(html)).map_err(|e| ActionError::At { at, why: bad_template(&e) })?;
        }
    }
    Ok(())
}

/// Does everything in a list, in its order, as the actor of `scope`; all or nothing, for the caller commits only what
/// succeeded. What is so already changes nothing.
///
/// # Errors
/// [`ActionError::At`] names the action that cannot be done: then roll back.
pub async fn apply(tx: &mut Tx, desk: &Desk, scope: &Scope, id: ConversationId, actions: &Actions, insert: Insert) -> Result<Applied, ActionError> {
    let (applied, fault) = run(tx, desk, scope, id, actions, insert).await?;
    fault.map_or(Ok(applied), Err)
}

/// As [`apply`], but tells how far it came.
pub(super) async fn run(
    tx: &mut Tx,
    desk: &Desk,
    scope: &Scope,
    id: ConversationId,
    actions: &Actions,
    insert: Insert,
) -> Result<(Applied, Option<ActionError>), ActionError> {
    let fields = actions.iter().any(|a| matches!(a, Action::SetField { .. }));
    let before = standing(tx, scope, id, fields).await?;
    let mut doing = Doing { desk, scope, id, insert, written: Vec::new(), reply: None };
    let mut fault = None;
    for (at, action) in actions.iter().enumerate() {
        match doing.one(tx, action).await {
            Ok(()) => {}
            Err(Refusal::Store(error)) => return Err(error.into()),
            Err(why) => {
                fault = Some(ActionError::At { at, why });
                break;
            }
        }
    }
    // What moved to an inbox out of sight is still told to who moved it.
    let everywhere = Scope { inboxes: model::Inboxes::All, ..scope.clone() };
    let after = standing(tx, &everywhere, id, fields).await?;
    Ok((Applied { undo: Undo { before, after, reply: doing.reply }, written: doing.written }, fault))
}

/// How it stands; with the values of its custom fields only where they matter.
pub(super) async fn standing(tx: &mut Tx, scope: &Scope, id: ConversationId, fields: bool) -> Result<Standing, ActionError> {
    let conversation = verb::locked(tx, scope, Permission::ConversationWrite, id).await.map_err(ActionError::Refused)?;
    verb::not_merged(&conversation).map_err(ActionError::Refused)?;
    let tags = store::tag::of_conversation(tx, scope.workspace, id).await?;
    let mut standing = Standing::of(&conversation, tags);
    if fields {
        standing.fields = store::field::values(tx, scope.workspace, id).await?;
    }
    Ok(standing)
}

struct Doing<'a> {
    desk: &'a Desk,
    scope: &'a Scope,
    id: ConversationId,
    insert: Insert,
    written: Vec<Written>,
    reply: Option<MessageId>,
}

impl Doing<'_> {
    async fn one(&mut self, tx: &mut Tx, action: &Action) -> Result<(), Refusal> {
        let (scope, id) = (self.scope, self.id);
        match action {
            Action::AssignAgent { agent_id } => assign(tx, scope, id, Some(*agent_id)).await.map_err(|e| renamed(e, "assignee_id", "agent_id")),
            Action::AssignMe {} => assign(tx, scope, id, Some(self.author()?)).await.map_err(|e| renamed(e, "assignee_id", "")),
            Action::AssignNobody {} => assign(tx, scope, id, None).await,
            Action::AssignTeam { team_id } => verb::assign(tx, scope, id, Assignment { assignee: None, team: Some(*team_id) }).await.map(drop),
            Action::SetStatus { status } => {
                let to = status.at(tx.now());
                verb::change_status(tx, scope, id, to).await.map(drop).map_err(from_status)
            }
            Action::SetPriority { priority } => {
                verb::update(tx, scope, id, Changes { priority: Some(*priority), ..Changes::default() }).await.map(drop)
            }
            Action::MoveInbox { inbox_id } => verb::update(tx, scope, id, Changes { inbox: Some(*inbox_id), ..Changes::default() }).await.map(drop),
            Action::AddTags { tag_ids } => {
                let known = store::tag::list(tx, scope.workspace).await?;
                if tag_ids.iter().any(|t| !known.iter().any(|k| k.id == *t)) {
                    return Err(Refusal::unknown("tag_ids"));
                }
                retag(tx, scope, id, |on| on.extend(tag_ids.iter().filter(|t| !on.contains(t)).copied().collect::<Vec<_>>())).await
            }
            Action::RemoveTags { tag_ids } => retag(tx, scope, id, |on| on.retain(|t| !tag_ids.contains(t))).await,
            Action::AddNote { html } => self.note(tx, html).await,
            Action::InsertReply { html, saved_reply_id } => self.insert_reply(tx, html.as_deref(), *saved_reply_id).await,
            Action::SendReply { html, saved_reply_id } => self.send_reply(tx, html.as_deref(), *saved_reply_id).await,
            Action::SetField { field_id, value } => {
                field::set(tx, scope, id, &[(Which::Id(*field_id), value.clone())]).await.map(drop).map_err(from_field)
            }
            Action::Shelve { shelf } => verb::shelve(tx, scope, id, *shelf, false).await.map(drop),
            Action::Restore {} => verb::restore(tx, scope, id).await.map(drop),
        }
    }

    fn author(&self) -> Result<AgentId, Refusal> {
        self.scope.actor.agent().ok_or_else(|| Refusal::invalid("", "invalid", "Only an agent can do this."))
    }

    async fn note(&mut self, tx: &mut Tx, html: &str) -> Result<(), Refusal> {
        let context = self.context(tx).await?;
        let rendered = fill(html, &context)?;
        let note = Note::new(Some(&rendered.html), None, Vec::new()).map_err(|e| renamed(e, "text", "html"))?;
        let message = verb::note(tx, self.scope, self.id, note).await?;
        self.written.push(Written { kind: WrittenKind::Note, rendered, message: Some(message), recipients: None, attachments: Vec::new() });
        Ok(())
    }

    async fn insert_reply(&mut self, tx: &mut Tx, html: Option<&str>, saved: Option<SavedReplyId>) -> Result<(), Refusal> {
        self.scope.require(Permission::ConversationReply)?;
        let agent = self.author()?;
        let context = self.context(tx).await?;
        let (rendered, attachments) = words(tx, self.scope, &context, html, saved).await?;
        if self.insert == Insert::Draft {
            let current = store::draft::get(tx, self.scope.workspace, agent, self.id).await?;
            if current.as_ref().is_some_and(|d| d.is_note) {
                return Err(Refusal::invalid("", "draft_is_note", "You have begun a note here. Finish it first."));
            }
            let (mut text, recipients, mut files, version) = if let Some(d) = current {
                (d.html, d.recipients, d.attachments, Some(d.version))
            } else {
                let conversation = self.conversation(tx).await?;
                let recipients = verb::default_recipients(tx, self.scope, &conversation).await?;
                (String::new(), recipients, Vec::new(), None)
            };
            text.push_str(&rendered.html);
            files.extend(&attachments);
            let form = DraftForm::new(false, &text, recipients, files)?;
            verb::save_draft(tx, self.scope, self.id, form, version).await.map_err(|e| match e {
                SaveDraftError::Refused(refusal) => refusal,
                SaveDraftError::Stale(_) => Refusal::invalid("", "draft_changed", "Your draft was changed meanwhile. Try again."),
            })?;
        }
        self.written.push(Written { kind: WrittenKind::Inserted, rendered, message: None, recipients: None, attachments });
        Ok(())
    }

    async fn send_reply(&mut self, tx: &mut Tx, html: Option<&str>, saved: Option<SavedReplyId>) -> Result<(), Refusal> {
        let context = self.context(tx).await?;
        let (rendered, attachments) = words(tx, self.scope, &context, html, saved).await?;
        let conversation = self.conversation(tx).await?;
        let recipients = verb::default_recipients(tx, self.scope, &conversation).await?;
        let place = self.written.len();
        self.written.push(Written {
            kind: WrittenKind::Sent,
            rendered: rendered.clone(),
            message: None,
            recipients: Some(recipients.clone()),
            attachments: attachments.clone(),
        });
        let reply = Reply { html: Some(rendered.html), attachments, recipients: Some(recipients), ..Reply::default() };
        let message = verb::reply(tx, self.desk, self.scope, self.id, reply).await.map_err(from_reply)?;
        self.written[place].message = Some(message);
        self.reply = Some(message);
        Ok(())
    }

    async fn conversation(&self, tx: &mut Tx) -> Result<Conversation, Refusal> {
        store::conversation::get(tx, self.scope, self.id).await?.ok_or(Refusal::NotFound)
    }

    async fn context(&self, tx: &mut Tx) -> Result<Context, Refusal> {
        let conversation = self.conversation(tx).await?;
        Ok(Context::of(tx, self.scope, &conversation).await?)
    }
}

/// The words of a reply action, filled in: its own, or those of a saved reply in the customer's language.
async fn words(
    tx: &mut Tx,
    scope: &Scope,
    context: &Context,
    html: Option<&str>,
    saved: Option<SavedReplyId>,
) -> Result<(Rendered, Vec<model::AttachmentId>), Refusal> {
    if let Some(html) = html {
        return Ok((fill(html, context)?, Vec::new()));
    }
    let Some(id) = saved else { return Err(Refusal::unknown("saved_reply_id")) };
    let filled = library::fill(tx, scope, context, id, None).await?;
    Ok((filled.rendered, filled.attachments))
}

fn fill(html: &str, context: &Context) -> Result<Rendered, Refusal> {
    template::render(&html::sanitize_composed(html), context).map_err(|e| bad_template(&e))
}

pub(crate) fn bad_template(error: &TemplateError) -> Refusal {
    Refusal::invalid("html", error.code(), error.to_string())
}

async fn assign(tx: &mut Tx, scope: &Scope, id: ConversationId, to: Option<AgentId>) -> Result<(), Refusal> {
    verb::assign(tx, scope, id, Assignment { assignee: Some(to), team: None }).await.map(drop)
}

async fn retag(tx: &mut Tx, scope: &Scope, id: ConversationId, change: impl FnOnce(&mut Vec<TagId>)) -> Result<(), Refusal> {
    let mut tags = store::tag::of_conversation(tx, scope.workspace, id).await?;
    change(&mut tags);
    verb::change_tags(tx, scope, id, &tags).await.map(drop)
}

/// The same refusal with the field as the action calls it.
fn renamed(refusal: Refusal, from: &str, to: &'static str) -> Refusal {
    match refusal {
        Refusal::Invalid { field, code, detail } if field == from => Refusal::Invalid { field: to, code, detail },
        other => other,
    }
}

pub(super) fn from_status(error: ChangeStatusError) -> Refusal {
    match error {
        ChangeStatusError::Refused(refusal) => refusal,
        ChangeStatusError::Status(error) => Refusal::invalid("status", "invalid", error.to_string()),
    }
}

/// The fault of the one field, as a fault of the action.
fn from_field(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Fields { faults, .. } => match faults.into_iter().next() {
            Some(fault) if fault.code == "unknown" => Refusal::unknown("field_id"),
            Some(fault) => Refusal::invalid("value", fault.code, fault.detail),
            None => Refusal::unknown("field_id"),
        },
        other => other,
    }
}

fn from_reply(error: ReplyError) -> Refusal {
    match error {
        ReplyError::Forbidden(Forbidden(permission)) => Refusal::Forbidden(Forbidden(permission)),
        ReplyError::NotFound => Refusal::NotFound,
        ReplyError::Refused(refusal) => refusal,
        ReplyError::Store(error) | ReplyError::Send(SendError::Store(error)) => error.into(),
        ReplyError::Send(SendError::NoRecipient) => Refusal::invalid("", "no_recipient", "There is no address to send a reply to."),
        ReplyError::Placeholder(open) => Refusal::invalid("html", "unfilled_placeholder", format!("[[ {open} ]] has to be filled in by hand.")),
        ReplyError::Send(error) => Refusal::invalid("html", "invalid", error.to_string()),
        other => Refusal::invalid("", "invalid", other.to_string()),
    }
}
