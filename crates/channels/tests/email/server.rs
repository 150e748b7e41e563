//! Our LMTP and SMTP servers, heard over raw sockets.

use std::time::Duration;

use channels::email::{
    accept::{Refusal, Via},
    server::{Listener, Protocol, serve},
    tls,
};
use jiff::Timestamp;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpStream, UnixStream},
    time::timeout,
};

use crate::support::{Client, Desk, PATIENCE, certificate, encrypt, server, settings};

#[tokio::test]
async fn a_mail_arrives_as_it_was_sent() {
    let server = server(Protocol::Smtp, settings()).await;
    let mut client = Client::connect(server.addr).await;
    client.open("EHLO", &["help@shop.test"]).await;
    client.send("Subject: hi\r\n\r\n..dots\r\nend\r\n.\r\n").await;
    client.expect("250 2.0.0").await;
    let mails = server.desk.mails();
    let mail = &mails[0];
    assert_eq!(&mail.raw[..], b"Subject: hi\r\n\r\n.dots\r\nend\r\n");
    assert_eq!(mail.envelope_from.as_deref(), Some("ada@example.org"));
    assert_eq!(mail.recipients, ["help@shop.test"]);
    assert_eq!(mail.helo.as_deref(), Some("client.test"));
    assert_eq!(mail.via, Via::Smtp);
    assert!(mail.remote_ip.is_some_and(|ip| ip.is_loopback()));
    assert!(Timestamp::now().duration_since(mail.received_at) < jiff::SignedDuration::from_secs(60));
    client.ask("QUIT", "221").await;
    assert_eq!(client.reply().await, "");
}

#[tokio::test]
async fn the_hello_offers_what_we_do() {
    let (chain, key, _) = certificate(&["mx.sonnim.test"]);
    let mut settings = settings();
    settings.tls = Some(tls::server_config(chain.as_bytes(), key.as_bytes()).unwrap());
    let server = server(Protocol::Smtp, settings).await;
    let mut client = Client::connect(server.addr).await;
    let hello = client.ask("EHLO x", "250").await;
    for offer in ["PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "STARTTLS", "ENHANCEDSTATUSCODES"] {
        assert!(hello.contains(offer), "{offer} in {hello}");
    }
    assert!(!hello.contains("AUTH") && !hello.contains("CHUNKING"));
}

#[tokio::test]
async fn pipelined_commands_are_answered_in_order() {
    let server = server(Protocol::Smtp, settings()).await;
    let mut client = Client::connect(server.addr).await;
    client.send("EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.test>\r\nRCPT TO:<unknown@b.test>\r\nDATA\r\nhi\r\n.\r\nMAIL FROM:<c@d.e>\r\nQUIT\r\n").await;
    for code in ["250", "250 2.1.0", "250 2.1.5", "550 5.1.1", "354", "250 2.0.0", "250 2.1.0", "221"] {
        client.expect(code).await;
    }
    assert_eq!(server.desk.mails()[0].envelope_from, None);
}

#[tokio::test]
async fn lmtp_answers_for_each_recipient() {
    let server = server(Protocol::Lmtp, settings()).await;
    let mut client = Client::connect(server.addr).await;
    client.ask("EHLO x", "500").await;
    client.open("LHLO", &["a@b.test", "full@b.test", "gone@b.test"]).await;
    client.send("hi\r\n.\r\n").await;
    client.expect("250 2.0.0").await;
    client.expect("452 4.3.1").await;
    client.expect("550 5.1.1").await;
    assert_eq!(server.desk.mails()[0].via, Via::Lmtp);
}

#[tokio::test]
async fn lmtp_without_a_valid_recipient_refuses_data() {
    let server = server(Protocol::Lmtp, settings()).await;
    let mut client = Client::connect(server.addr).await;
    client.ask("LHLO x", "250").await;
    client.ask("MAIL FROM:<a@b.c>", "250").await;
    client.ask("RCPT TO:<unknown@b.test>", "550 5.1.1").await;
    client.ask("RCPT TO:<busy@b.test>", "451 4.3.0").await;
    client.ask("DATA", "503 5.5.1").await;
}

