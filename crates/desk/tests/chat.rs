//! A chat goes on by mail, once, and comes back.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{FakeChannel, TestDesk, mail, proven};
use desk::chat::{self, Open, Visit, Words};
use desk::ports::DeliverError;
use model::message::MessageKind;
use model::widget::Settings;
use model::{ConversationId, Job, Scope};
use store::job::Claimed;

async fn widget(t: &TestDesk) {
    let mut tx = t.desk.begin().await.unwrap();
    desk::widget::put(&mut tx, &Scope::system(t.workspace), t.inbox.id, Settings::default()).await.unwrap();
    tx.commit().await.unwrap();
}

/// A browser that opened the widget and gave an address.
async fn visitor(t: &TestDesk, email: Option<&str>) -> Visit {
    let mut tx = t.desk.begin().await.unwrap();
    let widget = store::widget::get(&mut tx, t.workspace, t.inbox.id).await.unwrap().unwrap();
    let named = store::widget::by_key(&mut tx, &widget.key).await.unwrap().unwrap();
    let opened = chat::open(&mut tx, &t.desk.keys, &named, Open::default()).await.unwrap();
    let mut visit = Visit { workspace: t.workspace, inbox_name: named.inbox_name, widget: named.widget, visitor: opened.visitor };
    if let Some(email) = email {
        visit.visitor = chat::name(&mut tx, &visit, Some("Ada"), Some(email.parse().unwrap())).await.unwrap();
    }
    tx.commit().await.unwrap();
    visit
}

async fn writes(t: &TestDesk, visit: &Visit, into: Option<ConversationId>, text: &str) -> ConversationId {
    t.pass(1);
    let mut tx = t.desk.begin().await.unwrap();
    let written = chat::write(&mut tx, visit, into, Words { text: text.into(), ..Words::default() }).await.unwrap();
    tx.commit().await.unwrap();
    written.conversation
}

async fn due(t: &TestDesk) -> Vec<Claimed> {
    let now = t.desk.clock.now();
    t.desk.store.claim_jobs(now, now + std::time::Duration::from_secs(60), 100).await.unwrap()
}

/// Does the jobs that are due, and those that they queue.
async fn work(t: &TestDesk, channel: &FakeChannel) {
    for _ in 0..3 {
        for job in due(t).await {
            one(t, channel, &job).await;
        }
    }
}

async fn one(t: &TestDesk, channel: &FakeChannel, job: &Claimed) {
    match job.job.clone().unwrap() {
        Job::ChatMailDue { conversation } => {
            let mut tx = t.desk.begin().await.unwrap();
            chat::mail_due(&mut tx, job.workspace, conversation).await.unwrap();
            assert!(store::job::done(&mut tx, job).await.unwrap());
            tx.commit().await.unwrap();
        }
        Job::SendChatMail { conversation, after, upto } => chat::send_mail(&t.desk, channel, job, conversation, after, upto).await.unwrap(),
        Job::DeliverMessage { message } => drop(desk::mail::deliver(&t.desk, channel, job, message).await.unwrap()),
        Job::SendTranscript { conversation, to, notes, by, language, asked } => {
            let what = desk::mail::Transcript { conversation, to, notes, by, language, asked };
            desk::mail::send_transcript(&t.desk, channel, job, &what).await.unwrap();
        }
        Job::Remind { .. } => {}
        other => panic!("unexpected {other:?}"),
    }
}

fn sent(channel: &FakeChannel) -> Vec<desk::ports::OutgoingMail> {
    channel.sent.lock().unwrap().clone()
}

