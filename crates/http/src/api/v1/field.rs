//! Custom fields: what they are. Their values stand with the conversations.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use desk::field::{Form, Patch};
use model::field::{Kind, ShownWhen, Words};
use model::{ConversationId, FieldId, InboxId, Permission, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::library::ArchiveQuery;
use crate::app::App;
use crate::etag::{IfMatch, Versioned};
use crate::json::{Json, PathId, Query, nullable};
use crate::page::List;
use crate::problem::{Problem, Problems, Result};
use crate::scope::Caller;
use crate::time::Time;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get, patch)).routes(routes!(put_order))
}

/// Words in each language of the interface; either may be missing.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Translated {
    pub en: Option<String>,
    pub ko: Option<String>,
}

impl From<Words> for Translated {
    fn from(w: Words) -> Self {
        Self { en: w.en, ko: w.ko }
    }
}

/// One option of a choice.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(dead_code)]
pub struct FieldOption {
    /// Its name for filters and values; never changes. Made from the label when left out.
    pub key: Option<String>,
    /// In at least one language.
    pub label: Translated,
    /// It can no longer be picked; where it was, it stays.
    pub archived: Option<bool>,
}

/// What a field holds. Which of the kinds never changes, nor does a currency.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = FieldType)]
#[allow(missing_docs, dead_code)]
pub enum TypeBody {
    /// One line. Values are strings.
    Text { max_length: Option<u32> },
    /// At most eleven digits before the point and four behind it. Values are numbers.
    Number {},
    /// Values count in the smallest unit of the currency: 1250 is 12.50 EUR.
    Money { currency: String },
    /// Values are days such as `2026-11-22`.
    Date {},
    /// Values are the key of an option.
    Choice { options: Vec<FieldOption> },
    /// Values are lists of keys. Options that a change leaves out are archived.
    MultiChoice { options: Vec<FieldOption> },
    /// Values are `true`; without a value it is not ticked.
    Checkbox {},
    /// Values begin with `https://`, `http://` or `mailto:`.
    Link {},
    /// One line that matches a regular expression as a whole.
    Pattern { pattern: String, max_length: Option<u32> },
}

/// A field is shown only when another one has one of these values.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FieldShownWhen)]
pub struct ShownWhenBody {
    /// A choice, a multi-choice or a checkbox.
    #[schema(value_type = String)]
    pub field_id: FieldId,
    /// Keys of its options; `true` or `false` of a checkbox.
    pub any_of: Vec<String>,
}

/// A custom field.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct Field {
    #[schema(value_type = String, example = "cf_0000000000000")]
    pub id: FieldId,
    /// Rises with each change; the `ETag`.
    pub version: i64,
    /// Its name in filters (`field.KEY`) and values; never changes.
    pub key: String,
    pub label: Translated,
    /// A sentence for those who fill it in.
    pub help: Translated,
    #[serde(rename = "type")]
    #[schema(value_type = TypeBody)]
    pub kind: Kind,
    /// Inboxes it is for; empty: all.
    #[schema(value_type = Vec<String>)]
    pub inbox_ids: Vec<InboxId>,
    #[schema(value_type = Option<ShownWhenBody>)]
    pub shown_when: Option<ShownWhen>,
    /// A conversation cannot be resolved by hand without it, where it is shown.
    pub required: bool,
    pub position: i64,
    pub archived_at: Option<Time>,
    pub created_at: Time,
    pub updated_at: Time,
}

impl From<model::field::Field> for Field {
    fn from(f: model::field::Field) -> Self {
        Self {
            id: f.id,
            version: f.version,
            key: f.key.to_string(),
            label: f.label.into(),
            help: f.help.into(),
            kind: f.kind,
            inbox_ids: f.inboxes,
            shown_when: f.shown_when,
            required: f.required,
            position: f.position,
            archived_at: f.archived_at.map(Time),
            created_at: Time(f.created_at),
            updated_at: Time(f.updated_at),
        }
    }
}

/// A new field.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NewField {
    /// A letter, then letters, digits and `_`. Made from the English label when left out.
    pub key: Option<String>,
    #[schema(value_type = Translated)]
    pub label: Words,
    #[serde(default)]
    #[schema(value_type = Option<Translated>)]
    pub help: Words,
    #[serde(rename = "type")]
    #[schema(value_type = TypeBody)]
    pub kind: Kind,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub inbox_ids: Vec<InboxId>,
    #[schema(value_type = Option<ShownWhenBody>)]
    pub shown_when: Option<ShownWhen>,
    #[serde(default)]
    pub required: bool,
}