#[tokio::test]
async fn each_fault_of_the_store_has_its_answer() {
    let server = server(Protocol::Smtp, settings()).await;
    let mut client = Client::connect(server.addr).await;
    for (refusal, answer) in [
        (Refusal::Unavailable, "451 4.3.0"),
        (Refusal::StorageFull, "452 4.3.1"),
        (Refusal::Quota, "452 4.2.2"),
        (Refusal::TooLarge, "552 5.3.4"),
        (Refusal::UnknownRecipient, "550 5.1.1"),
    ] {
        *server.desk.refuse.lock().unwrap() = Some(refusal);
        client.open("EHLO", &["a@b.test"]).await;
        client.send("hi\r\n.\r\n").await;
        client.expect(answer).await;
    }
    assert!(server.desk.mails().is_empty());
}

#[tokio::test]
async fn nothing_is_relayed() {
    let server = server(Protocol::Smtp, settings()).await;
    let mut client = Client::connect(server.addr).await;
    client.ask("EHLO x", "250").await;
    client.ask("AUTH PLAIN AGEAYg==", "502").await;
    client.ask("MAIL FROM:<a@b.c>", "250").await;
    client.ask("RCPT TO:<unknown@elsewhere.test>", "550 5.1.1").await;
    client.ask("DATA", "554 5.5.1").await;
}

#[tokio::test]
async fn a_declared_size_over_the_limit_is_refused_before_the_mail() {
    let mut settings = settings();
    settings.max_size = 1000;
    let server = server(Protocol::Smtp, settings).await;
    let mut client = Client::connect(server.addr).await;
    client.ask("EHLO x", "250").await;
    client.ask("MAIL FROM:<a@b.c> SIZE=1001", "552 5.3.4").await;
    client.ask("MAIL FROM:<a@b.c> SIZE=1000", "250").await;
}

#[tokio::test]
async fn a_mail_over_the_limit_is_refused_and_the_session_goes_on() {
    let mut settings = settings();
    settings.max_size = 1000;
    let server = server(Protocol::Lmtp, settings).await;
    let mut client = Client::connect(server.addr).await;
    client.open("LHLO", &["a@b.test", "c@b.test"]).await;
    client.send(format!("{}\r\n.\r\n", "x".repeat(5000))).await;
    client.expect("552 5.3.4").await;
    client.expect("552 5.3.4").await;
    client.open("LHLO", &["a@b.test"]).await;
    client.send("small\r\n.\r\n").await;
    client.expect("250").await;
    assert_eq!(server.desk.mails().len(), 1);
}

#[tokio::test]
async fn an_endless_mail_ends_the_connection() {
    let mut settings = settings();
    settings.max_size = 1000;
    let server = server(Protocol::Smtp, settings).await;
    let mut client = Client::connect(server.addr).await;
    client.open("EHLO", &["a@b.test"]).await;
    let flood = vec![b'x'; 64 * 1024];
    for _ in 0..200 {
        if client.stream.write_all(&flood).await.is_err() {
            break;
        }
    }
    assert!(client.stream.write_all(&flood).await.is_err(), "the server still reads");
}

#[tokio::test]
async fn all_unfinished_mails_together_stay_within_the_memory_budget() {
    let mut settings = settings();
    settings.max_size = 256 * 1024;
    settings.max_buffered = 256 * 1024;
    let server = server(Protocol::Smtp, settings).await;
    let mut first = Client::connect(server.addr).await;
    first.open("EHLO", &["a@b.test"]).await;
    first.send(vec![b'x'; 200 * 1024]).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut second = Client::connect(server.addr).await;
    second.open("EHLO", &["a@b.test"]).await;
    second.send(vec![b'y'; 200 * 1024]).await;
    second.send("\r\n.\r\n").await;
    second.expect("452 4.3.1").await;
    first.send("\r\n.\r\n").await;
    first.expect("250").await;
    second.open("EHLO", &["a@b.test"]).await;
    second.send(vec![b'y'; 200 * 1024]).await;
    second.send("\r\n.\r\n").await;
    second.expect("250").await;
}

