//! Conversations: lists, counts, one of them, and its changes.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use desk::conversation::{Assignment, Changes};
use desk::field::Which;
use model::{AgentId, ConversationId, CustomerId, InboxId, Permission, TagId, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use store::conversation::{Asked, Listed, PageError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::chat::ChatCallback;
use super::chat::ConversationChat;
pub use super::conversation_status::{NewStatus, Status};
use super::custom_status::CustomStatusRef;
use super::guest::Guest;
use super::link::{ConversationLink, links_of};
use super::list_query::{ListQuery, asked};
use super::message::NoteForm;
use super::refs::{AgentRef, CompanyRef, CustomerRef, InboxRef, Mailbox, TeamRef};
use super::shelf::Shelf;
use super::tag::Tag;
use crate::app::App;
use crate::etag::{IfMatch, Versioned};
use crate::json::{Json, PathId, Query, nullable};
use crate::page::{List, limit};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(counts))
        .routes(routes!(total))
        .routes(routes!(get, patch))
        .routes(routes!(put_tags))
        .routes(routes!(put_read))
}

/// A conversation, ready to draw as a row.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Conversation {
    #[schema(value_type = String, example = "cnv_0000000000000")]
    pub id: ConversationId,
    /// Number people say aloud.
    pub number: i64,
    /// Rises with each change; the `ETag`.
    pub version: i64,
    pub subject: String,
    /// `email`, `api` or `chat`.
    #[schema(value_type = String)]
    pub channel: model::conversation::Channel,
    pub status: Status,
    /// The status of the workspace's own that it has inside that; see `GET /custom-statuses`.
    pub custom_status: Option<CustomStatusRef>,
    /// `low`, `normal`, `high` or `urgent`.
    #[schema(value_type = String)]
    pub priority: model::Priority,
    pub inbox: InboxRef,
    pub customer: CustomerRef,
    pub assignee: Option<AgentRef>,
    pub team: Option<TeamRef>,
    pub tags: Vec<Tag>,
    /// First words of the last message; never of a note.
    pub preview: String,
    pub message_count: i64,
    /// The reader has not seen the customer's last message; null in the stream, which leaves it as it is.
    pub unread: Option<bool>,
    pub created_at: Time,
    pub updated_at: Time,
    pub last_message_at: Time,
    pub last_customer_message_at: Option<Time>,
    pub last_reply_at: Option<Time>,
    /// Since when the customer waits for a reply.
    pub waiting_since: Option<Time>,
    /// Until when it is to be done.
    pub due_at: Option<Time>,
    #[schema(value_type = Option<String>)]
    pub merged_into: Option<ConversationId>,
    /// The trash or spam, where it lies there.
    pub shelf: Option<Shelf>,
    /// The customer's language.
    pub language: Option<String>,
    /// The conversation that it stands beside, for a side conversation.
    pub beside: Option<Beside>,
    /// What it has besides as a chat in the widget.
    pub chat: Option<ConversationChat>,
    /// Values of custom fields by key, where a list was asked for them with `with_fields`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub field_values: Option<BTreeMap<String, serde_json::Value>>,
}

/// The conversation that a side conversation was begun from.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Beside {
    #[schema(value_type = String, example = "cnv_0000000000000")]
    pub id: ConversationId,
    pub number: i64,
    pub subject: String,
}

impl From<Listed> for Conversation {
    fn from(l: Listed) -> Self {
        let chat = l.chat.map(|brief| ConversationChat::new(brief, &l.conversation));
        let c = l.conversation;
        Self {
            id: c.id,
            number: c.number,
            version: c.version,
            subject: c.subject,
            channel: c.channel,
            status: c.status.into(),
            custom_status: c.custom_status.zip(l.custom_status).map(|(id, (name, color))| CustomStatusRef { id, name, color }),
            priority: c.priority,
            inbox: InboxRef { id: c.inbox, name: l.inbox_name, address: l.inbox_address },
            customer: CustomerRef {
                id: c.customer,
                name: l.customer_name,
                email: l.customer_email,
                company: l.company.map(|(id, name)| CompanyRef { id, name }),
            },
            assignee: c.assignee.map(|id| AgentRef { id, name: l.assignee_name.unwrap_or_default() }),
            team: c.team.map(|id| TeamRef { id, name: l.team_name.unwrap_or_default() }),
            tags: l.tags.into_iter().map(Into::into).collect(),
            preview: c.preview,
            message_count: c.message_count,
            unread: Some(l.unread),
            created_at: Time(c.created_at),
            updated_at: Time(c.updated_at),
            last_message_at: Time(c.last_activity_at),
            last_customer_message_at: c.last_customer_at.map(Time),
            last_reply_at: c.last_reply_at.map(Time),
            waiting_since: c.waiting_since.map(Time),
            due_at: c.due_at.map(Time),
            merged_into: c.merged_into,
            shelf: c.shelf.map(Into::into),
            language: l.customer_language,
            beside: l.beside.map(|(id, number, subject)| Beside { id, number, subject }),
            chat,
            field_values: None,
        }
    }
}

