//! Side conversations: beside their parent, in no list, and never the customer's.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{FakeChannel, TestDesk, mail, mailbox, proven};
use desk::Refusal;
use desk::conversation::{Forward, Side, SideError};
use model::conversation::Bucket;
use model::conversation_link::LinkKind;
use model::inbound::{Bounce, BouncedRecipient, InboundKind};
use model::inbox::{ClosedPolicy, Inbox};
use model::message::MessageKind;
use model::{Actor, ConversationId, EventKind, MessageId, ShelfKind, Status};

fn ask(to: &str) -> Side {
    Side {
        to: vec![mailbox(to)],
        cc: Vec::new(),
        subject: "Kettle no. 7".into(),
        html: None,
        text: Some("Can you repair it?".into()),
        attachments: Vec::new(),
        forward: None,
    }
}

async fn begin(t: &TestDesk, parent: ConversationId, side: Side) -> Result<ConversationId, SideError> {
    t.pass(1);
    let mut tx = t.desk.begin().await.unwrap();
    let id = desk::conversation::begin_side(&mut tx, &t.desk, &t.scope(), parent, side).await?;
    tx.commit().await.unwrap();
    Ok(id)
}

/// A customer's conversation of the agent, read, and the maker who is asked beside it.
async fn asked(t: &TestDesk) -> (ConversationId, ConversationId) {
    let parent = t.receive(&mail("Hana <hana@outside.example>", "Kettle", "It leaks.")).await.conversation;
    let mut tx = t.desk.begin().await.unwrap();
    let before = store::conversation::get(&mut tx, &t.scope(), parent).await.unwrap().unwrap();
    let mut after = before.clone();
    after.assign(Some(t.agent), None, tx.now());
    store::conversation::update(&mut tx, t.workspace, &before, &mut after).await.unwrap();
    desk::conversation::mark_read(&mut tx, &t.scope(), parent, true, false).await.unwrap();
    tx.commit().await.unwrap();
    let side = begin(t, parent, ask("Lee <lee@maker.example>")).await.unwrap();
    (parent, side)
}

/// What was sent, once the undo window is over.
async fn sent(t: &TestDesk) -> Vec<desk::ports::OutgoingMail> {
    t.pass(60);
    let channel = FakeChannel::default();
    t.work(&channel).await;
    channel.sent.into_inner().unwrap()
}

/// The answer of somebody to a mail of ours.
fn answer(from: &str, to: &desk::ports::OutgoingMail, words: &str) -> model::Inbound {
    let mut answer = mail(from, &format!("Re: {}", to.subject), words);
    answer.references = vec![to.message_id.clone()];
    answer
}

async fn resolve(t: &TestDesk, id: ConversationId) {
    let mut tx = t.desk.begin().await.unwrap();
    let now = tx.now();
    desk::conversation::change_status(&mut tx, &t.scope(), id, Status::Resolved { at: now }).await.unwrap();
    tx.commit().await.unwrap();
}

async fn unread(t: &TestDesk, id: ConversationId) -> bool {
    store::conversation::listed_by_id(&mut t.desk.store.read().await.unwrap(), &t.scope(), id).await.unwrap().unwrap().unread
}

async fn sides(t: &TestDesk, of: ConversationId) -> Vec<store::conversation::Listed> {
    store::side::sides(&mut t.desk.store.read().await.unwrap(), &t.scope(), of).await.unwrap()
}

async fn events(t: &TestDesk, of: ConversationId) -> Vec<(Actor, EventKind)> {
    let mut conn = t.desk.store.read().await.unwrap();
    let all = store::event::of_conversation(&mut conn, t.workspace, of, None, 50).await.unwrap();
    all.into_iter().rev().map(|e| (e.actor, e.kind)).collect()
}

