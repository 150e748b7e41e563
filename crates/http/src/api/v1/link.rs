//! Conversations that belong together, as one of them shows them.

use model::conversation_link::LinkKind;
use model::{ConversationId, Scope};
use serde::Serialize;
use utoipa::ToSchema;

use super::conversation::Status;
use super::refs::InboxRef;
use crate::problem::Result;
use crate::time::Time;

/// A conversation that belongs to this one.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct ConversationLink {
    /// `same_mail`, `related`, `problem`, `follow_up` or `side`.
    #[schema(value_type = String)]
    pub kind: LinkKind,
    /// This conversation came later: it follows the other, is a case of it, or was begun beside it.
    pub follows: bool,
    pub conversation: LinkedConversation,
    pub at: Time,
}

/// The other end of a link.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct LinkedConversation {
    #[schema(value_type = String, example = "cnv_0000000000000")]
    pub id: ConversationId,
    pub number: i64,
    pub subject: String,
    pub status: Status,
    pub inbox: InboxRef,
}

/// The links of a conversation whose other end the reader sees too, newest first.
pub async fn links_of(conn: &mut store::Conn, scope: &Scope, id: ConversationId) -> Result<Vec<ConversationLink>> {
    let links = store::conversation_link::of_conversation(conn, scope.workspace, id).await?;
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = links.iter().map(|link| link.other).collect();
    let seen = store::conversation::listed_by_ids(conn, scope, &ids).await?;
    let shown = links.into_iter().filter_map(|link| {
        let other = seen.iter().find(|listed| listed.conversation.id == link.other)?;
        let c = &other.conversation;
        let inbox = InboxRef { id: c.inbox, name: other.inbox_name.clone(), address: other.inbox_address.clone() };
        let conversation = LinkedConversation { id: c.id, number: c.number, subject: c.subject.clone(), status: c.status.into(), inbox };
        Some(ConversationLink { kind: link.kind, follows: link.follows, conversation, at: Time(link.at) })
    });
    Ok(shown.collect())
}
