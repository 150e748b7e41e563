//! What is loaded by the thousand is what the use cases would have written one by one.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{agent, both, inbox, now, workspace};
use model::conversation::{Channel, Conversation};
use model::inbox::Inbox;
use model::message::{Delivery, DeliveryState, Message, MessageKind, RecipientDelivery, RecipientState, Recipients};
use model::{Actor, AgentId, CustomerId, Inboxes, Mailbox, Priority, Role, Scope, Status, Timestamp, WorkspaceId};
use store::bulk::{self, Person, Whole};
use store::conversation::{Asked, View};
use store::{Store, Tx};

fn who(n: usize) -> Mailbox {
    Mailbox { name: Some(format!("Customer {n}")), address: format!("Customer{n}@shop.example").parse().unwrap() }
}

struct Load {
    people: Vec<Person>,
    wholes: Vec<Whole>,
}

async fn place(store: &Store, name: &str) -> (Scope, AgentId, Inbox) {
    let (id, _) = workspace(store, name).await;
    let mina = agent(store, id, &format!("mina@{name}.example"), Role::Agent).await;
    let mut tx = store.begin(now()).await.unwrap();
    let inbox = inbox(&mut tx, id, &format!("help@{name}.example")).await;
    tx.commit().await.unwrap();
    let scope = Scope { workspace: id, actor: Actor::Agent(mina.id), inboxes: Inboxes::All, permissions: Role::Agent.permissions() };
    (scope, mina.id, inbox)
}

fn message(tx: &Tx, c: &Conversation, n: usize, is_reply: bool) -> Message {
    let delivery = is_reply.then(|| Delivery {
        state: DeliveryState::Queued,
        undo_until: None,
        attempts: 0,
        next_attempt_at: None,
        recipients: vec![RecipientDelivery { address: who(n).address.folded(), state: RecipientState::Queued, code: None, detail: None, at: None }],
    });
    Message {
        id: tx.new_id(),
        conversation: c.id,
        kind: if is_reply { MessageKind::Reply } else { MessageKind::Customer },
        author: if is_reply { Actor::System } else { Actor::Customer(c.customer) },
        subject: c.subject.clone(),
        text: format!("The kettle number{n} leaks."),
        html: None,
        reply_text: format!("The kettle number{n} leaks."),
        from: Some(who(n)),
        recipients: Recipients { to: vec![who(n)], cc: Vec::new(), bcc: Vec::new() },
        rfc_message_id: Some(format!("{}-{}@shop.example", c.id, is_reply)),
        inbound_mail: None,
        created_at: c.created_at,
        sent_at: None,
        delivery,
        authentication: None,
        held: false,
        forwarded_by: None,
    }
}

fn load(tx: &Tx, inbox: &Inbox, reader: AgentId, count: usize) -> Load {
    let people: Vec<Person> = (0..count)
        .map(|n| Person {
            id: tx.new_id(),
            name: format!("Customer {n}"),
            address: who(n).address,
            language: Some("ko"),
            company: None,
            created_at: now(),
        })
        .collect();
    let wholes = people.iter().enumerate().map(|(n, person)| {
        let at: Timestamp = now() + std::time::Duration::from_secs(n as u64);
        let is_open = n % 3 != 0;
        let c = Conversation {
            id: tx.new_id(),
            number: n as i64 + 1,
            version: 1,
            inbox: inbox.id,
            customer: person.id,
            subject: format!("Kettle {n}"),
            channel: Channel::Email,
            status: if is_open { Status::Open } else { Status::Resolved { at } },
            priority: Priority::High,
            assignee: (n % 2 == 0).then_some(reader),
            team: None,
            preview: "leaks".into(),
            message_count: 2,
            reply_token: format!("bulk{n:020}{}", inbox.id),
            created_at: at,
            updated_at: at,
            last_activity_at: at,
            last_customer_at: Some(at),
            last_reply_at: Some(at),
            waiting_since: None,
            shelf: None,
            merged_into: None,
            beside: None,
            custom_status: None,
            due_at: None,
        };
        let messages = vec![message(tx, &c, n, false), message(tx, &c, n, true)];
        let read = if n % 2 == 0 { vec![(reader, at)] } else { Vec::new() };
        Whole { participants: vec![(who(n), Some(person.id))], messages, read, conversation: c }
    });
    Load { wholes: wholes.collect(), people }
}

