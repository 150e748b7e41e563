//! Conversations, messages, events, search, mails, inboxes and jobs, each on both databases.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::time::Duration;

use common::{agent, both, inbox, now, workspace};
use model::conversation::{Channel, Conversation};
use model::conversation_link::LinkKind;
use model::event::Cursor;
use model::inbox::{Health, ImapCursor, Inbox, Incoming, Outgoing};
use model::message::{Attachment, Delivery, DeliveryState, Message, MessageKind, RecipientState, Recipients};
use model::tag::{Color, Tag};
use model::{Actor, AgentId, CustomerId, EventKind, Id, Inboxes, Job, Mailbox, Priority, Role, Scope, Status};
use store::conversation::{Asked, Sort, View};
use store::inbound_mail::{Envelope, Outcome, State};
use store::{Error, Store};

struct World {
    store: Store,
    scope: Scope,
    agent: AgentId,
    inbox: Inbox,
    customer: CustomerId,
}

fn who(address: &str) -> Mailbox {
    Mailbox { name: Some("Hana".into()), address: address.parse().unwrap() }
}

async fn world(store: Store, name: &str) -> World {
    let (id, _) = workspace(&store, name).await;
    let agent = agent(&store, id, &format!("mina@{name}.example"), Role::Agent).await;
    let mut tx = store.begin(now()).await.unwrap();
    let inbox = inbox(&mut tx, id, &format!("help@{name}.example")).await;
    let customer = store::customer::insert(&mut tx, id, "Hana", Some(&format!("hana@{name}.example").parse().unwrap()), Some("ko")).await.unwrap();
    tx.commit().await.unwrap();
    let scope = Scope { workspace: id, actor: Actor::Agent(agent.id), inboxes: Inboxes::All, permissions: Role::Agent.permissions() };
    World { store, scope, agent: agent.id, inbox, customer }
}

