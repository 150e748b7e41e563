//! Security row 32: words that were taken out are nowhere; and notes that were mended.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{FakeChannel, TestDesk, mail, mailbox};
use desk::Refusal;
use desk::conversation::{Note, Side};
use desk::redact::{BLOCK, Redaction, Words, redact};
use model::message::Attachment;
use model::{AttachmentId, ConversationId, MessageId, Role, Scope};
use store::inbound_mail::Envelope;

const SECRET: &str = "4111 1111 2222";

fn admin(t: &TestDesk) -> Scope {
    Scope { permissions: Role::Admin.permissions(), ..t.scope() }
}

async fn take_out(t: &TestDesk, scope: &Scope, id: MessageId, words: &[&str], files: Vec<AttachmentId>) -> Result<usize, Refusal> {
    t.pass(1);
    let words = Words::new(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>())?;
    let mut tx = t.desk.begin().await.unwrap();
    let changed = redact(&mut tx, &t.desk, scope, id, &Redaction { words, attachments: files }).await?;
    tx.commit().await.unwrap();
    Ok(changed)
}

/// Every text and blob of the database that holds a word, as `table.column`.
async fn places(t: &TestDesk, word: &str) -> Vec<String> {
    let mut conn = t.desk.store.read().await.unwrap();
    let sql = "SELECT m.name AS t, p.name AS c FROM sqlite_master m, pragma_table_info(m.name) p \
               WHERE m.type = 'table' AND m.name NOT LIKE 'search%' AND m.name NOT LIKE 'sqlite%'";
    let columns = conn.fetch_built(sql.to_owned(), Vec::new()).await.unwrap();
    let mut found = Vec::new();
    for row in columns {
        let (table, column) = (row.text("t").unwrap(), row.text("c").unwrap());
        let sql = format!("SELECT 1 AS one FROM {table} WHERE instr(CAST({column} AS TEXT), $1) > 0 LIMIT 1");
        if !conn.fetch_built(sql, vec![word.into()]).await.unwrap().is_empty() {
            found.push(format!("{table}.{column}"));
        }
    }
    found.sort();
    found
}

/// A mail from outside that is really kept as it arrived.
async fn arrived(t: &TestDesk) -> (ConversationId, MessageId) {
    let mut first = mail("hana@outside.example", &format!("My card {SECRET}"), &format!("The number is {SECRET}, thank you."));
    first.html = Some("<p>The number is 4111 <b>1111</b>&nbsp;2222, thank you.</p>".into());
    let raw = format!(
        "From: hana@outside.example\r\nSubject: My card {SECRET}\r\nMessage-ID: <{}>\r\n\r\n{}",
        first.message_id.clone().unwrap(),
        first.text
    );
    let envelope = Envelope { via: "lmtp", from: Some("hana@outside.example".into()), ..Envelope::default() };
    desk::mail::accept(&t.desk, &["help@haru.example".parse().unwrap()], envelope, raw.into()).await.unwrap();
    let channel = FakeChannel::default();
    *channel.understood.lock().unwrap() = Some(first);
    t.work(&channel).await;
    let all = store::conversation::Asked { view: store::conversation::View::All, ..Default::default() };
    let page = store::conversation::page(&mut t.desk.store.read().await.unwrap(), &t.scope(), &all, None, 1).await.unwrap();
    let id = page.items[0].conversation.id;
    (id, t.messages(id).await[0].message.id)
}

#[tokio::test]
async fn row_32_what_was_taken_out_is_nowhere_any_more() {
    let t = TestDesk::new().await;
    let (id, message) = arrived(&t).await;
    // It is quoted, noted, mended, asked about, drafted, renamed and merged over.
    t.reply(id, &format!("Never send a number.\n> The number is {SECRET}")).await;
    let mut tx = t.desk.begin().await.unwrap();
    let note = desk::conversation::note(&mut tx, &t.scope(), id, Note::new(None, Some("4111-no: 411111112222"), vec![]).unwrap()).await.unwrap();
    desk::conversation::edit_note(&mut tx, &t.scope(), note, Note::new(None, Some("see the mail"), vec![]).unwrap()).await.unwrap();
    let side = Side {
        to: vec![mailbox("lee@bank.example")],
        cc: vec![],
        subject: "A card".into(),
        html: None,
        text: Some("Please stop it.".into()),
        attachments: vec![],
        forward: Some(desk::conversation::Forward { message, attachments: None }),
    };
    let side = desk::conversation::begin_side(&mut tx, &t.desk, &t.scope(), id, side).await.unwrap();
    let draft = store::draft::Draft {
        is_note: false,
        html: format!("<blockquote>The number is {SECRET}</blockquote>"),
        recipients: model::message::Recipients::default(),
        attachments: vec![],
        updated_at: tx.now(),
        version: 0,
    };
    store::draft::put(&mut tx, t.workspace, t.agent, id, &draft).await.unwrap();
    let renamed = desk::conversation::Changes { subject: Some(format!("Card {SECRET}")), ..Default::default() };
    desk::conversation::update(&mut tx, &t.scope(), id, renamed).await.unwrap();
    tx.commit().await.unwrap();
    let before = places(&t, "1111 2222").await;
    for place in ["blob.bytes", "conversation.subject", "draft.html", "event.data", "inbound_mail.subject", "message.text"] {
        assert!(before.contains(&place.to_owned()), "{place} in {before:?}");
    }

    assert!(matches!(take_out(&t, &t.scope(), message, &[SECRET], vec![]).await, Err(Refusal::Forbidden(_))));
    assert_eq!(take_out(&t, &admin(&t), message, &[SECRET], vec![]).await.unwrap(), 3);
    // The bytes of the raw mail that nobody names go a little later, as after every deletion; no route leads to them.
    t.pass(2 * 3_600);
    t.work(&FakeChannel::default()).await;
    for word in ["1111 2222", "11112222", "4111 1111", "41111111"] {
        assert_eq!(places(&t, word).await, Vec::<String>::new(), "{word}");
    }
    let mut conn = t.desk.store.read().await.unwrap();
    for query in ["4111", "1111", "2222", "411111112222"] {
        let known = conn.fetch_built("SELECT 1 AS one FROM search_word WHERE word = $1".into(), vec![query.into()]).await.unwrap();
        assert!(known.is_empty(), "the list of words holds {query}");
        assert!(store::search::messages(&mut conn, &t.scope(), query, false, 10).await.unwrap().is_empty(), "{query}");
    }
    drop(conn);
    let shown = t.message(message).await;
    assert_eq!(shown.message.text, format!("The number is {BLOCK}, thank you."));
    assert!(shown.redacted_at.is_some());
    assert!(shown.message.html.unwrap().contains("thank you"));
    assert!(t.messages(side).await[0].message.text.contains(BLOCK));
    let raw =
        store::inbound_mail::get(&mut t.desk.store.read().await.unwrap(), t.workspace, shown.message.inbound_mail.unwrap()).await.unwrap().unwrap();
    let bytes = t.desk.store.blobs().get(&mut t.desk.store.read().await.unwrap(), t.workspace, &raw.sha256).await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&bytes).contains("no longer kept as it arrived"));
}

