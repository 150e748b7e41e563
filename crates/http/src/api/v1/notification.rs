//! What agents are told, what they want to be told, and what they follow.

use axum::extract::State;
use axum::http::StatusCode;
use desk::notification::Read;
use model::notification::{NotificationKind, SoundName};
use model::scope::Forbidden;
use model::{Actor, AgentId, ConversationId, MessageId, NotificationId, Permission};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::event::EventActor;
use crate::app::App;
use crate::json::{Json, PathId, Query};
use crate::page::{cursor, limit};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read_some))
        .routes(routes!(read_one))
        .routes(routes!(settings, put_settings))
        .routes(routes!(follow))
}

/// Unread ones are counted up to here.
const MOST_UNREAD: usize = 100;

/// The conversation that a notification is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct NotifiedConversation {
    #[schema(value_type = String, example = "cnv_0000000000000")]
    pub id: ConversationId,
    pub number: i64,
    pub subject: String,
    pub customer_name: String,
}

/// Something the reader is told.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Notification {
    #[schema(value_type = String, example = "ntf_0000000000000")]
    pub id: NotificationId,
    /// `assigned`, `mention`, `customer_message`, `colleague`, `snooze_ended`, `due`, `reminder`, `new_unassigned` or `offered`.
    #[schema(value_type = String)]
    pub kind: NotificationKind,
    pub conversation: NotifiedConversation,
    #[schema(value_type = Option<String>)]
    pub message_id: Option<MessageId>,
    pub actor: EventActor,
    /// The reader's own words of a reminder, or the first ones of the note that came with an assignment.
    pub words: Option<String>,
    pub at: Time,
    pub read_at: Option<Time>,
}

impl From<store::notification::Shown> for Notification {
    fn from(shown: store::notification::Shown) -> Self {
        let n = shown.notification;
        let (kind, id) = match n.actor {
            Actor::Agent(id) => ("agent", Some(id.to_string())),
            Actor::Customer(id) => ("customer", Some(id.to_string())),
            Actor::System => ("system", None),
        };
        Self {
            id: n.id,
            kind: n.kind,
            conversation: NotifiedConversation {
                id: n.conversation,
                number: shown.number,
                subject: shown.subject,
                customer_name: shown.customer_name,
            },
            message_id: n.message,
            actor: EventActor { kind, id, name: shown.actor_name.unwrap_or_else(|| "Sonnim".to_owned()) },
            words: n.words.or(shown.note).filter(|w| !w.is_empty()),
            at: Time(n.at),
            read_at: n.read_at.map(Time),
        }
    }
}

/// One page, and how many are unread altogether.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NotificationList {
    /// The rows, newest first.
    pub items: Vec<Notification>,
    /// Cursor of the next page; null at the end.
    pub next: Option<String>,
    /// Unread ones; 100 means 100 or more.
    pub unread: i64,
}

/// Which of them.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct NotificationQuery {
    /// Only unread ones.
    pub unread: bool,
    /// The next page.
    pub cursor: Option<String>,
    /// Rows of a page.
    pub limit: Option<u32>,
}

fn me(caller: &Caller) -> Result<AgentId> {
    caller.require(Permission::ConversationRead)?;
    caller.scope.actor.agent().ok_or_else(|| Problem::from(Forbidden(Permission::ConversationRead)))
}

/// The reader's own notifications about conversations in sight, newest first.
#[utoipa::path(get, path = "/notifications", tag = "notifications", params(NotificationQuery),
    responses((status = 200, body = NotificationList), Problems))]
async fn list(State(app): State<App>, caller: Caller, Query(q): Query<NotificationQuery>) -> Result<Json<NotificationList>> {
    let agent = me(&caller)?;
    let (before, limit) = (cursor::<NotificationId>(q.cursor.as_deref())?, limit(q.limit)?);
    let mut conn = app.read().await?;
    let page = store::notification::page(&mut conn, &caller.scope, agent, q.unread, before, limit).await?;
    let unread = store::notification::unread(&mut conn, &caller.scope, agent, MOST_UNREAD).await?;
    Ok(Json(NotificationList { items: page.items.into_iter().map(Into::into).collect(), next: page.next, unread }))
}

/// What was read.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NotificationsRead {
    /// Everything about this conversation.
    #[schema(value_type = Option<String>)]
    pub conversation_id: Option<ConversationId>,
    /// Everything up to this one; everything at all when neither is named.
    #[schema(value_type = Option<String>)]
    pub until: Option<NotificationId>,
}

/// Marks the reader's own notifications as read.
#[utoipa::path(put, path = "/notifications/read", tag = "notifications", request_body = NotificationsRead,
    responses((status = 204), Problems))]
async fn read_some(State(app): State<App>, caller: Caller, Json(form): Json<NotificationsRead>) -> Result<StatusCode> {
    let what = form.conversation_id.map_or(Read::All(form.until), Read::Conversation);
    let mut tx = app.begin().await?;
    desk::notification::mark_read(&mut tx, &caller.scope, what).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Read or unread.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationRead {
    /// False: unread again.
    pub read: bool,
}

/// Marks one as read or unread.
#[utoipa::path(put, path = "/notifications/{id}/read", tag = "notifications", params(("id" = String, Path)), request_body = NotificationRead,
    responses((status = 204), Problems))]