#[tokio::test]
async fn starttls_encrypts_and_forgets_what_was_said_before() {
    let (chain, key, root) = certificate(&["mx.sonnim.test"]);
    let mut settings = settings();
    settings.tls = Some(tls::server_config(chain.as_bytes(), key.as_bytes()).unwrap());
    let server = server(Protocol::Smtp, settings).await;
    let mut client = Client::connect(server.addr).await;
    client.ask("EHLO x", "250").await;
    client.ask("MAIL FROM:<a@b.c>", "250").await;
    client.ask("STARTTLS", "220").await;
    let mut client = Client::new(encrypt(client.stream, "mx.sonnim.test", root).await.unwrap());
    client.ask("RCPT TO:<a@b.test>", "503").await;
    let hello = client.ask("EHLO x", "250").await;
    assert!(!hello.contains("STARTTLS"));
    client.open("EHLO", &["a@b.test"]).await;
    client.send("secret\r\n.\r\n").await;
    client.expect("250").await;
    assert_eq!(&server.desk.mails()[0].raw[..], b"secret\r\n");
}

#[tokio::test]
async fn commands_behind_starttls_are_not_taken_into_the_encrypted_session() {
    let (chain, key, _) = certificate(&["mx.sonnim.test"]);
    let mut settings = settings();
    settings.tls = Some(tls::server_config(chain.as_bytes(), key.as_bytes()).unwrap());
    let server = server(Protocol::Smtp, settings).await;
    let mut client = Client::connect(server.addr).await;
    client.ask("EHLO x", "250").await;
    client.send("STARTTLS\r\nMAIL FROM:<evil@example.org>\r\n").await;
    client.expect("501 5.5.1").await;
    assert_eq!(client.reply().await, "");
}

#[tokio::test]
async fn starttls_is_refused_when_there_is_no_certificate() {
    let server = server(Protocol::Smtp, settings()).await;
    let mut client = Client::connect(server.addr).await;
    assert!(!client.ask("EHLO x", "250").await.contains("STARTTLS"));
    client.ask("STARTTLS", "502").await;
}

#[tokio::test]
async fn a_slow_typist_is_sent_away() {
    let mut settings = settings();
    settings.idle = Duration::from_millis(300);
    let server = server(Protocol::Smtp, settings).await;
    let mut client = Client::connect(server.addr).await;
    let typing = async {
        // One byte at a time never lets a byte-wise time-out fire; the line as a whole is late.
        loop {
            if client.stream.write_all(b"N").await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            let mut peek = [0; 3];
            if let Ok(Ok(3)) = timeout(Duration::from_millis(1), client.stream.peek(&mut peek)).await {
                assert_eq!(&peek, b"421");
                return;
            }
        }
    };
    timeout(PATIENCE, typing).await.expect("the server gave up in time");
}

