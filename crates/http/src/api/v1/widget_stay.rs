//! Where a visitor is on the site, what the site says of them, and words that were said first.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use desk::visitor::Told;
use model::proactive::{Condition, Invitations, Looks, Op, Rule, Speaker};
use model::stay::{Fact, Facts};
use model::widget::words_in;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::widget_visitor::{At, PageForm, Visiting, WidgetId};
use crate::app::App;
use crate::json::Json;
use crate::problem::{Problems, Result};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(tell, forget)).routes(routes!(shown)).routes(routes!(dismiss))
}

/// A visitor's frame tells so often in a minute, at most: it gathers what happens within a second.
const MOST: u32 = 60;

/// A condition of an invitation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WidgetCondition)]
pub struct ConditionBody {
    /// `url`, `page_seconds`, `site_seconds`, `attribute`, `returning`, `language` or `online`.
    #[schema(value_type = String)]
    pub kind: Looks,
    /// Of `url`: `contains`, `equals` or `starts`. Of `attribute`: `at_least`, `at_most`, `equals` or `is` (it is there, and not false).
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub op: Option<Op>,
    /// Which attribute.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is compared with; numbers in digits. Of `returning` and `online` none is needed.
    #[serde(default)]
    pub value: Option<String>,
}

impl From<Condition> for ConditionBody {
    fn from(c: Condition) -> Self {
        Self { kind: c.kind, op: c.op, name: c.name, value: c.value }
    }
}

impl From<ConditionBody> for Condition {
    fn from(c: ConditionBody) -> Self {
        Self { kind: c.kind, op: c.op, name: c.name, value: c.value }
    }
}

/// An invitation: words that the widget says first, where all conditions are true.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WidgetRule)]
pub struct RuleBody {
    /// Yours to choose; it stays the same when the invitation is changed.
    pub id: String,
    /// For the team.
    pub name: String,
    /// It is shown.
    pub enabled: bool,
    /// All of them must be true.
    pub when: Vec<ConditionBody>,
    /// What is said, by language tag; at most 300 characters.
    #[schema(value_type = Object)]
    pub words: BTreeMap<String, String>,
    /// `team`, or `agent`: somebody who is on-line.
    #[schema(value_type = String)]
    pub from: Speaker,
}

/// The invitations of a widget.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WidgetInvitationSettings)]
pub struct InvitationsBody {
    /// They are shown.
    pub enabled: bool,
    /// In this order: the first that fits is shown.
    pub rules: Vec<RuleBody>,
    /// The same one is shown to a visitor once in so many days.
    pub days: u16,
    /// At most so many in one visit.
    pub per_visit: u8,
    /// Who closed one gets none for so many days.
    pub dismissed_days: u16,
}

impl Default for InvitationsBody {
    fn default() -> Self {
        Invitations::default().into()
    }
}

impl From<Invitations> for InvitationsBody {
    fn from(i: Invitations) -> Self {
        let rule = |r: Rule| RuleBody {
            id: r.id,
            name: r.name,
            enabled: r.enabled,
            when: r.when.into_iter().map(Into::into).collect(),
            words: r.words,
            from: r.from,
        };
        Self {
            enabled: i.enabled,
            rules: i.rules.into_iter().map(rule).collect(),
            days: i.days,
            per_visit: i.per_visit,
            dismissed_days: i.dismissed_days,
        }
    }
}

impl From<InvitationsBody> for Invitations {
    fn from(i: InvitationsBody) -> Self {
        let rule = |r: RuleBody| Rule {
            id: r.id,
            name: r.name.trim().to_owned(),
            enabled: r.enabled,
            when: r.when.into_iter().map(Into::into).collect(),
            words: r.words,
            from: r.from,
        };
        Self {
            enabled: i.enabled,
            rules: i.rules.into_iter().map(rule).collect(),
            days: i.days,
            per_visit: i.per_visit,
            dismissed_days: i.dismissed_days,
        }
    }
}

/// An invitation as the frame has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WidgetInvitation {
    /// Which: to be named when it was shown, and when it is answered.
    pub id: String,
    /// What it says.
    pub text: String,
    /// `team` or `agent`.
    #[schema(value_type = String)]
    pub from: Speaker,
    /// All of them must be true.
    pub when: Vec<ConditionBody>,
}

/// What the widget says first, and how often.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct WidgetInvitations {
    pub rules: Vec<WidgetInvitation>,
    pub days: u16,
    pub per_visit: u8,
    pub dismissed_days: u16,
}