/// One page of a filter, for every route that lists conversations.
pub async fn page_of(app: &App, caller: &Caller, asked: &Asked, cursor: Option<&str>, size: Option<u32>) -> Result<Json<List<Conversation>>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let page = store::conversation::page(&mut conn, &caller.scope, asked, cursor, limit(size)?).await.map_err(|e| match e {
        PageError::BadCursor => Problem::malformed("This cursor is not one of ours."),
        PageError::Store(error) => error.into(),
    })?;
    Ok(Json(page.into()))
}

/// Conversations of a view, newest activity first unless sorted otherwise.
#[utoipa::path(get, path = "/conversations", tag = "conversations", params(ListQuery), responses((status = 200, body = List<Conversation>), Problems))]
async fn list(State(app): State<App>, caller: Caller, Query(query): Query<ListQuery>) -> Result<Json<List<Conversation>>> {
    caller.require(Permission::ConversationRead)?;
    let asked = asked(&app, &caller, &query).await?;
    let mut page = page_of(&app, &caller, &asked, query.cursor.as_deref(), query.limit).await?;
    if query.with_fields {
        let ids: Vec<ConversationId> = page.0.items.iter().map(|c| c.id).collect();
        let found = store::field::values_of(&mut app.read().await?, caller.workspace, &ids).await?;
        let mut values: BTreeMap<ConversationId, BTreeMap<String, serde_json::Value>> = BTreeMap::new();
        for (id, key, value) in found {
            values.entry(id).or_default().insert(key.to_string(), value.to_json());
        }
        for row in &mut page.0.items {
            row.field_values = Some(values.remove(&row.id).unwrap_or_default());
        }
    }
    Ok(page)
}

/// How many a list holds.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ConversationTotal {
    pub total: usize,
    /// Counting ends here: a total of this many means as many or more.
    pub most: usize,
}

/// How many conversations a list of the same query would hold, counted up to what one bulk action takes.
#[utoipa::path(get, path = "/conversation-total", tag = "conversations", params(ListQuery), responses((status = 200, body = ConversationTotal), Problems))]
async fn total(State(app): State<App>, caller: Caller, Query(query): Query<ListQuery>) -> Result<Json<ConversationTotal>> {
    caller.require(Permission::ConversationRead)?;
    let asked = asked(&app, &caller, &query).await?;
    let most = model::bulk::MOST;
    let total = store::conversation::count_asked(&mut app.read().await?, &caller.scope, &asked, most).await?;
    Ok(Json(ConversationTotal { total, most }))
}

/// How many conversations each view holds.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Counts {
    pub all_open: i64,
    pub mine: i64,
    pub unassigned: i64,
    pub snoozed: i64,
    pub resolved: i64,
    pub trash: i64,
    pub spam: i64,
    /// Open ones that the reader follows, among the newest thousand.
    pub following: i64,
    /// Open ones with a note that names the reader, among the newest thousand such notes.
    pub mentions: i64,
    /// Open ones by inbox id.
    pub inboxes: BTreeMap<String, i64>,
    /// Open ones by team id.
    pub teams: BTreeMap<String, i64>,
}

/// The counts of the views. Cost: independent of how many conversations there are.
#[utoipa::path(get, path = "/conversation-counts", tag = "conversations", responses((status = 200, body = Counts), Problems))]
async fn counts(State(app): State<App>, caller: Caller) -> Result<Json<Counts>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let c = store::conversation::counts(&mut conn, &caller.scope).await?;
    let involved = store::involved::counts(&mut conn, &caller.scope, caller.agent.id).await?;
    Ok(Json(Counts {
        all_open: c.all_open,
        mine: c.mine,
        unassigned: c.unassigned,
        snoozed: c.snoozed,
        resolved: c.resolved,
        trash: c.trash,
        spam: c.spam,
        following: involved.following,
        mentions: involved.mentions,
        inboxes: c.inboxes.into_iter().map(|(id, n)| (id.to_string(), n)).collect(),
        teams: c.teams.into_iter().map(|(id, n)| (id.to_string(), n)).collect(),
    }))
}

