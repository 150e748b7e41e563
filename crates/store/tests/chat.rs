//! Widgets, visitors and chats, each on both databases.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod common;

use std::collections::BTreeMap;

use common::{both, inbox, now, workspace};
use model::chat::{Chat, Ended, Hold, Rating};
use model::conversation::{Channel, Conversation};
use model::event::Cursor;
use model::inbox::Inbox;
use model::message::{Delivery, DeliveryState, DeliveryState as D, Message, MessageKind, MessageKind as K, Recipients};
use model::visitor::Visitor;
use model::widget::Settings;
use model::{Actor, ConversationId, CustomerId, EventKind, Id, Mailbox, MessageId, Priority, Status, WorkspaceId};
use store::{Store, Tx};

struct World {
    store: Store,
    workspace: WorkspaceId,
    inbox: Inbox,
    customer: CustomerId,
}

async fn world(store: Store) -> World {
    let (id, _) = workspace(&store, "haru").await;
    let mut tx = store.begin(now()).await.unwrap();
    let inbox = inbox(&mut tx, id, "help@haru.example").await;
    let customer = store::customer::insert(&mut tx, id, "Visitor 1", None, None).await.unwrap();
    assert!(store::widget::insert(&mut tx, id, inbox.id, "key", &Settings::default()).await.unwrap());
    tx.commit().await.unwrap();
    World { store, workspace: id, inbox, customer }
}

impl World {
    async fn tx(&self) -> Tx {
        self.store.begin(now()).await.unwrap()
    }

    async fn visitor(&self, token: &str, identity: Option<&str>) -> Visitor {
        let mut tx = self.tx().await;
        let visitor = Visitor {
            id: tx.new_id(),
            inbox: self.inbox.id,
            customer: Some(self.customer),
            identity: identity.map(|i| (i.to_owned(), now() + jiff::SignedDuration::from_hours(1))),
            name: None,
            email: None,
            locale: "ko".into(),
            page: None,
            created_at: now(),
            seen_at: now(),
            connected_until: None,
            proven: model::stay::Facts::new(),
        };
        store::visitor::insert(&mut tx, self.workspace, &visitor, token).await.unwrap();
        tx.commit().await.unwrap();
        visitor
    }

    async fn chat(&self, of: &Visitor, identity: Option<&str>) -> Chat {
        let mut tx = self.tx().await;
        let id: ConversationId = tx.new_id();
        let mut conversation = Conversation {
            id,
            number: store::conversation::next_number(&mut tx, self.workspace).await.unwrap(),
            version: 1,
            inbox: self.inbox.id,
            customer: self.customer,
            subject: "hello".into(),
            channel: Channel::Chat,
            status: Status::Open,
            priority: Priority::Normal,
            assignee: None,
            team: None,
            preview: "CANARY".into(),
            message_count: 1,
            reply_token: format!("token{id}"),
            created_at: now(),
            updated_at: now(),
            last_activity_at: now(),
            last_customer_at: Some(now()),
            last_reply_at: None,
            waiting_since: Some(now()),
            merged_into: None,
            beside: None,
            custom_status: None,
            due_at: None,
            shelf: None,
        };
        store::conversation::insert(&mut tx, self.workspace, &mut conversation).await.unwrap();
        let chat = Chat {
            conversation: id,
            inbox: self.inbox.id,
            visitor: of.id,
            identity: identity.map(str::to_owned),
            locale: "ko".into(),
            customer_read: None,
            agent_read: None,
            hold: None,
            ended: None,
            left_at: None,
            mail: Some("Ada@outside.example".parse().unwrap()),
            mailed: None,
            mail_due: None,
            rating: None,
            form: BTreeMap::from([("topic".into(), "Order".into())]),
            page: None,
            invitation: None,
            passed_at: None,
        };
        store::chat::insert(&mut tx, self.workspace, &chat).await.unwrap();
        tx.record(self.workspace, Actor::System, (Some(id), Some(self.inbox.id)), EventKind::ChatStarted { visitor: of.id }).await.unwrap();
        tx.commit().await.unwrap();
        chat
    }

