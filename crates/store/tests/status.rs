//! Statuses of a workspace's own, due dates and reminders, each on both databases.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod common;

use std::time::Duration;

use common::{agent, both, inbox, now, workspace};
use model::conversation::{Channel, Conversation, StatusKind};
use model::custom_status::CustomStatus;
use model::reminder::Reminder;
use model::tag::Color;
use model::view::Sort;
use model::{Actor, AgentId, ConversationId, CustomerId, InboxId, Inboxes, Priority, Role, Scope, Status, Timestamp};
use store::conversation::{Asked, View};
use store::{Error, Store, Tx};

struct World {
    store: Store,
    scope: Scope,
    agent: AgentId,
    inbox: InboxId,
    customer: CustomerId,
}

async fn world(store: Store, name: &str) -> World {
    let (id, _) = workspace(&store, name).await;
    let agent = agent(&store, id, &format!("mina@{name}.example"), Role::Agent).await.id;
    let mut tx = store.begin(now()).await.unwrap();
    let inbox = inbox(&mut tx, id, &format!("help@{name}.example")).await.id;
    let address = format!("hana@{name}.example").parse().unwrap();
    let customer = store::customer::insert(&mut tx, id, "Hana", Some(&address), None).await.unwrap();
    tx.commit().await.unwrap();
    let scope = Scope { workspace: id, actor: Actor::Agent(agent), inboxes: Inboxes::All, permissions: Role::Agent.permissions() };
    World { store, scope, agent, inbox, customer }
}

impl World {
    async fn tx(&self) -> Tx {
        self.store.begin(now()).await.unwrap()
    }

    async fn status(&self, name: &str, category: StatusKind, is_default: bool) -> Result<CustomStatus, Error> {
        let mut tx = self.tx().await;
        let all = store::custom_status::list(&mut tx, self.scope.workspace).await?;
        let made = CustomStatus {
            id: tx.new_id(),
            version: 1,
            name: name.into(),
            category,
            color: Color::Teal,
            position: i64::try_from(all.len()).unwrap() + 1,
            is_default,
            archived_at: None,
            created_at: now(),
            updated_at: now(),
        };
        store::custom_status::insert(&mut tx, self.scope.workspace, &made).await?;
        tx.commit().await.unwrap();
        Ok(made)
    }

    async fn conversation(&self, subject: &str, due_at: Option<Timestamp>) -> Conversation {
        let mut tx = self.tx().await;
        let mut conversation = Conversation {
            id: tx.new_id(),
            number: store::conversation::next_number(&mut tx, self.scope.workspace).await.unwrap(),
            version: 1,
            inbox: self.inbox,
            customer: self.customer,
            subject: subject.into(),
            channel: Channel::Email,
            status: Status::Open,
            custom_status: None,
            priority: Priority::Normal,
            assignee: None,
            team: None,
            preview: String::new(),
            message_count: 0,
            reply_token: format!("token{subject}{}", self.scope.workspace),
            created_at: now(),
            updated_at: now(),
            last_activity_at: now(),
            last_customer_at: None,
            last_reply_at: None,
            waiting_since: None,
            due_at,
            merged_into: None,
            shelf: None,
            beside: None,
        };
        store::conversation::insert(&mut tx, self.scope.workspace, &mut conversation).await.unwrap();
        tx.commit().await.unwrap();
        conversation
    }

    async fn change(&self, id: ConversationId, change: impl FnOnce(&mut Conversation)) -> Conversation {
        let mut tx = self.tx().await;
        let before = store::conversation::get(&mut tx, &self.scope, id).await.unwrap().unwrap();
        let mut after = before.clone();
        change(&mut after);
        store::conversation::update(&mut tx, self.scope.workspace, &before, &mut after).await.unwrap();
        tx.commit().await.unwrap();
        store::conversation::listed_by_id(&mut self.store.read().await.unwrap(), &self.scope, id).await.unwrap().unwrap().conversation
    }
}

