//! The trash and spam, purging, merging, following, mentions and notifications, each on both databases.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod common;

use bytes::Bytes;
use common::{agent, both, inbox, now, workspace};
use model::conversation::{Channel, Conversation};
use model::inbox::Inbox;
use model::message::{Attachment, Message, MessageKind, Recipients};
use model::{Actor, AgentId, CustomerId, Inboxes, Priority, Role, Scope, ShelfKind, Status};
use store::conversation::{Asked, View};
use store::inbound_mail::Envelope;
use store::{Store, Tx};

struct World {
    store: Store,
    scope: Scope,
    agent: AgentId,
    inbox: Inbox,
    customer: CustomerId,
}

async fn world(store: Store, name: &str) -> World {
    let (id, _) = workspace(&store, name).await;
    let agent = agent(&store, id, &format!("mina@{name}.example"), Role::Agent).await;
    let mut tx = store.begin(now()).await.unwrap();
    let inbox = inbox(&mut tx, id, &format!("help@{name}.example")).await;
    let address = format!("hana@{name}.example").parse().unwrap();
    let customer = store::customer::insert(&mut tx, id, "Hana", Some(&address), None).await.unwrap();
    tx.commit().await.unwrap();
    let scope = Scope { workspace: id, actor: Actor::Agent(agent.id), inboxes: Inboxes::All, permissions: Role::Agent.permissions() };
    World { store, scope, agent: agent.id, inbox, customer }
}

impl World {
    async fn tx(&self) -> Tx {
        self.store.begin(now()).await.unwrap()
    }

