//! Saved replies, macros and scheduled messages on both databases.
#![allow(clippy::unwrap_used)]

mod common;

use bytes::Bytes;
use common::{agent, both, now, workspace};
use jiff::SignedDuration;
use model::action::{Action, Actions};
use model::agent::Agent;
use model::library::{Card, Folder, Macro, ReplyText, SavedReply, Visibility};
use model::message::Attachment;
use model::{Actor, AgentId, Id, Inboxes, Role, Scope, TeamId, WorkspaceId};
use store::{Store, Tx};

fn scope(workspace: WorkspaceId, agent: &Agent) -> Scope {
    Scope { workspace, actor: Actor::Agent(agent.id), inboxes: Inboxes::All, permissions: agent.role.permissions() }
}

fn card(name: &str, owner: AgentId, visibility: Visibility) -> Card {
    Card {
        name: name.into(),
        folder: None,
        visibility,
        owner,
        used: 0,
        last_used_at: None,
        created_at: now(),
        updated_at: now(),
        archived_at: None,
        version: 1,
    }
}

async fn reply(tx: &mut Tx, at: WorkspaceId, name: &str, owner: AgentId, visibility: Visibility) -> SavedReply {
    let text = |language: &str| ReplyText { language: language.into(), html: format!("<p>{name} {language}</p>"), preview: name.into() };
    let reply = SavedReply { id: tx.new_id(), card: card(name, owner, visibility), texts: vec![text("en"), text("ko")], files: vec![] };
    store::saved_reply::insert(tx, at, &reply).await.unwrap();
    reply
}

async fn names(store: &Store, scope: &Scope) -> Vec<String> {
    store::saved_reply::list(&mut store.read().await.unwrap(), scope, false).await.unwrap().into_iter().map(|r| r.card.name).collect()
}

#[tokio::test]
async fn each_sees_their_own_their_teams_and_everyones() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let (there, _) = workspace(&store, "other").await;
        let (mina, jun) = (agent(&store, here, "mina@haru.example", Role::Agent).await, agent(&store, here, "jun@haru.example", Role::Agent).await);
        let mut tx = store.begin(now()).await.unwrap();
        let team: TeamId = tx.new_id();
        store::team::insert(&mut tx, here, team, "Returns").await.unwrap();
        store::team::join(&mut tx, here, team, jun.id).await.unwrap();
        let own = reply(&mut tx, here, "own", mina.id, Visibility::Personal).await;
        reply(&mut tx, here, "teams", owner.id, Visibility::Team(team)).await;
        reply(&mut tx, here, "all", mina.id, Visibility::Everyone).await;
        tx.commit().await.unwrap();
        assert_eq!(names(&store, &scope(here, &mina)).await, ["all", "own"]);
        assert_eq!(names(&store, &scope(here, &jun)).await, ["all", "teams"]);
        assert_eq!(names(&store, &scope(here, &owner)).await, ["all", "teams"]);
        assert!(names(&store, &scope(there, &mina)).await.is_empty());
        let mut conn = store.read().await.unwrap();
        assert!(store::saved_reply::get(&mut conn, &scope(here, &owner), own.id).await.unwrap().is_none());
        let whole = store::saved_reply::get(&mut conn, &scope(here, &mina), own.id).await.unwrap().unwrap();
        assert_eq!(whole, own);
    })
    .await;
}

