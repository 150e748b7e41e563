//! The desk's tables on both databases: pages, counts, timelines, drafts, reading.
#![allow(clippy::unwrap_used)]

mod common;

use common::{both, inbox, now, workspace};
use model::conversation::{Channel, Conversation};
use model::message::{Message, MessageKind, Recipients};
use model::tag::{Color, Tag};
use model::{Actor, AgentId, EventKind, Id, InboxId, Inboxes, Priority, Scope, Status, WorkspaceId};
use store::conversation::{Asked, Sort, View};
use store::draft::Draft;
use store::{Store, Tx};

fn scope(workspace: WorkspaceId, agent: AgentId, inboxes: Inboxes) -> Scope {
    Scope { actor: Actor::Agent(agent), inboxes, ..Scope::system(workspace) }
}

async fn conversation(tx: &mut Tx, workspace: WorkspaceId, inbox: InboxId, n: i64) -> Conversation {
    let address = format!("c{n}@shop.example").parse().unwrap();
    let customer = store::customer::insert(tx, workspace, &format!("Customer {n}"), Some(&address), None).await.unwrap();
    let at = now() + jiff::SignedDuration::from_secs(n);
    let mut c = Conversation {
        id: tx.new_id(),
        number: store::conversation::next_number(tx, workspace).await.unwrap(),
        version: 1,
        inbox,
        customer,
        subject: format!("Subject {n}"),
        channel: Channel::Email,
        status: Status::Open,
        priority: Priority::Normal,
        assignee: None,
        team: None,
        preview: String::new(),
        message_count: 1,
        reply_token: model::token::word(&rand_like(n, inbox)),
        created_at: at,
        updated_at: at,
        last_activity_at: at,
        last_customer_at: Some(at),
        last_reply_at: None,
        waiting_since: Some(at),
        merged_into: None,
        beside: None,
        custom_status: None,
        due_at: None,
        shelf: None,
    };
    store::conversation::insert(tx, workspace, &mut c).await.unwrap();
    c
}

fn rand_like(n: i64, inbox: InboxId) -> Vec<u8> {
    use model::Id;
    [n.to_be_bytes(), inbox.raw().to_be_bytes()].concat()
}

async fn note(tx: &mut Tx, scope: &Scope, c: &Conversation, words: &str) -> Message {
    let message = Message {
        id: tx.new_id(),
        conversation: c.id,
        kind: MessageKind::Note,
        author: scope.actor,
        subject: String::new(),
        text: words.into(),
        html: None,
        reply_text: words.into(),
        from: None,
        recipients: Recipients::default(),
        rfc_message_id: None,
        inbound_mail: None,
        created_at: tx.now(),
        sent_at: None,
        delivery: None,
        authentication: None,
        held: false,
        forwarded_by: None,
    };
    store::message::insert(tx, scope.workspace, &message).await.unwrap();
    message
}

async fn begin(store: &Store) -> Tx {
    store.begin(now()).await.unwrap()
}

#[tokio::test]
async fn a_page_holds_what_is_in_sight_in_every_order_and_the_counts_agree() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let mut tx = begin(&store).await;
        let (open, closed) = (inbox(&mut tx, here, "a@haru.example").await.id, inbox(&mut tx, here, "b@haru.example").await.id);
        let mut all = Vec::new();
        for n in 0..5 {
            all.push(conversation(&mut tx, here, if n == 4 { closed } else { open }, n).await);
        }
        let mut given = all[0].clone();
        given.assignee = Some(owner.id);
        store::conversation::update(&mut tx, here, &all[0], &mut given).await.unwrap();
        tx.commit().await.unwrap();
        let everything = scope(here, owner.id, Inboxes::All);
        let some = scope(here, owner.id, Inboxes::Only(vec![open]));
        let mut conn = store.read().await.unwrap();
        for (scope, view, sort, expected) in [
            (&everything, View::AllOpen, Sort::Newest, vec![4, 3, 2, 1, 0]),
            (&everything, View::AllOpen, Sort::Oldest, vec![0, 1, 2, 3, 4]),
            (&some, View::All, Sort::Waiting, vec![0, 1, 2, 3]),
            (&some, View::Unassigned, Sort::Newest, vec![3, 2, 1]),
            (&everything, View::Mine, Sort::Newest, vec![0]),
            (&everything, View::Resolved, Sort::Newest, vec![]),
        ] {
            let filter = Asked { view, sort, ..Asked::default() };
            let (mut seen, mut cursor): (Vec<String>, Option<String>) = (vec![], None);
            loop {
                let page = store::conversation::page(&mut conn, scope, &filter, cursor.as_deref(), 2).await.unwrap();
                seen.extend(page.items.into_iter().map(|l| l.conversation.subject));
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen, expected.iter().map(|n| format!("Subject {n}")).collect::<Vec<_>>(), "{view:?} {sort:?}");
        }
        let counts = store::conversation::counts(&mut conn, &everything).await.unwrap();
        assert_eq!((counts.all_open, counts.mine, counts.unassigned), (5, 1, 4));
        assert_eq!(store::conversation::counts(&mut conn, &some).await.unwrap().all_open, 4);
    })
    .await;
}

