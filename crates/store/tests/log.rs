//! The log and the queue when time, storage and clusters change.
#![allow(clippy::unwrap_used)]

mod common;

use common::{both, now, workspace};
use jiff::SignedDuration;
use model::event::Cursor;
use model::{Actor, EventKind, Job, WorkspaceId};
use store::Store;

async fn record(store: &Store, workspace: WorkspaceId, count: usize) {
    let mut tx = store.begin(now()).await.unwrap();
    for _ in 0..count {
        tx.record(workspace, Actor::System, (None, None), EventKind::WorkspaceUpdated {}).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Waits until nothing is held back by an older transaction: on PostgreSQL, other tests have some too.
async fn settled(store: &Store) {
    for _ in 0..1_000 {
        let mut conn = store.read().await.unwrap();
        let head = store::event::head(&mut conn).await.unwrap();
        let piece = store::event::after(&mut conn, head, 1).await.unwrap();
        if piece.events.is_empty() && !piece.held {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("a transaction stays open");
}

#[tokio::test]
async fn how_far_a_cursor_is_behind_is_counted_up_to_a_limit() {
    both(|store| async move {
        let (workspace, _) = workspace(&store, "haru").await;
        settled(&store).await;
        let start = store::event::head(&mut store.read().await.unwrap()).await.unwrap();
        record(&store, workspace, 7).await;
        settled(&store).await;
        let mut conn = store.read().await.unwrap();
        let behind = store::event::behind(&mut conn, start, 100).await.unwrap();
        assert_eq!((behind.events, behind.since), (7, Some(now())));
        assert_eq!(store::event::behind(&mut conn, start, 5).await.unwrap().events, 5);
        let head = store::event::head(&mut conn).await.unwrap();
        let behind = store::event::behind(&mut conn, head, 100).await.unwrap();
        assert_eq!((behind.events, behind.since), (0, None));
    })
    .await;
}

#[tokio::test]
async fn after_a_restore_the_past_stays_before_all_that_is_new() {
    both(|store| async move {
        let (workspace, _) = workspace(&store, "haru").await;
        record(&store, workspace, 3).await;
        let mut tx = store.begin(now()).await.unwrap();
        store::upkeep::settle_after_restore(&mut tx, true, "").await.unwrap();
        tx.commit().await.unwrap();
        settled(&store).await;
        let mut conn = store.read().await.unwrap();
        let past = store::event::after(&mut conn, Cursor::default(), 500).await.unwrap().events;
        assert!(past.len() >= 3 && past.iter().all(|e| e.cursor.txid == 0));
        assert!(past.is_sorted_by_key(|e| e.cursor));
        let head = store::event::head(&mut conn).await.unwrap();
        drop(conn);
        record(&store, workspace, 2).await;
        settled(&store).await;
        let new = store::event::after(&mut store.read().await.unwrap(), head, 500).await.unwrap().events;
        assert_eq!(new.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_try_that_our_own_storage_spoiled_does_not_count() {
    both(|store| async move {
        let (workspace, _) = workspace(&store, "haru").await;
        let mut tx = store.begin(now()).await.unwrap();
        tx.enqueue(workspace, &Job::CleanUp {}).await.unwrap();
        tx.commit().await.unwrap();
        for spoiled in [true, true, true, false] {
            let claimed = store.claim_jobs(now(), now() + SignedDuration::from_secs(60), 10).await.unwrap();
            assert_eq!((claimed.len(), claimed[0].attempts > 1), (1, false));
            let mut tx = store.begin(now()).await.unwrap();
            if spoiled {
                assert!(store::job::put_back(&mut tx, &claimed[0], now(), "away").await.unwrap());
            } else {
                assert!(store::job::retry(&mut tx, &claimed[0], now(), "failed").await.unwrap());
            }
            tx.commit().await.unwrap();
        }
        let claimed = store.claim_jobs(now(), now() + SignedDuration::from_secs(60), 10).await.unwrap();
        assert_eq!(claimed[0].attempts, 2);
    })
    .await;
}

#[tokio::test]
async fn the_audit_log_leaves_out_what_customers_write_and_agents_read() {
    both(|store| async move {
        let (workspace, agent) = workspace(&store, "haru").await;
        let agent = agent.id;
        let mut tx = store.begin(now()).await.unwrap();
        let customer = store::customer::insert(&mut tx, workspace, "Hana", None, None).await.unwrap();
        let nowhere = (None, None);
        tx.record(workspace, Actor::Agent(agent), nowhere, EventKind::WorkspaceUpdated {}).await.unwrap();
        tx.record(workspace, Actor::Agent(agent), nowhere, EventKind::ConversationRead { agent, read: true }).await.unwrap();
        tx.record(workspace, Actor::Agent(agent), nowhere, EventKind::DraftChanged { agent }).await.unwrap();
        tx.record(workspace, Actor::Customer(customer), nowhere, EventKind::ConversationCreated {}).await.unwrap();
        tx.record(workspace, Actor::System, nowhere, EventKind::TagUpdated { tag: tx.new_id() }).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let all = store::event::audit(&mut conn, workspace, None, 10).await.unwrap();
        assert_eq!(all.iter().map(|e| e.kind.name()).collect::<Vec<_>>(), ["tag.updated", "workspace.updated"]);
        let older = store::event::audit(&mut conn, workspace, Some(all[0].id), 10).await.unwrap();
        assert_eq!(older.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_committed_is_known_although_the_rest_failed() {
    both(|store| async move {
        let (workspace, _) = workspace(&store, "haru").await;
        let change = async |commit: bool| {
            let mut tx = store.begin(now()).await?;
            tx.record(workspace, Actor::System, (None, None), EventKind::WorkspaceUpdated {}).await?;
            if commit { tx.commit().await } else { Ok(()) }
        };
        assert!(matches!(store::watch_commits(change(true)).await, (Ok(()), true)));
        assert!(matches!(store::watch_commits(change(false)).await, (Ok(()), false)));
        let failed = store::watch_commits(async {
            change(true).await?;
            Err::<(), _>(store::Error::Unavailable("away".into()))
        });
        assert!(matches!(failed.await, (Err(_), true)));
    })
    .await;
}