#[tokio::test]
async fn a_supplier_is_asked_and_the_answer_comes_back_beside_the_thread() {
    let t = TestDesk::new().await;
    let (parent, side) = asked(&t).await;
    let mails = sent(&t).await;
    let [asked] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!((asked.to[0].address.as_str(), asked.subject.as_str()), ("lee@maker.example", "Kettle no. 7"));
    assert!(asked.references.is_empty() && asked.in_reply_to.is_none(), "it begins a thread of its own");
    assert!(!unread(&t, parent).await);

    let received = t.receive(&answer("Lee <lee@maker.example>", asked, "Send it to us.")).await;
    assert_eq!(received.conversation, side);
    let there = t.messages(side).await;
    assert_eq!(there.iter().map(|m| m.message.kind).collect::<Vec<_>>(), [MessageKind::Reply, MessageKind::Customer]);
    assert_eq!(t.messages(parent).await.len(), 1, "nothing of it stands in the customer's thread");
    assert_eq!(t.participants(parent).await, ["hana@outside.example"]);
    assert!(unread(&t, parent).await && unread(&t, side).await);
    let said: Vec<_> = events(&t, parent).await.into_iter().filter(|(_, k)| matches!(k, EventKind::ConversationSide { .. })).collect();
    assert!(
        matches!(&said[..], [(Actor::Agent(_), EventKind::ConversationSide { change: a, .. }), (Actor::Customer(_), EventKind::ConversationSide { change: b, side: of })]
            if a == "begun" && b == "answered" && *of == side),
        "{said:?}"
    );

    // The answer to the customer refers to the customer's thread alone.
    t.reply(parent, "We will repair it.").await;
    let to_customer = sent(&t).await.pop().unwrap();
    assert_eq!(to_customer.to[0].address.as_str(), "hana@outside.example");
    assert!(to_customer.cc.is_empty() && !to_customer.references.contains(&asked.message_id));
}

#[tokio::test]
async fn what_comes_back_beside_a_resolved_conversation_opens_it() {
    let t = TestDesk::new().await;
    let (parent, _) = asked(&t).await;
    let asked = sent(&t).await.pop().unwrap();
    resolve(&t, parent).await;
    t.receive(&answer("Lee <lee@maker.example>", &asked, "Send it to us.")).await;
    assert_eq!(t.conversation(parent).await.status, Status::Open);

    // In the trash it stays where it is.
    resolve(&t, parent).await;
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::shelve(&mut tx, &t.scope(), parent, ShelfKind::Trash, false).await.unwrap();
    tx.commit().await.unwrap();
    t.receive(&answer("Lee <lee@maker.example>", &asked, "Hello?")).await;
    assert!(matches!(t.conversation(parent).await.status, Status::Resolved { .. }));
}

#[tokio::test]
async fn a_letter_beside_that_does_not_arrive_is_told_in_the_conversation() {
    let t = TestDesk::new().await;
    let (parent, side) = asked(&t).await;
    let asked = sent(&t).await.pop().unwrap();
    let mut report = answer("mailer-daemon@maker.example", &asked, "");
    report.kind = InboundKind::Bounce;
    let failed = BouncedRecipient { address: Some("lee@maker.example".into()), status: Some("5.1.1".into()), smtp_code: None, hard: true };
    report.bounce = Some(Bounce { original_message_id: Some(asked.message_id.clone()), recipients: vec![failed] });
    t.receive_at(&report, Some("")).await;
    assert!(unread(&t, parent).await);
    let told = EventKind::ConversationSide { side, change: "failed".into() };
    assert!(events(&t, parent).await.contains(&(Actor::System, told)));
}

#[tokio::test]
async fn it_stands_in_no_list_and_no_count_but_the_search_finds_it_and_names_its_parent() {
    let t = TestDesk::new().await;
    let (parent, side) = asked(&t).await;
    let mut conn = t.desk.store.read().await.unwrap();
    let counts = store::conversation::counts(&mut conn, &t.scope()).await.unwrap();
    assert_eq!((counts.all_open, counts.mine, counts.unassigned), (1, 1, 0));
    let all = store::conversation::Asked { view: store::conversation::View::All, ..Default::default() };
    let page = store::conversation::page(&mut conn, &t.scope(), &all, None, 10).await.unwrap();
    assert_eq!(page.items.iter().map(|l| l.conversation.id).collect::<Vec<_>>(), [parent]);
    let hits = store::search::messages(&mut conn, &t.scope(), "repair", false, 10).await.unwrap();
    assert_eq!(hits.iter().map(|h| h.conversation).collect::<Vec<_>>(), [side]);
    let listed = store::conversation::listed_by_id(&mut conn, &t.scope(), side).await.unwrap().unwrap();
    assert_eq!((listed.conversation.bucket(), listed.beside), (Bucket::Side, Some((parent, t.conversation(parent).await.number, "Kettle".into()))));
    let links = store::conversation_link::of_conversation(&mut conn, t.workspace, side).await.unwrap();
    assert!(matches!(links.as_slice(), [link] if link.other == parent && link.kind == LinkKind::Side && link.follows));
    assert_eq!(sides(&t, parent).await.len(), 1);
}

