//! Merging, undoing it, and splitting: where messages, answers, tags and people go.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{TestDesk, mail, mailbox};
use desk::Refusal;
use model::conversation::Bucket;
use model::tag::{Color, Tag};
use model::{Conversation, ConversationId, MessageId, Status};

async fn merge(t: &TestDesk, id: ConversationId, into: ConversationId, other: bool) -> Result<Conversation, Refusal> {
    let mut tx = t.desk.begin().await.unwrap();
    let merged = desk::conversation::merge(&mut tx, &t.scope(), id, into, other).await?;
    tx.commit().await.unwrap();
    Ok(merged)
}

async fn unmerge(t: &TestDesk, id: ConversationId) -> Result<Conversation, Refusal> {
    let mut tx = t.desk.begin().await.unwrap();
    let free = desk::conversation::unmerge(&mut tx, &t.scope(), id).await?;
    tx.commit().await.unwrap();
    Ok(free)
}

async fn split(t: &TestDesk, id: ConversationId, messages: &[MessageId], subject: Option<&str>) -> Result<ConversationId, Refusal> {
    let mut tx = t.desk.begin().await.unwrap();
    let new = desk::conversation::split(&mut tx, &t.scope(), id, messages, subject).await?;
    tx.commit().await.unwrap();
    Ok(new)
}

async fn texts(t: &TestDesk, id: ConversationId) -> Vec<String> {
    t.messages(id).await.into_iter().map(|m| m.message.text).collect()
}

async fn tag(t: &TestDesk, on: ConversationId, name: &str) -> Tag {
    let mut tx = t.desk.begin().await.unwrap();
    let tag = desk::tag::create(&mut tx, &t.scope(), name, Color::Blue).await.unwrap();
    let mut tags = store::tag::of_conversation(&mut tx, t.workspace, on).await.unwrap();
    tags.push(tag.id);
    desk::conversation::change_tags(&mut tx, &t.scope(), on, &tags).await.unwrap();
    tx.commit().await.unwrap();
    tag
}

async fn tags(t: &TestDesk, id: ConversationId) -> Vec<model::TagId> {
    store::tag::of_conversation(&mut t.desk.store.read().await.unwrap(), t.workspace, id).await.unwrap()
}

async fn followers(t: &TestDesk, id: ConversationId) -> Vec<model::AgentId> {
    store::follower::list(&mut t.desk.store.read().await.unwrap(), t.workspace, id).await.unwrap()
}

/// Two conversations of one customer: the kettle is resolved, the jar waits and somebody is in copy and follows it.
async fn two(t: &TestDesk) -> (ConversationId, ConversationId) {
    let kettle = t.receive(&mail("hana@outside.example", "Kettle", "The kettle leaks.")).await.conversation;
    t.reply(kettle, "A new one is coming.").await;
    let mut tx = t.desk.begin().await.unwrap();
    let at = tx.now();
    desk::conversation::change_status(&mut tx, &t.scope(), kettle, Status::Resolved { at }).await.unwrap();
    tx.commit().await.unwrap();
    tag(t, kettle, "kettle").await;
    let mut jar = mail("hana@outside.example", "Jar", "And the jar?");
    jar.cc = vec![mailbox("Kim <kim@outside.example>")];
    let jar = t.receive(&jar).await.conversation;
    tag(t, jar, "jar").await;
    let mut tx = t.desk.begin().await.unwrap();
    store::follower::add(&mut tx, t.workspace, jar, t.agent).await.unwrap();
    tx.commit().await.unwrap();
    (jar, kettle)
}