async fn read_one(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<NotificationId>,
    Json(form): Json<NotificationRead>,
) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::notification::set_read(&mut tx, &caller.scope, id, form.read).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The ways in which one kind is told.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ways {
    /// In the app.
    pub in_app: bool,
    /// By mail, when it was not read within ten minutes.
    pub mail: bool,
    /// By the browser: while the app is open, and on the devices that it is pushed to.
    pub desktop: bool,
}

/// When it is quiet: mail waits and the browser shows nothing.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// Switched on.
    pub enabled: bool,
    /// From this time of the agent's day, such as `20:00:00`.
    #[schema(value_type = String, example = "20:00:00")]
    pub from: jiff::civil::Time,
    /// Until this time, on the next day when it is earlier.
    #[schema(value_type = String, example = "08:00:00")]
    pub until: jiff::civil::Time,
}

/// What the reader wants to be told of, and how.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NotificationSettings {
    pub assigned: Ways,
    pub mention: Ways,
    pub customer_message: Ways,
    pub colleague: Ways,
    pub snooze_ended: Ways,
    pub due: Ways,
    pub reminder: Ways,
    pub new_unassigned: Ways,
    pub quiet_hours: QuietHours,
    #[serde(default)]
    pub sound: Sound,
}

/// What a new notification sounds like while the app is open.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationSound)]
pub struct Sound {
    /// `none`, `drop`, `chime`, `knock` or `glass`.
    #[schema(value_type = String)]
    pub name: SoundName,
    /// From 0 to 100.
    pub volume: u8,
}

impl Default for Sound {
    fn default() -> Self {
        model::notification::Sound::default().into()
    }
}

impl From<model::notification::Sound> for Sound {
    fn from(s: model::notification::Sound) -> Self {
        Self { name: s.name, volume: s.volume }
    }
}

impl From<model::notification::Ways> for Ways {
    fn from(w: model::notification::Ways) -> Self {
        Self { in_app: w.in_app, mail: w.mail, desktop: w.desktop }
    }
}

impl From<Ways> for model::notification::Ways {
    fn from(w: Ways) -> Self {
        Self { in_app: w.in_app, mail: w.mail, desktop: w.desktop }
    }
}

impl From<model::notification::NotificationSettings> for NotificationSettings {
    fn from(s: model::notification::NotificationSettings) -> Self {
        let q = s.quiet_hours;
        Self {
            assigned: s.assigned.into(),
            mention: s.mention.into(),
            customer_message: s.customer_message.into(),
            colleague: s.colleague.into(),
            snooze_ended: s.snooze_ended.into(),
            due: s.due.into(),
            reminder: s.reminder.into(),
            new_unassigned: s.new_unassigned.into(),
            quiet_hours: QuietHours { enabled: q.enabled, from: q.from, until: q.until },
            sound: s.sound.into(),
        }
    }
}

impl From<NotificationSettings> for model::notification::NotificationSettings {
    fn from(s: NotificationSettings) -> Self {
        let q = s.quiet_hours;
        Self {
            assigned: s.assigned.into(),
            mention: s.mention.into(),
            customer_message: s.customer_message.into(),
            colleague: s.colleague.into(),
            snooze_ended: s.snooze_ended.into(),
            due: s.due.into(),
            reminder: s.reminder.into(),
            new_unassigned: s.new_unassigned.into(),
            quiet_hours: model::notification::QuietHours { enabled: q.enabled, from: q.from, until: q.until },
            sound: model::notification::Sound { name: s.sound.name, volume: s.sound.volume },
        }
    }
}

/// What the reader wants to be told of, and how.
#[utoipa::path(get, path = "/notification-settings", tag = "notifications", responses((status = 200, body = NotificationSettings), Problems))]
async fn settings(State(app): State<App>, caller: Caller) -> Result<Json<NotificationSettings>> {
    let agent = me(&caller)?;
    let settings = store::notification::settings(&mut app.read().await?, caller.workspace, agent).await?;
    Ok(Json(settings.into()))
}

/// Changes it, for the reader only.
#[utoipa::path(put, path = "/notification-settings", tag = "notifications", request_body = NotificationSettings,
    responses((status = 200, body = NotificationSettings), Problems))]
async fn put_settings(State(app): State<App>, caller: Caller, Json(form): Json<NotificationSettings>) -> Result<Json<NotificationSettings>> {
    let mut tx = app.begin().await?;
    desk::notification::save_settings(&mut tx, &caller.scope, &form.into()).await?;
    tx.commit().await?;
    Ok(Json(form))
}

/// Follow or not.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowForm {
    /// False: no longer.
    pub follows: bool,
}

/// Follows a conversation, or does so no longer: the reader then hears what customers and colleagues write there.
#[utoipa::path(put, path = "/conversations/{id}/follow", tag = "notifications", params(("id" = String, Path)), request_body = FollowForm,
    responses((status = 204), Problems))]
async fn follow(State(app): State<App>, caller: Caller, PathId(id): PathId<ConversationId>, Json(form): Json<FollowForm>) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    desk::conversation::follow(&mut tx, &caller.scope, id, form.follows).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