#[tokio::test]
async fn names_are_unique_and_a_category_has_one_default() {
    both(|store| async {
        let w = world(store.clone(), "haru").await;
        let new = w.status("New", StatusKind::Open, true).await.unwrap();
        assert!(matches!(w.status("NEW", StatusKind::Pending, false).await, Err(Error::Duplicate(_))));
        let mut work = w.status("In progress", StatusKind::Open, true).await.unwrap();
        let parts = w.status("Waiting for parts", StatusKind::Pending, true).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let id = w.scope.workspace;
        let all = store::custom_status::list(&mut conn, id).await.unwrap();
        let seen: Vec<_> = all.iter().map(|s| (s.name.as_str(), s.is_default)).collect();
        assert_eq!(seen, [("New", false), ("In progress", true), ("Waiting for parts", true)]);
        assert_eq!(store::custom_status::default_of(&mut conn, id, StatusKind::Open).await.unwrap(), Some(work.id));
        assert_eq!(store::custom_status::default_of(&mut conn, id, StatusKind::Snoozed).await.unwrap(), None);
        drop(conn);
        let mut tx = w.tx().await;
        work.is_default = false;
        work.archived_at = Some(now());
        store::custom_status::update(&mut tx, id, &mut work).await.unwrap();
        store::custom_status::place(&mut tx, id, parts.id, 0).await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        assert_eq!(store::custom_status::default_of(&mut conn, id, StatusKind::Open).await.unwrap(), None);
        assert_eq!(store::custom_status::find(&mut conn, id, work.id).await.unwrap(), Some(work));
        assert_eq!(store::custom_status::list(&mut conn, id).await.unwrap()[0].id, parts.id);
        let other = world(store, "other").await;
        assert_eq!(store::custom_status::find(&mut conn, other.scope.workspace, new.id).await.unwrap(), None);
        assert!(other.status("New", StatusKind::Open, false).await.is_ok(), "another workspace has its own names");
    })
    .await;
}

#[tokio::test]
async fn however_a_conversation_changes_its_category_it_gets_the_default_there() {
    both(|store| async {
        let w = world(store, "haru").await;
        let plain = w.conversation("Before", None).await;
        assert_eq!(plain.custom_status, None);
        let new = w.status("New", StatusKind::Open, true).await.unwrap().id;
        let parts = w.status("Parts", StatusKind::Pending, false).await.unwrap().id;
        let c = w.conversation("Jar", None).await;
        assert_eq!(c.custom_status, Some(new));
        let waits = w.change(c.id, |c| c.move_to(Status::Pending, Some(parts), now()).unwrap()).await;
        assert_eq!(waits.custom_status, Some(parts));
        let renamed = w.change(c.id, |c| c.subject = "Kettle".into()).await;
        assert_eq!(renamed.custom_status, Some(parts));
        assert_eq!(w.change(c.id, |c| c.status = Status::OnHold).await.custom_status, None);
        assert_eq!(w.change(c.id, |c| c.status = Status::Open).await.custom_status, Some(new));
        let listed = store::conversation::listed_by_id(&mut w.store.read().await.unwrap(), &w.scope, c.id).await.unwrap().unwrap();
        assert_eq!(listed.custom_status, Some(("New".to_owned(), Color::Teal)));
    })
    .await;
}

#[tokio::test]
async fn what_is_due_first_is_first_and_pages_go_on_where_they_ended() {
    both(|store| async {
        let w = world(store, "haru").await;
        let hours = |n: u64| Some(now() + Duration::from_secs(3_600 * n));
        for (subject, due) in [("three", hours(3)), ("never", None), ("one", hours(1)), ("two", hours(2))] {
            w.conversation(subject, due).await;
        }
        let mut conn = w.store.read().await.unwrap();
        let asked = Asked { view: View::All, sort: Sort::Due, ..Asked::default() };
        let first = store::conversation::page(&mut conn, &w.scope, &asked, None, 2).await.unwrap();
        let second = store::conversation::page(&mut conn, &w.scope, &asked, first.next.as_deref(), 2).await.unwrap();
        let subjects: Vec<_> = first.items.iter().chain(&second.items).map(|l| l.conversation.subject.as_str()).collect();
        assert_eq!((subjects, second.next), (vec!["one", "two", "three"], None));
    })
    .await;
}