#[tokio::test]
async fn a_merge_brings_over_everything_and_undoing_it_brings_back_everything() {
    let t = TestDesk::new().await;
    let (jar, kettle) = two(&t).await;
    let (jar_before, kettle_before) = (t.conversation(jar).await, t.conversation(kettle).await);
    let (jar_tags, kettle_tags) = (tags(&t, jar).await, tags(&t, kettle).await);
    t.pass(60);
    merge(&t, jar, kettle, false).await.unwrap();

    let whole = t.conversation(kettle).await;
    assert_eq!(texts(&t, kettle).await, ["The kettle leaks.", "A new one is coming.\n\n-- \nMina", "And the jar?"]);
    assert_eq!((whole.status, whole.message_count, whole.preview.as_str()), (Status::Open, 3, "And the jar?"));
    assert_eq!(whole.waiting_since, jar_before.waiting_since);
    assert_eq!(t.participants(kettle).await, ["hana@outside.example", "kim@outside.example"]);
    assert_eq!(tags(&t, kettle).await.len(), 2);
    assert_eq!(followers(&t, kettle).await, [t.agent]);
    let gone = t.conversation(jar).await;
    assert_eq!((gone.merged_into, gone.bucket()), (Some(kettle), Bucket::Merged));
    assert!(texts(&t, jar).await.is_empty());

    unmerge(&t, jar).await.unwrap();
    let same = |now: Conversation, was: Conversation| {
        assert_eq!(Conversation { version: 0, updated_at: was.updated_at, ..now }, Conversation { version: 0, ..was });
    };
    same(t.conversation(jar).await, jar_before);
    same(t.conversation(kettle).await, kettle_before);
    assert_eq!(texts(&t, jar).await, ["And the jar?"]);
    assert_eq!(texts(&t, kettle).await.len(), 2);
    assert_eq!((tags(&t, jar).await, tags(&t, kettle).await), (jar_tags, kettle_tags));
    assert_eq!(t.participants(kettle).await, ["hana@outside.example"]);
    assert_eq!((followers(&t, jar).await, followers(&t, kettle).await), (vec![t.agent], vec![]));
    let counts = store::conversation::counts(&mut t.desk.store.read().await.unwrap(), &t.scope()).await.unwrap();
    assert_eq!((counts.all_open, counts.resolved), (1, 1));
    assert!(matches!(unmerge(&t, jar).await, Err(Refusal::Conflict { code: "not_merged", .. })));
}

#[tokio::test]
async fn an_answer_to_what_was_merged_goes_to_where_it_went() {
    let t = TestDesk::new().await;
    let (jar, kettle) = two(&t).await;
    let token = t.conversation(jar).await.reply_token;
    let theirs = t.messages(jar).await[0].message.rfc_message_id.clone().unwrap();
    merge(&t, jar, kettle, false).await.unwrap();
    let mut by_address = mail("hana@outside.example", "Re: Jar", "Hello?");
    by_address.delivered_to = vec![format!("reply+{token}@haru.example").parse().unwrap()];
    assert_eq!(t.receive(&by_address).await.conversation, kettle);
    let mut by_reference = mail("hana@outside.example", "Re: Jar", "Hello again?");
    by_reference.references = vec![theirs];
    assert_eq!(t.receive(&by_reference).await.conversation, kettle);
    // Somebody wrote since: nobody could say where that belongs.
    assert!(matches!(unmerge(&t, jar).await, Err(Refusal::Conflict { code: "newer_messages", .. })));
}

#[tokio::test]
async fn what_changed_since_the_merge_stays_when_it_is_undone() {
    let t = TestDesk::new().await;
    let (jar, kettle) = two(&t).await;
    merge(&t, jar, kettle, false).await.unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    let changes = desk::conversation::Changes { subject: Some("Kettle and jar".into()), ..Default::default() };
    desk::conversation::update(&mut tx, &t.scope(), kettle, changes).await.unwrap();
    tx.commit().await.unwrap();
    unmerge(&t, jar).await.unwrap();
    let c = t.conversation(kettle).await;
    assert_eq!((c.subject.as_str(), c.message_count, c.waiting_since, c.status.kind().as_str()), ("Kettle and jar", 2, None, "resolved"));
}

#[tokio::test]
async fn merges_in_a_chain_are_undone_one_by_one() {
    let t = TestDesk::new().await;
    let mut ids = Vec::new();
    for word in ["one", "two", "three"] {
        ids.push(t.receive(&mail("hana@outside.example", word, word)).await.conversation);
    }
    merge(&t, ids[0], ids[1], false).await.unwrap();
    merge(&t, ids[1], ids[2], false).await.unwrap();
    assert_eq!(texts(&t, ids[2]).await, ["one", "two", "three"]);
    assert!(matches!(unmerge(&t, ids[0]).await, Err(Refusal::Conflict { code: "merged", .. })));
    unmerge(&t, ids[1]).await.unwrap();
    unmerge(&t, ids[0]).await.unwrap();
    for (id, word) in ids.iter().zip(["one", "two", "three"]) {
        assert_eq!(texts(&t, *id).await, [word]);
    }
}

