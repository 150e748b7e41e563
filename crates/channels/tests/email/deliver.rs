//! Delivering over SMTP: replies, faults and TLS, against a scripted server.

use std::{net::SocketAddr, time::Duration};

use channels::email::{
    dial::{Credentials, Dialer, Endpoint, Security, may_reach_mail_server},
    fault::Fault,
    outgoing::{DeliverError, Outcome, RecipientResult, Sender, SmtpServer},
    tls,
};
use rustls::pki_types::CertificateDer;

use crate::{
    fake_smtp::{FakeSmtp, Script, fake_smtp},
    support::certificate,
};

const MAIL: &[u8] = b"Message-ID: <1@shop.test>\r\nSubject: hi\r\n\r\n.dot\r\n";

pub fn dialer(roots: &[CertificateDer<'static>]) -> Dialer {
    Dialer::new(tls::client_config(roots).unwrap(), may_reach_mail_server, Duration::from_secs(5))
}

fn sender(roots: &[CertificateDer<'static>]) -> Sender {
    Sender::new(dialer(roots), "desk.test")
}

fn at(addr: SocketAddr, security: Security) -> SmtpServer {
    SmtpServer { endpoint: Endpoint { host: "localhost".into(), port: addr.port(), security }, credentials: None }
}

fn password() -> Credentials {
    Credentials::Password { user: "ada".into(), password: "hunter2".into() }
}

async fn deliver(server: &FakeSmtp, to: &[&str]) -> Result<Vec<RecipientResult>, DeliverError> {
    let to = to.iter().map(ToString::to_string).collect::<Vec<_>>();
    sender(&[]).deliver(&at(server.addr, Security::None), Some("help@shop.test"), &to, MAIL, false).await
}

fn shape(results: &[RecipientResult]) -> Vec<&'static str> {
    results
        .iter()
        .map(|r| match r.outcome {
            Outcome::Accepted(_) => "accepted",
            Outcome::Deferred(_) => "deferred",
            Outcome::Refused(_) => "refused",
        })
        .collect()
}

#[tokio::test]
async fn a_mail_is_handed_over_whole() {
    let server = fake_smtp(Script { offers: vec!["SIZE 1000", "DSN"], ..Script::default() }).await;
    let results = deliver(&server, &["a@b.test"]).await.unwrap();
    assert_eq!(shape(&results), ["accepted"]);
    assert_eq!(server.mails(), ["Message-ID: <1@shop.test>\r\nSubject: hi\r\n\r\n..dot\r\n"]);
    let size = MAIL.len();
    assert_eq!(server.commands()[..3], ["EHLO desk.test".into(), format!("MAIL FROM:<help@shop.test> SIZE={size}"), "RCPT TO:<a@b.test>".into()]);
}

#[tokio::test]
async fn automatic_mail_asks_for_no_reports_and_has_no_sender() {
    for (offers, expected) in [(vec!["DSN"], "RCPT TO:<a@b.test> NOTIFY=NEVER"), (vec![], "RCPT TO:<a@b.test>")] {
        let server = fake_smtp(Script { offers, ..Script::default() }).await;
        let to = ["a@b.test".to_owned()];
        sender(&[]).deliver(&at(server.addr, Security::None), None, &to, MAIL, true).await.unwrap();
        assert!(server.commands().contains(&"MAIL FROM:<>".to_owned()));
        assert!(server.commands().contains(&expected.to_owned()), "{:?}", server.commands());
    }
}

#[tokio::test]
async fn each_recipient_has_its_own_result() {
    for offers in [vec![], vec!["PIPELINING"]] {
        let server = fake_smtp(Script {
            offers,
            replies: vec![("RCPT TO:<gone@", "550-5.1.1 No such\r\n550 5.1.1 person"), ("RCPT TO:<grey@", "451 4.7.1 Greylisted, come again")],
            ..Script::default()
        })
        .await;
        let results = deliver(&server, &["a@b.test", "gone@b.test", "grey@b.test"]).await.unwrap();
        assert_eq!(shape(&results), ["accepted", "refused", "deferred"]);
        let Outcome::Refused(reply) = &results[1].outcome else { panic!() };
        assert_eq!((reply.code, reply.enhanced.as_deref()), (550, Some("5.1.1")));
        assert_eq!(server.mails().len(), 1);
    }
}

#[tokio::test]
async fn when_no_recipient_is_taken_no_mail_is_sent() {
    let server = fake_smtp(Script { replies: vec![("RCPT", "550 5.1.1 no")], ..Script::default() }).await;
    let results = deliver(&server, &["a@b.test", "c@b.test"]).await.unwrap();
    assert_eq!(shape(&results), ["refused", "refused"]);
    assert!(!server.commands().contains(&"DATA".to_owned()));
}

#[tokio::test]
async fn a_refusal_of_the_whole_mail_counts_for_each_recipient() {
    for (at, reply, expected) in [
        ("MAIL", "550 5.7.1 go away", "refused"),
        ("MAIL", "451 4.3.0 later", "deferred"),
        ("DATA", "451 4.3.0 later", "deferred"),
        ("DATA", "554 5.5.0 no", "refused"),
        (".", "554 5.7.1 spam", "refused"),
        (".", "452 4.3.1 full", "deferred"),
    ] {
        let server = fake_smtp(Script { replies: vec![(at, reply)], ..Script::default() }).await;
        let results = deliver(&server, &["a@b.test", "c@b.test"]).await.unwrap();
        assert_eq!(shape(&results), [expected, expected], "{at} {reply}");
    }
}

#[tokio::test]
async fn a_connection_lost_after_the_final_dot_is_tried_again_with_the_same_bytes() {
    let server = fake_smtp(Script { replies: vec![(".", "DROP")], ..Script::default() }).await;
    let sender = sender(&[]);
    let to = ["a@b.test".to_owned()];
    for _ in 0..2 {
        let error = sender.deliver(&at(server.addr, Security::None), None, &to, MAIL, false).await.unwrap_err();
        assert_eq!(error, DeliverError::Interrupted { after_dot: true });
        assert!(error.is_transient());
    }
    assert_eq!(server.mails()[0], server.mails()[1]);
    assert!(server.mails()[0].contains("Message-ID: <1@shop.test>"));
}

#[tokio::test]
async fn a_connection_lost_before_the_mail_is_transient() {
    for at in ["MAIL", "RCPT", "DATA"] {
        let server = fake_smtp(Script { replies: vec![(at, "DROP")], ..Script::default() }).await;
        let error = deliver(&server, &["a@b.test"]).await.unwrap_err();
        assert_eq!(error, DeliverError::Interrupted { after_dot: false }, "{at}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_transient() {
    let error = sender(&[]).deliver(&at("127.0.0.1:1".parse().unwrap(), Security::None), None, &["a@b.test".into()], MAIL, false).await.unwrap_err();
    assert!(matches!(&error, DeliverError::Server(f) if f.fault == Fault::Refused), "{error:?}");
    assert!(error.is_transient());
}

#[tokio::test]
async fn a_mail_larger_than_the_server_takes_is_not_sent() {
    let server = fake_smtp(Script { offers: vec!["SIZE 10"], ..Script::default() }).await;
    let error = deliver(&server, &["a@b.test"]).await.unwrap_err();
    assert_eq!(error, DeliverError::TooLarge { limit: 10 });
    assert!(!error.is_transient());
}

#[tokio::test]
async fn an_address_that_carries_a_command_is_never_sent() {
    let server = fake_smtp(Script::default()).await;
    let error = deliver(&server, &["a@b.test>\r\nRCPT TO:<victim@example.org"]).await.unwrap_err();
    assert_eq!(error, DeliverError::BadAddress);
    assert!(server.commands().is_empty());
}

#[tokio::test]
async fn a_second_mail_uses_the_same_connection() {
    let server = fake_smtp(Script::default()).await;
    let sender = sender(&[]);
    let to = ["a@b.test".to_owned()];
    for _ in 0..3 {
        sender.deliver(&at(server.addr, Security::None), None, &to, MAIL, false).await.unwrap();
    }
    assert_eq!(server.seen.lock().unwrap().connections, 1);
    assert_eq!(server.mails().len(), 3);
    sender.close().await;
    assert_eq!(server.commands().last().map(String::as_str), Some("QUIT"));
}

#[tokio::test]
async fn a_password_and_a_token_are_presented_in_the_way_the_server_offers() {
    let bearer = Some(Credentials::Bearer { user: "ada@shop.test".into(), token: "tok".into() });
    for (offer, credentials, expected) in [
        ("AUTH LOGIN PLAIN", Some(password()), "AUTH PLAIN AGFkYQBodW50ZXIy"),
        ("AUTH LOGIN", Some(password()), "AUTH LOGIN"),
        ("AUTH PLAIN XOAUTH2", bearer.clone(), "AUTH XOAUTH2 dXNlcj1hZGFAc2hvcC50ZXN0AWF1dGg9QmVhcmVyIHRvawEB"),
        ("AUTH OAUTHBEARER", bearer, "AUTH OAUTHBEARER bixhPWFkYUBzaG9wLnRlc3QsAWF1dGg9QmVhcmVyIHRvawEB"),
    ] {
        let script = Script {
            offers: vec![offer],
            replies: vec![("AUTH LOGIN", "334 VXNlcm5hbWU6"), ("YWRh", "334 UGFzc3dvcmQ6"), ("aHVudGVyMg==", "235 ok")],
            ..Script::default()
        };
        let server = fake_smtp(script).await;
        let smtp = SmtpServer { credentials, ..at(server.addr, Security::None) };
        sender(&[]).deliver(&smtp, None, &["a@b.test".into()], MAIL, false).await.unwrap();
        assert_eq!(server.commands()[1], expected);
    }
}

#[tokio::test]
async fn a_refused_sign_in_says_so_without_the_password() {
    let server =
        fake_smtp(Script { offers: vec!["AUTH PLAIN"], replies: vec![("AUTH", "535 5.7.8 wrong: hunter2 (aHVudGVyMg==)")], ..Script::default() })
            .await;
    let smtp = SmtpServer { credentials: Some(password()), ..at(server.addr, Security::None) };
    let error = sender(&[]).deliver(&smtp, None, &["a@b.test".into()], MAIL, false).await.unwrap_err();
    let DeliverError::Server(failure) = &error else { panic!("{error:?}") };
    assert_eq!(failure.fault, Fault::SignIn);
    let everything = format!("{error:?} {error} {smtp:?}");
    assert!(!everything.contains("hunter2") && !everything.contains("aHVudGVyMg=="), "{everything}");
}

#[tokio::test]
async fn tls_and_starttls_encrypt() {
    let (chain, key, root) = certificate(&["localhost"]);
    let tls = Some(tls::server_config(chain.as_bytes(), key.as_bytes()).unwrap());
    for (security, tls_first) in [(Security::Tls, true), (Security::StartTls, false)] {
        let script = Script { offers: vec!["STARTTLS"], tls: tls.clone(), tls_first, ..Script::default() };
        let server = fake_smtp(script).await;
        let to = ["a@b.test".to_owned()];
        let results = sender(std::slice::from_ref(&root)).deliver(&at(server.addr, security), None, &to, MAIL, false).await;
        assert_eq!(shape(&results.unwrap()), ["accepted"]);
    }
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let (chain, key, root) = certificate(&["elsewhere.test"]);
    let tls = Some(tls::server_config(chain.as_bytes(), key.as_bytes()).unwrap());
    for (security, tls_first) in [(Security::Tls, true), (Security::StartTls, false)] {
        let script = Script { offers: vec!["STARTTLS"], tls: tls.clone(), tls_first, ..Script::default() };
        let server = fake_smtp(script).await;
        let smtp = SmtpServer { credentials: Some(password()), ..at(server.addr, security) };
        let error = sender(std::slice::from_ref(&root)).deliver(&smtp, None, &["a@b.test".into()], MAIL, false).await;
        let Err(DeliverError::Server(failure)) = error else { panic!("{error:?}") };
        assert_eq!(failure.fault, Fault::Certificate, "{failure:?}");
        assert!(server.mails().is_empty());
        assert!(!server.commands().iter().any(|c| c.starts_with("AUTH")));
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let (chain, key, _) = certificate(&["localhost"]);
    let tls = Some(tls::server_config(chain.as_bytes(), key.as_bytes()).unwrap());
    let server = fake_smtp(Script { tls, tls_first: true, ..Script::default() }).await;
    let error = sender(&[]).deliver(&at(server.addr, Security::Tls), None, &["a@b.test".into()], MAIL, false).await;
    assert!(matches!(&error, Err(DeliverError::Server(f)) if f.fault == Fault::Certificate), "{error:?}");
}

#[tokio::test]
async fn starttls_that_is_not_offered_is_not_skipped() {
    let server = fake_smtp(Script::default()).await;
    let error = sender(&[]).deliver(&at(server.addr, Security::StartTls), None, &["a@b.test".into()], MAIL, false).await;
    assert!(matches!(&error, Err(DeliverError::Server(f)) if f.fault == Fault::Tls), "{error:?}");
    assert!(server.mails().is_empty());
}

#[tokio::test]
async fn words_injected_before_the_handshake_end_the_connection() {
    let (chain, key, root) = certificate(&["localhost"]);
    let tls = Some(tls::server_config(chain.as_bytes(), key.as_bytes()).unwrap());
    let server =
        fake_smtp(Script { offers: vec!["STARTTLS"], replies: vec![("STARTTLS", "220 go\r\n250 injected")], tls, ..Script::default() }).await;
    let error = sender(&[root]).deliver(&at(server.addr, Security::StartTls), None, &["a@b.test".into()], MAIL, false).await;
    assert!(matches!(&error, Err(DeliverError::Server(f)) if f.fault == Fault::Tls), "{error:?}");
}

#[tokio::test]
async fn a_server_that_talks_without_end_is_left() {
    let endless: &'static str = Box::leak(format!("220 {}", "x".repeat(100_000)).into_boxed_str());
    let server = fake_smtp(Script { replies: vec![("GREETING", endless)], ..Script::default() }).await;
    let error = deliver(&server, &["a@b.test"]).await.unwrap_err();
    assert!(matches!(&error, DeliverError::Server(f) if f.fault == Fault::Protocol), "{error:?}");
}
