//! Devices that are pushed to, files in pieces, and the list of bulk actions.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use bytes::Bytes;
use common::{agent, both, now, workspace};
use jiff::SignedDuration;
use model::action::Action;
use model::bulk::{Bulk, Selection, State};
use model::resumable::{LASTS, Resumable};
use model::{AgentId, BulkId, PushId, Role, SessionId, WorkspaceId};
use store::push::Device;
use store::session::Session;
use store::{Store, resumable};

async fn session(store: &Store, of: WorkspaceId, agent: AgentId, word: &str) -> SessionId {
    let mut tx = store.begin(now()).await.unwrap();
    let s = Session { id: tx.new_id(), created_at: now(), last_seen_at: now(), user_agent: "Test".into(), ip: "203.0.113.1".into() };
    let ends = now() + SignedDuration::from_hours(1);
    store::session::insert(&mut tx, of, agent, &s, &model::token::hash(word), ends).await.unwrap();
    tx.commit().await.unwrap();
    s.id
}

async fn switch_on(store: &Store, of: WorkspaceId, agent: AgentId, session: SessionId, place: &str) -> PushId {
    let mut tx = store.begin(now()).await.unwrap();
    let device =
        Device { id: tx.new_id(), agent, session, sealed: format!("sealed {place}"), user_agent: "Test".into(), created_at: now(), pushed_at: None };
    let id = store::push::put(&mut tx, of, &device, &model::token::hash(place)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn devices(store: &Store, of: WorkspaceId, agent: AgentId) -> Vec<PushId> {
    let all = store::push::of_agent(&mut store.read().await.unwrap(), of, agent, now()).await.unwrap();
    all.into_iter().map(|d| d.id).collect()
}

#[tokio::test]
async fn a_device_is_one_however_often_it_comes_back_and_belongs_to_whoever_is_signed_in_there() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let jun = agent(&store, here, "jun@haru.example", Role::Agent).await;
        let (mine, juns) = (session(&store, here, owner.id, "a").await, session(&store, here, jun.id, "b").await);
        let device = switch_on(&store, here, owner.id, mine, "laptop").await;
        assert_eq!(switch_on(&store, here, owner.id, mine, "laptop").await, device);
        assert_eq!(devices(&store, here, owner.id).await, [device]);
        assert_eq!(switch_on(&store, here, jun.id, juns, "laptop").await, device, "on a shared machine");
        assert_eq!((devices(&store, here, owner.id).await.len(), devices(&store, here, jun.id).await), (0, vec![device]));

        let mut tx = store.begin(now()).await.unwrap();
        assert!(!store::push::remove(&mut tx, here, owner.id, device).await.unwrap(), "not theirs");
        store::push::pushed(&mut tx, here, device).await.unwrap();
        assert_eq!(store::push::find(&mut tx, here, device, now()).await.unwrap().unwrap().pushed_at, Some(now()));
        assert!(store::push::remove(&mut tx, here, jun.id, device).await.unwrap());
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn row_38_without_its_session_a_device_hears_nothing() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let (there, stranger) = workspace(&store, "other").await;
        let first = session(&store, here, owner.id, "a").await;
        let device = switch_on(&store, here, owner.id, first, "laptop").await;
        let theirs = switch_on(&store, there, stranger.id, session(&store, there, stranger.id, "b").await, "laptop").await;
        let find = async |at| store::push::find(&mut store.read().await.unwrap(), here, device, at).await.unwrap();
        assert!(find(now()).await.is_some());
        assert!(find(now() + SignedDuration::from_hours(2)).await.is_none(), "the session ran out");
        assert!(store::push::find(&mut store.read().await.unwrap(), here, theirs, now()).await.unwrap().is_none(), "another workspace's");
        let mut tx = store.begin(now()).await.unwrap();
        store::session::end_all(&mut tx, here, owner.id, None).await.unwrap();
        tx.commit().await.unwrap();
        assert!(find(now()).await.is_none() && devices(&store, here, owner.id).await.is_empty());
        let mut tx = store.begin(now()).await.unwrap();
        assert_eq!(store::push::expire(&mut tx).await.unwrap(), 1);
        store::push::gone(&mut tx, there, theirs).await.unwrap();
        tx.commit().await.unwrap();
        assert!(devices(&store, there, stranger.id).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_agent_has_twenty_devices_at_most() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let s = session(&store, here, owner.id, "a").await;
        let mut ids = Vec::new();
        for n in 0..22 {
            ids.push(switch_on(&store, here, owner.id, s, &format!("device {n}")).await);
        }
        assert_eq!(devices(&store, here, owner.id).await, ids[2..]);
    })
    .await;
}

