//! Who asks, and what they may see.

use model::{Actor, ConversationId, Id, Inboxes, Scope};

use crate::db::list;
use crate::{Conn, Error, args};

pub(crate) fn reader(scope: &Scope) -> i64 {
    match scope.actor {
        Actor::Agent(id) => id.raw(),
        _ => 0,
    }
}

/// `AND c.inbox_id IN (…)`, unless everything is in sight.
pub(crate) fn in_sight(scope: &Scope) -> String {
    match &scope.inboxes {
        Inboxes::All => String::new(),
        Inboxes::Only(ids) => format!(" AND c.inbox_id IN {}", list(ids.iter().map(|i| i.raw()))),
    }
}

/// Leaves out the trash, spam, and what other conversations took in (see [`Bucket::is_hidden`]), but not side conversations:
/// the search finds their words too. The `+` keeps the planner on the index that has the order of the page.
pub(crate) const FOUND: &str = " AND +c.bucket IN (0, 1, 2, 6)";

/// As [`in_sight`], for a query that reads an index in the order of the page: with several inboxes, the index that begins
/// with the inbox would have to be sorted anew, so the `+` keeps the planner off it.
pub(super) fn in_sight_of_page(scope: &Scope) -> String {
    match &scope.inboxes {
        Inboxes::Only(ids) if ids.len() > 1 => format!(" AND +c.inbox_id IN {}", list(ids.iter().map(|i| i.raw()))),
        _ => in_sight(scope),
    }
}

/// Those of some conversations that are there and in sight.
pub async fn in_sight_of(conn: &mut Conn, scope: &Scope, ids: &[ConversationId]) -> Result<Vec<ConversationId>, Error> {
    let sql = format!("SELECT c.id FROM conversation c WHERE c.workspace_id = $1{} AND c.id {}", in_sight(scope), conn.is_one_of(2));
    let ids = conn.ids(ids.iter().map(|i| i.raw()));
    conn.fetch_built(sql, args![scope.workspace, ids]).await?.iter().map(|r| r.id("id")).collect()
}