#[tokio::test]
async fn row_32_a_file_goes_with_its_copies_and_its_bytes() {
    let t = TestDesk::new().await;
    let (id, message) = arrived(&t).await;
    let staged = t.desk.store.blobs().stage(t.workspace, "a passport".into()).await.unwrap();
    let mut tx = t.desk.begin().await.unwrap();
    let file = Attachment {
        id: tx.new_id(),
        message: Some(message),
        filename: "passport.png".into(),
        content_type: "image/png".into(),
        size: staged.size,
        inline: false,
        content_id: None,
        sha256: staged.sha256.clone(),
    };
    store::attachment::insert(&mut tx, t.workspace, &file, None, &staged).await.unwrap();
    let side = Side {
        to: vec![mailbox("lee@bank.example")],
        cc: vec![],
        subject: "A passport".into(),
        html: None,
        text: Some("See".into()),
        attachments: vec![],
        forward: Some(desk::conversation::Forward { message, attachments: None }),
    };
    let side = desk::conversation::begin_side(&mut tx, &t.desk, &t.scope(), id, side).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(t.messages(side).await[0].attachments.len(), 1);
    assert_eq!(take_out(&t, &admin(&t), message, &[], vec![file.id]).await.unwrap(), 2);
    assert!(t.message(message).await.attachments.is_empty() && t.messages(side).await[0].attachments.is_empty());
    t.pass(2 * 3_600);
    t.work(&FakeChannel::default()).await;
    assert_eq!(places(&t, "a passport").await, Vec::<String>::new());
}

#[tokio::test]
async fn only_what_stands_there_is_taken_out() {
    let t = TestDesk::new().await;
    let (_, message) = arrived(&t).await;
    let code = |r: Result<usize, Refusal>| match r {
        Err(Refusal::Invalid { code, .. }) => code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(take_out(&t, &admin(&t), message, &[], vec![]).await), "missing");
    assert_eq!(code(take_out(&t, &admin(&t), message, &["no such words"], vec![]).await), "not_found");
    assert_eq!(code(take_out(&t, &admin(&t), message, &["ab"], vec![]).await), "too_short");
    assert_eq!(code(take_out(&t, &admin(&t), message, &[], vec![model::Id::from_raw(9)]).await), "not_found");
    assert!(t.message(message).await.redacted_at.is_none());
}

#[tokio::test]
async fn a_note_is_mended_by_its_author_alone_and_reads_back_as_it_was() {
    let t = TestDesk::new().await;
    let (id, message) = arrived(&t).await;
    let mut tx = t.desk.begin().await.unwrap();
    let note = desk::conversation::note(&mut tx, &t.scope(), id, Note::new(None, Some("first words"), vec![]).unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    t.pass(5);
    let edit = async |scope: &Scope, of: MessageId, words: &str| {
        let mut tx = t.desk.begin().await.unwrap();
        let done = desk::conversation::edit_note(&mut tx, scope, of, Note::new(None, Some(words), vec![]).unwrap()).await;
        tx.commit().await.unwrap();
        done
    };
    edit(&t.scope(), note, "second words").await.unwrap();
    let shown = t.message(note).await;
    assert_eq!((shown.message.text.as_str(), shown.edited_at.is_some()), ("second words", true));
    let mut conn = t.desk.store.read().await.unwrap();
    let kept = store::redaction::versions_of_message(&mut conn, t.workspace, note).await.unwrap();
    assert_eq!(kept.iter().map(|v| v.text.as_str()).collect::<Vec<_>>(), ["first words"]);
    assert_eq!(store::search::messages(&mut conn, &t.scope(), "second", false, 5).await.unwrap().len(), 1);
    assert!(store::search::messages(&mut conn, &t.scope(), "first words", false, 5).await.unwrap().is_empty());
    drop(conn);
    let other = Scope { actor: model::Actor::Agent(model::Id::from_raw(7)), ..t.scope() };
    assert!(matches!(edit(&other, note, "not mine").await, Err(Refusal::Forbidden(_))));
    assert!(matches!(edit(&t.scope(), message, "no note").await, Err(Refusal::NotFound)));
}
