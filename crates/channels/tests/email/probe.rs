//! Connection tests name the exact fault.

use std::net::SocketAddr;

use channels::email::{
    dial::{Credentials, Endpoint, Security},
    fault::Fault,
    outgoing::SmtpServer,
    probe::{IncomingProbe, OutgoingProbe, Probe, Report, StepName, Target, probe},
    tls,
};
use tokio::{io::AsyncWriteExt, net::TcpListener};

use crate::{
    deliver::dialer,
    dovecot::{Dovecot, Kitchen, USER, password},
    fake_smtp::{Script, fake_smtp},
    support::certificate,
};

fn wrong() -> Credentials {
    Credentials::Password { user: USER.into(), password: "canary-secret".into() }
}

fn smtp(addr: SocketAddr, security: Security, credentials: Option<Credentials>) -> Probe {
    let endpoint = Endpoint { host: "localhost".into(), port: addr.port(), security };
    let server = SmtpServer { endpoint, credentials };
    Probe { outgoing: Some(OutgoingProbe { server, address: "help@shop.test".into(), hello: "desk.test".into() }), incoming: None }
}

fn imap(endpoint: Endpoint, credentials: Credentials, folder: &str) -> Probe {
    Probe { incoming: Some(IncomingProbe { endpoint, credentials, folder: folder.into() }), outgoing: None }
}

/// The first step that failed, and its fault.
fn failed(report: &Report) -> (StepName, Option<Fault>) {
    assert!(!report.ok);
    let at = report.steps.iter().position(|step| step.ok == Some(false)).expect("a failed step");
    assert!(report.steps[..at].iter().all(|step| step.fault.is_none()));
    assert!(report.steps[at + 1..].iter().all(|step| step.ok.is_none()), "{report:?}");
    assert!(!report.steps[at].detail.is_empty());
    (report.steps[at].name, report.steps[at].fault)
}

#[tokio::test]
async fn everything_right_is_all_green() {
    let dovecot = Dovecot::start(&Kitchen::default());
    dovecot.deliver("1.x.host", "Subject: hi\r\n\r\nx\r\n");
    let server = fake_smtp(Script { offers: vec!["AUTH PLAIN"], ..Script::default() }).await;
    let both = Probe {
        incoming: imap(dovecot.endpoint(Security::Tls), password(), "INBOX").incoming,
        ..smtp(server.addr, Security::None, Some(password()))
    };
    let report = probe(&dialer(std::slice::from_ref(&dovecot.root)), &both).await;
    assert!(report.ok, "{report:#?}");
    let incoming = report.steps.iter().filter(|step| step.target == Target::Incoming);
    let names: Vec<_> = incoming.map(|step| (step.name, step.ok)).collect();
    use StepName::{Connect, Dns, Fetch, Folder, SignIn, Tls};
    assert_eq!(names, [Dns, Connect, Tls, SignIn, Folder, Fetch].map(|name| (name, Some(true))));
    assert!(server.mails().is_empty() && !server.commands().contains(&"DATA".to_owned()));
    assert!(dovecot.files("INBOX").iter().all(|file| !file.contains('S')));
    let json = serde_json::to_value(&report.steps[0]).unwrap();
    assert_eq!((json["name"].as_str(), json["target"].as_str()), (Some("dns"), Some("incoming")));
}

#[tokio::test]
async fn imap_faults_are_told_apart() {
    let dovecot = Dovecot::start(&Kitchen::default());
    let dialer_ = dialer(std::slice::from_ref(&dovecot.root));
    let at = |host: &str, port, security| Endpoint { host: host.into(), port, security };
    for (endpoint, credentials, folder, expected) in [
        (at("no-such-host.invalid", 993, Security::Tls), password(), "INBOX", (StepName::Dns, Fault::Dns)),
        (at("169.254.169.254", 80, Security::None), password(), "INBOX", (StepName::Dns, Fault::Blocked)),
        (at("localhost", 1, Security::Tls), password(), "INBOX", (StepName::Connect, Fault::Refused)),
        (at("localhost", dovecot.imap, Security::Tls), password(), "INBOX", (StepName::Tls, Fault::Tls)),
        (dovecot.endpoint(Security::Tls), wrong(), "INBOX", (StepName::SignIn, Fault::SignIn)),
        (dovecot.endpoint(Security::StartTls), password(), "없는 폴더", (StepName::Folder, Fault::Folder)),
    ] {
        let report = probe(&dialer_, &imap(endpoint.clone(), credentials, folder)).await;
        assert_eq!(failed(&report), (expected.0, Some(expected.1)), "{endpoint:?} {report:#?}");
        assert!(!serde_json::to_string(&report).unwrap().contains("canary"));
    }
    let report = probe(&dialer(&[]), &imap(dovecot.endpoint(Security::Tls), password(), "INBOX")).await;
    assert_eq!(failed(&report), (StepName::Tls, Some(Fault::Certificate)));
}