#[tokio::test]
async fn conversations_of_different_customers_merge_only_when_that_is_meant() {
    let t = TestDesk::new().await;
    let hana = t.receive(&mail("hana@outside.example", "Jar", "One")).await.conversation;
    let kim = t.receive(&mail("kim@outside.example", "Jar", "Two")).await.conversation;
    assert!(matches!(merge(&t, hana, kim, false).await, Err(Refusal::Conflict { code: "other_customer", .. })));
    t.pass(1);
    merge(&t, hana, kim, true).await.unwrap();
    assert_eq!(t.participants(kim).await, ["kim@outside.example", "hana@outside.example"]);
    assert!(matches!(merge(&t, kim, kim, true).await, Err(Refusal::Invalid { field: "into", .. })));
    assert!(matches!(merge(&t, hana, kim, true).await, Err(Refusal::Conflict { code: "merged", .. })));
}

#[tokio::test]
async fn the_trash_takes_what_was_merged_along() {
    let t = TestDesk::new().await;
    let (jar, kettle) = two(&t).await;
    merge(&t, jar, kettle, false).await.unwrap();
    let admin = model::Scope { permissions: model::Role::Admin.permissions(), ..t.scope() };
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::shelve(&mut tx, &admin, kettle, model::ShelfKind::Trash, false).await.unwrap();
    desk::conversation::purge(&mut tx, &admin, kettle).await.unwrap();
    tx.commit().await.unwrap();
    let mut conn = t.desk.store.read().await.unwrap();
    for id in [jar, kettle] {
        assert!(store::conversation::listed_by_id(&mut conn, &t.scope(), id).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn messages_split_off_have_their_own_conversation_and_their_answers_find_it() {
    let t = TestDesk::new().await;
    let first = mail("hana@outside.example", "Kettle", "The kettle leaks.");
    let id = t.receive(&first).await.conversation;
    t.reply(id, "A new one is coming.").await;
    let mut second = mail("hana@outside.example", "Re: Kettle", "And where is my jar?");
    second.references = vec![first.message_id.clone().unwrap()];
    let jar = t.receive(&second).await.message;
    let before = t.conversation(id).await;
    let new = split(&t, id, &[jar, jar], Some("  The   jar ")).await.unwrap();
    let c = t.conversation(new).await;
    assert_eq!((c.subject.as_str(), c.customer, c.message_count, c.preview.as_str()), ("The jar", before.customer, 1, "And where is my jar?"));
    assert_eq!((c.waiting_since, t.participants(new).await), (before.waiting_since, vec!["hana@outside.example".to_owned()]));
    let rest = t.conversation(id).await;
    assert_eq!((rest.message_count, rest.waiting_since, rest.preview.as_str()), (2, None, "A new one is coming."));
    let mut answer = mail("hana@outside.example", "Re: Re: Kettle", "The jar, I mean.");
    answer.references = vec![second.message_id.unwrap()];
    assert_eq!(t.receive(&answer).await.conversation, new);
    let mut answer = mail("hana@outside.example", "Re: Kettle", "The kettle, I mean.");
    answer.references = vec![first.message_id.unwrap()];
    assert_eq!(t.receive(&answer).await.conversation, id);
}

#[tokio::test]
async fn a_split_leaves_something_and_takes_only_what_is_there() {
    let t = TestDesk::new().await;
    let one = t.receive(&mail("hana@outside.example", "Kettle", "One")).await;
    let other = t.receive(&mail("hana@outside.example", "Jar", "Two")).await;
    for (messages, code) in
        [(vec![], "missing"), (vec![one.message], "all"), (vec![other.message], "not_found"), (vec![one.message, other.message], "not_found")]
    {
        let refused = split(&t, one.conversation, &messages, None).await;
        assert!(matches!(refused, Err(Refusal::Invalid { field: "message_ids", code: c, .. }) if c == code), "{code}");
    }
}