async fn begin(store: &Store, of: WorkspaceId, agent: AgentId, size: i64) -> Resumable {
    let mut tx = store.begin(now()).await.unwrap();
    let new = Resumable {
        id: tx.new_id(),
        agent,
        filename: "film.mp4".into(),
        content_type: "video/mp4".into(),
        size,
        received: 0,
        attachment: None,
        created_at: now(),
    };
    resumable::insert(&mut tx, of, &new).await.unwrap();
    tx.commit().await.unwrap();
    new
}

async fn part(store: &Store, of: WorkspaceId, to: &Resumable, at: i64, bytes: &'static [u8]) -> bool {
    let mut writer = store.blobs().part(of, to.id, &model::token::hash(std::str::from_utf8(bytes).unwrap())).await.unwrap();
    writer.write(&Bytes::from_static(bytes)).await.unwrap();
    let part = writer.finish().await.unwrap().unwrap();
    let mut tx = store.begin(now()).await.unwrap();
    let added = resumable::add_part(&mut tx, of, to.id, at, &part).await.unwrap();
    tx.commit().await.unwrap();
    added
}

#[tokio::test]
async fn pieces_join_in_their_order_and_only_at_the_end_of_what_is_there() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let file = begin(&store, here, owner.id, 11).await;
        assert!(part(&store, here, &file, 0, b"hello ").await);
        assert!(!part(&store, here, &file, 0, b"again ").await, "somebody was there before");
        assert!(!part(&store, here, &file, 6, b"whole world").await, "longer than it will be");
        assert!(part(&store, here, &file, 6, b"world").await);
        let mut conn = store.read().await.unwrap();
        let now_there = resumable::find(&mut conn, here, owner.id, file.id, now()).await.unwrap().unwrap();
        assert!(now_there.is_whole());
        assert_eq!(resumable::count_parts(&mut conn, here, file.id).await.unwrap(), 2);
        let places = resumable::parts(&mut conn, here, file.id).await.unwrap();
        drop(conn);
        let whole = store.blobs().join_parts(here, &places).await.unwrap();
        assert_eq!((whole.sha256.clone(), whole.size), (store::blob::digest(b"hello world"), 11));
        store.blobs().drop_parts(&places).await;
        assert!(store.blobs().join_parts(here, &places).await.is_err());

        let mut tx = store.begin(now()).await.unwrap();
        let id = tx.new_id();
        assert!(resumable::done(&mut tx, here, file.id, id).await.unwrap());
        assert!(!resumable::done(&mut tx, here, file.id, id).await.unwrap(), "twice is once");
        tx.commit().await.unwrap();
        let done = resumable::find(&mut store.read().await.unwrap(), here, owner.id, file.id, now()).await.unwrap().unwrap();
        assert_eq!(done.attachment, Some(id));
    })
    .await;
}