#[tokio::test]
async fn quiet_events_come_newest_first_and_their_actors_have_names() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let (there, stranger) = workspace(&store, "other").await;
        let scope = scope(here, owner.id, Inboxes::All);
        let mut tx = begin(&store).await;
        let inbox = inbox(&mut tx, here, "a@haru.example").await.id;
        let c = conversation(&mut tx, here, inbox, 1).await;
        let place = (Some(c.id), Some(inbox));
        let message = note(&mut tx, &scope, &c, "x").await.id;
        let failed = |state: &str| EventKind::MessageDeliveryChanged { message, state: state.into() };
        for kind in [
            EventKind::ConversationCreated {},
            EventKind::ConversationAssigned { assignee: Some(owner.id), team: None, note: None },
            EventKind::MessageNoted { message },
            failed("sent"),
            failed("partly_failed"),
            EventKind::ConversationRead { agent: owner.id, read: true },
            EventKind::ConversationTagged { added: vec![], removed: vec![] },
        ] {
            tx.record(here, scope.actor, place, kind).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let kinds = |events: &[model::Event]| events.iter().map(|e| e.kind.name()).collect::<Vec<_>>();
        let quiet = store::event::quiet(&mut conn, here, c.id, i64::MAX, 10).await.unwrap();
        assert_eq!(kinds(&quiet), ["conversation.tagged", "message.delivery_changed", "conversation.assigned"]);
        let older = store::event::quiet(&mut conn, here, c.id, quiet[1].id.raw(), 10).await.unwrap();
        assert_eq!(kinds(&older), ["conversation.assigned"]);
        assert!(store::event::quiet(&mut conn, there, c.id, i64::MAX, 10).await.unwrap().is_empty());
        let actors = [Actor::Agent(owner.id), Actor::Agent(stranger.id), Actor::Customer(c.customer), Actor::System];
        let names = store::event::actor_names(&mut conn, here, actors).await.unwrap();
        assert_eq!((names.len(), names[&actors[0]].as_str(), names[&actors[2]].as_str()), (2, owner.name.as_str(), "Customer 1"));
    })
    .await;
}

#[tokio::test]
async fn drafts_reading_and_tags_are_kept() {
    both(|store| async move {
        let (here, owner) = workspace(&store, "haru").await;
        let scope = scope(here, owner.id, Inboxes::All);
        let mut tx = begin(&store).await;
        let inbox = inbox(&mut tx, here, "a@haru.example").await.id;
        let c = conversation(&mut tx, here, inbox, 0).await;
        let draft =
            Draft { is_note: true, html: "<p>x</p>".into(), recipients: Recipients::default(), attachments: vec![], updated_at: now(), version: 0 };
        assert_eq!(store::draft::put(&mut tx, here, owner.id, c.id, &draft).await.unwrap(), 1);
        assert_eq!(store::draft::put(&mut tx, here, owner.id, c.id, &draft).await.unwrap(), 2);
        let tag = Tag { id: tx.new_id(), name: "VIP".into(), color: Color::Purple };
        store::tag::insert(&mut tx, here, &tag).await.unwrap();
        store::tag::change(&mut tx, here, c.id, &[tag.id], &[]).await.unwrap();
        note(&mut tx, &scope, &c, "환불은 내일").await;
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let kept = store::draft::get(&mut conn, here, owner.id, c.id).await.unwrap().unwrap();
        assert_eq!((kept.version, kept.is_note, kept.html.as_str()), (2, true, "<p>x</p>"));
        let listed = store::conversation::listed_by_id(&mut conn, &scope, c.id).await.unwrap().unwrap();
        assert_eq!((listed.unread, listed.tags), (true, vec![tag]));
        assert_eq!(store::search::messages(&mut conn, &scope, "환불", true, 10).await.unwrap().len(), 1);
        let blind = Scope { inboxes: Inboxes::Only(vec![]), ..scope.clone() };
        assert!(store::search::messages(&mut conn, &blind, "환불", true, 10).await.unwrap().is_empty());
        assert!(store::conversation::listed_by_id(&mut conn, &blind, c.id).await.unwrap().is_none());
        drop(conn);
        let mut tx = begin(&store).await;
        store::read_state::set(&mut tx, here, owner.id, c.id, true).await.unwrap();
        store::draft::delete(&mut tx, here, owner.id, c.id).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        assert!(!store::conversation::listed_by_id(&mut conn, &scope, c.id).await.unwrap().unwrap().unread);
        assert!(store::draft::list(&mut conn, here, owner.id).await.unwrap().is_empty());
    })
    .await;
}