#[tokio::test]
async fn an_answer_in_a_side_conversation_never_goes_to_the_customer() {
    let t = TestDesk::new().await;
    let (_, side) = asked(&t).await;
    let asked = sent(&t).await.pop().unwrap();
    // The maker puts the customer in copy.
    let mut copied = answer("Lee <lee@maker.example>", &asked, "Send it in.");
    copied.cc = vec![mailbox("Hana <hana@outside.example>")];
    t.receive(&copied).await;
    let there = t.conversation(side).await;
    let defaults = desk::conversation::default_recipients(&mut t.desk.store.read().await.unwrap(), &t.scope(), &there).await.unwrap();
    assert_eq!(defaults.to.iter().chain(&defaults.cc).map(|m| m.address.as_str()).collect::<Vec<_>>(), ["lee@maker.example"]);
    t.reply(side, "It is on its way.").await;
    let mails = sent(&t).await;
    assert!(!mails.is_empty());
    let hears = |m: &desk::ports::OutgoingMail| m.to.iter().chain(&m.cc).any(|who| who.address.as_str() == "hana@outside.example");
    assert!(!mails.iter().any(hears));

    let mut tx = t.desk.begin().await.unwrap();
    let to = model::message::Recipients { to: vec![mailbox("lee@maker.example")], cc: vec![], bcc: vec![mailbox("hana@outside.example")] };
    let reply = desk::conversation::Reply { text: Some("Psst".into()), recipients: Some(to), ..Default::default() };
    let refused = desk::conversation::reply(&mut tx, &t.desk, &t.scope(), side, reply).await;
    assert!(matches!(refused, Err(desk::conversation::ReplyError::Refused(Refusal::Invalid { field: "bcc", code: "customer", .. }))));
}

#[tokio::test]
async fn the_customer_is_never_asked_aside() {
    let t = TestDesk::new().await;
    let (parent, side) = asked(&t).await;
    let refused = begin(&t, parent, ask("hana@outside.example")).await;
    assert!(matches!(refused, Err(SideError::Refused(Refusal::Invalid { field: "to", code: "customer", .. }))));
    let copied = Side { cc: vec![mailbox("HANA@outside.example")], ..ask("lee@maker.example") };
    assert!(matches!(begin(&t, parent, copied).await, Err(SideError::Refused(Refusal::Invalid { field: "cc", code: "customer", .. }))));
    let nested = begin(&t, side, ask("kim@maker.example")).await;
    assert!(matches!(nested, Err(SideError::Refused(Refusal::Conflict { code: "side", .. }))));
    let unfilled = Side { text: Some("Dear [[ name ]]".into()), ..ask("kim@maker.example") };
    assert!(matches!(begin(&t, parent, unfilled).await, Err(SideError::Refused(Refusal::Invalid { code: "unfilled_placeholder", .. }))));
}

#[tokio::test]
async fn it_is_open_or_done_and_an_answer_opens_it_whatever_the_inbox_does_with_closed_ones() {
    let mut t = TestDesk::new().await;
    let (_, side) = asked(&t).await;
    let asked = sent(&t).await.pop().unwrap();
    let now = t.desk.clock.now();
    let mut tx = t.desk.begin().await.unwrap();
    desk::conversation::change_status(&mut tx, &t.scope(), side, Status::Resolved { at: now }).await.unwrap();
    assert!(desk::conversation::change_status(&mut tx, &t.scope(), side, Status::Pending).await.is_err());
    assert!(desk::conversation::shelve(&mut tx, &t.scope(), side, ShelfKind::Trash, false).await.is_err());
    tx.commit().await.unwrap();
    assert_eq!(t.conversation(side).await.bucket(), Bucket::Side);
    t.inbox.closed_policy = ClosedPolicy::New;
    let received = t.receive(&answer("lee@maker.example", &asked, "One more thing.")).await;
    assert_eq!((received.conversation, t.conversation(side).await.status), (side, Status::Open));
}

#[tokio::test]
async fn a_colleague_who_is_asked_answers_beside_the_thread_and_nobody_else_gets_that_mail() {
    let t = TestDesk::new().await;
    let parent = t.receive(&mail("hana@outside.example", "Kettle", "It leaks.")).await.conversation;
    let side = begin(&t, parent, ask("Mina Park <mina@haru.example>")).await.unwrap();
    let asked = sent(&t).await.pop().unwrap();
    let mut reply = proven(answer("Mina Park <mina@haru.example>", &asked, "Yes, we can."));
    reply.to = vec![model::Mailbox { name: None, address: asked.reply_to.clone().unwrap() }];
    assert_eq!(t.receive(&reply).await.conversation, side);
    assert_eq!(t.messages(side).await[1].message.kind, MessageKind::Customer);
    assert!(sent(&t).await.is_empty());
}