/// The same by the statements that the use cases use.
async fn one_by_one(tx: &mut Tx, workspace: WorkspaceId, load: &Load) -> Vec<CustomerId> {
    let mut customers = Vec::new();
    for (person, whole) in load.people.iter().zip(&load.wholes) {
        tx.move_to(person.created_at);
        let customer = store::customer::insert(tx, workspace, &person.name, Some(&person.address), person.language).await.unwrap();
        let mut c = whole.conversation.clone();
        c.customer = customer;
        c.number = store::conversation::next_number(tx, workspace).await.unwrap();
        store::conversation::insert(tx, workspace, &mut c).await.unwrap();
        tx.move_to(c.created_at);
        for (mailbox, _) in &whole.participants {
            store::participant::add(tx, workspace, c.id, mailbox, Some(customer)).await.unwrap();
        }
        for m in &whole.messages {
            let author = if m.kind == MessageKind::Customer { Actor::Customer(customer) } else { m.author };
            store::message::insert(tx, workspace, &Message { author, ..m.clone() }).await.unwrap();
        }
        for (reader, at) in &whole.read {
            tx.move_to(*at);
            store::read_state::set(tx, workspace, *reader, c.id, true).await.unwrap();
        }
        customers.push(customer);
    }
    customers
}

/// Everything that can be read of a place, without ids.
async fn seen(store: &Store, scope: &Scope) -> Vec<String> {
    let mut conn = store.read().await.unwrap();
    let mut all =
        vec![format!("{:?}", store::conversation::counts(&mut conn, scope).await.map(|c| (c.all_open, c.mine, c.unassigned, c.resolved)).unwrap())];
    let filter = Asked { view: View::All, ..Asked::default() };
    let page = store::conversation::page(&mut conn, scope, &filter, None, 1000).await.unwrap();
    for listed in page.items {
        let c = &listed.conversation;
        all.push(format!(
            "{} {} {:?} {:?} {:?} {} {:?} {:?} {}",
            c.number,
            c.subject,
            c.status,
            c.priority,
            c.assignee.is_some(),
            c.preview,
            c.last_activity_at,
            listed.customer_email,
            listed.unread
        ));
        for (mailbox, customer) in store::participant::list(&mut conn, scope.workspace, c.id).await.unwrap() {
            all.push(format!("{mailbox:?} {}", customer.is_some()));
        }
        for shown in store::message::page(&mut conn, scope, c.id, None, 10).await.unwrap().items {
            let m = &shown.message;
            all.push(format!("{:?} {} {:?} {:?} {:?} {:?}", m.kind, m.text, m.from, m.recipients, m.delivery, shown.author_name));
            let found = store::message::by_reference(&mut conn, scope.workspace, c.inbox, m.rfc_message_id.as_deref().unwrap()).await.unwrap();
            assert_eq!(found, Some(c.id));
        }
    }
    for word in ["number7", "leaks number12"] {
        all.push(format!("{word}: {}", store::search::messages(&mut conn, scope, word, false, 100).await.unwrap().len()));
    }
    all
}

#[tokio::test]
async fn loading_by_the_thousand_leaves_what_writing_one_by_one_does() {
    both(|store| async move {
        // More than one statement of every length.
        const COUNT: usize = 131;
        let (scope, reader, inbox) = place(&store, "bulk").await;
        let mut tx = store.begin(now()).await.unwrap();
        bulk::before(&mut tx).await.unwrap();
        let loaded = load(&tx, &inbox, reader, COUNT);
        bulk::customers(&mut tx, scope.workspace, &loaded.people).await.unwrap();
        let batch = bulk::Batch::new(tx.dialect(), scope.workspace, &loaded.wholes);
        batch.write(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.begin(now()).await.unwrap();
        bulk::after(&mut tx).await.unwrap();
        tx.commit().await.unwrap();

        let (single, reader, inbox) = place(&store, "single").await;
        let mut tx = store.begin(now()).await.unwrap();
        let load = load(&tx, &inbox, reader, COUNT);
        assert_eq!(one_by_one(&mut tx, single.workspace, &load).await.len(), COUNT);
        tx.commit().await.unwrap();

        let (many, one) = (seen(&store, &scope).await, seen(&store, &single).await);
        for (many, one) in many.iter().zip(&one) {
            assert_eq!(many, one);
        }
        assert_eq!(many.len(), one.len());
        // The numbers go on behind those that were loaded.
        let mut tx = store.begin(now()).await.unwrap();
        assert_eq!(store::conversation::next_number(&mut tx, scope.workspace).await.unwrap(), COUNT as i64 + 1);
    })
    .await;
}
