//! Who is on the site now, for agents, and speaking to them first.

use axum::extract::State;
use axum::http::StatusCode;
use model::chat::{VisitorDoes, VisitorSign};
use model::stay::{Fact, Facts, Stay};
use model::visitor::Visitor;
use model::{ConversationId, CustomerId, InboxId, Permission, Timestamp, VisitorId};
use serde::{Deserialize, Serialize};
use store::stay::{After, Live};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::chat::ChatPage;
use crate::app::App;
use crate::json::{Json, PathId, Query};
use crate::page::{List, limit};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(sites)).routes(routes!(get)).routes(routes!(invite)).routes(routes!(counts))
}

/// Something that is said of a visitor.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct VisitorAttribute {
    pub name: String,
    /// A text, a number, true or false.
    #[schema(value_type = Object)]
    pub value: Fact,
    /// It stood in a signed identity. Otherwise it is what the page said, and anybody can have a page say it.
    pub proven: bool,
}

/// An agent's words that wait for an answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct VisitorInvited {
    pub by: String,
    pub text: String,
    pub at: Time,
}

/// Somebody on the site.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct LiveVisitor {
    #[schema(value_type = String, example = "vis_0000000000000")]
    pub id: VisitorId,
    #[schema(value_type = String, example = "inb_0000000000000")]
    pub inbox_id: InboxId,
    /// Null where nobody knows it: then the number tells them apart.
    pub name: Option<String>,
    pub number: u64,
    #[schema(value_type = Option<String>)]
    pub customer_id: Option<CustomerId>,
    /// The site has proven who it is.
    pub identified: bool,
    /// There now.
    pub here: bool,
    pub locale: String,
    /// The page it looks at, where the inbox wants to know and the visitor agreed.
    pub page: Option<ChatPage>,
    /// Since when it looks at that page.
    pub page_at: Option<Time>,
    /// Since when it is on the site.
    pub began_at: Option<Time>,
    /// Pages of this visit.
    pub pages: i64,
    /// Which visit it is: 1 is the first.
    pub visits: i64,
    pub attributes: Vec<VisitorAttribute>,
    /// Its newest chat that is not over.
    #[schema(value_type = Option<String>)]
    pub conversation_id: Option<ConversationId>,
    /// Who has that chat.
    pub agent: Option<String>,
    pub invited: Option<VisitorInvited>,
}

fn facts(proven: &Facts, said: &Facts) -> Vec<VisitorAttribute> {
    let of = |facts: &Facts, is_proven: bool| -> Vec<VisitorAttribute> {
        let one = |(name, value): (&String, &Fact)| VisitorAttribute { name: name.clone(), value: value.clone(), proven: is_proven };
        facts.iter().map(one).collect()
    };
    let mut all = of(proven, true);
    // What was proven is not said again by somebody who may say anything.
    all.extend(of(said, false).into_iter().filter(|f| !proven.contains_key(&f.name)));
    all
}

impl LiveVisitor {
    fn new(
        visitor: Visitor,
        stay: Option<&Stay>,
        customer_name: Option<String>,
        chat: Option<(ConversationId, Option<String>)>,
        now: Timestamp,
    ) -> Self {
        let none = Facts::new();
        let (conversation_id, agent) = chat.map_or((None, None), |(id, agent)| (Some(id), agent));
        let invited = stay.and_then(|s| s.invited(now));
        Self {
            identified: visitor.subject(now).is_some(),
            here: visitor.is_connected(now),
            number: visitor.number(),
            attributes: facts(&visitor.proven, stay.map_or(&none, |s| &s.attributes)),
            id: visitor.id,
            inbox_id: visitor.inbox,
            name: visitor.name.or(customer_name),
            customer_id: visitor.customer,
            locale: visitor.locale,
            page: visitor.page.map(Into::into),
            page_at: stay.map(|s| Time(s.page_at)),
            began_at: stay.map(|s| Time(s.began_at)),
            pages: stay.map_or(0, |s| s.pages),
            visits: stay.map_or(0, |s| s.number),
            conversation_id,
            agent,
            invited: invited.map(|i| VisitorInvited { by: i.name.clone(), text: i.text.clone(), at: Time(i.at) }),
        }
    }
}

/// Which ones.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct VisitorQuery {
    /// Only on the site of this inbox.
    #[param(value_type = Option<String>)]
    pub inbox_id: Option<InboxId>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// At most 100; 50 without.
    pub limit: Option<u32>,
}

fn read_cursor(text: &str) -> Result<After> {
    let wrong = || Problem::malformed("This cursor is not one of ours.");
    let (at, id) = text.split_once('.').ok_or_else(wrong)?;
    let at = at.parse().ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).ok_or_else(wrong)?;
    Ok((at, id.parse().map_err(|_| wrong())?))
}

/// Who is on the sites of the inboxes in sight just now, the latest comer first. Only where a widget's `live` is on, and only those who
/// agreed. The stream's `visitors` says when to look again.
#[utoipa::path(get, path = "/visitors", tag = "visitors", params(VisitorQuery), responses((status = 200, body = List<LiveVisitor>), Problems))]
async fn list(State(app): State<App>, caller: Caller, Query(query): Query<VisitorQuery>) -> Result<Json<List<LiveVisitor>>> {
    caller.require(Permission::VisitorInvite)?;
    let (limit, now) = (limit(query.limit)?, app.now());
    let after = query.cursor.as_deref().map(read_cursor).transpose()?;
    let mut found = store::stay::live(&mut app.read().await?, &caller.scope, query.inbox_id, after, now, limit + 1).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|l| format!("{}.{}", l.stay.began_at.as_millisecond(), l.visitor.id));
    let one = |l: Live| LiveVisitor::new(l.visitor, Some(&l.stay), l.customer_name, l.chat, now);
    Ok(Json(List { items: found.into_iter().map(one).collect(), next }))
}