    async fn message(&self, at: ConversationId, kind: MessageKind, text: &str, to: Option<&str>, state: DeliveryState) -> MessageId {
        let mut tx = self.tx().await;
        let reply = kind == MessageKind::Reply;
        let to: Vec<Mailbox> = to.iter().map(|t| Mailbox { name: None, address: t.parse().unwrap() }).collect();
        let message = Message {
            id: tx.new_id(),
            conversation: at,
            kind,
            author: if reply { Actor::System } else { Actor::Customer(self.customer) },
            subject: String::new(),
            text: text.into(),
            html: None,
            reply_text: text.into(),
            from: (!to.is_empty()).then(|| Mailbox { name: None, address: self.inbox.address.clone() }),
            recipients: Recipients { to, ..Recipients::default() },
            rfc_message_id: None,
            inbound_mail: None,
            created_at: now(),
            sent_at: None,
            delivery: reply.then_some(Delivery { state, undo_until: None, attempts: 0, next_attempt_at: None, recipients: Vec::new() }),
            authentication: None,
            held: false,
            forwarded_by: None,
        };
        store::message::insert(&mut tx, self.workspace, &message).await.unwrap();
        let told = EventKind::MessageReplied { message: message.id };
        tx.record(self.workspace, Actor::System, (Some(at), Some(self.inbox.id)), told).await.unwrap();
        tx.commit().await.unwrap();
        message.id
    }
}

