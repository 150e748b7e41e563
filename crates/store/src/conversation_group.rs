//! A list divided: which groups there are, and how many conversations are in each.

use model::conversation::StatusKind;
use model::view::Group;
use model::{AgentId, CompanyId, Id, InboxId, Priority, Scope, TeamId};

use crate::conversation::{Asked, grouped};
use crate::{Conn, Error};

/// What the conversations of a group have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Key {
    /// No assignee, no team, no company.
    None,
    Agent(AgentId),
    Team(TeamId),
    Inbox(InboxId),
    Company(CompanyId),
    Priority(Priority),
    Status(StatusKind),
}

/// The groups of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    /// Each with how many are in it, in no order.
    pub groups: Vec<(Key, i64)>,
    /// Everything was counted. Else there are more conversations than were looked at, and perhaps more groups.
    pub complete: bool,
}

/// The groups of what is asked, looking at `most` conversations. Cost: up to `most` on the index of the view, times what a filter
/// throws away.
pub async fn groups(conn: &mut Conn, scope: &Scope, what: &Asked, by: Group, most: usize) -> Result<Groups, Error> {
    let key = match by {
        Group::Assignee => "c.assignee_id",
        Group::Priority => "c.priority",
        Group::Status => {
            "CAST(CASE c.status WHEN 'open' THEN 0 WHEN 'pending' THEN 1 WHEN 'on_hold' THEN 2 WHEN 'snoozed' THEN 3 ELSE 4 END AS BIGINT)"
        }
        Group::Inbox => "c.inbox_id",
        Group::Team => "c.team_id",
        Group::Company => "(SELECT u.company_id FROM customer u WHERE u.workspace_id = $1 AND u.id = c.customer_id)",
    };
    let rows = grouped(conn, scope, what, key, most + 1).await?;
    let mut groups = Vec::with_capacity(rows.len());
    for row in &rows {
        let key = match (by, row.maybe_int("key")?) {
            (_, None) => Key::None,
            (Group::Assignee, Some(id)) => Key::Agent(AgentId::from_raw(id)),
            (Group::Team, Some(id)) => Key::Team(TeamId::from_raw(id)),
            (Group::Inbox, Some(id)) => Key::Inbox(InboxId::from_raw(id)),
            (Group::Company, Some(id)) => Key::Company(CompanyId::from_raw(id)),
            (Group::Priority, Some(n)) => Key::Priority(Priority::from_i64(n)),
            (Group::Status, Some(n)) => {
                Key::Status(usize::try_from(n).ok().and_then(|n| StatusKind::ALL.get(n)).copied().unwrap_or(StatusKind::Open))
            }
        };
        groups.push((key, row.int("n")?));
    }
    let complete = groups.iter().map(|(_, n)| *n).sum::<i64>() <= i64::try_from(most).unwrap_or(i64::MAX);
    Ok(Groups { groups, complete })
}