/// Somebody who takes part.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Participant {
    pub address: String,
    pub name: Option<String>,
    #[schema(value_type = Option<String>)]
    pub customer_id: Option<CustomerId>,
}

/// Where a reply goes unless the agent says otherwise.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ReplyDefaults {
    pub to: Vec<Mailbox>,
    pub cc: Vec<Mailbox>,
}

/// A conversation with those who take part.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Detail {
    /// The conversation.
    #[serde(flatten)]
    pub conversation: Conversation,
    /// Who takes part.
    pub participants: Vec<Participant>,
    /// Where a reply goes.
    pub reply_to_defaults: ReplyDefaults,
    /// Conversations that belong to this one and are in the reader's sight, newest link first.
    pub links: Vec<ConversationLink>,
    /// Agents who follow it.
    #[schema(value_type = Vec<String>)]
    pub follower_ids: Vec<AgentId>,
    /// Colleagues who were invited into this chat and have not left.
    pub guests: Vec<Guest>,
    /// What the reader would greet the customer of this chat with; null where nothing is to be said, or somebody has said something.
    pub greeting: Option<String>,
    /// The customer of this chat wants to be called, or was.
    pub callback: Option<ChatCallback>,
    /// Values of custom fields by key; those without a value are left out. See `GET /fields`.
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, serde_json::Value>,
}

/// One conversation.
#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations", params(("id" = String, Path)), responses((status = 200, body = Detail), Problems))]
async fn get(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>) -> Result<Versioned<Detail>> {
    caller.require(Permission::ConversationRead)?;
    let mut conn = app.read().await?;
    let listed = store::conversation::listed_by_id(&mut conn, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    let participants = store::participant::list(&mut conn, caller.workspace, id).await?;
    let defaults = desk::conversation::default_recipients(&mut conn, &caller.scope, &listed.conversation).await?;
    let follower_ids = store::follower::list(&mut conn, caller.workspace, id).await?;
    let guests = match listed.chat {
        Some(_) => store::guest::list(&mut conn, caller.workspace, id).await?,
        None => Vec::new(),
    };
    let guests = guests.into_iter().map(Into::into).collect();
    let (greeting, callback) = match listed.chat {
        Some(_) => (
            desk::chat::greeting(&mut conn, &caller.scope, &listed.conversation).await?,
            store::callback::get(&mut conn, caller.workspace, id).await?.map(Into::into),
        ),
        None => (None, None),
    };
    let own = listed.inbox_address.to_lowercase();
    let reply_to_defaults = ReplyDefaults {
        to: defaults.to.into_iter().map(Into::into).collect(),
        // The inbox would answer itself.
        cc: defaults.cc.into_iter().filter(|m| m.address.base() != own).map(Into::into).collect(),
    };
    let participants =
        participants.into_iter().map(|(m, customer_id)| Participant { address: m.address.to_string(), name: m.name, customer_id }).collect();
    let links = links_of(&mut conn, &caller.scope, id).await?;
    let fields = super::field::values_of(&mut conn, &caller.scope, id).await?;
    let version = listed.conversation.version;
    Ok(Versioned(
        version,
        Detail { conversation: listed.into(), participants, reply_to_defaults, links, follower_ids, guests, greeting, callback, fields },
    ))
}

/// A conversation as it is now, after a change.
pub async fn fresh(app: &App, caller: &Caller, id: ConversationId) -> Result<Versioned<Conversation>> {
    let listed = store::conversation::listed_by_id(&mut app.read().await?, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Versioned(listed.conversation.version, listed.into()))
}

/// Stops with 409 and the conversation as it is, when the request was made against another version.
pub(super) async fn expect_version(tx: &mut store::Tx, caller: &Caller, id: ConversationId, IfMatch(version): IfMatch) -> Result<()> {
    let Some(version) = version else { return Ok(()) };
    caller.require(Permission::ConversationWrite)?;
    let now = store::conversation::get(tx, &caller.scope, id).await?.ok_or_else(Problem::not_found)?;
    if now.version == version {
        return Ok(());
    }
    let current = store::conversation::listed_by_id(tx, &caller.scope, id).await?.map(Conversation::from);
    Err(Problem::conflict("Somebody changed it meanwhile.", serde_json::to_value(current).ok()))
}

/// What is to change.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct ConversationPatch {
    pub subject: Option<String>,
    /// `low`, `normal`, `high` or `urgent`.
    #[schema(value_type = Option<String>)]
    pub priority: Option<model::Priority>,
    /// Null: nobody.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub assignee_id: Option<Option<AgentId>>,
    /// Null: no team.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub team_id: Option<Option<TeamId>>,
    #[schema(value_type = Option<String>)]
    pub inbox_id: Option<InboxId>,
    /// Passes it on to this queue: nobody has it then, and the queue finds somebody anew. Not together with assignee or team.
    #[schema(value_type = Option<String>)]
    pub queue_id: Option<model::QueueId>,
    /// Until when it is to be done; null: no longer.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Option<Timestamp>>,
    /// Words for whoever it is assigned to with this request: they become an internal note, and the new assignee is told them.
    #[schema(value_type = Option<NoteForm>)]
    pub note: Option<NoteForm>,
    /// Values of custom fields by key; null takes one away, those left out stay. A value that does not fit is named as
    /// `fields.KEY` in `errors`.
    #[schema(value_type = Option<Object>)]
    pub fields: Option<BTreeMap<String, serde_json::Value>>,
}