#[tokio::test]
async fn smtp_faults_are_told_apart() {
    for (replies, credentials, step, fault) in [
        (vec![("GREETING", "554 no service")], None, StepName::Connect, Fault::Protocol),
        (vec![("GREETING", "* OK IMAP ready")], None, StepName::Connect, Fault::Protocol),
        (vec![("AUTH", "535 5.7.8 bad canary-secret")], Some(wrong()), StepName::SignIn, Fault::SignIn),
        (
            vec![("AUTH", "534-5.7.9 Application-specific password required.\r\n534 5.7.9 see help")],
            Some(wrong()),
            StepName::SignIn,
            Fault::AppPassword,
        ),
        (
            vec![("AUTH", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.")],
            Some(wrong()),
            StepName::SignIn,
            Fault::AppPassword,
        ),
        (vec![("MAIL", "553 5.7.1 not your address")], None, StepName::Recipient, Fault::Protocol),
        (vec![("RCPT", "550 5.1.1 nobody")], None, StepName::Recipient, Fault::Protocol),
    ] {
        let server = fake_smtp(Script { offers: vec!["AUTH PLAIN"], replies, ..Script::default() }).await;
        let report = probe(&dialer(&[]), &smtp(server.addr, Security::None, credentials)).await;
        assert_eq!(failed(&report), (step, Some(fault)), "{report:#?}");
        assert!(!serde_json::to_string(&report).unwrap().contains("canary"));
    }
}

#[tokio::test]
async fn the_server_s_own_words_are_kept() {
    let script = Script { replies: vec![("RCPT", "550 5.1.1 Nobody of that name")], ..Script::default() };
    let server = fake_smtp(script).await;
    let report = probe(&dialer(&[]), &smtp(server.addr, Security::None, None)).await;
    let said = report.steps.iter().find_map(|step| step.server_said.clone());
    assert_eq!(said.as_deref(), Some("550 5.1.1 Nobody of that name"));
}

#[tokio::test]
async fn smtp_without_starttls_and_with_a_foreign_certificate_fails_at_tls() {
    let server = fake_smtp(Script::default()).await;
    let report = probe(&dialer(&[]), &smtp(server.addr, Security::StartTls, None)).await;
    assert_eq!(failed(&report), (StepName::Tls, Some(Fault::Tls)));

    let (chain, key, root) = certificate(&["elsewhere.test"]);
    let tls = Some(tls::server_config(chain.as_bytes(), key.as_bytes()).unwrap());
    let server = fake_smtp(Script { offers: vec!["STARTTLS"], tls, ..Script::default() }).await;
    let report = probe(&dialer(&[root]), &smtp(server.addr, Security::StartTls, None)).await;
    assert_eq!(failed(&report), (StepName::Tls, Some(Fault::Certificate)));
}

#[tokio::test]
async fn a_server_that_says_nothing_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.flush().await;
            held.push(stream);
        }
    });
    let dialer = channels::email::dial::Dialer::new(
        tls::client_config(&[]).unwrap(),
        channels::email::dial::may_reach_mail_server,
        std::time::Duration::from_millis(200),
    );
    let report = probe(&dialer, &smtp(addr, Security::None, None)).await;
    assert_eq!(failed(&report), (StepName::Connect, Some(Fault::Timeout)));
    let report = probe(&dialer, &smtp(addr, Security::Tls, None)).await;
    assert_eq!(failed(&report), (StepName::Tls, Some(Fault::Timeout)));
}