impl WidgetInvitations {
    /// Those that are shown, in a language; none where there are none.
    pub fn new(i: &Invitations, tag: &str) -> Option<Self> {
        let rule = |r: &Rule| WidgetInvitation {
            id: r.id.clone(),
            text: words_in(&r.words, tag).to_owned(),
            from: r.from,
            when: r.when.iter().cloned().map(Into::into).collect(),
        };
        let rules: Vec<WidgetInvitation> = i.active().map(rule).filter(|r| !r.text.trim().is_empty()).collect();
        (!rules.is_empty()).then_some(Self { rules, days: i.days, per_visit: i.per_visit, dismissed_days: i.dismissed_days })
    }
}

/// Something happened on the site.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StayEvent {
    /// A letter, then up to 39 letters, digits, `_`, `-` and `.`.
    pub name: String,
    /// As the visitor's.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub attributes: Facts,
}

/// What a frame tells.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StayForm {
    /// The page of now. It is kept only where the inbox wants it.
    pub page: Option<PageForm>,
    /// What the site says of the visitor: texts up to 200 characters, numbers, true and false; null takes one back. At most 20, named as
    /// events are.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub attributes: BTreeMap<String, Option<Fact>>,
    /// What happened, oldest first; at most 50. The last 50 are kept.
    #[serde(default)]
    pub events: Vec<StayEvent>,
}

/// Tells where the visitor is and what the site says of them. Only for those who agreed, and where the widget's `live` says so; else 409
/// `not_live`.
#[utoipa::path(post, path = "/widget/{key}/stay", tag = "widget", security(("visitor" = [])), params(("key" = String, Path)), request_body = StayForm,
    responses((status = 204), Problems))]
async fn tell(State(app): State<App>, visiting: Visiting, Json(form): Json<StayForm>) -> Result<StatusCode> {
    visiting.take(&app, "stay", (MOST, app.settings.chat.others.1))?;
    let events = form.events.into_iter().map(|e| (e.name, e.attributes)).collect();
    let told = Told { page: form.page.map(Into::into), attributes: form.attributes, events };
    let mut tx = app.begin().await?;
    desk::visitor::tell(&mut tx, &visiting.visit, told).await?;
    tx.commit().await?;
    app.chats.start(&app).await?;
    app.chats.moved(visiting.workspace, visiting.visitor.inbox, visiting.visitor.id);
    Ok(StatusCode::NO_CONTENT)
}

/// The visitor agrees no longer: where they were and what the site said of them is forgotten.
#[utoipa::path(delete, path = "/widget/{key}/stay", tag = "widget", security(("visitor" = [])), params(("key" = String, Path)), responses((status = 204), Problems))]
async fn forget(State(app): State<App>, visiting: Visiting) -> Result<StatusCode> {
    visiting.take(&app, "others", app.settings.chat.others)?;
    let mut tx = app.begin().await?;
    desk::visitor::forget(&mut tx, &visiting.visit).await?;
    tx.commit().await?;
    app.chats.moved(visiting.workspace, visiting.visitor.inbox, visiting.visitor.id);
    Ok(StatusCode::NO_CONTENT)
}

/// An invitation was shown. Nobody has to be known for that: it is counted, and nothing else.
#[utoipa::path(post, path = "/widget/{key}/invitations/{id}/shown", tag = "widget", security(()),
    params(("key" = String, Path), ("id" = String, Path)), responses((status = 204), Problems))]
async fn shown(State(app): State<App>, at: At, WidgetId(id): WidgetId<String>) -> Result<StatusCode> {
    app.flood.take(app.now(), "shown", &at.ip.to_string(), MOST)?;
    let mut tx = app.begin().await?;
    desk::visitor::shown(&mut tx, at.named.workspace, &at.named.widget, &id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The visitor closed what an agent wrote to them.
#[utoipa::path(delete, path = "/widget/{key}/invitation", tag = "widget", security(("visitor" = [])), params(("key" = String, Path)),
    responses((status = 204), Problems))]
async fn dismiss(State(app): State<App>, visiting: Visiting) -> Result<StatusCode> {
    visiting.take(&app, "others", app.settings.chat.others)?;
    let mut tx = app.begin().await?;
    desk::visitor::dismiss(&mut tx, &visiting.visit).await?;
    tx.commit().await?;
    app.chats.moved(visiting.workspace, visiting.visitor.inbox, visiting.visitor.id);
    Ok(StatusCode::NO_CONTENT)
}