#[tokio::test]
async fn words_that_nobody_saw_go_in_one_mail_once_and_the_answer_comes_back_to_the_chat() {
    let t = TestDesk::new().await;
    widget(&t).await;
    let visit = visitor(&t, Some("ada@outside.example")).await;
    let id = writes(&t, &visit, None, "CANARY words of the customer").await;
    t.reply(id, "First answer").await;
    t.pass(60);
    t.reply(id, "Second answer").await;
    let channel = FakeChannel::default();
    work(&t, &channel).await;
    assert!(sent(&channel).is_empty(), "they may still be there");
    t.pass(300);
    work(&t, &channel).await;
    let mails = sent(&channel);
    assert_eq!(mails.len(), 1);
    let m = &mails[0];
    assert_eq!(m.to[0].address.as_str(), "ada@outside.example");
    assert!(m.text.contains("Mina: First answer") && m.text.contains("Mina: Second answer"), "{}", m.text);
    // Nothing that the visitor wrote: it may not be their address.
    assert!(![&m.text, &m.html, &m.subject].iter().any(|t| t.contains("CANARY")));
    t.pass(3_600);
    work(&t, &channel).await;
    assert_eq!(sent(&channel).len(), 1, "once");

    // The answer by mail lands in the chat, and its author is the same customer.
    let mut answer = mail("Ada <ada@outside.example>", "Re: Help answered your chat", "Thank you!");
    answer.references = vec![m.message_id.clone()];
    assert_eq!(t.receive(&answer).await.conversation, id);
    let messages = t.messages(id).await;
    let last = messages.last().unwrap();
    let c = t.conversation(id).await;
    assert_eq!((last.message.kind, last.message.author), (MessageKind::Customer, model::Actor::Customer(c.customer)));
    // In the widget everything shows: what was mailed, and the answer by mail.
    let mut conn = t.desk.store.read().await.unwrap();
    let seen = store::chat::of_visitor(&mut conn, t.workspace, &visit.visitor, t.desk.clock.now(), 10).await.unwrap();
    assert_eq!((seen.len(), seen[0].unread), (1, 0));
    assert!(messages.iter().all(|m| seen[0].chat.shows(&c, &m.message)));
    // The next words of the agent are mailed too, in the same thread.
    drop(conn);
    t.reply(id, "You are welcome").await;
    t.pass(301);
    work(&t, &channel).await;
    let mails = sent(&channel);
    assert_eq!(mails.len(), 2);
    assert!(mails[1].references.contains(&m.message_id) && !mails[1].text.contains("First answer"));
}

#[tokio::test]
async fn a_customer_who_comes_back_just_before_is_not_mailed() {
    let t = TestDesk::new().await;
    widget(&t).await;
    let visit = visitor(&t, Some("ada@outside.example")).await;
    let id = writes(&t, &visit, None, "hello").await;
    let reply = t.reply(id, "Hi Ada").await.message.id;
    t.pass(301);
    let channel = FakeChannel::default();
    // It was decided, and then they looked.
    let jobs = due(&t).await;
    for job in &jobs {
        one(&t, &channel, job).await;
    }
    let mut tx = t.desk.begin().await.unwrap();
    chat::seen_by_visitor(&mut tx, &visit, id, reply).await.unwrap();
    tx.commit().await.unwrap();
    work(&t, &channel).await;
    assert!(sent(&channel).is_empty());

    // It was decided, and then they opened the widget: it waits, and goes when they leave without having looked.
    let second = t.reply(id, "Are you there?").await.message.id;
    t.pass(301);
    for job in due(&t).await {
        one(&t, &channel, &job).await;
    }
    let mut tx = t.desk.begin().await.unwrap();
    store::visitor::connected(&mut tx, t.workspace, &[visit.visitor.id], t.desk.clock.now() + std::time::Duration::from_secs(120)).await.unwrap();
    tx.commit().await.unwrap();
    work(&t, &channel).await;
    assert!(sent(&channel).is_empty());
    let mut tx = t.desk.begin().await.unwrap();
    store::visitor::disconnected(&mut tx, t.workspace, visit.visitor.id).await.unwrap();
    tx.commit().await.unwrap();
    t.pass(301);
    work(&t, &channel).await;
    assert_eq!(sent(&channel).len(), 1);
    assert!(sent(&channel)[0].text.contains("Are you there?") && !sent(&channel)[0].text.contains("Hi Ada"));
    assert!(sent(&channel)[0].message_id.len() > 20 && second > reply);
}

