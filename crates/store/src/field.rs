//! Custom fields and their values.

use model::field::{Field, Key, Kind, Part, Value, Values};
use model::filter::{Custom, Filter};
use model::{ConversationId, FieldId, Id as _, WorkspaceId};

use crate::row::to_json;
use crate::{Conn, Error, Row, Tx, args, sql};

fn from_row(row: &Row) -> Result<Field, Error> {
    let kind: Kind = row.json("settings")?;
    Ok(Field {
        id: row.id("id")?,
        version: row.int("version")?,
        key: row.parsed("key")?,
        label: row.json("label")?,
        help: row.json("help")?,
        kind,
        inboxes: row.json("inboxes")?,
        shown_when: row.maybe_json("shown_when")?,
        required: row.flag("required")?,
        position: row.int("position")?,
        archived_at: row.maybe_time("archived_at")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

/// Every field of a workspace in its order, archived ones included. Cost: O(fields), at most 200.
pub async fn list(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Field>, Error> {
    conn.fetch_all(sql::field::LIST, args![workspace]).await?.iter().map(from_row).collect()
}

/// Whether any field in use has to be filled in before a conversation is resolved.
pub async fn any_required(conn: &mut Conn, workspace: WorkspaceId) -> Result<bool, Error> {
    Ok(conn.fetch_optional(sql::field::ANY_REQUIRED, args![workspace]).await?.is_some())
}

/// Writes a new field. [`Error::Duplicate`] when the key is taken.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, f: &Field) -> Result<(), Error> {
    tx.execute(
        sql::field::INSERT,
        args![
            workspace,
            f.id,
            f.key.as_str(),
            to_json(&f.label),
            to_json(&f.help),
            f.kind.name(),
            to_json(&f.kind),
            to_json(&f.inboxes),
            f.shown_when.as_ref().map(to_json),
            f.required,
            f.position,
            f.created_at
        ],
    )
    .await
    .map(drop)
}

/// Writes a changed field and raises its version. Key and place stay.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, f: &mut Field) -> Result<(), Error> {
    tx.execute(
        sql::field::UPDATE,
        args![
            workspace,
            f.id,
            to_json(&f.label),
            to_json(&f.help),
            to_json(&f.kind),
            to_json(&f.inboxes),
            f.shown_when.as_ref().map(to_json),
            f.required,
            f.archived_at,
            f.updated_at
        ],
    )
    .await?;
    f.version += 1;
    Ok(())
}

/// Gives a field its place.
pub async fn place(tx: &mut Tx, workspace: WorkspaceId, id: FieldId, position: i64) -> Result<(), Error> {
    tx.execute(sql::field::PLACE, args![workspace, id, position]).await.map(drop)
}

/// The values of a conversation, those of archived fields included. One query.
pub async fn values(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Values, Error> {
    Ok(values_by_key(conn, workspace, id).await?.into_iter().map(|(field, _, value)| (field, value)).collect())
}

/// The same with the keys of the fields. One query.
pub async fn values_by_key(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Vec<(FieldId, Key, Value)>, Error> {
    let rows = conn.fetch_all(sql::field::VALUES, args![workspace, id]).await?;
    let mut values = Vec::new();
    for rows in rows.chunk_by(|a, b| a.maybe_int("field_id").ok() == b.maybe_int("field_id").ok()) {
        let Some(first) = rows.first() else { continue };
        let mut parts = Vec::with_capacity(rows.len());
        for row in rows {
            parts.push(Part { word: row.maybe_text("word")?, number: row.maybe_int("number")?, text: row.maybe_text("text")? });
        }
        if let Some(value) = Value::from_parts(&first.text("kind")?, parts) {
            values.push((first.id("field_id")?, first.parsed("key")?, value));
        }
    }
    Ok(values)
}

/// What some conversations have in fields that are in use, by key. One query, whatever their number.
pub async fn values_of(conn: &mut Conn, workspace: WorkspaceId, ids: &[ConversationId]) -> Result<Vec<(ConversationId, Key, Value)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT v.conversation_id, v.field_id, v.word, v.number, v.text, f.kind, f.key \
         FROM field_value v JOIN field f ON f.workspace_id = v.workspace_id AND f.id = v.field_id AND f.archived_at IS NULL \
         WHERE v.workspace_id = $1 AND v.conversation_id {} ORDER BY v.conversation_id, v.field_id, v.part",
        conn.is_one_of(2)
    );
    let ids = conn.ids(ids.iter().map(|i| i.raw()));
    let rows = conn.fetch_built(sql, args![workspace, ids]).await?;
    let place = |r: &Row| (r.maybe_int("conversation_id").ok(), r.maybe_int("field_id").ok());
    let mut values = Vec::new();
    for rows in rows.chunk_by(|a, b| place(a) == place(b)) {
        let Some(first) = rows.first() else { continue };
        let mut parts = Vec::with_capacity(rows.len());
        for row in rows {
            parts.push(Part { word: row.maybe_text("word")?, number: row.maybe_int("number")?, text: row.maybe_text("text")? });
        }
        if let Some(value) = Value::from_parts(&first.text("kind")?, parts) {
            values.push((first.id("conversation_id")?, first.parsed("key")?, value));
        }
    }
    Ok(values)
}

/// Gives a conversation a value, or takes it away.
pub async fn put(tx: &mut Tx, workspace: WorkspaceId, id: ConversationId, field: FieldId, value: Option<&Value>) -> Result<(), Error> {
    tx.execute(sql::field::CLEAR_VALUE, args![workspace, id, field]).await?;
    for (at, part) in (0_i64..).zip(value.map(Value::parts).unwrap_or_default()) {
        tx.execute(sql::field::INSERT_VALUE, args![workspace, id, field, at, part.word, part.number, part.text]).await?;
    }
    Ok(())
}

/// Reads a filter that came from outside or from a table. Looks the custom fields up only where it names some.
///
/// # Errors
/// The inner one is the filter's own fault.
pub async fn read_filter(conn: &mut Conn, workspace: WorkspaceId, json: &serde_json::Value) -> Result<Result<Filter, model::filter::Fault>, Error> {
    let customs = if Filter::names_customs(json) { customs(conn, workspace).await? } else { Vec::new() };
    Ok(Filter::from_json(json, &customs))
}

/// The custom fields as filters know them.
pub async fn customs(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Custom>, Error> {
    Ok(list(conn, workspace).await?.iter().map(Custom::from).collect())
}
