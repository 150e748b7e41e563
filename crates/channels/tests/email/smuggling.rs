//! Security row 5: no lone CR or LF ever makes two mails of one.

use channels::email::server::{BareNewlines, Protocol};

use crate::support::{Client, server, settings};

const FAKE_ENDS: [&str; 8] = ["\n.\r\n", "\n.\n", "\r\n.\n", "\r.\r\n", "\r.\r", "\r\n.\r", "\n\n.\r\n", "\0\n.\r\n"];
const SMUGGLED: &str = "MAIL FROM:<admin@shop.test>\r\nRCPT TO:<b@b.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nhaha";

#[tokio::test]
async fn a_smuggled_mail_stays_inside_the_outer_one() {
    for protocol in [Protocol::Smtp, Protocol::Lmtp] {
        for fake in FAKE_ENDS {
            let server = server(protocol, settings()).await;
            let mut client = Client::connect(server.addr).await;
            client.open(if protocol == Protocol::Lmtp { "LHLO" } else { "EHLO" }, &["a@b.test"]).await;
            client.send(format!("Subject: outer\r\n\r\nhello{fake}{SMUGGLED}\r\n.\r\n")).await;
            client.expect("250 2.0.0").await;
            client.ask("QUIT", "221").await;
            let mails = server.desk.mails();
            assert_eq!(mails.len(), 1, "{}", fake.escape_debug());
            let text = String::from_utf8_lossy(&mails[0].raw).into_owned();
            assert!(text.contains("Subject: smuggled"), "{text}");
            assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
            assert_eq!(text.matches('\r').count(), text.matches("\r\n").count());
        }
    }
}

#[tokio::test]
async fn a_strict_server_refuses_a_mail_with_lone_newlines_whole() {
    for fake in FAKE_ENDS {
        let mut settings = settings();
        settings.bare_newlines = BareNewlines::Reject;
        let server = server(Protocol::Smtp, settings).await;
        let mut client = Client::connect(server.addr).await;
        client.open("EHLO", &["a@b.test"]).await;
        client.send(format!("Subject: outer\r\n\r\nhello{fake}{SMUGGLED}\r\n.\r\nQUIT\r\n")).await;
        client.expect("550 5.6.11").await;
        client.expect("221").await;
        assert!(server.desk.mails().is_empty(), "{}", fake.escape_debug());
    }
}

#[tokio::test]
async fn commands_that_do_not_end_in_crlf_are_refused() {
    let server = server(Protocol::Smtp, settings()).await;
    let mut client = Client::connect(server.addr).await;
    client.send("EHLO x\n").await;
    client.expect("500 5.5.2").await;
    client.send("NOOP\rMAIL FROM:<a@b.c>\r\n").await;
    client.expect("500 5.5.2").await;
    client.ask("NOOP", "250").await;
}