#[tokio::test]
async fn another_department_with_an_inbox_of_its_own_has_its_own_conversation_and_answers_ours() {
    let t = TestDesk::new().await;
    let mut tx = t.desk.begin().await.unwrap();
    let returns = Inbox { id: tx.new_id(), name: "Returns".into(), address: "returns@haru.example".parse().unwrap(), ..t.inbox.clone() };
    store::inbox::insert(&mut tx, t.workspace, &returns).await.unwrap();
    tx.commit().await.unwrap();
    let parent = t.receive(&mail("hana@outside.example", "Kettle", "It leaks.")).await.conversation;
    let side = begin(&t, parent, ask("returns@haru.example")).await.unwrap();
    let asked = sent(&t).await.pop().unwrap();

    // Our own mail arrives at the other inbox, with our marker in it.
    let mut arrived = mail("Help <help@haru.example>", &asked.subject, "Can you repair it?");
    arrived.message_id = Some(asked.message_id.clone());
    arrived.to = vec![mailbox("returns@haru.example")];
    arrived.markers = vec![t.desk.keys.signing.marker(t.workspace, side)];
    let theirs = {
        let mut tx = t.desk.begin().await.unwrap();
        let arrival = desk::conversation::Arrival::default();
        let got = desk::conversation::receive(&mut tx, &t.desk.keys, t.workspace, &returns, &arrival, &arrived, &[]).await.unwrap();
        tx.commit().await.unwrap();
        got.conversation
    };
    assert!(theirs != side && theirs != parent);
    t.reply(theirs, "Yes, on Monday.").await;
    let back = sent(&t).await.pop().unwrap();
    assert_eq!(back.to[0].address.as_str(), "help@haru.example");
    let mut answer = mail("Returns <returns@haru.example>", &back.subject, "Yes, on Monday.");
    answer.message_id = Some(back.message_id.clone());
    answer.references = back.references.clone();
    assert_eq!(t.receive(&answer).await.conversation, side);
}

#[tokio::test]
async fn those_who_have_the_parent_are_told_of_the_answer() {
    let t = TestDesk::new().await;
    let (parent, _) = asked(&t).await;
    let asked = sent(&t).await.pop().unwrap();
    let place = desk::notification::listen(&t.desk, None).await.unwrap().0;
    t.receive(&answer("lee@maker.example", &asked, "Send it to us.")).await;
    desk::notification::listen(&t.desk, Some(place)).await.unwrap();
    let mut conn = t.desk.store.read().await.unwrap();
    let told = store::notification::page(&mut conn, &t.scope(), t.agent, false, None, 10).await.unwrap().items;
    let told: Vec<_> = told.iter().map(|n| (n.notification.conversation, n.notification.kind)).collect();
    assert_eq!(told, [(parent, model::notification::NotificationKind::CustomerMessage)]);
}

#[tokio::test]
async fn it_goes_where_its_parent_goes() {
    let t = TestDesk::new().await;
    let (parent, side) = asked(&t).await;
    let mut tx = t.desk.begin().await.unwrap();
    let sales = Inbox { id: tx.new_id(), name: "Sales".into(), address: "sales@haru.example".parse().unwrap(), ..t.inbox.clone() };
    store::inbox::insert(&mut tx, t.workspace, &sales).await.unwrap();
    let to = desk::conversation::Changes { inbox: Some(sales.id), ..Default::default() };
    assert!(desk::conversation::update(&mut tx, &t.scope(), side, to.clone()).await.is_err());
    desk::conversation::update(&mut tx, &t.scope(), parent, to).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(t.conversation(side).await.inbox, sales.id);

    let other = t.receive(&mail("hana@outside.example", "Again", "It still leaks.")).await.conversation;
    let mut tx = t.desk.begin().await.unwrap();
    assert!(desk::conversation::merge(&mut tx, &t.scope(), side, other, true).await.is_err());
    desk::conversation::merge(&mut tx, &t.scope(), parent, other, true).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(sides(&t, other).await.iter().map(|l| l.conversation.id).collect::<Vec<_>>(), [side]);

    let mut tx = t.desk.begin().await.unwrap();
    let owner = model::Scope { permissions: model::Role::Owner.permissions(), ..t.scope() };
    desk::conversation::shelve(&mut tx, &owner, other, ShelfKind::Trash, false).await.unwrap();
    desk::conversation::purge(&mut tx, &owner, other).await.unwrap();
    tx.commit().await.unwrap();
    let mut conn = t.desk.store.read().await.unwrap();
    assert!(store::conversation::listed_by_ids(&mut conn, &t.scope(), &[parent, other, side]).await.unwrap().is_empty());
}

