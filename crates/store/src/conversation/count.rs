//! How many conversations each view holds, without counting them: one row for each inbox, team, assignee and bucket.

use model::{Conversation, Id, InboxId, Scope, TeamId, WorkspaceId};

use super::sight::reader;
use crate::{Conn, Error, Tx, args, dialect, sql};

/// Inbox, team, assignee and bucket; 0 for none.
pub(crate) type Place = (i64, i64, i64, i64);

/// Where a conversation counts.
pub(crate) fn place(c: &Conversation) -> Place {
    (c.inbox.raw(), c.team.map_or(0, Id::raw), c.assignee.map_or(0, Id::raw), c.bucket().as_i64())
}

/// Counts so many more, or less. In slots, so that those who write do not wait for each other.
pub(crate) async fn count(tx: &mut Tx, workspace: WorkspaceId, (inbox, team, assignee, bucket): Place, by: i64) -> Result<(), Error> {
    let sql = tx.pick(dialect::sqlite::COUNT, dialect::postgres::COUNT);
    tx.execute(sql, args![workspace, inbox, team, assignee, bucket, by]).await.map(drop)
}

/// Takes a conversation out of the counts: only for one that is deleted in the same transaction.
pub(crate) async fn uncount(tx: &mut Tx, workspace: WorkspaceId, c: &Conversation) -> Result<(), Error> {
    count(tx, workspace, place(c), -1).await?;
    if !c.bucket().is_hidden() {
        tx.execute(crate::sql::customer::COUNT, args![workspace, c.customer, -1_i64]).await?;
    }
    Ok(())
}

/// How many conversations each view holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Counts {
    pub all_open: i64,
    pub mine: i64,
    pub unassigned: i64,
    pub snoozed: i64,
    pub resolved: i64,
    pub trash: i64,
    pub spam: i64,
    pub inboxes: Vec<(InboxId, i64)>,
    pub teams: Vec<(TeamId, i64)>,
}

fn add<T: PartialEq>(to: &mut Vec<(T, i64)>, key: T, n: i64) {
    match to.iter_mut().find(|(k, _)| *k == key) {
        Some((_, sum)) => *sum += n,
        None => to.push((key, n)),
    }
}

/// The counts of what the reader sees.
pub async fn counts(conn: &mut Conn, scope: &Scope) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    for row in conn.fetch_all(sql::conversation::COUNTS, args![scope.workspace]).await? {
        let (inbox, team, assignee): (InboxId, i64, i64) = (row.id("inbox_id")?, row.int("team_id")?, row.int("assignee_id")?);
        if !scope.inboxes.include(inbox) {
            continue;
        }
        let n = row.int("n")?;
        match row.int("bucket")? {
            0 => {
                counts.all_open += n;
                if assignee == 0 {
                    counts.unassigned += n;
                } else if assignee == reader(scope) {
                    counts.mine += n;
                }
                add(&mut counts.inboxes, inbox, n);
                if team != 0 {
                    add(&mut counts.teams, TeamId::from_raw(team), n);
                }
            }
            1 => counts.snoozed += n,
            2 => counts.resolved += n,
            3 => counts.trash += n,
            4 => counts.spam += n,
            _ => {}
        }
    }
    Ok(counts)
}
