//! The widget of an inbox, as those who manage it have it.

use std::collections::BTreeMap;

use axum::extract::State;
use model::widget::{Field, FieldKind, Files, Position, PreChat, Settings, Theme, When, Widget};
use model::{InboxId, Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::widget_stay::InvitationsBody;
use crate::app::App;
use crate::etag::{IfMatch, Versioned};
use crate::json::{Json, PathId};
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get, put)).routes(routes!(rotate))
}

/// Colours and place.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WidgetTheme)]
#[allow(missing_docs)]
pub struct ThemeBody {
    /// `#rrggbb`.
    pub colour: String,
    /// `right` or `left`.
    #[schema(value_type = String)]
    pub position: Position,
}

/// One question before the first message. The keys `name` and `email` say who somebody is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WidgetFieldSetting)]
#[allow(missing_docs)]
pub struct FieldBody {
    pub key: String,
    /// The question, by language tag.
    #[schema(value_type = Object)]
    pub label: BTreeMap<String, String>,
    /// `text`, `email`, `long_text`, `choice` or `consent`.
    #[schema(value_type = String)]
    pub kind: FieldKind,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub choices: Vec<String>,
}

/// What is asked before the first message.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WidgetPreChatSetting)]
#[allow(missing_docs)]
pub struct PreChatBody {
    /// `never`, `always` or `away`.
    #[schema(value_type = String)]
    pub when: When,
    #[serde(default)]
    pub fields: Vec<FieldBody>,
}

/// Files from visitors.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WidgetFilesSetting)]
#[allow(missing_docs)]
pub struct FilesBody {
    pub enabled: bool,
    pub max_bytes: u32,
}

/// How a widget looks and what it does.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WidgetSettings)]
#[expect(clippy::struct_excessive_bools, reason = "independent settings, not a state")]
pub struct SettingsBody {
    /// Visitors may write.
    pub enabled: bool,
    /// What stands at its top; null: the inbox's name.
    pub name: Option<String>,
    /// How it looks.
    pub theme: ThemeBody,
    /// Words at its top, by language tag.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub greeting: BTreeMap<String, String>,
    /// Words when nobody is there, by language tag.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub away_text: BTreeMap<String, String>,
    /// Sites that may show it, such as `https://shop.example` or `https://*.shop.example`; none: any site.
    #[serde(default)]
    pub origins: Vec<String>,
    /// What is asked before the first message.
    pub pre_chat: PreChatBody,
    /// Files from visitors.
    pub files: FilesBody,
    /// The page that a visitor looks at may be told, where the visitor agrees.
    pub page: bool,
    /// Agents see what a visitor writes before it is sent.
    pub typing_preview: bool,
    /// Only visitors whom the site has identified may write.
    pub identity_required: bool,
    /// Visitors see agents' whole names, not only given names.
    pub full_names: bool,
    /// Seconds until agents' words that nobody saw go by mail: 30 to 86,400.
    pub mail_after: u32,
    /// Agents see who is on the site, where the visitor agrees.
    #[serde(default)]
    pub live: bool,
    /// What the widget says first.
    #[serde(default)]
    pub invitations: InvitationsBody,
    /// An agent's first words in a chat, by language tag: a template with the variables of saved replies.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub agent_greeting: BTreeMap<String, String>,
    /// They are said by themselves when an agent takes a chat.
    #[serde(default)]
    pub greets_itself: bool,
    /// Customers who wait may ask to be called.
    #[serde(default)]
    pub callback: bool,
}

impl From<Settings> for SettingsBody {
    fn from(s: Settings) -> Self {
        let field = |f: Field| FieldBody { key: f.key, label: f.label, kind: f.kind, required: f.required, choices: f.choices };
        Self {
            enabled: s.enabled,
            name: s.name,
            theme: ThemeBody { colour: s.theme.colour, position: s.theme.position },
            greeting: s.greeting,
            away_text: s.away_text,
            origins: s.origins,
            pre_chat: PreChatBody { when: s.pre_chat.when, fields: s.pre_chat.fields.into_iter().map(field).collect() },
            files: FilesBody { enabled: s.files.enabled, max_bytes: s.files.max_bytes },
            page: s.page,
            typing_preview: s.typing_preview,
            identity_required: s.identity_required,
            full_names: s.full_names,
            mail_after: s.mail_after,
            live: s.live,
            invitations: s.invitations.into(),
            agent_greeting: s.agent_greeting,
            greets_itself: s.greets_itself,
            callback: s.callback,
        }
    }
}