/// Changes subject, priority, inbox, due date, assignee, team or custom fields. With `If-Match`, only the version that it names.
#[utoipa::path(patch, path = "/conversations/{id}", tag = "conversations", params(("id" = String, Path)), request_body = ConversationPatch,
    responses((status = 200, body = Conversation), Problems))]
async fn patch(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ConversationId>,
    version: IfMatch,
    Json(form): Json<ConversationPatch>,
) -> Result<Versioned<Conversation>> {
    caller.require(Permission::ConversationWrite)?;
    let note = form.note.map(NoteForm::read).transpose()?;
    let mut tx = app.begin().await?;
    expect_version(&mut tx, &caller, id, version).await?;
    let changes = Changes { subject: form.subject, priority: form.priority, due: form.due_at, inbox: form.inbox_id };
    desk::conversation::update(&mut tx, &caller.scope, id, changes).await?;
    if let Some(fields) = form.fields {
        let wanted: Vec<_> = fields.into_iter().map(|(key, value)| (Which::Key(key), value)).collect();
        desk::field::set(&mut tx, &caller.scope, id, &wanted).await?;
    }
    let to = Assignment { assignee: form.assignee_id, team: form.team_id };
    if let Some(queue) = form.queue_id {
        if to != Assignment::default() {
            return Err(Problem::invalid("queue_id", "invalid", "Name a queue, or an agent and a team."));
        }
        desk::routing::transfer(&mut tx, &caller.scope, id, queue, note).await?;
        tx.commit().await?;
        return fresh(&app, &caller, id).await;
    }
    match note {
        Some(_) if to == Assignment::default() => {
            return Err(Problem::invalid("note", "invalid", "A note goes with assignee_id, team_id or queue_id."));
        }
        Some(note) => drop(desk::conversation::hand_over(&mut tx, &caller.scope, id, to, note).await?),
        None if to != Assignment::default() => drop(desk::conversation::assign(&mut tx, &caller.scope, id, to).await?),
        None => {}
    }
    if to.assignee == Some(Some(caller.agent.id)) {
        desk::chat::greet_by_itself(&mut tx, &caller.scope, id).await?;
    }
    tx.commit().await?;
    fresh(&app, &caller, id).await
}

/// The tags to carry.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagsForm {
    /// These and no others.
    #[schema(value_type = Vec<String>)]
    pub tag_ids: Vec<TagId>,
}

/// Sets the tags.
#[utoipa::path(put, path = "/conversations/{id}/tags", tag = "conversations", params(("id" = String, Path)), request_body = TagsForm,
    responses((status = 200, body = Conversation), Problems))]
async fn put_tags(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<ConversationId>,
    version: IfMatch,
    Json(form): Json<TagsForm>,
) -> Result<Versioned<Conversation>> {
    let mut tx = app.begin().await?;
    expect_version(&mut tx, &caller, id, version).await?;
    desk::conversation::change_tags(&mut tx, &caller.scope, id, &form.tag_ids).await?;
    tx.commit().await?;
    fresh(&app, &caller, id).await
}

/// Read or unread.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadForm {
    /// False: unread again.
    pub read: bool,
    /// The customer of a chat is not told that somebody has read it: a supervisor only watches.
    #[serde(default)]
    pub quietly: bool,
}

/// Marks as read or unread, for the reader only.
#[utoipa::path(put, path = "/conversations/{id}/read", tag = "conversations", params(("id" = String, Path)), request_body = ReadForm,
    responses((status = 204), Problems))]
async fn put_read(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>, Json(form): Json<ReadForm>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::conversation::mark_read(&mut tx, &caller.scope, id, form.read, form.quietly).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