#[tokio::test]
async fn a_runner_that_dies_in_between_mails_once() {
    let t = TestDesk::new().await;
    widget(&t).await;
    let visit = visitor(&t, Some("ada@outside.example")).await;
    let id = writes(&t, &visit, None, "hello").await;
    t.reply(id, "Hi Ada").await;
    t.pass(301);
    let channel = FakeChannel::default();
    // Killed while deciding: nothing of it was written.
    let job = due(&t).await.pop().unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    chat::mail_due(&mut tx, t.workspace, id).await.unwrap();
    drop(tx);
    let mut tx = t.desk.begin().await.unwrap();
    let now = tx.now();
    assert!(store::job::retry(&mut tx, &job, now, "killed").await.unwrap());
    tx.commit().await.unwrap();
    // The server is away once, then there.
    channel.answers.lock().unwrap().push(Err(DeliverError::Transient("not now".into())));
    work(&t, &channel).await;
    t.pass(120);
    work(&t, &channel).await;
    t.pass(3_600);
    work(&t, &channel).await;
    let ids: Vec<_> = sent(&channel).iter().map(|m| m.message_id.clone()).collect();
    assert!(!ids.is_empty() && ids.iter().all(|i| *i == ids[0]), "each try is the same mail: {ids:?}");
    // Two jobs for one decision: the second finds nothing to do.
    let mut tx = t.desk.begin().await.unwrap();
    tx.enqueue(t.workspace, &Job::ChatMailDue { conversation: id }).await.unwrap();
    tx.commit().await.unwrap();
    let before = sent(&channel).len();
    work(&t, &channel).await;
    assert_eq!(sent(&channel).len(), before);
}

