//! Mail that goes through a real MTA, in both directions.

use std::time::Duration;

use channels::email::{
    accept::Refusal,
    dial::{Endpoint, Security},
    outgoing::{File, Mailbox, Outcome, OutgoingMail, Sender, SmtpServer, build},
    server::Protocol,
    tls,
};
use mail_parser::{MessageParser, MimeHeaders};

use crate::{
    deliver::dialer,
    postfix::Postfix,
    support::{PATIENCE, certificate, server, settings},
};

fn through(postfix: &Postfix) -> (Sender, SmtpServer) {
    let endpoint = Endpoint { host: "localhost".into(), port: postfix.port, security: Security::StartTls };
    let sender = Sender::new(dialer(std::slice::from_ref(&postfix.root)), "desk.test");
    (sender, SmtpServer { endpoint, credentials: None })
}

fn letter(subject: &str) -> Vec<u8> {
    format!("From: ada@customer.test\r\nSubject: {subject}\r\nMessage-ID: <{subject}@customer.test>\r\n\r\n.\r\nbody\r\n").into()
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_hands_us_mail_by_lmtp() {
    let ours = server(Protocol::Lmtp, settings()).await;
    let postfix = Postfix::start(Some(ours.addr), None, None);
    let (sender, smtp) = through(&postfix);
    let to = ["help@lmtp.test", "sales@lmtp.test", "unknown@lmtp.test"].map(str::to_owned);
    let results = sender.deliver(&smtp, Some("ada@customer.test"), &to, &letter("hello"), false).await.unwrap();
    assert!(results.iter().all(|r| matches!(r.outcome, Outcome::Accepted(_))), "{results:?}");
    let mails = ours.desk.wait_for(1).await;
    let mut recipients: Vec<_> = mails.iter().flat_map(|mail| mail.recipients.clone()).collect();
    recipients.sort();
    assert_eq!(recipients, ["help@lmtp.test", "sales@lmtp.test"]);
    assert_eq!(mails[0].envelope_from.as_deref(), Some("ada@customer.test"));
    assert!(mails[0].raw.ends_with(b"\r\n\r\n.\r\nbody\r\n"), "{}", mails[0].raw.escape_ascii());
    // The sender learns about the address that does not exist.
    let bounces = postfix.wait_for(1).await;
    assert!(bounces[0].contains("unknown@lmtp.test") && bounces[0].contains("5.1.1"), "{}", bounces[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_tries_again_when_we_cannot_store() {
    let ours = server(Protocol::Lmtp, settings()).await;
    *ours.desk.refuse.lock().unwrap() = Some(Refusal::StorageFull);
    let postfix = Postfix::start(Some(ours.addr), None, None);
    let (sender, smtp) = through(&postfix);
    let to = ["help@lmtp.test".to_owned()];
    sender.deliver(&smtp, Some("ada@customer.test"), &to, &letter("again"), false).await.unwrap();
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !postfix.log().contains("452 4.3.1") {
        assert!(tokio::time::Instant::now() < deadline, "{}", postfix.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(ours.desk.mails().is_empty());
    *ours.desk.refuse.lock().unwrap() = None;
    assert_eq!(ours.desk.wait_for(1).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_hands_us_mail_by_smtp_with_verified_starttls() {
    let (chain, key, _) = certificate(&["mx.sonnim.test"]);
    let mut settings = settings();
    settings.tls = Some(tls::server_config(chain.as_bytes(), key.as_bytes()).unwrap());
    let ours = server(Protocol::Smtp, settings).await;
    let postfix = Postfix::start(None, Some(ours.addr), Some(&chain));
    let (sender, smtp) = through(&postfix);
    let to = ["help@smtp.test".to_owned()];
    sender.deliver(&smtp, None, &to, &letter("encrypted"), false).await.unwrap();
    let mails = ours.desk.wait_for(1).await;
    assert_eq!(mails[0].envelope_from, None);
    assert!(String::from_utf8_lossy(&mails[0].raw).contains("Subject: encrypted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_delivers_our_mail_as_we_wrote_it() {
    let postfix = Postfix::start(None, None, None);
    let (sender, smtp) = through(&postfix);
    let raw = build(&OutgoingMail {
        message_id: "one@shop.test".into(),
        from: Mailbox { name: Some("가게 상담팀".into()), address: "help@shop.test".into() },
        to: vec![Mailbox { name: Some("Ada".into()), address: "ada@customer.test".into() }],
        subject: "Re: 환불 문의드립니다. 주문 번호 1234 — 언제 처리되나요? 확인 부탁드립니다.".into(),
        text: ".dots\n..and 한국어\n.\n".into(),
        html: Some("<p>안녕하세요</p>".into()),
        attachments: vec![File {
            filename: "영수증 2026.pdf".into(),
            content_type: "application/pdf".into(),
            data: (0..=255).cycle().take(100_000).collect(),
        }],
        in_reply_to: Some("q@customer.test".into()),
        date: jiff::Timestamp::now(),
        ..OutgoingMail::default()
    })
    .unwrap();
    let to = ["ada@customer.test", "nobody@customer.test"].map(str::to_owned);
    let results = sender.deliver(&smtp, Some("help@shop.test"), &to, &raw, true).await.unwrap();
    assert!(matches!(results[0].outcome, Outcome::Accepted(_)), "{results:?}");
    let Outcome::Refused(reply) = &results[1].outcome else { panic!("{results:?}") };
    assert_eq!((reply.code, reply.enhanced.as_deref()), (550, Some("5.1.1")));

    let mails = postfix.wait_for(1).await;
    let mail = MessageParser::default().parse(mails[0].as_bytes()).unwrap();
    assert_eq!(mail.message_id(), Some("one@shop.test"));
    assert_eq!(mail.subject(), Some("Re: 환불 문의드립니다. 주문 번호 1234 — 언제 처리되나요? 확인 부탁드립니다."));
    assert_eq!(mail.from().unwrap().first().unwrap().name(), Some("가게 상담팀"));
    assert_eq!(mail.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), ".dots\n..and 한국어\n.");
    let file = mail.attachment(0).unwrap();
    assert_eq!(file.attachment_name(), Some("영수증 2026.pdf"));
    assert_eq!(file.contents().len(), 100_000);
    assert!(!mails[0].contains("nobody@customer.test"));
}