impl World {
    async fn conversation(&self, minutes: i64) -> Conversation {
        let at = now() + Duration::from_secs(60 * minutes.unsigned_abs());
        let mut tx = self.store.begin(at).await.unwrap();
        let mut conversation = Conversation {
            id: tx.new_id(),
            number: store::conversation::next_number(&mut tx, self.scope.workspace).await.unwrap(),
            version: 1,
            inbox: self.inbox.id,
            customer: self.customer,
            subject: format!("Jar {minutes}"),
            channel: Channel::Email,
            status: Status::Open,
            priority: Priority::Normal,
            assignee: None,
            team: None,
            preview: "hello".into(),
            message_count: 1,
            reply_token: format!("token{minutes}{}", self.scope.workspace),
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
        store::conversation::insert(&mut tx, self.scope.workspace, &mut conversation).await.unwrap();
        tx.commit().await.unwrap();
        conversation
    }

    async fn change(&self, conversation: &Conversation, change: impl FnOnce(&mut Conversation)) -> Conversation {
        let mut tx = self.store.begin(now()).await.unwrap();
        let before = store::conversation::get(&mut tx, &self.scope, conversation.id).await.unwrap().unwrap();
        let mut after = before.clone();
        change(&mut after);
        store::conversation::update(&mut tx, self.scope.workspace, &before, &mut after).await.unwrap();
        tx.commit().await.unwrap();
        after
    }

    async fn message(&self, conversation: &Conversation, text: &str, delivered: bool) -> Message {
        let mut tx = self.store.begin(now()).await.unwrap();
        let message = Message {
            id: tx.new_id(),
            conversation: conversation.id,
            kind: if delivered { MessageKind::Reply } else { MessageKind::Customer },
            author: if delivered { self.scope.actor } else { Actor::Customer(self.customer) },
            subject: "Jar".into(),
            text: text.into(),
            html: Some(format!("<p>{text}</p>")),
            reply_text: text.into(),
            from: Some(who("hana@outside.example")),
            recipients: Recipients { to: vec![who("a@b.example"), who("c@d.example")], ..Recipients::default() },
            rfc_message_id: Some(format!("{}@outside.example", tx.new_id::<model::MessageId>())),
            inbound_mail: None,
            created_at: now(),
            sent_at: None,
            delivery: delivered.then(|| Delivery {
                state: DeliveryState::Queued,
                undo_until: None,
                attempts: 0,
                next_attempt_at: None,
                recipients: Vec::new(),
            }),
            authentication: None,
            held: false,
            forwarded_by: None,
        };
        store::message::insert(&mut tx, self.scope.workspace, &message).await.unwrap();
        tx.commit().await.unwrap();
        message
    }

    async fn page(&self, view: View, sort: Sort, cursor: Option<&str>, limit: usize) -> (Vec<String>, Option<String>) {
        let filter = Asked { view, sort, ..Asked::default() };
        let mut conn = self.store.read().await.unwrap();
        let page = store::conversation::page(&mut conn, &self.scope, &filter, cursor, limit).await.unwrap();
        (page.items.iter().map(|r| r.conversation.subject.clone()).collect(), page.next)
    }
}

#[tokio::test]
async fn pages_go_through_a_view_without_gap_or_double() {
    both(|store| async {
        let w = world(store, "haru").await;
        for minute in 1..=5 {
            w.conversation(minute).await;
        }
        let (first, next) = w.page(View::AllOpen, Sort::Newest, None, 2).await;
        let (second, next) = w.page(View::AllOpen, Sort::Newest, next.as_deref(), 2).await;
        let (third, end) = w.page(View::AllOpen, Sort::Newest, next.as_deref(), 2).await;
        assert_eq!([first, second, third].concat(), ["Jar 5", "Jar 4", "Jar 3", "Jar 2", "Jar 1"]);
        assert_eq!(end, None);
        let (oldest, _) = w.page(View::All, Sort::Oldest, None, 1).await;
        let (waiting, _) = w.page(View::Unassigned, Sort::Waiting, None, 1).await;
        assert_eq!((oldest, waiting), (vec!["Jar 1".to_owned()], vec!["Jar 1".to_owned()]));
        let mut conn = w.store.read().await.unwrap();
        let bad = store::conversation::page(&mut conn, &w.scope, &Asked::default(), Some("x'; DROP TABLE"), 2).await;
        assert!(matches!(bad, Err(store::conversation::PageError::BadCursor)));
    })
    .await;
}

#[tokio::test]
async fn counts_follow_every_move() {
    both(|store| async {
        let w = world(store, "haru").await;
        let one = w.conversation(1).await;
        let two = w.conversation(2).await;
        w.conversation(3).await;
        w.change(&one, |c| c.assignee = Some(w.agent)).await;
        w.change(&two, |c| c.status = Status::Resolved { at: now() }).await;
        let counts = store::conversation::counts(&mut w.store.read().await.unwrap(), &w.scope).await.unwrap();
        assert_eq!((counts.all_open, counts.mine, counts.unassigned, counts.resolved, counts.snoozed), (2, 1, 1, 1, 0));
        assert_eq!(counts.inboxes, [(w.inbox.id, 2)]);
        w.change(&one, |c| c.status = Status::Snoozed { until: now() + Duration::from_secs(60) }).await;
        let counts = store::conversation::counts(&mut w.store.read().await.unwrap(), &w.scope).await.unwrap();
        assert_eq!((counts.all_open, counts.mine, counts.snoozed), (1, 0, 1));
        let due = store::conversation::to_wake(&mut w.store.read().await.unwrap(), w.scope.workspace, now() + Duration::from_secs(61)).await.unwrap();
        assert_eq!(due, [one.id]);
        w.change(&one, |c| c.status = Status::SnoozedUntilAnswer).await;
        let mut conn = w.store.begin(now()).await.unwrap();
        assert!(store::conversation::to_wake(&mut conn, w.scope.workspace, now() + Duration::from_secs(90_000_000)).await.unwrap().is_empty());
        assert_eq!(store::conversation::get(&mut conn, &w.scope, one.id).await.unwrap().unwrap().status, Status::SnoozedUntilAnswer);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_seen_from_another_workspace_or_without_the_inbox() {
    both(|store| async {
        let w = world(store.clone(), "haru").await;
        let other = world(store, "other").await;
        let c = w.conversation(1).await;
        let m = w.message(&c, "secret words", false).await;
        let blind = Scope { inboxes: Inboxes::Only(Vec::new()), ..w.scope.clone() };
        for scope in [&other.scope, &blind] {
            let mut conn = w.store.read().await.unwrap();
            assert!(store::conversation::listed_by_id(&mut conn, scope, c.id).await.unwrap().is_none());
            assert!(store::message::get(&mut conn, scope, m.id).await.unwrap().is_none());
            assert!(store::message::page(&mut conn, scope, c.id, None, 10).await.unwrap().items.is_empty());
            assert!(store::search::messages(&mut conn, scope, "secret", false, 10).await.unwrap().is_empty());
            assert!(store::customer::get(&mut conn, scope, w.customer).await.unwrap().is_none());
            assert!(store::customer::search(&mut conn, scope, "hana@haru", 10).await.unwrap().is_empty());
            assert_eq!(store::conversation::counts(&mut conn, scope).await.unwrap().all_open, 0);
            drop(conn);
            let mut tx = w.store.begin(now()).await.unwrap();
            assert!(store::conversation::get(&mut tx, scope, c.id).await.unwrap().is_none());
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_knows_its_names_tags_and_whether_it_was_read() {
    both(|store| async {
        let w = world(store, "haru").await;
        let c = w.conversation(1).await;
        let mut tx = w.store.begin(now() + Duration::from_secs(3_600)).await.unwrap();
        let tag = Tag { id: tx.new_id(), name: "Refund".into(), color: Color::Teal };
        store::tag::insert(&mut tx, w.scope.workspace, &tag).await.unwrap();
        store::tag::change(&mut tx, w.scope.workspace, c.id, &[tag.id], &[]).await.unwrap();
        tx.commit().await.unwrap();
        let row = async || store::conversation::listed_by_id(&mut w.store.read().await.unwrap(), &w.scope, c.id).await.unwrap().unwrap();
        let before = row().await;
        assert_eq!((before.customer_name.as_str(), before.inbox_name.as_str(), before.unread), ("Hana", "Help", true));
        assert_eq!(before.tags, [tag.clone()]);
        let mut tx = w.store.begin(now() + Duration::from_secs(3_600)).await.unwrap();
        store::read_state::set(&mut tx, w.scope.workspace, w.agent, c.id, true).await.unwrap();
        store::tag::change(&mut tx, w.scope.workspace, c.id, &[], &[tag.id]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((row().await.unread, row().await.tags.len()), (false, 0));
        let mut tx = w.store.begin(now()).await.unwrap();
        let twin = Tag { id: tx.new_id(), name: "REFUND".into(), color: Color::Red };
        assert!(matches!(store::tag::insert(&mut tx, w.scope.workspace, &twin).await, Err(Error::Duplicate(_))));
    })
    .await;
}

#[tokio::test]
async fn a_message_keeps_its_recipients_and_its_delivery() {
    both(|store| async {
        let w = world(store, "haru").await;
        let c = w.conversation(1).await;
        let m = w.message(&c, "on its way", true).await;
        let mut shown = store::message::get(&mut w.store.read().await.unwrap(), &w.scope, m.id).await.unwrap().unwrap();
        let delivery = shown.message.delivery.as_mut().unwrap();
        assert_eq!(delivery.recipients.iter().map(|r| r.address.as_str()).collect::<Vec<_>>(), ["a@b.example", "c@d.example"]);
        delivery.recipients[0].state = RecipientState::Sent;
        delivery.recipients[1].state = RecipientState::Failed;
        delivery.state = DeliveryState::PartlyFailed;
        delivery.attempts = 2;
        let mut tx = w.store.begin(now()).await.unwrap();
        store::message::update_delivery(&mut tx, w.scope.workspace, &shown.message).await.unwrap();
        store::message::requeue_recipients(&mut tx, w.scope.workspace, m.id).await.unwrap();
        tx.commit().await.unwrap();
        let again = store::message::get(&mut w.store.read().await.unwrap(), &w.scope, m.id).await.unwrap().unwrap();
        let delivery = again.message.delivery.unwrap();
        assert_eq!((delivery.recipients[0].state, delivery.recipients[1].state), (RecipientState::Sent, RecipientState::Queued));
        let mut conn = w.store.read().await.unwrap();
        let id = m.rfc_message_id.unwrap();
        assert_eq!(store::message::by_reference(&mut conn, w.scope.workspace, w.inbox.id, &id).await.unwrap(), Some(c.id));
        assert_eq!(store::message::last_public(&mut conn, w.scope.workspace, c.id).await.unwrap(), Some(m.id));
        assert_eq!(store::message::rfc_ids(&mut conn, w.scope.workspace, c.id, model::MessageId::from_raw(i64::MAX)).await.unwrap(), [id]);
    })
    .await;
}

#[tokio::test]
async fn the_search_finds_english_stems_and_korean_with_particles() {
    both(|store| async {
        let w = world(store, "haru").await;
        let c = w.conversation(1).await;
        let english = w.message(&c, "I would like a refund for the broken kettle's lid", false).await;
        let korean = w.message(&c, "환불은 언제 받을 수 있나요? 배송이 늦어요", false).await;
        let find = async |query: &str, prefix| -> Vec<model::MessageId> {
            let mut conn = w.store.read().await.unwrap();
            store::search::messages(&mut conn, &w.scope, query, prefix, 10).await.unwrap().iter().map(|h| h.message).collect()
        };
        assert_eq!(find("refunds", false).await, [english.id]);
        assert_eq!(find("환불", false).await, [korean.id]);
        assert_eq!(find("kett", true).await, [english.id]);
        assert_eq!(find("kett", false).await, []);
        for strange in ["", "\"", "' OR 1=1", "a AND", "NEAR(", "*", "\\", "w1w:", "!!!", "환"] {
            find(strange, true).await;
        }
        let mut tx = w.store.begin(now()).await.unwrap();
        store::message::delete(&mut tx, w.scope.workspace, english.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(find("refund", false).await, []);
    })
    .await;
}

#[tokio::test]
async fn the_log_is_read_without_missing_a_concurrent_commit() {
    both(|store| async {
        let w = world(store, "haru").await;
        let start = store::event::head(&mut w.store.read().await.unwrap()).await.unwrap();
        let reader = {
            let store = w.store.clone();
            tokio::spawn(async move {
                let (mut cursor, mut seen) = (start, Vec::new());
                while seen.len() < 300 {
                    for event in store::event::after(&mut store.read().await.unwrap(), cursor, 50).await.unwrap().events {
                        assert!(event.cursor > cursor, "the log goes forward");
                        cursor = event.cursor;
                        seen.push(event.id);
                    }
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                seen
            })
        };
        let writers: Vec<_> = (0..300)
            .map(|n: u64| {
                let (store, workspace) = (w.store.clone(), w.scope.workspace);
                tokio::spawn(async move {
                    let mut tx = store.begin(now()).await.unwrap();
                    tx.record(workspace, Actor::System, (None, None), EventKind::WorkspaceUpdated {}).await.unwrap();
                    // Commits come in another order than the sequence.
                    if n.is_multiple_of(7) {
                        tokio::time::sleep(Duration::from_millis(n % 5)).await;
                    }
                    tx.commit().await.unwrap();
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        let mut seen = tokio::time::timeout(Duration::from_secs(30), reader).await.unwrap().unwrap();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 300);
        let mut conn = w.store.read().await.unwrap();
        assert_eq!(store::event::page(&mut conn, w.scope.workspace, None, 500).await.unwrap().len(), 300);
        assert_eq!(store::event::after(&mut conn, Cursor::default(), 500).await.unwrap().events.len(), 300);
    })
    .await;
}

#[tokio::test]
async fn a_stored_mail_goes_its_way_once() {
    both(|store| async {
        let w = world(store, "haru").await;
        let workspace = w.scope.workspace;
        let raw = w.store.blobs().stage(workspace, "From: a@b\n\nhello".into()).await.unwrap();
        let envelope = Envelope { via: "lmtp", from: Some(String::new()), ..Envelope::default() };
        let mut tx = w.store.begin(now()).await.unwrap();
        let one = store::inbound_mail::insert(&mut tx, workspace, Some(w.inbox.id), &envelope, &raw).await.unwrap();
        let two = store::inbound_mail::insert(&mut tx, workspace, Some(w.inbox.id), &envelope, &raw).await.unwrap();
        tx.commit().await.unwrap();
        let outcome = |state, key: Option<&str>| Outcome {
            state,
            from_address: None,
            subject: Some("x".into()),
            error: None,
            conversation: None,
            message: None,
            duplicate_key: key.map(str::to_owned),
        };
        let mut tx = w.store.begin(now()).await.unwrap();
        assert!(store::inbound_mail::claim(&mut tx, workspace, one).await.unwrap());
        store::inbound_mail::finish(&mut tx, workspace, one, &outcome(State::Processed, Some("k"))).await.unwrap();
        assert!(!store::inbound_mail::claim(&mut tx, workspace, one).await.unwrap());
        assert_eq!(store::inbound_mail::by_key(&mut tx, workspace, w.inbox.id, "k").await.unwrap(), Some(one));
        tx.commit().await.unwrap();
        let mut tx = w.store.begin(now()).await.unwrap();
        let twice = store::inbound_mail::finish(&mut tx, workspace, two, &outcome(State::Processed, Some("k"))).await;
        assert!(matches!(twice, Err(Error::Duplicate(_))));
        drop(tx);
        let mut tx = w.store.begin(now()).await.unwrap();
        store::inbound_mail::finish(&mut tx, workspace, two, &outcome(State::Quarantined, None)).await.unwrap();
        assert_eq!(store::inbound_mail::quarantined_count(&mut tx, workspace).await.unwrap(), 1);
        let page = store::inbound_mail::page(&mut tx, workspace, State::Quarantined, None, 10).await.unwrap();
        assert_eq!((page.items[0].id, page.items[0].envelope_from.as_deref()), (two, Some("")));
        assert!(store::inbound_mail::reopen(&mut tx, workspace, two).await.unwrap());
        assert!(!store::inbound_mail::discard(&mut tx, workspace, two).await.unwrap());
        let bytes = w.store.blobs().get(&mut tx, workspace, &raw.sha256).await.unwrap().unwrap();
        assert_eq!(bytes.as_ref(), b"From: a@b\n\nhello");
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_job_is_worked_on_by_one_and_an_expired_lease_is_fenced() {
    both(|store| async {
        let w = world(store, "haru").await;
        let c = w.conversation(1).await;
        let mut tx = w.store.begin(now()).await.unwrap();
        tx.enqueue(w.scope.workspace, &Job::WakeConversation { conversation: c.id }).await.unwrap();
        tx.enqueue_at(w.scope.workspace, &Job::CleanUp {}, now() + Duration::from_secs(3_600)).await.unwrap();
        tx.commit().await.unwrap();
        let until = now() + Duration::from_secs(60);
        let (a, b) = tokio::join!(w.store.claim_jobs(now(), until, 10), w.store.claim_jobs(now(), until, 10));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!(a.len() + b.len(), 1, "one runner gets it");
        let first = a.into_iter().chain(b).next().unwrap();
        assert_eq!(first.job, Some(Job::WakeConversation { conversation: c.id }));
        let later = until + Duration::from_secs(1);
        let second = w.store.claim_jobs(later, later + Duration::from_secs(60), 10).await.unwrap().pop().unwrap();
        assert_eq!((second.id, second.attempts), (first.id, 2));
        let mut tx = w.store.begin(later).await.unwrap();
        assert!(!store::job::done(&mut tx, &first).await.unwrap(), "whoever lost the lease changes nothing");
        assert!(store::job::retry(&mut tx, &second, later, "not now").await.unwrap());
        tx.commit().await.unwrap();
        let third = w.store.claim_jobs(later, later + Duration::from_secs(60), 10).await.unwrap().pop().unwrap();
        let mut tx = w.store.begin(later).await.unwrap();
        assert!(store::job::keep(&mut tx, &third, later + Duration::from_secs(90)).await.unwrap());
        assert!(store::job::park(&mut tx, &third, "poison").await.unwrap());
        tx.commit().await.unwrap();
        let mut counts = w.store.job_counts().await.unwrap();
        counts.sort();
        assert_eq!(counts, [("parked".to_owned(), 1), ("ready".to_owned(), 1)]);
        assert_eq!(w.store.next_job_at().await.unwrap(), Some(now() + Duration::from_secs(3_600)));
    })
    .await;
}

#[tokio::test]
async fn an_inbox_keeps_its_connection_and_one_node_reads_its_mailbox() {
    both(|store| async {
        let w = world(store, "haru").await;
        let (workspace, id) = (w.scope.workspace, w.inbox.id);
        let imap: Incoming = serde_json::from_value(serde_json::json!({
            "kind": "imap", "host": "imap.example", "port": 993, "security": "tls", "user_name": "help", "folder": "INBOX"
        }))
        .unwrap();
        let secrets = store::inbox::SealedSecrets { incoming: Some(vec![1, 2]), outgoing: None };
        let mut tx = w.store.begin(now()).await.unwrap();
        store::inbox::connect(&mut tx, workspace, id, &imap, &Outgoing::None, &secrets).await.unwrap();
        store::inbox::set_members(&mut tx, workspace, id, &[w.agent]).await.unwrap();
        store::inbox::set_incoming_health(&mut tx, workspace, id, &Health::Ok { since: now() }).await.unwrap();
        assert!(store::inbox::lease_imap(&mut tx, workspace, id, "a", now() + Duration::from_secs(60)).await.unwrap());
        assert!(!store::inbox::lease_imap(&mut tx, workspace, id, "b", now() + Duration::from_secs(60)).await.unwrap());
        let cursor = ImapCursor { uid_validity: 7, last_uid: 9, since: None, since_until_uid: 0 };
        assert!(store::inbox::save_imap_cursor(&mut tx, workspace, id, cursor, "a").await.unwrap());
        assert!(!store::inbox::save_imap_cursor(&mut tx, workspace, id, ImapCursor::default(), "b").await.unwrap());
        tx.commit().await.unwrap();
        let mut conn = w.store.read().await.unwrap();
        let all = store::inbox::list(&mut conn, workspace).await.unwrap();
        assert_eq!(
            (all[0].members.clone(), all[0].incoming.clone(), all[0].incoming_health.clone()),
            (vec![w.agent], imap, Health::Ok { since: now() })
        );
        assert_eq!(store::inbox::imap_cursor(&mut conn, workspace, id).await.unwrap(), Some(cursor));
        assert_eq!(store::inbox::secrets(&mut conn, workspace, id).await.unwrap(), secrets);
        assert_eq!(store::inbox::all_imap(&mut conn).await.unwrap(), [(workspace, id)]);
        assert_eq!(store::inbox::by_address(&mut conn, "help@haru.example").await.unwrap(), Some((workspace, id)));
        assert!(store::inbox::is_own_address(&mut conn, workspace, &"HELP+x@haru.example".parse().unwrap()).await.unwrap());
        drop(conn);
        let mut tx = w.store.begin(now()).await.unwrap();
        store::inbox::release_imap(&mut tx, workspace, id, "a").await.unwrap();
        let renewed = store::inbox::SealedSecrets { incoming: Some(vec![3]), outgoing: Some(vec![4]) };
        store::inbox::replace_secrets(&mut tx, workspace, id, &renewed).await.unwrap();
        assert_eq!(store::inbox::secrets(&mut tx, workspace, id).await.unwrap(), renewed);
        assert_eq!(store::inbox::imap_cursor(&mut tx, workspace, id).await.unwrap(), Some(cursor), "a renewed secret starts nothing anew");
        assert!(store::inbox::lease_imap(&mut tx, workspace, id, "b", now()).await.unwrap());
        store::inbox::set_outgoing_health(&mut tx, workspace, id, &Health::Waiting).await.unwrap();
        let mut gone = w.inbox.clone();
        gone.archived_at = Some(now());
        store::inbox::update(&mut tx, workspace, &gone).await.unwrap();
        assert_eq!(store::inbox::by_address(&mut tx, "help@haru.example").await.unwrap(), None);
        // The address is free again.
        inbox(&mut tx, workspace, "help@haru.example").await;
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn uploads_drafts_and_participants_are_kept() {
    both(|store| async {
        let w = world(store, "haru").await;
        let workspace = w.scope.workspace;
        let c = w.conversation(1).await;
        let m = w.message(&c, "see the file", true).await;
        let big = vec![7_u8; 100_000];
        let staged = w.store.blobs().stage(workspace, big.clone().into()).await.unwrap();
        let mut tx = w.store.begin(now()).await.unwrap();
        let file = Attachment {
            id: tx.new_id(),
            message: None,
            filename: "사진.png".into(),
            content_type: "image/png".into(),
            size: staged.size,
            inline: false,
            content_id: None,
            sha256: staged.sha256.clone(),
        };
        store::attachment::insert(&mut tx, workspace, &file, Some(w.agent), &staged).await.unwrap();
        let draft = store::draft::Draft {
            is_note: true,
            html: "<p>hm</p>".into(),
            recipients: Recipients::default(),
            attachments: vec![file.id],
            updated_at: now(),
            version: 0,
        };
        assert_eq!(store::draft::put(&mut tx, workspace, w.agent, c.id, &draft).await.unwrap(), 1);
        assert_eq!(store::draft::put(&mut tx, workspace, w.agent, c.id, &draft).await.unwrap(), 2);
        store::participant::add(&mut tx, workspace, c.id, &who("friend@outside.example"), None).await.unwrap();
        store::participant::add(&mut tx, workspace, c.id, &who("FRIEND@outside.example"), None).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = w.store.read().await.unwrap();
        assert_eq!(store::draft::list(&mut conn, workspace, w.agent).await.unwrap()[0].1.version, 2);
        assert!(store::draft::get(&mut conn, workspace, w.agent, c.id).await.unwrap().unwrap().is_note);
        assert_eq!(store::participant::list(&mut conn, workspace, c.id).await.unwrap().len(), 1);
        assert!(store::participant::contains(&mut conn, workspace, c.id, &"friend@OUTSIDE.example".parse().unwrap()).await.unwrap());
        assert_eq!(store::attachment::get(&mut conn, &w.scope, file.id).await.unwrap().unwrap().filename, "사진.png");
        let someone = Scope { actor: Actor::System, ..w.scope.clone() };
        assert!(store::attachment::get(&mut conn, &someone, file.id).await.unwrap().is_none(), "an upload is its author's alone");
        assert_eq!(w.store.blobs().get(&mut conn, workspace, &staged.sha256).await.unwrap().unwrap().len(), big.len());
        assert_eq!(store::blob::all_outside(&mut conn).await.unwrap(), [(workspace, staged.sha256.clone())]);
        drop(conn);
        let mut tx = w.store.begin(now()).await.unwrap();
        assert!(store::attachment::attach(&mut tx, workspace, file.id, m.id, w.agent, false).await.unwrap());
        assert!(!store::attachment::attach(&mut tx, workspace, file.id, m.id, w.agent, false).await.unwrap(), "once");
        store::attachment::detach_all(&mut tx, workspace, m.id).await.unwrap();
        assert_eq!(store::attachment::expire_uploads(&mut tx, now() + Duration::from_secs(1)).await.unwrap(), 1);
        store::draft::delete(&mut tx, workspace, w.agent, c.id).await.unwrap();
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn customers_are_found_by_name_and_address_and_suppressed_for_good() {
    both(|store| async {
        let w = world(store, "haru").await;
        let workspace = w.scope.workspace;
        let address: model::EmailAddress = "hana@haru.example".parse().unwrap();
        let mut tx = w.store.begin(now()).await.unwrap();
        store::customer::verify(&mut tx, workspace, &address).await.unwrap();
        store::customer::seen(&mut tx, workspace, w.customer).await.unwrap();
        store::customer::suppress(&mut tx, workspace, "Hana@haru.example", "bounce").await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = w.store.read().await.unwrap();
        for beginning in ["ha", "HANA", "hana@ha"] {
            assert_eq!(store::customer::search(&mut conn, &w.scope, beginning, 5).await.unwrap().len(), 1, "{beginning}");
        }
        assert!(store::customer::search(&mut conn, &w.scope, "%", 5).await.unwrap().is_empty());
        assert_eq!(store::customer::by_address(&mut conn, workspace, &address).await.unwrap(), Some((w.customer, true)));
        assert!(store::customer::is_suppressed(&mut conn, workspace, &address).await.unwrap());
        let mut card = store::customer::get(&mut conn, &w.scope, w.customer).await.unwrap().unwrap();
        assert_eq!(card.emails[0].suppressed.as_ref().unwrap().reason, "bounce");
        drop(conn);
        card.name = "하나".into();
        card.notes = "Text, do not ring".into();
        let mut tx = w.store.begin(now()).await.unwrap();
        store::customer::update(&mut tx, workspace, &card).await.unwrap();
        tx.commit().await.unwrap();
        let again = store::customer::get(&mut w.store.read().await.unwrap(), &w.scope, w.customer).await.unwrap().unwrap();
        assert_eq!((again.name.as_str(), again.version), ("하나", 2));
    })
    .await;
}

#[tokio::test]
async fn a_link_is_kept_once_and_seen_from_both_ends_of_its_own_workspace_only() {
    both(|store| async {
        let (w, other) = (world(store.clone(), "haru").await, world(store, "byeol").await);
        let (first, second, foreign) = (w.conversation(1).await, w.conversation(2).await, other.conversation(1).await);
        let workspace = w.scope.workspace;
        let mut tx = w.store.begin(now()).await.unwrap();
        assert!(store::conversation_link::insert(&mut tx, workspace, second.id, first.id, LinkKind::FollowUp, None).await.unwrap());
        assert!(!store::conversation_link::insert(&mut tx, workspace, second.id, first.id, LinkKind::FollowUp, Some(w.agent)).await.unwrap());
        assert!(store::conversation_link::insert(&mut tx, workspace, second.id, first.id, LinkKind::SameMail, Some(w.agent)).await.unwrap());
        tx.commit().await.unwrap();
        let mut conn = w.store.read().await.unwrap();
        for (here, there, follows) in [(&second, &first, true), (&first, &second, false)] {
            let links = store::conversation_link::of_conversation(&mut conn, workspace, here.id).await.unwrap();
            assert!(links.iter().all(|link| link.other == there.id && link.follows == follows), "{links:?}");
            assert_eq!(links.len(), 2);
        }
        assert!(store::conversation_link::of_conversation(&mut conn, other.scope.workspace, first.id).await.unwrap().is_empty());
        drop(conn);
        let mut tx = w.store.begin(now()).await.unwrap();
        let crossed = store::conversation_link::insert(&mut tx, workspace, foreign.id, first.id, LinkKind::Related, None).await;
        assert!(matches!(crossed, Err(Error::Dangling(_))), "{crossed:?}");
    })
    .await;
}