/// Forwards a message to the maker and gives back the side conversation's first message.
async fn forward(
    t: &TestDesk,
    parent: ConversationId,
    message: MessageId,
    files: Option<Vec<model::AttachmentId>>,
) -> Result<store::message::Shown, SideError> {
    let side = Side { forward: Some(Forward { message, attachments: files }), text: Some("See below.".into()), ..ask("lee@maker.example") };
    let side = begin(t, parent, side).await?;
    Ok(t.messages(side).await.remove(0))
}

#[tokio::test]
async fn a_message_is_forwarded_with_its_head_its_words_and_its_files() {
    let t = TestDesk::new().await;
    let mut first = mail("Hana <hana@outside.example>", "Kettle <7>", "It leaks.");
    first.html = Some("<p>It <b>leaks</b>.</p>".into());
    let received = t.receive(&first).await;
    let mut tx = t.desk.begin().await.unwrap();
    let staged = t.desk.store.blobs().stage(t.workspace, "a picture".into()).await.unwrap();
    let mut ids = Vec::new();
    for name in ["one.txt", "two.txt"] {
        let file = model::message::Attachment {
            id: tx.new_id(),
            message: Some(received.message),
            filename: name.into(),
            content_type: "text/plain".into(),
            size: staged.size,
            inline: false,
            content_id: None,
            sha256: staged.sha256.clone(),
        };
        store::attachment::insert(&mut tx, t.workspace, &file, None, &staged).await.unwrap();
        ids.push(file.id);
    }
    tx.commit().await.unwrap();

    let passed = forward(&t, received.conversation, received.message, None).await.unwrap();
    let html = passed.message.html.unwrap();
    assert!(html.starts_with("<p>See below.</p>"), "{html}");
    for part in ["---------- Forwarded message ----------", "From: Hana &lt;hana@outside.example&gt;", "Subject: Kettle &lt;7&gt;", "<b>leaks</b>"] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert_eq!(passed.attachments.iter().map(|a| a.filename.as_str()).collect::<Vec<_>>(), ["one.txt", "two.txt"]);
    assert!(passed.attachments.iter().all(|a| !ids.contains(&a.id)), "the customer's message keeps its own");
    assert_eq!(t.message(received.message).await.attachments.len(), 2);
    let mail = sent(&t).await.pop().unwrap();
    assert_eq!((mail.attachments.len(), &mail.attachments[0].data[..]), (2, &b"a picture"[..]));
    assert!(mail.references.is_empty(), "the forward does not lead into the customer's thread");

    let one = forward(&t, received.conversation, received.message, Some(vec![ids[1]])).await.unwrap();
    assert_eq!(one.attachments.iter().map(|a| a.filename.as_str()).collect::<Vec<_>>(), ["two.txt"]);
}

#[tokio::test]
async fn notes_and_messages_from_elsewhere_are_not_forwarded() {
    let t = TestDesk::new().await;
    let here = t.receive(&mail("hana@outside.example", "Kettle", "It leaks.")).await;
    let there = t.receive(&mail("kim@outside.example", "Jar", "It is broken.")).await;
    let mut tx = t.desk.begin().await.unwrap();
    let note = desk::conversation::Note::new(None, Some("secret"), Vec::new()).unwrap();
    let note = desk::conversation::note(&mut tx, &t.scope(), here.conversation, note).await.unwrap();
    tx.commit().await.unwrap();
    for (message, code) in [(note, "note"), (there.message, "not_found")] {
        let refused = forward(&t, here.conversation, message, None).await;
        assert!(matches!(refused, Err(SideError::Refused(Refusal::Invalid { field: "forward.message_id", code: c, .. })) if c == code));
    }
    let foreign = forward(&t, here.conversation, here.message, Some(vec![model::Id::from_raw(1)])).await;
    assert!(matches!(foreign, Err(SideError::Refused(Refusal::Invalid { field: "forward.attachment_ids", .. }))));
}