#[tokio::test]
async fn the_most_used_come_first_and_the_archived_stand_apart() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let me = scope(here, &owner);
        let mut tx = store.begin(now()).await.unwrap();
        let mut a = reply(&mut tx, here, "a", owner.id, Visibility::Everyone).await;
        let b = reply(&mut tx, here, "b", owner.id, Visibility::Everyone).await;
        store::saved_reply::used(&mut tx, here, b.id).await.unwrap();
        let folder = Folder { id: tx.new_id(), name: "Shipping".into() };
        store::library::insert_folder(&mut tx, here, &folder).await.unwrap();
        assert!(!store::library::rename_folder(&mut tx, here, &Folder { id: Id::from_raw(1), name: "x".into() }).await.unwrap());
        a.card.folder = Some(folder.id);
        store::saved_reply::update(&mut tx, here, &a).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(names(&store, &me).await, ["b", "a"]);
        let mut tx = store.begin(now()).await.unwrap();
        assert!(store::library::delete_folder(&mut tx, here, folder.id).await.unwrap());
        let mut a = store::saved_reply::get(&mut tx, &me, a.id).await.unwrap().unwrap();
        assert_eq!((a.card.folder, a.card.version, a.texts.len()), (None, 2, 2));
        a.card.archived_at = Some(now());
        store::saved_reply::update(&mut tx, here, &a).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(names(&store, &me).await, ["b"]);
        assert_eq!(store::saved_reply::list(&mut store.read().await.unwrap(), &me, true).await.unwrap()[0].id, a.id);
    })
    .await;
}

#[tokio::test]
async fn a_replys_file_stays_and_is_copied_for_each_use() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let mina = agent(&store, here, "mina@haru.example", Role::Agent).await;
        let staged = store.blobs().stage(here, Bytes::from_static(b"terms")).await.unwrap();
        let mut tx = store.begin(now()).await.unwrap();
        let kept = reply(&mut tx, here, "terms", owner.id, Visibility::Everyone).await;
        let file = Attachment {
            id: tx.new_id(),
            message: None,
            filename: "terms.txt".into(),
            content_type: "text/plain".into(),
            size: 5,
            inline: false,
            content_id: None,
            sha256: staged.sha256.clone(),
        };
        store::attachment::insert(&mut tx, here, &file, Some(owner.id), &staged).await.unwrap();
        assert!(!store::saved_reply::put_file(&mut tx, here, kept.id, file.id, mina.id).await.unwrap());
        assert!(store::saved_reply::put_file(&mut tx, here, kept.id, file.id, owner.id).await.unwrap());
        let copy = store::saved_reply::copy_file(&mut tx, here, file.id, mina.id).await.unwrap();
        assert!(store::attachment::uploaded(&mut tx, here, copy, mina.id).await.unwrap().is_some());
        // The copy is an upload like any other; the reply's own file outlives the tidying, and all who see the reply see it.
        assert_eq!(store::attachment::expire_uploads(&mut tx, now() + SignedDuration::from_secs(1)).await.unwrap(), 1);
        assert_eq!(store::attachment::get(&mut tx, &scope(here, &mina), file.id).await.unwrap().unwrap().filename, "terms.txt");
        store::saved_reply::drop_file(&mut tx, here, file.id).await.unwrap();
        assert!(store::attachment::get(&mut tx, &scope(here, &mina), file.id).await.unwrap().is_none());
        assert_eq!(store::attachment::expire_uploads(&mut tx, now() + SignedDuration::from_secs(1)).await.unwrap(), 1);
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_macro_reads_back_and_changes() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let me = scope(here, &owner);
        let mut tx = store.begin(now()).await.unwrap();
        let actions = Actions::try_from(vec![Action::AssignMe {}, Action::AddNote { html: "<p>x</p>".into() }]).unwrap();
        let mut made = Macro { id: tx.new_id(), card: card("Close", owner.id, Visibility::Everyone), actions };
        store::macros::insert(&mut tx, here, &made).await.unwrap();
        assert_eq!(store::macros::get(&mut tx, &me, made.id).await.unwrap().unwrap(), made);
        made.card.name = "Shut".into();
        store::macros::update(&mut tx, here, &made).await.unwrap();
        store::macros::used(&mut tx, here, made.id).await.unwrap();
        let all = store::macros::list(&mut tx, &me, false).await.unwrap();
        assert_eq!((all[0].card.name.as_str(), all[0].card.used, all[0].card.version), ("Shut", 1, 2));
        assert!(store::macros::list(&mut tx, &me, true).await.unwrap().is_empty());
        tx.commit().await.unwrap();
    })
    .await;
}