/// What is to change.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct FieldPatch {
    #[schema(value_type = Option<Translated>)]
    pub label: Option<Words>,
    #[schema(value_type = Option<Translated>)]
    pub help: Option<Words>,
    /// Of the same kind, and in the same currency.
    #[serde(rename = "type")]
    #[schema(value_type = Option<TypeBody>)]
    pub kind: Option<Kind>,
    #[schema(value_type = Option<Vec<String>>)]
    pub inbox_ids: Option<Vec<InboxId>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<ShownWhenBody>)]
    pub shown_when: Option<Option<ShownWhen>>,
    pub required: Option<bool>,
    /// True puts it away with its values, false fetches it back.
    pub archived: Option<bool>,
}

/// Every custom field in its order: those in use, or the archived ones.
#[utoipa::path(get, path = "/fields", tag = "fields", params(ArchiveQuery), responses((status = 200, body = List<Field>), Problems))]
async fn list(State(app): State<App>, caller: Caller, Query(q): Query<ArchiveQuery>) -> Result<Json<List<Field>>> {
    caller.require(Permission::ConversationRead)?;
    let all = store::field::list(&mut app.read().await?, caller.workspace).await?;
    Ok(Json(List::whole(all.into_iter().filter(|f| f.archived_at.is_some() == q.archived))))
}

/// One custom field.
#[utoipa::path(get, path = "/fields/{id}", tag = "fields", params(("id" = String, Path)), responses((status = 200, body = Field), Problems))]
async fn get(State(app): State<App>, caller: Caller, PathId(id): PathId<FieldId>) -> Result<Versioned<Field>> {
    caller.require(Permission::ConversationRead)?;
    let all = store::field::list(&mut app.read().await?, caller.workspace).await?;
    let field = all.into_iter().find(|f| f.id == id).ok_or_else(Problem::not_found)?;
    Ok(Versioned(field.version, field.into()))
}

/// Defines a field, at the end of the others.
#[utoipa::path(post, path = "/fields", tag = "fields", request_body = NewField, responses((status = 201, body = Field), Problems))]
async fn create(State(app): State<App>, caller: Caller, Json(form): Json<NewField>) -> Result<(StatusCode, Versioned<Field>)> {
    let mut tx = app.begin().await?;
    let form = Form {
        key: form.key,
        label: form.label,
        help: form.help,
        kind: form.kind,
        inboxes: form.inbox_ids,
        shown_when: form.shown_when,
        required: form.required,
    };
    let field = desk::field::create(&mut tx, &caller.scope, form).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Versioned(field.version, field.into())))
}

/// Changes a field. Values that are there stay. With `If-Match`, only the version that it names.
#[utoipa::path(patch, path = "/fields/{id}", tag = "fields", params(("id" = String, Path)), request_body = FieldPatch,
    responses((status = 200, body = Field), Problems))]
async fn patch(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId<FieldId>,
    IfMatch(version): IfMatch,
    Json(form): Json<FieldPatch>,
) -> Result<Versioned<Field>> {
    caller.require(Permission::WorkspaceManage)?;
    let mut tx = app.begin().await?;
    if let Some(version) = version {
        let all = store::field::list(&mut tx, caller.workspace).await?;
        let now = all.into_iter().find(|f| f.id == id).ok_or_else(Problem::not_found)?;
        if now.version != version {
            let current = serde_json::to_value(Field::from(now)).ok();
            return Err(Problem::conflict("Somebody changed this field meanwhile. Look at how it is now and try again.", current));
        }
    }
    let patch = Patch {
        label: form.label,
        help: form.help,
        kind: form.kind,
        inboxes: form.inbox_ids,
        shown_when: form.shown_when,
        required: form.required,
        archived: form.archived,
    };
    let field = desk::field::update(&mut tx, &caller.scope, id, patch).await?;
    tx.commit().await?;
    Ok(Versioned(field.version, field.into()))
}

/// An order of fields.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldOrder {
    /// These come first; the others follow in the order that they have.
    #[schema(value_type = Vec<String>)]
    pub field_ids: Vec<FieldId>,
}

/// Puts the fields in an order.
#[utoipa::path(put, path = "/field-order", tag = "fields", request_body = FieldOrder, responses((status = 200, body = List<Field>), Problems))]
async fn put_order(State(app): State<App>, caller: Caller, Json(form): Json<FieldOrder>) -> Result<Json<List<Field>>> {
    let mut tx = app.begin().await?;
    let all = desk::field::order(&mut tx, &caller.scope, &form.field_ids).await?;
    tx.commit().await?;
    Ok(Json(List::whole(all.into_iter().filter(|f| f.archived_at.is_none()))))
}

/// The values of a conversation in sight, by key. One query.
pub(super) async fn values_of(conn: &mut store::Conn, scope: &Scope, id: ConversationId) -> Result<BTreeMap<String, serde_json::Value>> {
    let values = store::field::values_by_key(conn, scope.workspace, id).await?;
    Ok(values.into_iter().map(|(_, key, value)| (key.to_string(), value.to_json())).collect())
}
