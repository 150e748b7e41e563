//! Tags, and which conversations carry them.

use model::tag::{Color, Tag};
use model::{ConversationId, TagId, WorkspaceId};

use crate::{Conn, Error, Row, Tx, args, sql};

pub(crate) fn from_row(row: &Row) -> Result<Tag, Error> {
    Ok(Tag { id: row.id("id")?, name: row.text("name")?, color: Color::from_stored(&row.text("color")?) })
}

/// Every tag of a workspace by name, at most 1,000.
pub async fn list(conn: &mut Conn, workspace: WorkspaceId) -> Result<Vec<Tag>, Error> {
    conn.fetch_all(sql::tag::LIST, args![workspace]).await?.iter().map(from_row).collect()
}

/// Writes a new tag. [`Error::Duplicate`] when the word is taken.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, tag: &Tag) -> Result<(), Error> {
    tx.execute(sql::tag::INSERT, args![workspace, tag.id, tag.name.as_str(), tag.name.to_lowercase(), tag.color.as_str()]).await.map(drop)
}

/// Writes a changed tag; false when there is none.
pub async fn update(tx: &mut Tx, workspace: WorkspaceId, tag: &Tag) -> Result<bool, Error> {
    let values = args![workspace, tag.id, tag.name.as_str(), tag.name.to_lowercase(), tag.color.as_str()];
    Ok(tx.execute(sql::tag::UPDATE, values).await? == 1)
}

/// Deletes a tag, off its conversations too; false when there is none.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: TagId) -> Result<bool, Error> {
    Ok(tx.execute(sql::tag::DELETE, args![workspace, id]).await? == 1)
}

/// The tags of a conversation.
pub async fn of_conversation(conn: &mut Conn, workspace: WorkspaceId, id: ConversationId) -> Result<Vec<TagId>, Error> {
    conn.fetch_all(sql::tag::OF_CONVERSATION, args![workspace, id]).await?.iter().map(|r| r.id("tag_id")).collect()
}

/// Puts tags on and takes tags off. [`Error::Dangling`] when a tag is not of this workspace.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, id: ConversationId, on: &[TagId], off: &[TagId]) -> Result<(), Error> {
    for tag in on {
        tx.execute(sql::tag::PUT_ON, args![workspace, id, *tag]).await?;
    }
    for tag in off {
        tx.execute(sql::tag::TAKE_OFF, args![workspace, id, *tag]).await?;
    }
    Ok(())
}

/// What a tag is on, and what names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Used {
    pub conversations: i64,
    pub views: i64,
    pub macros: i64,
}

/// What a tag is on, and what names it.
pub async fn used(conn: &mut Conn, workspace: WorkspaceId, id: TagId) -> Result<Used, Error> {
    let row = conn.fetch_one(sql::tag::USED, args![workspace, id, id.to_string()]).await?;
    Ok(Used { conversations: row.int("conversations")?, views: row.int("views")?, macros: row.int("macros")? })
}

/// Puts one tag in the place of another: on conversations, in the filters of views and in macros. The other is deleted; false
/// when there is none.
pub async fn merge(tx: &mut Tx, workspace: WorkspaceId, from: TagId, into: TagId) -> Result<bool, Error> {
    let now = tx.now();
    tx.execute(sql::tag::PUT_ON_INSTEAD, args![workspace, from, into]).await?;
    let (old, new) = (from.to_string(), into.to_string());
    tx.execute(sql::tag::NAME_INSTEAD_IN_VIEWS, args![workspace, old.as_str(), new.as_str(), now]).await?;
    tx.execute(sql::tag::NAME_INSTEAD_IN_MACROS, args![workspace, old.as_str(), new.as_str(), now]).await?;
    delete(tx, workspace, from).await
}