#[tokio::test]
async fn a_mail_that_drips_is_cut_off() {
    let mut settings = settings();
    settings.idle = Duration::from_secs(5);
    settings.data = Duration::from_millis(400);
    let server = server(Protocol::Smtp, settings).await;
    let mut client = Client::connect(server.addr).await;
    client.open("EHLO", &["a@b.test"]).await;
    for _ in 0..10 {
        if client.stream.write_all(b"x\r\n").await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    client.expect("421 4.4.2").await;
    assert!(server.desk.mails().is_empty());
}

#[tokio::test]
async fn an_endless_line_and_endless_nonsense_end_the_connection() {
    let mut settings = settings();
    settings.max_errors = 5;
    let server = server(Protocol::Smtp, settings).await;
    let mut client = Client::connect(server.addr).await;
    client.send(vec![b'A'; 1 << 20]).await;
    client.ask("", "500 5.5.6").await;
    for _ in 0..4 {
        client.ask("FOO", "500").await;
    }
    client.expect("421 4.7.0").await;
    assert_eq!(client.reply().await, "");
}

#[tokio::test]
async fn chatter_without_a_mail_ends() {
    let mut settings = settings();
    settings.max_idle_commands = 10;
    let server = server(Protocol::Smtp, settings).await;
    let mut client = Client::connect(server.addr).await;
    for _ in 0..10 {
        client.ask("NOOP", "250").await;
    }
    client.expect("421").await;
}

#[tokio::test]
async fn a_full_house_turns_the_next_one_away() {
    let mut settings = settings();
    settings.max_connections = 2;
    let server = server(Protocol::Smtp, settings).await;
    let first = Client::connect(server.addr).await;
    let _second = Client::connect(server.addr).await;
    let mut third = Client::new(TcpStream::connect(server.addr).await.unwrap());
    third.expect("421 4.7.0").await;
    drop(first);
    tokio::time::sleep(Duration::from_millis(100)).await;
    Client::connect(server.addr).await;
}

#[tokio::test]
async fn too_many_recipients_wait_for_the_next_mail() {
    let mut settings = settings();
    settings.max_recipients = 2;
    let server = server(Protocol::Smtp, settings).await;
    let mut client = Client::connect(server.addr).await;
    client.ask("EHLO x", "250").await;
    client.ask("MAIL FROM:<a@b.c>", "250").await;
    client.ask("RCPT TO:<a@b.test>", "250").await;
    client.ask("RCPT TO:<b@b.test>", "250").await;
    client.ask("RCPT TO:<c@b.test>", "452 4.5.3").await;
}

#[tokio::test]
async fn on_stop_a_running_mail_is_finished_and_an_idle_session_is_told() {
    let mut server = server(Protocol::Smtp, settings()).await;
    *server.desk.slow.lock().unwrap() = Duration::from_millis(400);
    let mut idle = Client::connect(server.addr).await;
    let mut busy = Client::connect(server.addr).await;
    busy.open("EHLO", &["a@b.test"]).await;
    busy.send("hi\r\n.\r\n").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop.cancel();
    idle.expect("421 4.3.2").await;
    busy.expect("250").await;
    busy.expect("421 4.3.2").await;
    timeout(PATIENCE, &mut server.task).await.expect("the server stopped").unwrap();
    assert_eq!(server.desk.mails().len(), 1);
    assert!(TcpStream::connect(server.addr).await.is_err());
}

#[tokio::test]
async fn a_client_that_leaves_before_the_end_of_the_mail_leaves_nothing() {
    let server = server(Protocol::Smtp, settings()).await;
    let mut client = Client::connect(server.addr).await;
    client.open("EHLO", &["a@b.test"]).await;
    client.send("half a ma").await;
    drop(client);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(server.desk.mails().is_empty());
}

#[tokio::test]
async fn lmtp_works_over_a_unix_socket() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lmtp.sock");
    let address = format!("unix:{}", path.display());
    // A file left behind by a killed process must not be in the way.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let listener = Listener::bind(&address).await.unwrap();
    let desk = std::sync::Arc::new(Desk::default());
    let stop = tokio_util::sync::CancellationToken::new();
    let task = tokio::spawn(serve(listener, Protocol::Lmtp, settings(), desk.clone(), stop.clone()));
    let mut client = Client::new(UnixStream::connect(&path).await.unwrap());
    client.expect("220").await;
    client.open("LHLO", &["a@b.test"]).await;
    client.send("hi\r\n.\r\n").await;
    client.expect("250").await;
    assert_eq!(desk.mails()[0].remote_ip, None);
    stop.cancel();
    task.await.unwrap();
    assert!(!path.exists());
}

#[tokio::test]
async fn addresses_in_utf8_need_smtputf8() {
    let server = server(Protocol::Smtp, settings()).await;
    let mut client = Client::connect(server.addr).await;
    client.ask("EHLO x", "250").await;
    client.ask("MAIL FROM:<김@예.kr>", "553 5.6.7").await;
    client.ask("MAIL FROM:<김@예.kr> SMTPUTF8 BODY=8BITMIME", "250").await;
    client.ask("RCPT TO:<도움@shop.test>", "250").await;
    client.ask("DATA", "354").await;
    client.send("Subject: 안녕\r\n\r\n감사\r\n.\r\n").await;
    client.expect("250").await;
    assert_eq!(server.desk.mails()[0].recipients, ["도움@shop.test"]);
}
