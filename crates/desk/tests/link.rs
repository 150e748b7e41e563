//! Conversations that belong together: one mail to two inboxes, and what comes after a closed conversation.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{FakeChannel, TestDesk, mail};
use model::conversation_link::{Link, LinkKind};
use model::inbound::Inbound;
use model::inbox::{ClosedPolicy, Inbox};
use model::{ConversationId, InboxId, Status};
use store::inbound_mail::{Envelope, State};

async fn second_inbox(t: &TestDesk) -> Inbox {
    let mut tx = t.desk.begin().await.unwrap();
    let inbox = Inbox { id: tx.new_id(), name: "Sales".into(), address: "sales@haru.example".parse().unwrap(), ..t.inbox.clone() };
    store::inbox::insert(&mut tx, t.workspace, &inbox).await.unwrap();
    tx.commit().await.unwrap();
    inbox
}

/// One mail for both inboxes, taken and processed.
async fn to_both(t: &TestDesk, mail: &Inbound) {
    t.pass(1);
    let recipients = ["help@haru.example", "sales@haru.example"].map(|a| a.parse().unwrap());
    let raw = format!("Message-ID: <{}>\r\n\r\n{}", mail.message_id.as_deref().unwrap(), mail.text);
    let envelope = Envelope { via: "lmtp", from: Some("hana@outside.example".into()), ..Envelope::default() };
    assert_eq!(desk::mail::accept(&t.desk, &recipients, envelope, raw.into()).await.unwrap().len(), 2);
    let channel = FakeChannel::default();
    *channel.understood.lock().unwrap() = Some(mail.clone());
    t.work(&channel).await;
}

async fn conversations_in(t: &TestDesk, inbox: InboxId) -> Vec<ConversationId> {
    let filter = store::conversation::Asked { view: store::conversation::View::All, inbox: Some(inbox), ..Default::default() };
    let page = store::conversation::page(&mut t.desk.store.read().await.unwrap(), &t.scope(), &filter, None, 50).await.unwrap();
    page.items.into_iter().map(|listed| listed.conversation.id).collect()
}

async fn links(t: &TestDesk, id: ConversationId) -> Vec<Link> {
    store::conversation_link::of_conversation(&mut t.desk.store.read().await.unwrap(), t.workspace, id).await.unwrap()
}

async fn linked_events(t: &TestDesk, id: ConversationId) -> usize {
    let mut conn = t.desk.store.read().await.unwrap();
    let sql = "SELECT id FROM event WHERE conversation_id = $1 AND kind = 'conversation.linked'".to_owned();
    conn.fetch_built(sql, vec![model::Id::raw(id).into()]).await.unwrap().len()
}

#[tokio::test]
async fn one_mail_to_two_inboxes_is_a_conversation_in_each_and_they_know_of_each_other() {
    let t = TestDesk::new().await;
    let sales = second_inbox(&t).await;
    let first = mail("hana@outside.example", "Two questions", "One for each of you.");
    to_both(&t, &first).await;
    let (here, there) = (conversations_in(&t, t.inbox.id).await, conversations_in(&t, sales.id).await);
    let ([here], [there]) = (here.as_slice(), there.as_slice()) else { panic!("{here:?} {there:?}") };
    for (one, other) in [(here, there), (there, here)] {
        let links = links(&t, *one).await;
        assert!(matches!(links.as_slice(), [link] if link.other == *other && link.kind == LinkKind::SameMail), "{links:?}");
        assert_eq!(linked_events(&t, *one).await, 1);
    }

    // The same mail once more changes nothing, and an answer to it goes to the conversation of each inbox.
    to_both(&t, &first).await;
    let mut again = mail("hana@outside.example", "Re: Two questions", "One more thing.");
    again.references = vec![first.message_id.clone().unwrap()];
    to_both(&t, &again).await;
    for (inbox, id) in [(t.inbox.id, *here), (sales.id, *there)] {
        assert_eq!(conversations_in(&t, inbox).await, [id]);
        assert_eq!(t.messages(id).await.len(), 2);
        assert_eq!(links(&t, id).await.len(), 1);
    }
}

#[tokio::test]
async fn an_answer_to_one_conversation_with_another_inbox_in_copy_stands_there_once() {
    let t = TestDesk::new().await;
    let sales = second_inbox(&t).await;
    let place = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    let token = t.conversation(place).await.reply_token;
    let mut answer = mail("hana@outside.example", "Re: Jar", "Two");
    answer.to = vec![common::mailbox(&format!("reply+{token}@haru.example"))];
    answer.cc = vec![common::mailbox("sales@haru.example")];
    to_both(&t, &answer).await;
    assert_eq!(t.messages(place).await.len(), 2);
    assert!(conversations_in(&t, sales.id).await.is_empty());
    let mut conn = t.desk.store.read().await.unwrap();
    let copies = store::inbound_mail::page(&mut conn, t.workspace, State::Duplicate, None, 10).await.unwrap().items;
    assert_eq!(copies.len(), 1);
}

#[tokio::test]
async fn what_comes_after_a_closed_conversation_follows_it() {
    let mut t = TestDesk::new().await;
    t.inbox.closed_policy = ClosedPolicy::New;
    let first = mail("hana@outside.example", "Jar", "One");
    let place = t.receive(&first).await.conversation;
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::change_status(&mut tx, &t.scope(), place, Status::Resolved { at: t.desk.clock.now() }).await.unwrap();
    tx.commit().await.unwrap();
    let mut late = mail("hana@outside.example", "Re: Jar", "Broken again");
    late.references = vec![first.message_id.unwrap()];
    let next = t.receive(&late).await.conversation;
    assert_ne!(next, place);
    let (forward, back) = (links(&t, next).await, links(&t, place).await);
    assert!(matches!(forward.as_slice(), [link] if link.other == place && link.kind == LinkKind::FollowUp && link.follows), "{forward:?}");
    assert!(matches!(back.as_slice(), [link] if link.other == next && !link.follows), "{back:?}");
}