    async fn conversation(&self, subject: &str) -> Conversation {
        let mut tx = self.tx().await;
        let mut conversation = Conversation {
            id: tx.new_id(),
            number: store::conversation::next_number(&mut tx, self.scope.workspace).await.unwrap(),
            version: 1,
            inbox: self.inbox.id,
            customer: self.customer,
            subject: subject.into(),
            channel: Channel::Email,
            status: Status::Open,
            priority: Priority::Normal,
            assignee: None,
            team: None,
            preview: "hello".into(),
            message_count: 1,
            reply_token: format!("token{subject}{}", self.scope.workspace),
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
        store::conversation::insert(&mut tx, self.scope.workspace, &mut conversation).await.unwrap();
        tx.commit().await.unwrap();
        conversation
    }

    async fn message(&self, at: &Conversation, kind: MessageKind, text: &str, seconds: i64) -> Message {
        let written = now() + jiff::SignedDuration::from_secs(seconds);
        let mut tx = self.store.begin(written).await.unwrap();
        let author = if kind == MessageKind::Customer { Actor::Customer(self.customer) } else { self.scope.actor };
        let message = Message {
            id: tx.new_id(),
            conversation: at.id,
            kind,
            author,
            subject: String::new(),
            text: text.into(),
            html: None,
            reply_text: text.into(),
            from: None,
            recipients: Recipients::default(),
            rfc_message_id: Some(format!("{text}@outside.example")),
            inbound_mail: None,
            created_at: written,
            sent_at: None,
            delivery: None,
            authentication: None,
            held: false,
            forwarded_by: None,
        };
        store::message::insert(&mut tx, self.scope.workspace, &message).await.unwrap();
        tx.commit().await.unwrap();
        message
    }

    async fn change(&self, c: &Conversation, change: impl FnOnce(&mut Conversation)) {
        let mut tx = self.tx().await;
        let before = store::conversation::get(&mut tx, &self.scope, c.id).await.unwrap().unwrap();
        let mut after = before.clone();
        change(&mut after);
        store::conversation::update(&mut tx, self.scope.workspace, &before, &mut after).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn subjects(&self, filter: Asked) -> Vec<String> {
        let mut conn = self.store.read().await.unwrap();
        let page = store::conversation::page(&mut conn, &self.scope, &filter, None, 50).await.unwrap();
        page.items.into_iter().map(|r| r.conversation.subject).collect()
    }

    async fn conversations_of_the_customer(&self) -> i64 {
        store::customer::get(&mut self.store.read().await.unwrap(), &self.scope, self.customer).await.unwrap().unwrap().conversation_count
    }
}

fn view(view: View) -> Asked {
    Asked { view, ..Asked::default() }
}

#[tokio::test]
async fn what_lies_on_a_shelf_is_in_its_own_view_and_in_no_other() {
    both(|store| async {
        let w = world(store, "haru").await;
        let jar = w.conversation("Jar").await;
        let offer = w.conversation("Offer").await;
        w.conversation("Kettle").await;
        w.message(&jar, MessageKind::Customer, "porcelain", 1).await;
        w.change(&jar, |c| assert!(c.put_away(ShelfKind::Trash, Actor::Agent(w.agent), now()))).await;
        w.change(&offer, |c| assert!(c.put_away(ShelfKind::Spam, Actor::System, now()))).await;
        assert_eq!(w.subjects(view(View::Trash)).await, ["Jar"]);
        assert_eq!(w.subjects(view(View::Spam)).await, ["Offer"]);
        for filter in [view(View::AllOpen), view(View::Unassigned), view(View::All), Asked { customer: Some(w.customer), ..view(View::All) }] {
            assert_eq!(w.subjects(filter).await, ["Kettle"]);
        }
        let mut conn = w.store.read().await.unwrap();
        let counts = store::conversation::counts(&mut conn, &w.scope).await.unwrap();
        assert_eq!((counts.all_open, counts.unassigned, counts.resolved, counts.trash, counts.spam), (1, 1, 0, 1, 1));
        assert_eq!(store::search::messages(&mut conn, &w.scope, "porcelain", false, 10).await.unwrap(), []);
        let there = store::conversation::listed_by_id(&mut conn, &w.scope, jar.id).await.unwrap().unwrap().conversation.shelf.unwrap();
        assert_eq!((there.kind(), there.at(), there.by()), (ShelfKind::Trash, now(), Actor::Agent(w.agent)));
        drop(conn);
        assert_eq!(w.conversations_of_the_customer().await, 1);
        w.change(&jar, |c| assert_eq!(c.put_back(now()), Some(ShelfKind::Trash))).await;
        let mut conn = w.store.read().await.unwrap();
        assert_eq!(store::search::messages(&mut conn, &w.scope, "porcelain", false, 10).await.unwrap().len(), 1);
        drop(conn);
        assert_eq!((w.subjects(view(View::Trash)).await.len(), w.conversations_of_the_customer().await), (0, 2));
    })
    .await;
}

#[tokio::test]
async fn a_purge_leaves_nothing_of_a_conversation_but_what_others_share() {
    both(|store| async {
        let w = world(store, "haru").await;
        let blobs = w.store.blobs().clone();
        let shared = blobs.stage(w.scope.workspace, Bytes::from_static(b"a logo in every mail")).await.unwrap();
        let own = blobs.stage(w.scope.workspace, vec![7_u8; 100_000].into()).await.unwrap();
        let raw = blobs.stage(w.scope.workspace, Bytes::from_static(b"From: hana")).await.unwrap();
        let (jar, kettle) = (w.conversation("Jar").await, w.conversation("Kettle").await);
        for (c, files) in [(&jar, vec![&shared, &own]), (&kettle, vec![&shared])] {
            let m = w.message(c, MessageKind::Customer, &format!("words of {}", c.subject), 1).await;
            let mut tx = w.tx().await;
            for staged in files {
                let file = Attachment {
                    id: tx.new_id(),
                    message: Some(m.id),
                    filename: "f".into(),
                    content_type: "x/y".into(),
                    size: staged.size,
                    inline: false,
                    content_id: None,
                    sha256: staged.sha256.clone(),
                };
                store::attachment::insert(&mut tx, w.scope.workspace, &file, None, staged).await.unwrap();
            }
            tx.record(w.scope.workspace, Actor::System, (Some(c.id), Some(w.inbox.id)), model::EventKind::ConversationCreated {}).await.unwrap();
            tx.commit().await.unwrap();
        }
        let mut tx = w.tx().await;
        let mail = store::inbound_mail::insert(&mut tx, w.scope.workspace, Some(w.inbox.id), &Envelope { via: "lmtp", ..Envelope::default() }, &raw)
            .await
            .unwrap();
        let sql = "UPDATE inbound_mail SET conversation_id = $3 WHERE workspace_id = $1 AND id = $2";
        tx.execute(sql, store::args![w.scope.workspace, mail, jar.id]).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = w.tx().await;
        let conversation = store::conversation::get(&mut tx, &w.scope, jar.id).await.unwrap().unwrap();
        let mut made_of = store::purge::conversation(&mut tx, w.scope.workspace, &conversation).await.unwrap().blobs;
        made_of.sort();
        let mut expected = vec![shared.sha256.clone(), own.sha256.clone(), raw.sha256.clone()];
        expected.sort();
        assert_eq!(made_of, expected);
        assert!(!store::purge::drop_blob(&mut tx, w.scope.workspace, &shared.sha256).await.unwrap());
        assert!(store::purge::drop_blob(&mut tx, w.scope.workspace, &own.sha256).await.unwrap());
        assert!(store::purge::drop_blob(&mut tx, w.scope.workspace, &raw.sha256).await.unwrap());
        tx.commit().await.unwrap();

        let mut conn = w.store.read().await.unwrap();
        for (table, left) in
            [("conversation", 1), ("message", 1), ("attachment", 1), ("inbound_mail", 0), ("event", 1), ("mail_reference", 1), ("blob", 1)]
        {
            let n = conn.fetch_built(format!("SELECT COUNT(*) AS n FROM {table}"), vec![]).await.unwrap()[0].int("n").unwrap();
            assert_eq!(n, left, "{table}");
        }
        let counts = store::conversation::counts(&mut conn, &w.scope).await.unwrap();
        assert_eq!((counts.all_open, w.conversations_of_the_customer().await), (1, 1));
        assert!(blobs.get(&mut conn, w.scope.workspace, &shared.sha256).await.unwrap().is_some());
        // Bytes just written may belong to a mail that is still on its way in.
        let written =
            jiff::Timestamp::from_second(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64).unwrap();
        assert!(!blobs.delete_stale(w.scope.workspace, &own.sha256, written).await.unwrap());
        assert!(blobs.delete_stale(w.scope.workspace, &own.sha256, written + jiff::SignedDuration::from_hours(2)).await.unwrap());
        assert!(blobs.delete_stale(w.scope.workspace, &own.sha256, written).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_sender_is_blocked_once_whatever_the_case_and_only_here() {
    both(|store| async {
        let w = world(store.clone(), "haru").await;
        let other = world(store, "other").await;
        let mut tx = w.tx().await;
        let id = w.scope.workspace;
        let (first, new) = store::blocked_sender::insert(&mut tx, id, &"Eve@Evil.example".parse().unwrap(), Some(w.agent)).await.unwrap();
        let (again, twice) = store::blocked_sender::insert(&mut tx, id, &"eve@evil.example".parse().unwrap(), None).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((new, twice, first.id, again.by), (true, false, again.id, Some(w.agent)));
        let mut conn = w.store.read().await.unwrap();
        let eve = "EVE@evil.example".parse().unwrap();
        assert!(store::blocked_sender::find(&mut conn, id, &eve).await.unwrap().is_some());
        assert!(store::blocked_sender::find(&mut conn, other.scope.workspace, &eve).await.unwrap().is_none());
        assert!(store::blocked_sender::get(&mut conn, other.scope.workspace, first.id).await.unwrap().is_none());
        assert_eq!(store::blocked_sender::page(&mut conn, id, None, 10).await.unwrap().items, [first.clone()]);
        drop(conn);
        let mut tx = w.tx().await;
        store::blocked_sender::delete(&mut tx, id, first.id).await.unwrap();
        tx.commit().await.unwrap();
        assert!(store::blocked_sender::find(&mut w.store.read().await.unwrap(), id, &eve).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_tag_merged_into_another_is_followed_by_conversations_and_views_of_its_own_workspace() {
    both(|store| async move {
        let (w, other) = (world(store.clone(), "haru").await, world(store.clone(), "other").await);
        let (one, two) = (w.conversation("One").await, w.conversation("Two").await);
        let mut tx = w.tx().await;
        let tag = |tx: &mut Tx, name: &str| model::tag::Tag { id: tx.new_id(), name: name.into(), color: model::tag::Color::Grey };
        let (old, new, theirs) = (tag(&mut tx, "refunds"), tag(&mut tx, "refund"), tag(&mut tx, "refunds"));
        let here = w.scope.workspace;
        store::tag::insert(&mut tx, here, &old).await.unwrap();
        store::tag::insert(&mut tx, here, &new).await.unwrap();
        store::tag::insert(&mut tx, other.scope.workspace, &theirs).await.unwrap();
        store::tag::change(&mut tx, here, one.id, &[old.id, new.id], &[]).await.unwrap();
        store::tag::change(&mut tx, here, two.id, &[old.id], &[]).await.unwrap();
        let filter = serde_json::json!({"field": "tag", "operator": "is_any_of", "value": [old.id]});
        let mut view = model::view::View {
            id: tx.new_id(),
            version: 1,
            name: "Refunds".into(),
            folder: None,
            audience: model::view::Audience::Everyone {},
            filter: model::filter::Filter::from_json(&filter, &[]).unwrap(),
            sort: model::view::Sort::Newest,
            columns: Vec::new(),
            group: None,
            position: 0,
            created_at: now(),
            updated_at: now(),
        };
        store::view::insert(&mut tx, here, &view).await.unwrap();
        let used = store::tag::used(&mut tx, here, old.id).await.unwrap();
        assert_eq!((used.conversations, used.views, used.macros), (2, 1, 0));
        assert!(!store::tag::merge(&mut tx, other.scope.workspace, old.id, theirs.id).await.unwrap(), "another workspace's tag is not there");
        assert_eq!(store::tag::used(&mut tx, here, old.id).await.unwrap(), used);
        assert!(store::tag::merge(&mut tx, here, old.id, new.id).await.unwrap());
        for id in [one.id, two.id] {
            assert_eq!(store::tag::of_conversation(&mut tx, here, id).await.unwrap(), [new.id]);
        }
        view = store::view::visible(&mut tx, here, None).await.unwrap().remove(0);
        assert_eq!((view.version, view.filter.to_json()["value"][0].as_str()), (2, Some(new.id.to_string().as_str())));
        assert_eq!(store::tag::list(&mut tx, here).await.unwrap(), [new]);
    })
    .await;
}

#[tokio::test]
async fn a_side_conversation_stands_beside_its_parent_and_in_no_list() {
    both(|store| async {
        let w = world(store, "haru").await;
        let (parent, other) = (w.conversation("Kettle").await, w.conversation("Jar").await);
        let mut tx = w.tx().await;
        let number = store::conversation::next_number(&mut tx, w.scope.workspace).await.unwrap();
        let mut side =
            Conversation { id: tx.new_id(), number, subject: "Maker".into(), reply_token: "side".into(), beside: Some(parent.id), ..parent.clone() };
        store::conversation::insert(&mut tx, w.scope.workspace, &mut side).await.unwrap();
        tx.commit().await.unwrap();
        w.message(&side, MessageKind::Customer, "celadon", 1).await;
        assert_eq!(w.subjects(view(View::All)).await.len(), 2);
        assert_eq!(w.conversations_of_the_customer().await, 2);
        let of = async |id, scope: &Scope| {
            let sides = store::side::sides(&mut w.store.read().await.unwrap(), scope, id).await.unwrap();
            sides.into_iter().map(|l| l.beside.unwrap().2).collect::<Vec<_>>()
        };
        assert_eq!(of(parent.id, &w.scope).await, ["Kettle"]);
        assert_eq!(of(other.id, &w.scope).await, Vec::<String>::new());
        w.change(&parent, |c| c.merged_into = Some(other.id)).await;
        assert_eq!(of(other.id, &w.scope).await, ["Kettle"], "it goes along when its parent is merged");
        let blind = Scope { inboxes: Inboxes::Only(Vec::new()), ..w.scope.clone() };
        assert_eq!(of(other.id, &blind).await, Vec::<String>::new());
        let mut conn = w.store.read().await.unwrap();
        assert_eq!(store::side::beside(&mut conn, w.scope.workspace, parent.id).await.unwrap(), [side.id]);
        let hits = store::search::messages(&mut conn, &w.scope, "celadon", false, 5).await.unwrap();
        assert_eq!(hits.iter().map(|h| h.conversation).collect::<Vec<_>>(), [side.id]);
    })
    .await;
}

#[tokio::test]
async fn cases_of_a_problem_are_listed_and_let_go_from_either_end() {
    both(|store| async {
        use model::conversation_link::LinkKind;
        let w = world(store, "haru").await;
        let (problem, one, two) = (w.conversation("Problem").await, w.conversation("One").await, w.conversation("Two").await);
        let workspace = w.scope.workspace;
        let mut tx = w.tx().await;
        for case in [&two, &one] {
            store::conversation_link::insert(&mut tx, workspace, case.id, problem.id, LinkKind::Problem, None).await.unwrap();
        }
        store::conversation_link::insert(&mut tx, workspace, one.id, two.id, LinkKind::Related, None).await.unwrap();
        assert_eq!(store::conversation_link::cases(&mut tx, workspace, problem.id, 10).await.unwrap(), [one.id, two.id]);
        assert_eq!(store::conversation_link::cases(&mut tx, workspace, problem.id, 1).await.unwrap(), [one.id]);
        assert!(!store::conversation_link::delete(&mut tx, workspace, problem.id, one.id, LinkKind::Related).await.unwrap());
        assert!(store::conversation_link::delete(&mut tx, workspace, problem.id, one.id, LinkKind::Problem).await.unwrap());
        assert!(store::conversation_link::delete(&mut tx, workspace, two.id, problem.id, LinkKind::Problem).await.unwrap());
        assert!(store::conversation_link::cases(&mut tx, workspace, problem.id, 10).await.unwrap().is_empty());
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_files_of_a_conversation_are_listed_without_pictures_inside_messages() {
    both(|store| async move {
        let w = world(store, "haru").await;
        let (one, two) = (w.conversation("One").await, w.conversation("Two").await);
        let said = w.message(&one, MessageKind::Customer, "a", 1).await;
        let elsewhere = w.message(&two, MessageKind::Customer, "b", 2).await;
        for (message, filename, inline) in [(&said, "a.pdf", false), (&said, "logo.png", true), (&elsewhere, "c.pdf", false)] {
            let mut tx = w.tx().await;
            let bytes = Bytes::from(filename);
            let staged = w.store.blobs().stage(w.scope.workspace, bytes).await.unwrap();
            let file = Attachment {
                id: tx.new_id(),
                message: Some(message.id),
                filename: filename.into(),
                content_type: "application/pdf".into(),
                size: 5,
                inline,
                content_id: None,
                sha256: staged.sha256.clone(),
            };
            store::attachment::insert(&mut tx, w.scope.workspace, &file, None, &staged).await.unwrap();
            tx.commit().await.unwrap();
        }
        let mut tx = w.tx().await;
        let files = store::attachment::of_conversation(&mut tx, w.scope.workspace, one.id).await.unwrap();
        assert_eq!(files.iter().map(|(f, at)| (f.filename.as_str(), *at)).collect::<Vec<_>>(), [("a.pdf", said.created_at)]);
    })
    .await;
}

#[tokio::test]
async fn a_message_is_rewritten_for_its_readers_and_the_search_and_its_versions_are_kept() {
    both(|store| async {
        let w = world(store, "haru").await;
        let jar = w.conversation("Jar").await;
        let note = w.message(&jar, MessageKind::Note, "porcelain", 1).await;
        let workspace = w.scope.workspace;
        let mut tx = w.tx().await;
        store::redaction::keep_version(&mut tx, workspace, &note, note.created_at).await.unwrap();
        let mended = Message { text: "stoneware".into(), reply_text: "stoneware".into(), html: None, ..note.clone() };
        store::message::rewrite(&mut tx, workspace, &mended).await.unwrap();
        store::redaction::insert(&mut tx, workspace, note.id, Some(w.agent)).await.unwrap();
        let versions = store::redaction::versions(&mut tx, workspace, jar.id).await.unwrap();
        assert_eq!(versions.len(), 1);
        store::redaction::set_version(&mut tx, workspace, versions[0].0, None, "gone").await.unwrap();
        tx.commit().await.unwrap();
        let mut conn = w.store.read().await.unwrap();
        let shown = store::message::get(&mut conn, &w.scope, note.id).await.unwrap().unwrap();
        assert_eq!((shown.message.text.as_str(), shown.edited_at.is_some(), shown.redacted_at.is_some()), ("stoneware", true, true));
        let kept = store::redaction::versions_of_message(&mut conn, workspace, note.id).await.unwrap();
        assert_eq!(kept.iter().map(|v| v.text.as_str()).collect::<Vec<_>>(), ["gone"]);
        assert!(store::search::messages(&mut conn, &w.scope, "porcelain", false, 5).await.unwrap().is_empty());
        assert_eq!(store::search::messages(&mut conn, &w.scope, "stoneware", false, 5).await.unwrap().len(), 1);
    })
    .await;
}