#[tokio::test]
async fn who_leaves_gets_answers_by_mail_at_once_until_they_write_again() {
    let t = TestDesk::new().await;
    widget(&t).await;
    let visit = visitor(&t, None).await;
    let id = writes(&t, &visit, None, "hello").await;
    t.reply(id, "One moment").await;
    let channel = FakeChannel::default();
    let mut tx = t.desk.begin().await.unwrap();
    assert!(chat::leave(&mut tx, &visit, id, "help@haru.example".parse().unwrap()).await.is_err(), "our own address");
    drop(tx);
    let mut tx = t.desk.begin().await.unwrap();
    chat::leave(&mut tx, &visit, id, "ada@outside.example".parse().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    work(&t, &channel).await;
    assert_eq!(sent(&channel).len(), 1, "what was not seen goes at once");
    let reply = t.reply(id, "Here is your answer").await;
    assert_eq!(reply.message.recipients.to[0].address.as_str(), "ada@outside.example");
    t.pass(60);
    work(&t, &channel).await;
    assert_eq!(sent(&channel).len(), 2);
    t.pass(3_600);
    work(&t, &channel).await;
    assert_eq!(sent(&channel).len(), 2, "an ordinary mail is not mailed twice");
    writes(&t, &visit, Some(id), "I am back").await;
    assert!(t.reply(id, "Welcome").await.message.recipients.to.is_empty());
}

#[tokio::test]
async fn an_address_that_is_another_customers_stays_theirs() {
    let t = TestDesk::new().await;
    widget(&t).await;
    let known = t.receive(&proven(mail("Ada <ada@outside.example>", "Order", "My secret order"))).await.conversation;
    let ada = t.conversation(known).await.customer;
    let visit = visitor(&t, Some("ada@outside.example")).await;
    let id = writes(&t, &visit, None, "I am Ada").await;
    assert_ne!(t.conversation(id).await.customer, ada);
    // Ada herself answers the mail that went to her address: agents see it, the visitor in the widget does not.
    t.reply(id, "Hello?").await;
    t.pass(301);
    let channel = FakeChannel::default();
    work(&t, &channel).await;
    let mut answer = proven(mail("Ada <ada@outside.example>", "Re", "That was not me. My number is 555."));
    answer.references = vec![sent(&channel)[0].message_id.clone()];
    assert_eq!(t.receive(&answer).await.conversation, id);
    let c = t.conversation(id).await;
    let mut conn = t.desk.store.read().await.unwrap();
    let chat = store::chat::get(&mut conn, t.workspace, id).await.unwrap().unwrap();
    let shown: Vec<_> = t.messages(id).await.into_iter().filter(|m| chat.shows(&c, &m.message)).map(|m| m.message.reply_text).collect();
    assert_eq!(shown, ["I am Ada", "Hello?"]);
}

async fn asks_for_it(t: &TestDesk, visit: &Visit, id: ConversationId, to: &str) -> Result<(), desk::Refusal> {
    let mut tx = t.desk.begin().await.unwrap();
    chat::transcript(&mut tx, visit, id, &to.parse().unwrap()).await?;
    tx.commit().await.unwrap();
    Ok(())
}

#[tokio::test]
async fn an_address_that_is_only_claimed_gets_what_we_said_and_a_proven_one_gets_all() {
    let t = TestDesk::new().await;
    widget(&t).await;
    let visit = visitor(&t, Some("victim@outside.example")).await;
    let id = writes(&t, &visit, None, "CANARY buy my pills").await;
    assert!(asks_for_it(&t, &visit, id, "victim@outside.example").await.is_err(), "nobody has answered");
    t.reply(id, "We sell bowls.").await;
    assert!(asks_for_it(&t, &visit, id, "other@outside.example").await.is_err(), "not theirs");
    asks_for_it(&t, &visit, id, "victim@outside.example").await.unwrap();
    let channel = FakeChannel::default();
    work(&t, &channel).await;
    let mails = sent(&channel);
    assert_eq!(mails.len(), 1);
    let m = &mails[0];
    assert!(m.text.contains("We sell bowls.") && m.html.contains("We sell bowls."), "{}", m.text);
    assert!(![&m.text, &m.html, &m.subject].iter().any(|t| t.contains("CANARY") || t.contains("pills")), "{}", m.text);

    // Their answer to a mail of ours proves it: then all of it goes there, and the address is on their card.
    t.pass(301);
    work(&t, &channel).await;
    let mut answer = mail("Ada <victim@outside.example>", "Re", "It is me, really.");
    answer.references = vec![sent(&channel).last().unwrap().message_id.clone()];
    assert_eq!(t.receive(&answer).await.conversation, id);
    asks_for_it(&t, &visit, id, "victim@outside.example").await.unwrap();
    work(&t, &channel).await;
    assert!(sent(&channel).last().unwrap().text.contains("CANARY buy my pills"));
    let mut conn = t.desk.store.read().await.unwrap();
    let c = t.conversation(id).await;
    assert!(store::chat::has_address(&mut conn, t.workspace, c.customer, &"victim@outside.example".parse().unwrap()).await.unwrap());
}

#[tokio::test]
async fn a_reply_that_was_scheduled_shows_in_the_chat_when_its_time_comes() {
    let t = TestDesk::new().await;
    widget(&t).await;
    let visit = visitor(&t, None).await;
    let id = writes(&t, &visit, None, "Is it back in stock?").await;
    let mut tx = t.desk.begin().await.unwrap();
    let at = t.desk.clock.now() + jiff::SignedDuration::from_hours(2);
    let reply = desk::conversation::Reply { text: Some("It is, since this morning.".into()), send_at: Some(at), ..Default::default() };
    desk::conversation::reply(&mut tx, &t.desk, &t.scope(), id, reply).await.unwrap();
    tx.commit().await.unwrap();
    let shows = async || {
        let chat = store::chat::get(&mut t.desk.store.read().await.unwrap(), t.workspace, id).await.unwrap().unwrap();
        let c = t.conversation(id).await;
        t.messages(id).await.iter().filter(|m| chat.shows(&c, &m.message)).count()
    };
    let channel = FakeChannel::default();
    work(&t, &channel).await;
    assert_eq!(shows().await, 1, "not before");
    t.pass(2 * 3_600 + 1);
    work(&t, &channel).await;
    assert_eq!(shows().await, 2);
    assert!(sent(&channel).is_empty(), "nobody is mailed: no address is known");
}