#[tokio::test]
async fn a_widget_is_one_for_each_inbox_and_goes_with_its_archive() {
    both(|store| async move {
        let w = world(store).await;
        let mut tx = w.tx().await;
        assert!(!store::widget::insert(&mut tx, w.workspace, w.inbox.id, "another", &Settings::default()).await.unwrap());
        let settings = Settings { page: true, ..Settings::default() };
        store::widget::update(&mut tx, w.workspace, w.inbox.id, &settings).await.unwrap();
        store::widget::set_secret(&mut tx, w.workspace, w.inbox.id, vec![1, 2, 3]).await.unwrap();
        let named = store::widget::by_key(&mut tx, "key").await.unwrap().unwrap();
        assert_eq!((named.workspace, named.inbox_name.as_str(), named.widget.version), (w.workspace, "Help", 3));
        assert!(named.widget.has_secret && named.widget.settings == settings);
        assert_eq!(store::widget::secret(&mut tx, w.workspace, w.inbox.id).await.unwrap(), Some(vec![1, 2, 3]));
        assert!(store::widget::by_key(&mut tx, "another").await.unwrap().is_none());
        let elsewhere = WorkspaceId::from_raw(1);
        assert!(store::widget::get(&mut tx, elsewhere, w.inbox.id).await.unwrap().is_none());
        let archived = Inbox { archived_at: Some(now()), ..w.inbox.clone() };
        store::inbox::update(&mut tx, w.workspace, &archived).await.unwrap();
        assert!(store::widget::by_key(&mut tx, "key").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_visitor_is_found_by_the_token_of_its_own_inbox_until_it_is_forgotten() {
    both(|store| async move {
        let w = world(store).await;
        let visitor = w.visitor("hash", Some("user-7")).await;
        let mut tx = w.tx().await;
        assert_eq!(store::visitor::by_token(&mut tx, w.workspace, w.inbox.id, "hash").await.unwrap(), Some(visitor.clone()));
        let other = common::inbox(&mut tx, w.workspace, "shop@haru.example").await;
        assert_eq!(store::visitor::by_token(&mut tx, w.workspace, other.id, "hash").await.unwrap(), None);
        assert_eq!(store::visitor::by_token(&mut tx, WorkspaceId::from_raw(1), w.inbox.id, "hash").await.unwrap(), None);
        let until = now() + jiff::SignedDuration::from_secs(120);
        store::visitor::connected(&mut tx, w.workspace, &[visitor.id], until).await.unwrap();
        assert!(store::visitor::lock(&mut tx, w.workspace, visitor.id).await.unwrap().unwrap().is_connected(now()));
        let good = store::visitor::tokens(&mut tx, w.workspace, &[visitor.id], now()).await.unwrap();
        assert_eq!(good, [(visitor.id, "hash".to_owned())]);
        let late = now() + jiff::SignedDuration::from_hours(2);
        assert!(store::visitor::tokens(&mut tx, w.workspace, &[visitor.id], late).await.unwrap().is_empty(), "its identity has run out");
        store::visitor::set_token(&mut tx, w.workspace, visitor.id, "renewed").await.unwrap();
        store::visitor::disconnected(&mut tx, w.workspace, visitor.id).await.unwrap();
        assert_eq!(store::visitor::by_token(&mut tx, w.workspace, w.inbox.id, "hash").await.unwrap(), None);
        store::visitor::forget_token(&mut tx, w.workspace, visitor.id).await.unwrap();
        assert_eq!(store::visitor::by_token(&mut tx, w.workspace, w.inbox.id, "renewed").await.unwrap(), None);
        assert!(!store::visitor::get(&mut tx, w.workspace, visitor.id).await.unwrap().unwrap().is_connected(now()));
        tx.commit().await.unwrap();

        // Those who never wrote are forgotten, the others stay.
        let silent = Visitor { customer: None, ..w.visitor("silent", None).await };
        let mut tx = w.tx().await;
        store::visitor::update(&mut tx, w.workspace, &silent).await.unwrap();
        let later = now() + jiff::SignedDuration::from_hours(1);
        assert_eq!(store::visitor::expire(&mut tx, later).await.unwrap(), 1);
        assert!(store::visitor::get(&mut tx, w.workspace, visitor.id).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn an_identity_is_one_customers_and_an_address_nobodys_but_once() {
    both(|store| async move {
        let w = world(store).await;
        let mut tx = w.tx().await;
        let other = store::customer::insert(&mut tx, w.workspace, "Bo", None, None).await.unwrap();
        store::visitor::put_identity(&mut tx, w.workspace, w.inbox.id, "user-7", w.customer).await.unwrap();
        store::visitor::put_identity(&mut tx, w.workspace, w.inbox.id, "user-7", other).await.unwrap();
        assert_eq!(store::visitor::customer_of(&mut tx, w.workspace, w.inbox.id, "user-7").await.unwrap(), Some(w.customer));
        let address = "Ada@outside.example".parse().unwrap();
        store::visitor::give_address(&mut tx, w.workspace, w.customer, &address).await.unwrap();
        store::visitor::give_address(&mut tx, w.workspace, other, &address).await.unwrap();
        assert_eq!(store::customer::by_address(&mut tx, w.workspace, &address).await.unwrap(), Some((w.customer, false)));
        assert!(store::chat::has_address(&mut tx, w.workspace, w.customer, &address).await.unwrap());
        assert!(!store::chat::has_address(&mut tx, w.workspace, other, &address).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_chat_shows_to_its_browser_and_to_the_person_and_to_nobody_else() {
    both(|store| async move {
        let w = world(store).await;
        let (first, second) = (w.visitor("a", Some("user-7")).await, w.visitor("b", Some("user-7")).await);
        let (other, stranger) = (w.visitor("c", None).await, w.visitor("d", Some("user-8")).await);
        let chat = w.chat(&first, Some("user-7")).await;
        let alone = w.chat(&other, None).await;
        let mut conn = w.store.read().await.unwrap();
        let mut sees = async |v: &Visitor| -> Vec<ConversationId> {
            let found = store::chat::of_visitor(&mut conn, w.workspace, v, now(), 50).await.unwrap();
            found.iter().map(|s| s.chat.conversation).collect()
        };
        assert_eq!(sees(&first).await, [chat.conversation]);
        assert_eq!(sees(&second).await, [chat.conversation]);
        assert_eq!(sees(&other).await, [alone.conversation]);
        assert!(sees(&stranger).await.is_empty());
        // An identity that has run out is none.
        let past = Visitor { identity: Some(("user-7".into(), now())), ..second.clone() };
        assert!(sees(&past).await.is_empty());
        let seen = store::chat::visible(&mut conn, w.workspace, &first, now(), chat.conversation).await.unwrap().unwrap();
        assert_eq!(seen.chat, chat);
        assert!(store::chat::visible(&mut conn, w.workspace, &stranger, now(), chat.conversation).await.unwrap().is_none());
        assert!(store::chat::visible(&mut conn, WorkspaceId::from_raw(1), &first, now(), chat.conversation).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn what_is_unread_and_the_last_words_are_only_of_what_was_said_to_the_customer() {
    both(|store| async move {
        let w = world(store).await;
        let visitor = w.visitor("a", None).await;
        let id = w.chat(&visitor, None).await.conversation;
        w.message(id, K::Customer, "question", None, D::Sent).await;
        let answer = w.message(id, K::Reply, "answer", None, D::Sent).await;
        let by_mail = w.message(id, K::Reply, "by mail", Some("ada@OUTSIDE.example"), D::Queued).await;
        w.message(id, K::Note, "note", None, D::Sent).await;
        w.message(id, K::Reply, "to others", Some("lee@maker.example"), D::Sent).await;
        w.message(id, K::Reply, "later", None, D::Scheduled).await;
        let mut tx = w.tx().await;
        let seen = store::chat::seen(&mut tx, w.workspace, id).await.unwrap().unwrap();
        assert_eq!((seen.unread, seen.last_words.as_deref()), (2, Some("by mail")));
        assert_eq!(store::chat::unseen(&mut tx, w.workspace, id, None).await.unwrap().len(), 2, "those that are out");
        let mut chat = seen.chat;
        chat.customer_read = Some(answer);
        chat.agent_read = Some(by_mail);
        chat.hold = Some(Hold { until: now(), text: "wait".into() });
        chat.ended = Some(Ended { at: now(), by: Actor::Customer(w.customer) });
        chat.rating = Some(Rating { score: 4, comment: Some("good".into()), at: now() });
        (chat.left_at, chat.mailed, chat.mail_due) = (Some(now()), Some(answer), Some(now()));
        store::chat::update(&mut tx, w.workspace, &chat).await.unwrap();
        let seen = store::chat::seen(&mut tx, w.workspace, id).await.unwrap().unwrap();
        assert_eq!((seen.unread, &seen.chat), (1, &chat));
        // Another customer's from now on, with all that was written.
        let other = store::customer::insert(&mut tx, w.workspace, "Ada", None, None).await.unwrap();
        let mut moved = seen.conversation.clone();
        moved.customer = other;
        store::conversation::update(&mut tx, w.workspace, &seen.conversation, &mut moved).await.unwrap();
        store::chat::change_customer(&mut tx, w.workspace, &seen.conversation, other).await.unwrap();
        let scope = model::Scope::system(w.workspace);
        let count = async |tx: &mut Tx, id| store::customer::get(tx, &scope, id).await.unwrap().unwrap().conversation_count;
        assert_eq!((count(&mut tx, w.customer).await, count(&mut tx, other).await), (0, 1));
        let first = store::message::page(&mut tx, &scope, id, None, 50).await.unwrap().items.pop().unwrap();
        assert_eq!(first.message.author, Actor::Customer(other));
    })
    .await;
}

#[tokio::test]
async fn a_key_is_claimed_once() {
    both(|store| async move {
        let w = world(store).await;
        let visitor = w.visitor("a", None).await;
        let id = w.chat(&visitor, None).await.conversation;
        let message = w.message(id, MessageKind::Customer, "x", None, DeliveryState::Sent).await;
        let mut tx = w.tx().await;
        assert!(store::chat::claim_key(&mut tx, w.workspace, visitor.id, "k", (id, message)).await.unwrap());
        assert!(!store::chat::claim_key(&mut tx, w.workspace, visitor.id, "k", (id, message)).await.unwrap());
        assert_eq!(store::chat::by_key(&mut tx, w.workspace, visitor.id, "k").await.unwrap(), Some((id, message)));
        assert_eq!(store::chat::keys_of(&mut tx, w.workspace, &[message]).await.unwrap()[&message], "k");
        assert!(store::chat::keys_of(&mut tx, w.workspace, &[]).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_events_of_a_visitors_chats_are_read_by_their_index_in_the_order_of_the_log() {
    both(|store| async move {
        let w = world(store).await;
        let visitor = w.visitor("a", None).await;
        let (one, two, other) = (w.chat(&visitor, None).await, w.chat(&visitor, None).await, w.chat(&visitor, None).await);
        for _ in 0..3 {
            for chat in [&one, &two, &other] {
                w.message(chat.conversation, MessageKind::Reply, "x", None, DeliveryState::Sent).await;
            }
        }
        let ids = [one.conversation, two.conversation];
        let mut found = Vec::new();
        for _ in 0..500 {
            // Other tests' transactions may hold the log back for a moment.
            let mut conn = w.store.read().await.unwrap();
            found = store::chat::events_after(&mut conn, w.workspace, &ids, Cursor::default(), 100).await.unwrap();
            if found.len() == 8 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(found.len(), 8);
        assert!(found.windows(2).all(|w| w[0].cursor < w[1].cursor));
        assert!(found.iter().all(|e| e.conversation.is_some_and(|c| ids.contains(&c))));
        let mut conn = w.store.read().await.unwrap();
        let rest = store::chat::events_after(&mut conn, w.workspace, &ids, found[5].cursor, 100).await.unwrap();
        assert_eq!(rest, found[6..]);
        assert_eq!(store::chat::events_after(&mut conn, w.workspace, &ids, Cursor::default(), 3).await.unwrap(), found[..3]);

        // A log as it is after a while: few of its events are the visitor's.
        let mut tx = w.tx().await;
        for _ in 0..3_000 {
            let place: ConversationId = tx.new_id();
            tx.record(w.workspace, Actor::System, (Some(place), Some(w.inbox.id)), EventKind::ConversationCreated {}).await.unwrap();
        }
        tx.execute("ANALYZE", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        let explain = conn.pick("EXPLAIN QUERY PLAN", "EXPLAIN");
        let sql = format!("{explain} {}", store::chat::events_after_sql(&conn, 100));
        let ids = conn.ids(ids.iter().map(|i| i.raw()));
        let rows = conn.fetch_built(sql, store::args![w.workspace, 0_i64, 0_i64, ids]).await.unwrap();
        let column = conn.pick("detail", "QUERY PLAN");
        let plan: Vec<String> = rows.iter().map(|r| r.text(column).unwrap()).collect();
        assert!(plan.join("\n").contains("event_conversation"), "{}", plan.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn a_colleague_is_invited_once_comes_and_leaves_and_their_open_chats_are_found() {
    both(|store| async move {
        let w = world(store.clone()).await;
        let (other, _) = workspace(&store, "other").await;
        let visitor = w.visitor("a", None).await;
        let chat = w.chat(&visitor, None).await.conversation;
        let mut tx = w.tx().await;
        let owner = store::agent::list(&mut tx, w.workspace).await.unwrap()[0].id;
        assert!(store::guest::invite(&mut tx, w.workspace, chat, (owner, owner), None).await.unwrap());
        assert!(!store::guest::invite(&mut tx, w.workspace, chat, (owner, owner), None).await.unwrap());
        assert_eq!(store::guest::joined_by(&mut tx, w.workspace, owner).await.unwrap(), []);
        assert!(store::guest::join(&mut tx, w.workspace, chat, owner).await.unwrap());
        assert!(!store::guest::join(&mut tx, w.workspace, chat, owner).await.unwrap());
        assert_eq!(store::guest::joined_by(&mut tx, w.workspace, owner).await.unwrap(), [chat]);
        assert_eq!(store::guest::joined_by(&mut tx, other, owner).await.unwrap(), []);
        let list = store::guest::list(&mut tx, w.workspace, chat).await.unwrap();
        assert_eq!((list.len(), list[0].agent, list[0].joined_at), (1, owner, Some(now())));
        assert_eq!(store::guest::find(&mut tx, w.workspace, chat, owner).await.unwrap(), Some(list[0].clone()));
        assert_eq!(store::guest::chats_of(&mut tx, w.workspace, owner).await.unwrap(), [], "nobody has it");
        assert!(store::guest::leave(&mut tx, w.workspace, chat, owner).await.unwrap());
        assert!(!store::guest::leave(&mut tx, w.workspace, chat, owner).await.unwrap());
        assert_eq!(store::guest::list(&mut tx, w.workspace, chat).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_whisper_has_one_pair_of_ears_a_greeting_is_known_as_one_and_a_call_is_asked_for_and_done() {
    both(|store| async move {
        let w = world(store.clone()).await;
        let visitor = w.visitor("a", None).await;
        let chat = w.chat(&visitor, None).await.conversation;
        let note = w.message(chat, K::Note, "psst", None, D::Sent).await;
        let said = w.message(chat, K::Reply, "Hello", None, D::Sent).await;
        let mut tx = w.tx().await;
        let owner = store::agent::list(&mut tx, w.workspace).await.unwrap()[0].clone();
        store::whisper::insert(&mut tx, w.workspace, note, owner.id).await.unwrap();
        assert_eq!(store::whisper::to(&mut tx, w.workspace, note).await.unwrap(), Some(owner.id));
        assert_eq!(store::whisper::to(&mut tx, w.workspace, said).await.unwrap(), None);
        let shown = store::message::get(&mut tx, &model::Scope::system(w.workspace), note).await.unwrap().unwrap();
        assert_eq!(shown.whispered_to, Some((owner.id, owner.name.clone())));
        store::chat::greeted(&mut tx, w.workspace, said).await.unwrap();
        assert_eq!(store::chat::greetings_among(&mut tx, w.workspace, &[note, said]).await.unwrap(), [said]);
        assert_eq!(store::chat::greetings_among(&mut tx, w.workspace, &[]).await.unwrap(), []);

        let callback = model::chat::Callback { phone: "+82 10-1234-5678".into(), wanted_at: None, at: now(), called_at: None };
        assert!(!store::callback::called(&mut tx, w.workspace, chat, owner.id).await.unwrap());
        store::callback::ask(&mut tx, w.workspace, chat, &callback).await.unwrap();
        assert_eq!(store::callback::get(&mut tx, w.workspace, chat).await.unwrap(), Some(callback.clone()));
        assert_eq!(store::chat::seen(&mut tx, w.workspace, chat).await.unwrap().unwrap().callback, Some(callback.clone()));
        assert!(store::callback::called(&mut tx, w.workspace, chat, owner.id).await.unwrap());
        assert!(!store::callback::called(&mut tx, w.workspace, chat, owner.id).await.unwrap());
        store::callback::ask(&mut tx, w.workspace, chat, &callback).await.unwrap();
        assert_eq!(store::callback::get(&mut tx, w.workspace, chat).await.unwrap(), Some(callback), "asked again, it is to be done again");
        store::chat::passed(&mut tx, w.workspace, chat).await.unwrap();
        assert_eq!(store::chat::get(&mut tx, w.workspace, chat).await.unwrap().unwrap().passed_at, Some(now()));
    })
    .await;
}