impl From<SettingsBody> for Settings {
    fn from(s: SettingsBody) -> Self {
        let field = |f: FieldBody| Field { key: f.key, label: f.label, kind: f.kind, required: f.required, choices: f.choices };
        Self {
            enabled: s.enabled,
            name: s.name.filter(|n| !n.trim().is_empty()),
            theme: Theme { colour: s.theme.colour, position: s.theme.position },
            greeting: s.greeting,
            away_text: s.away_text,
            origins: s.origins,
            pre_chat: PreChat { when: s.pre_chat.when, fields: s.pre_chat.fields.into_iter().map(field).collect() },
            files: Files { enabled: s.files.enabled, max_bytes: s.files.max_bytes },
            page: s.page,
            typing_preview: s.typing_preview,
            identity_required: s.identity_required,
            full_names: s.full_names,
            mail_after: s.mail_after,
            live: s.live,
            invitations: s.invitations.into(),
            agent_greeting: s.agent_greeting,
            greets_itself: s.greets_itself,
            callback: s.callback,
        }
    }
}

/// The widget of an inbox.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Widget)]
#[allow(missing_docs)]
pub struct WidgetBody {
    #[schema(value_type = String, example = "inb_0000000000000")]
    pub inbox_id: InboxId,
    /// What the site's page names it by; null until it is saved the first time.
    pub key: Option<String>,
    /// Rises with each change; the `ETag`.
    pub version: i64,
    pub settings: SettingsBody,
    /// There is a secret to sign identities with.
    pub has_secret: bool,
    pub updated_at: Option<Time>,
}

impl From<Widget> for WidgetBody {
    fn from(w: Widget) -> Self {
        Self {
            inbox_id: w.inbox,
            key: Some(w.key),
            version: w.version,
            settings: w.settings.into(),
            has_secret: w.has_secret,
            updated_at: Some(Time(w.updated_at)),
        }
    }
}

/// The widget of an inbox; as it would begin, where there is none. For admins.
#[utoipa::path(get, path = "/inboxes/{id}/widget", tag = "inboxes", params(("id" = String, Path)), responses((status = 200, body = WidgetBody), Problems))]
async fn get(State(app): State<App>, caller: Caller, PathId(id): PathId<InboxId>) -> Result<Versioned<WidgetBody>> {
    caller.require(Permission::InboxManage)?;
    let mut conn = app.read().await?;
    store::inbox::get(&mut conn, caller.workspace, id).await?.filter(|i| caller.inboxes.include(i.id)).ok_or_else(Problem::not_found)?;
    let found = store::widget::get(&mut conn, caller.workspace, id).await?;
    let begins = || WidgetBody { inbox_id: id, key: None, version: 0, settings: Settings::default().into(), has_secret: false, updated_at: None };
    let body: WidgetBody = found.map_or_else(begins, Into::into);
    Ok(Versioned(body.version, body))
}

/// Changes the widget of an inbox; the first time makes it. For admins.
#[utoipa::path(put, path = "/inboxes/{id}/widget", tag = "inboxes", params(("id" = String, Path)), request_body = SettingsBody,
    responses((status = 200, body = WidgetBody), Problems))]
async fn put(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<InboxId>,
    IfMatch(version): IfMatch,
    Json(form): Json<SettingsBody>,
) -> Result<Versioned<WidgetBody>> {
    caller.require(Permission::InboxManage)?;
    let mut tx = app.begin().await?;
    if let Some(version) = version {
        let now = store::widget::get(&mut tx, caller.workspace, id).await?;
        if now.as_ref().map_or(0, |w| w.version) != version {
            let current = now.map(WidgetBody::from);
            return Err(Problem::conflict("Somebody changed it meanwhile.", serde_json::to_value(current).ok()));
        }
    }
    let widget = desk::widget::put(&mut tx, &caller.scope, id, form.into()).await?;
    tx.commit().await?;
    Ok(Versioned(widget.version, widget.into()))
}

/// A new secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WidgetSecret {
    /// To sign identities with, by HS256. Shown this once.
    pub secret: String,
}

/// Makes a new secret to sign identities with. What was signed with the old one proves nothing from now on. For admins.
#[utoipa::path(post, path = "/inboxes/{id}/widget/secret", tag = "inboxes", params(("id" = String, Path)), responses((status = 200, body = WidgetSecret), Problems))]
async fn rotate(State(app): State<App>, caller: Caller, PathId(id): PathId<InboxId>) -> Result<Json<WidgetSecret>> {
    let mut tx = app.begin().await?;
    let (_, secret) = desk::widget::rotate_secret(&mut tx, &app.desk.keys, &caller.scope, id).await?;
    tx.commit().await?;
    Ok(Json(WidgetSecret { secret: secret.expose().to_owned() }))
}