/// A site on which agents see who is there.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct VisitorSite {
    #[schema(value_type = String, example = "inb_0000000000000")]
    pub inbox_id: InboxId,
    pub name: String,
}

/// The inboxes in sight whose widgets tell who is on the site.
#[utoipa::path(get, path = "/visitors/sites", tag = "visitors", responses((status = 200, body = List<VisitorSite>), Problems))]
async fn sites(State(app): State<App>, caller: Caller) -> Result<Json<List<VisitorSite>>> {
    caller.require(Permission::VisitorInvite)?;
    let mut items = Vec::new();
    for (inbox_id, name, settings) in store::widget::all(&mut app.read().await?, caller.workspace).await? {
        if settings.live && settings.enabled && caller.inboxes.include(inbox_id) {
            items.push(VisitorSite { inbox_id, name });
        }
    }
    Ok(Json(List { items, next: None }))
}

/// A page that was seen.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct VisitorStep {
    pub url: String,
    pub title: String,
    pub at: Time,
}

/// Something happened on the site.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct VisitorEvent {
    pub name: String,
    pub attributes: Vec<VisitorAttribute>,
    pub at: Time,
}

/// A visitor with the way that it took.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VisitorDetail {
    /// Who and where.
    pub visitor: LiveVisitor,
    /// The last 20 pages of this visit, oldest first.
    pub trail: Vec<VisitorStep>,
    /// The last 50 events, oldest first.
    pub events: Vec<VisitorEvent>,
}

/// One visitor, there or not.
#[utoipa::path(get, path = "/visitors/{id}", tag = "visitors", params(("id" = String, Path)), responses((status = 200, body = VisitorDetail), Problems))]
async fn get(State(app): State<App>, caller: Caller, PathId(id): PathId<VisitorId>) -> Result<Json<VisitorDetail>> {
    caller.require(Permission::ConversationRead)?;
    let (mut conn, now) = (app.read().await?, app.now());
    let found = store::visitor::get(&mut conn, caller.workspace, id).await?.filter(|v| caller.inboxes.include(v.inbox));
    let visitor = found.ok_or_else(Problem::not_found)?;
    let stay = store::stay::get(&mut conn, caller.workspace, id).await?;
    let chat = store::stay::chats(&mut conn, caller.workspace, &[id]).await?.remove(&id);
    let customer = match visitor.customer {
        Some(customer) => store::customer::get(&mut conn, &caller.scope, customer).await?.map(|c| c.name),
        None => None,
    };
    let none = Facts::new();
    let (trail, events) = stay.as_ref().map(|s| (s.trail.clone(), s.events.clone())).unwrap_or_default();
    Ok(Json(VisitorDetail {
        visitor: LiveVisitor::new(visitor, stay.as_ref(), customer, chat, now),
        trail: trail.into_iter().map(|s| VisitorStep { url: s.url, title: s.title, at: Time(s.at) }).collect(),
        events: events.into_iter().map(|e| VisitorEvent { attributes: facts(&none, &e.attributes), name: e.name, at: Time(e.at) }).collect(),
    }))
}

/// What an agent says first.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitorInvitationForm {
    /// At most 300 characters.
    pub text: String,
}

/// Writes to somebody who is on the site and has not written. They see it beside the launcher for a quarter of an hour; their answer
/// begins a chat that is yours.
#[utoipa::path(post, path = "/visitors/{id}/invitation", tag = "visitors", params(("id" = String, Path)), request_body = VisitorInvitationForm,
    responses((status = 204), Problems))]
async fn invite(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<VisitorId>,
    Json(form): Json<VisitorInvitationForm>,
) -> Result<StatusCode> {
    let mut tx = app.begin().await?;
    let visitor = desk::visitor::invite(&mut tx, &caller.scope, id, &form.text).await?;
    tx.commit().await?;
    app.chats.start(&app).await?;
    let (workspace, inbox) = (caller.workspace, visitor.inbox);
    app.desk.store.tell_visitor(VisitorSign { workspace, inbox, conversation: None, visitor: id, what: VisitorDoes::Invited {} });
    app.chats.moved(workspace, inbox, id);
    Ok(StatusCode::NO_CONTENT)
}

/// How often an invitation was shown and answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct InvitationCount {
    /// The id of its rule.
    pub id: String,
    pub shown: i64,
    pub answered: i64,
}

/// How often the invitations of a widget were shown and answered. For admins.
#[utoipa::path(get, path = "/inboxes/{id}/widget/invitations", tag = "inboxes", params(("id" = String, Path)),
    responses((status = 200, body = List<InvitationCount>), Problems))]
async fn counts(State(app): State<App>, caller: Caller, PathId(id): PathId<InboxId>) -> Result<Json<List<InvitationCount>>> {
    caller.require(Permission::InboxManage)?;
    let mut conn = app.read().await?;
    store::inbox::get(&mut conn, caller.workspace, id).await?.filter(|i| caller.inboxes.include(i.id)).ok_or_else(Problem::not_found)?;
    let counts = store::stay::counts(&mut conn, caller.workspace, id).await?;
    let one = |c: store::stay::Count| InvitationCount { id: c.rule, shown: c.shown, answered: c.answered };
    Ok(Json(List { items: counts.into_iter().map(one).collect(), next: None }))
}