#[tokio::test]
async fn a_file_in_pieces_is_its_owners_and_lasts_a_day() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let (there, _) = workspace(&store, "other").await;
        let jun = agent(&store, here, "jun@haru.example", Role::Agent).await;
        let file = begin(&store, here, owner.id, 5).await;
        let mut conn = store.read().await.unwrap();
        for (of, who, at) in [(here, jun.id, now()), (there, owner.id, now()), (here, owner.id, now() + LASTS)] {
            assert!(resumable::find(&mut conn, of, who, file.id, at).await.unwrap().is_none());
        }
        assert_eq!(resumable::open(&mut conn, here, owner.id, now()).await.unwrap(), 1);
        drop(conn);
        let mut tx = store.begin(now()).await.unwrap();
        assert!(!resumable::remove(&mut tx, here, jun.id, file.id).await.unwrap());
        assert_eq!(resumable::expire(&mut tx, now() - LASTS).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert!(part(&store, here, &file, 0, b"hel").await);
        assert_eq!(resumable::expired(&mut store.read().await.unwrap(), now() - LASTS).await.unwrap(), None);
        let mut tx = store.begin(now() + LASTS).await.unwrap();
        assert_eq!(resumable::expired(&mut tx, now()).await.unwrap(), Some((here, file.id)));
        assert_eq!(resumable::expire(&mut tx, now()).await.unwrap(), 0, "where its pieces lie is known until they are gone");
        resumable::forget_parts(&mut tx, here, file.id).await.unwrap();
        assert_eq!((resumable::expired(&mut tx, now()).await.unwrap(), resumable::expire(&mut tx, now()).await.unwrap()), (None, 1));
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_file_that_was_given_up_is_gone_at_once_and_its_pieces_are_known_until_they_are_gone_too() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let file = begin(&store, here, owner.id, 6).await;
        assert!(part(&store, here, &file, 0, b"hel").await);
        let mut tx = store.begin(now()).await.unwrap();
        assert!(resumable::remove(&mut tx, here, owner.id, file.id).await.unwrap());
        assert!(!resumable::remove(&mut tx, here, owner.id, file.id).await.unwrap(), "twice is once");
        assert_eq!(resumable::open(&mut tx, here, owner.id, now()).await.unwrap(), 0);
        assert!(resumable::find(&mut tx, here, owner.id, file.id, now()).await.unwrap().is_none());
        tx.commit().await.unwrap();
        assert!(!part(&store, here, &file, 3, b"lo!").await, "nothing is added any more");
        assert_eq!(resumable::expired(&mut store.read().await.unwrap(), now() - LASTS).await.unwrap(), Some((here, file.id)));
    })
    .await;
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "files are as old as the clock of this machine says")]
async fn pieces_that_nobody_completes_are_swept() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let file = begin(&store, here, owner.id, 5).await;
        assert!(part(&store, here, &file, 0, b"hel").await);
        let places = resumable::parts(&mut store.read().await.unwrap(), here, file.id).await.unwrap();
        let real_now = jiff::Timestamp::try_from(std::time::SystemTime::now()).unwrap();
        store.blobs().sweep_parts(real_now).await.unwrap();
        assert!(store.blobs().join_parts(here, &places).await.is_ok(), "they may still be completed");
        store.blobs().sweep_parts(real_now + LASTS + LASTS + LASTS).await.unwrap();
        assert!(store.blobs().join_parts(here, &places).await.is_err());
    })
    .await;
}

async fn bulk(store: &Store, of: WorkspaceId, agent: AgentId) -> BulkId {
    let mut tx = store.begin(now()).await.unwrap();
    let bulk = Bulk {
        id: tx.new_id(),
        agent,
        selection: Selection::Chosen(vec![tx.new_id()]),
        actions: vec![Action::AssignNobody {}].try_into().unwrap(),
        state: State::Running,
        total: 1,
        seen: 0,
        changed: 0,
        failed: 0,
        cursor: None,
        created_at: now(),
        ended_at: None,
    };
    store::bulk_action::insert(&mut tx, of, &bulk).await.unwrap();
    tx.commit().await.unwrap();
    bulk.id
}

#[tokio::test]
async fn bulk_actions_are_listed_in_pages_ones_own_or_everybodys() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let (there, stranger) = workspace(&store, "other").await;
        let jun = agent(&store, here, "jun@haru.example", Role::Agent).await;
        let (a, b, c) = (bulk(&store, here, owner.id).await, bulk(&store, here, jun.id).await, bulk(&store, here, owner.id).await);
        bulk(&store, there, stranger.id).await;
        let mut conn = store.read().await.unwrap();
        let all = store::bulk_action::page(&mut conn, here, None, None, 2).await.unwrap();
        assert_eq!((all.items.iter().map(|b| b.id).collect::<Vec<_>>(), all.next), (vec![c, b], Some(b.to_string())));
        let rest = store::bulk_action::page(&mut conn, here, None, Some(b), 2).await.unwrap();
        assert_eq!((rest.items.iter().map(|b| b.id).collect::<Vec<_>>(), rest.next), (vec![a], None));
        let own = store::bulk_action::page(&mut conn, here, Some(owner.id), None, 9).await.unwrap();
        assert_eq!(own.items.iter().map(|b| b.id).collect::<Vec<_>>(), [c, a]);
    })
    .await;
}