#[tokio::test]
async fn reminders_are_an_agents_own_come_once_and_go_along_with_a_merge() {
    both(|store| async {
        let w = world(store, "haru").await;
        let (jar, kettle) = (w.conversation("Jar", None).await, w.conversation("Kettle", None).await);
        let id = w.scope.workspace;
        let other = agent(&w.store, id, "jun@haru.example", Role::Agent).await.id;
        let mut tx = w.tx().await;
        let mut made = Vec::new();
        for (agent, hours) in [(w.agent, 2), (w.agent, 1), (other, 3)] {
            let reminder = Reminder {
                id: tx.new_id(),
                agent,
                conversation: jar.id,
                at: now() + Duration::from_secs(3_600 * hours),
                words: format!("in {hours}"),
                unless_answered: hours == 1,
                created_at: now(),
                done_at: None,
            };
            store::reminder::insert(&mut tx, id, &reminder).await.unwrap();
            made.push(reminder);
        }
        let waiting = store::reminder::waiting(&mut tx, id, jar.id, w.agent).await.unwrap();
        assert_eq!(waiting, [made[1].clone(), made[0].clone()]);
        assert!(!store::reminder::delete(&mut tx, id, made[2].id, w.agent).await.unwrap());
        assert!(store::reminder::delete(&mut tx, id, made[0].id, w.agent).await.unwrap());
        assert!(store::reminder::done(&mut tx, id, made[1].id).await.unwrap());
        assert!(!store::reminder::done(&mut tx, id, made[1].id).await.unwrap());
        assert!(!store::reminder::delete(&mut tx, id, made[1].id, w.agent).await.unwrap(), "it has come");
        assert!(store::reminder::waiting(&mut tx, id, jar.id, w.agent).await.unwrap().is_empty());
        tx.commit().await.unwrap();
        w.change(jar.id, |c| c.merged_into = Some(kettle.id)).await;
        let mut tx = w.tx().await;
        assert_eq!(store::reminder::waiting(&mut tx, id, kettle.id, other).await.unwrap(), [made[2].clone()]);
        assert_eq!(store::reminder::expire(&mut tx, now() + Duration::from_secs(1)).await.unwrap(), 1);
        assert_eq!(store::reminder::find(&mut tx, id, made[1].id).await.unwrap(), None);
        assert!(store::reminder::find(&mut tx, id, made[2].id).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn what_no_customer_has_written_in_can_be_marked_as_unread() {
    both(|store| async {
        let w = world(store, "haru").await;
        let c = w.conversation("Jar", None).await;
        let unread = async || {
            let listed = store::conversation::listed_by_id(&mut w.store.read().await.unwrap(), &w.scope, c.id).await.unwrap().unwrap();
            let filter = serde_json::json!({"field": "unread", "operator": "is", "value": true});
            let mut conn = w.store.read().await.unwrap();
            let filter = store::field::read_filter(&mut conn, w.scope.workspace, &filter).await.unwrap().unwrap();
            let reader = store::filter::reader(&mut conn, &w.scope, &filter, now()).await.unwrap();
            let asked = Asked { view: View::All, filter: Some((filter, reader)), ..Asked::default() };
            let found = store::conversation::count_asked(&mut conn, &w.scope, &asked, 10).await.unwrap();
            assert_eq!(found == 1, listed.unread, "list and filter agree");
            listed.unread
        };
        assert!(!unread().await);
        for read in [false, true] {
            let mut tx = w.tx().await;
            store::read_state::set(&mut tx, w.scope.workspace, w.agent, c.id, read).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(unread().await, !read);
        }
    })
    .await;
}
