//! Reading mailboxes of a real Dovecot.

use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use channels::email::{
    accept::{Accepted, Refusal},
    dial::{Credentials, Endpoint, Security},
    fault::{Failure, Fault},
    imap::{AfterFetch, BackOff, Cursor, Fetched, Mailbox, MailboxSink, MailboxState, Start, watch},
};
use jiff::Timestamp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{
    deliver::dialer,
    dovecot::{Dovecot, Kitchen, USER, password},
    support::PATIENCE,
};

/// A desk that recognises what it has, by its bytes.
struct Sink {
    credentials: Mutex<Credentials>,
    cursor: Mutex<Option<Cursor>>,
    mails: Mutex<Vec<Fetched>>,
    duplicates: AtomicUsize,
    refuse: Mutex<Vec<Refusal>>,
    states: Mutex<Vec<MailboxState>>,
}

impl Default for Sink {
    fn default() -> Self {
        Self {
            credentials: Mutex::new(password()),
            cursor: Mutex::default(),
            mails: Mutex::default(),
            duplicates: AtomicUsize::default(),
            refuse: Mutex::default(),
            states: Mutex::default(),
        }
    }
}

impl MailboxSink for Sink {
    async fn credentials(&self) -> Result<Credentials, Failure> {
        Ok(self.credentials.lock().unwrap().clone())
    }

    async fn cursor(&self) -> Result<Option<Cursor>, Refusal> {
        Ok(*self.cursor.lock().unwrap())
    }

    async fn store(&self, mail: Fetched) -> Result<Accepted, Refusal> {
        if let Some(refusal) = self.refuse.lock().unwrap().pop() {
            return Err(refusal);
        }
        let mut mails = self.mails.lock().unwrap();
        let duplicate = mails.iter().any(|known| known.raw == mail.raw);
        if duplicate {
            self.duplicates.fetch_add(1, Ordering::Relaxed);
        } else {
            mails.push(mail);
        }
        Ok(Accepted { duplicate })
    }

    async fn save(&self, cursor: Cursor) -> Result<(), Refusal> {
        *self.cursor.lock().unwrap() = Some(cursor);
        Ok(())
    }

    async fn state(&self, state: MailboxState) {
        self.states.lock().unwrap().push(state);
    }
}

impl Sink {
    fn subjects(&self) -> Vec<String> {
        let mails = self.mails.lock().unwrap();
        let line = |raw: &[u8]| String::from_utf8_lossy(raw).lines().next().unwrap_or_default().replace("Subject: ", "");
        mails.iter().map(|mail| line(&mail.raw)).collect()
    }

    async fn until(&self, what: &str, dovecot: &Dovecot, mut true_now: impl FnMut(&Self) -> bool) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !true_now(self) {
            let now = tokio::time::Instant::now();
            let states = self.states.lock().unwrap().clone();
            assert!(now < deadline, "{what} never came true: {:?} {states:?}\n{}", self.subjects(), dovecot.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn has(&self, count: usize, dovecot: &Dovecot) {
        self.until(&format!("{count} mails"), dovecot, |sink| sink.mails.lock().unwrap().len() >= count).await;
    }

    async fn connected(&self, dovecot: &Dovecot) {
        let connected = |sink: &Self| sink.states.lock().unwrap().contains(&MailboxState::Connected);
        self.until("connected", dovecot, connected).await;
    }
}

fn mailbox(endpoint: Endpoint) -> Mailbox {
    let brisk = Duration::from_millis(20);
    Mailbox {
        start: Start::All,
        poll: Duration::from_millis(50),
        back_off: BackOff { first: brisk, longest: Duration::from_millis(100), sign_in: brisk },
        ..Mailbox::new(endpoint, "INBOX", Timestamp::now, || 0.5)
    }
}

struct Watching {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Watching {
    fn start(dovecot: &Dovecot, mailbox: Mailbox, sink: &Arc<Sink>) -> Self {
        let stop = CancellationToken::new();
        let dialer = dialer(std::slice::from_ref(&dovecot.root));
        let task = tokio::spawn(watch(dialer, mailbox, Arc::clone(sink), stop.clone()));
        Self { stop, task }
    }

    async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.task).await.expect("it stops in time").unwrap();
    }
}

fn mail(n: usize) -> String {
    format!("Subject: mail {n}\r\nMessage-ID: <{n}@example.org>\r\n\r\nNumber {n}.\r\n")
}

fn fill(dovecot: &Dovecot, numbers: std::ops::Range<usize>) {
    for n in numbers {
        dovecot.deliver(&format!("{n:05}.x.host"), &mail(n));
    }
}

fn assert_each_once(sink: &Sink, count: usize) {
    let subjects = sink.subjects();
    let distinct: HashSet<_> = subjects.iter().collect();
    assert_eq!((subjects.len(), distinct.len()), (count, count), "{subjects:?}");
}

#[tokio::test]
async fn mail_is_caught_up_in_batches_and_new_mail_comes_by_idle() {
    for security in [Security::Tls, Security::StartTls, Security::None] {
        let dovecot = Dovecot::start(&Kitchen::default());
        fill(&dovecot, 0..25);
        let sink = Arc::new(Sink::default());
        let watching = Watching::start(&dovecot, Mailbox { batch: 10, ..mailbox(dovecot.endpoint(security)) }, &sink);
        sink.has(25, &dovecot).await;
        sink.connected(&dovecot).await;
        fill(&dovecot, 25..26);
        sink.has(26, &dovecot).await;
        watching.stop().await;
        assert_each_once(&sink, 26);
        assert_eq!(&sink.mails.lock().unwrap()[25].raw[..], mail(25).as_bytes());
        assert_eq!(sink.cursor.lock().unwrap().unwrap().last_uid, 26);
    }
}

#[tokio::test]
async fn reading_leaves_no_trace_unless_asked() {
    let dovecot = Dovecot::start(&Kitchen::default());
    fill(&dovecot, 0..3);
    let sink = Arc::new(Sink::default());
    let watching = Watching::start(&dovecot, mailbox(dovecot.endpoint(Security::Tls)), &sink);
    sink.has(3, &dovecot).await;
    watching.stop().await;
    assert!(dovecot.files("INBOX").iter().all(|file| !file.contains("2,S")), "{:?}", dovecot.files("INBOX"));
}

#[tokio::test]
async fn stored_mail_is_marked_as_read_when_asked() {
    let dovecot = Dovecot::start(&Kitchen::default());
    fill(&dovecot, 0..3);
    let sink = Arc::new(Sink::default());
    let after_fetch = AfterFetch::MarkSeen;
    let watching = Watching::start(&dovecot, Mailbox { after_fetch, ..mailbox(dovecot.endpoint(Security::Tls)) }, &sink);
    sink.connected(&dovecot).await;
    watching.stop().await;
    assert!(dovecot.files("INBOX").iter().all(|file| file.ends_with(":2,S")), "{:?}", dovecot.files("INBOX"));
}

#[tokio::test]
async fn stored_mail_is_moved_with_and_without_the_extensions() {
    for (capabilities, left) in [(None, 0), (Some("IMAP4rev1 IDLE UIDPLUS"), 0), (Some("IMAP4rev1 IDLE"), 3)] {
        let dovecot = Dovecot::start(&Kitchen { capabilities, ..Kitchen::default() });
        fill(&dovecot, 0..3);
        let sink = Arc::new(Sink::default());
        let after_fetch = AfterFetch::Move("처리됨".into());
        let settings = Mailbox { after_fetch, ..mailbox(dovecot.endpoint(Security::Tls)) };
        let watching = Watching::start(&dovecot, settings.clone(), &sink);
        sink.connected(&dovecot).await;
        watching.stop().await;
        assert_eq!(dovecot.files("&zJi5rLQo-").len(), 3, "{}", dovecot.log());
        let inbox = dovecot.files("INBOX");
        assert_eq!(inbox.len(), left, "{inbox:?}");
        assert!(inbox.iter().all(|file| file.contains(":2,") && file.ends_with('T')), "{inbox:?}");
        // What is only marked as deleted does not come again.
        *sink.cursor.lock().unwrap() = None;
        sink.states.lock().unwrap().clear();
        let watching = Watching::start(&dovecot, settings, &sink);
        sink.connected(&dovecot).await;
        watching.stop().await;
        assert_eq!(sink.duplicates.load(Ordering::Relaxed), 0);
    }
}

#[tokio::test]
async fn a_server_without_idle_is_polled() {
    let dovecot = Dovecot::start(&Kitchen { capabilities: Some("IMAP4rev1"), ..Kitchen::default() });
    let sink = Arc::new(Sink::default());
    let watching = Watching::start(&dovecot, mailbox(dovecot.endpoint(Security::Tls)), &sink);
    sink.connected(&dovecot).await;
    fill(&dovecot, 0..2);
    sink.has(2, &dovecot).await;
    watching.stop().await;
    assert_each_once(&sink, 2);
}

#[tokio::test]
async fn idle_is_renewed() {
    let dovecot = Dovecot::start(&Kitchen::default());
    let sink = Arc::new(Sink::default());
    let idle = Duration::from_millis(100);
    let watching = Watching::start(&dovecot, Mailbox { idle, ..mailbox(dovecot.endpoint(Security::Tls)) }, &sink);
    sink.connected(&dovecot).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    fill(&dovecot, 0..1);
    sink.has(1, &dovecot).await;
    watching.stop().await;
    assert_eq!(*sink.states.lock().unwrap(), [MailboxState::Connected]);
}

#[tokio::test]
async fn after_days_offline_only_the_new_mail_is_fetched() {
    let dovecot = Dovecot::start(&Kitchen::default());
    fill(&dovecot, 0..10);
    let sink = Arc::new(Sink::default());
    let watching = Watching::start(&dovecot, mailbox(dovecot.endpoint(Security::Tls)), &sink);
    sink.has(10, &dovecot).await;
    watching.stop().await;
    fill(&dovecot, 10..40);
    let watching = Watching::start(&dovecot, mailbox(dovecot.endpoint(Security::Tls)), &sink);
    sink.has(40, &dovecot).await;
    watching.stop().await;
    assert_each_once(&sink, 40);
    assert_eq!(sink.duplicates.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn mail_from_before_the_connection_is_left_alone_when_asked_even_after_renumbering() {
    let dovecot = Dovecot::start(&Kitchen::default());
    fill(&dovecot, 0..5);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let sink = Arc::new(Sink::default());
    let settings = Mailbox { start: Start::New, ..mailbox(dovecot.endpoint(Security::Tls)) };
    let watching = Watching::start(&dovecot, settings.clone(), &sink);
    sink.connected(&dovecot).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    fill(&dovecot, 5..7);
    sink.has(2, &dovecot).await;
    watching.stop().await;
    dovecot.renumber();
    fill(&dovecot, 7..8);
    let watching = Watching::start(&dovecot, settings, &sink);
    sink.has(3, &dovecot).await;
    watching.stop().await;
    assert_eq!(sink.subjects(), ["mail 5", "mail 6", "mail 7"]);
}

#[tokio::test]
async fn a_renumbered_mailbox_is_read_again_without_duplicates() {
    let dovecot = Dovecot::start(&Kitchen::default());
    fill(&dovecot, 0..5);
    let sink = Arc::new(Sink::default());
    let watching = Watching::start(&dovecot, mailbox(dovecot.endpoint(Security::Tls)), &sink);
    sink.has(5, &dovecot).await;
    watching.stop().await;
    let before = sink.cursor.lock().unwrap().unwrap();
    dovecot.renumber();
    fill(&dovecot, 5..7);
    let watching = Watching::start(&dovecot, mailbox(dovecot.endpoint(Security::Tls)), &sink);
    sink.has(7, &dovecot).await;
    watching.stop().await;
    assert_each_once(&sink, 7);
    assert_ne!(sink.cursor.lock().unwrap().unwrap().uid_validity, before.uid_validity);
    assert_eq!(sink.duplicates.load(Ordering::Relaxed), 5);
}

#[tokio::test]
async fn a_store_that_cannot_store_now_gets_the_mail_again() {
    let dovecot = Dovecot::start(&Kitchen::default());
    fill(&dovecot, 0..5);
    let sink = Arc::new(Sink::default());
    *sink.refuse.lock().unwrap() = vec![Refusal::StorageFull, Refusal::Unavailable, Refusal::Unavailable];
    let after_fetch = AfterFetch::MarkSeen;
    let watching = Watching::start(&dovecot, Mailbox { after_fetch, ..mailbox(dovecot.endpoint(Security::Tls)) }, &sink);
    sink.has(5, &dovecot).await;
    sink.connected(&dovecot).await;
    watching.stop().await;
    assert_each_once(&sink, 5);
    assert!(matches!(&sink.states.lock().unwrap()[0], MailboxState::Failing { retry_at: Some(_), .. }));
}

#[tokio::test]
async fn a_mail_that_is_refused_for_ever_does_not_hold_up_the_others() {
    let dovecot = Dovecot::start(&Kitchen::default());
    fill(&dovecot, 0..3);
    let sink = Arc::new(Sink::default());
    *sink.refuse.lock().unwrap() = vec![Refusal::TooLarge];
    let watching = Watching::start(&dovecot, mailbox(dovecot.endpoint(Security::Tls)), &sink);
    sink.has(2, &dovecot).await;
    watching.stop().await;
    assert_eq!(sink.subjects(), ["mail 1", "mail 2"]);
}

#[tokio::test]
async fn of_a_mail_over_the_limit_only_the_header_comes() {
    let dovecot = Dovecot::start(&Kitchen::default());
    let large = format!("Subject: large\r\n\r\n{}", "0123456789\r\n".repeat(1000));
    dovecot.deliver("1.x.host", &large);
    fill(&dovecot, 2..3);
    let sink = Arc::new(Sink::default());
    let watching = Watching::start(&dovecot, Mailbox { max_size: 5000, ..mailbox(dovecot.endpoint(Security::Tls)) }, &sink);
    sink.has(2, &dovecot).await;
    watching.stop().await;
    let mails = sink.mails.lock().unwrap();
    assert_eq!(mails[0].omitted, Some(large.len()));
    assert_eq!(&mails[0].raw[..], b"Subject: large\r\n\r\n");
    assert_eq!(mails[1].omitted, None);
}

#[tokio::test]
async fn a_wrong_password_is_told_without_the_password() {
    let dovecot = Dovecot::start(&Kitchen::default());
    let sink = Arc::new(Sink::default());
    let wrong = "canary-비밀번호";
    *sink.credentials.lock().unwrap() = Credentials::Password { user: USER.into(), password: wrong.into() };
    let watching = Watching::start(&dovecot, mailbox(dovecot.endpoint(Security::Tls)), &sink);
    sink.until("a failing state", &dovecot, |sink| !sink.states.lock().unwrap().is_empty()).await;
    let state = sink.states.lock().unwrap()[0].clone();
    let MailboxState::Failing { failure, .. } = &state else { panic!("{state:?}") };
    assert_eq!(failure.fault, Fault::SignIn);
    assert!(!format!("{state:?}").contains("canary"), "{state:?}");
    // The right password heals it.
    *sink.credentials.lock().unwrap() = password();
    sink.connected(&dovecot).await;
    watching.stop().await;
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let dovecot = Dovecot::start(&Kitchen::default());
    let sink = Arc::new(Sink::default());
    let settings = Mailbox { folder: "Nowhere".into(), ..mailbox(dovecot.endpoint(Security::Tls)) };
    let watching = Watching::start(&dovecot, settings, &sink);
    sink.until("a failing state", &dovecot, |sink| !sink.states.lock().unwrap().is_empty()).await;
    watching.stop().await;
    let states = sink.states.lock().unwrap();
    assert!(matches!(&states[0], MailboxState::Failing { failure, .. } if failure.fault == Fault::Folder), "{states:?}");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let dovecot = Dovecot::start(&Kitchen { certificate_name: Some("elsewhere.test"), ..Kitchen::default() });
    fill(&dovecot, 0..1);
    for security in [Security::Tls, Security::StartTls] {
        let sink = Arc::new(Sink::default());
        let watching = Watching::start(&dovecot, mailbox(dovecot.endpoint(security)), &sink);
        sink.until("a failing state", &dovecot, |sink| !sink.states.lock().unwrap().is_empty()).await;
        watching.stop().await;
        let states = sink.states.lock().unwrap();
        let certificate = |s: &MailboxState| matches!(s, MailboxState::Failing { failure, .. } if failure.fault == Fault::Certificate);
        assert!(states.iter().all(certificate), "{states:?}");
        assert!(sink.mails.lock().unwrap().is_empty());
    }
}

/// Forwards to Dovecot and cuts each connection after some bytes, more each time.
async fn cutting_proxy(target: u16) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let cuts = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&cuts);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let n = count.fetch_add(1, Ordering::Relaxed);
            let mut budget = 300 + n * 211;
            tokio::spawn(async move {
                let Ok(server) = TcpStream::connect(("127.0.0.1", target)).await else { return };
                let (mut client_in, mut client_out) = client.into_split();
                let (mut server_in, mut server_out) = server.into_split();
                let up = tokio::spawn(async move { tokio::io::copy(&mut client_in, &mut server_out).await });
                let mut block = [0; 64];
                while let Ok(read @ 1..) = server_in.read(&mut block).await {
                    let pass = read.min(budget);
                    if client_out.write_all(&block[..pass]).await.is_err() || pass < read {
                        break;
                    }
                    budget -= pass;
                }
                up.abort();
            });
        }
    });
    (addr, cuts)
}

#[tokio::test]
async fn a_connection_that_drops_anywhere_leaves_no_gap_and_no_duplicate() {
    let dovecot = Dovecot::start(&Kitchen::default());
    fill(&dovecot, 0..30);
    let (proxy, cuts) = cutting_proxy(dovecot.imap).await;
    let sink = Arc::new(Sink::default());
    let endpoint = Endpoint { host: "localhost".into(), port: proxy.port(), security: Security::None };
    let after_fetch = AfterFetch::MarkSeen;
    let watching = Watching::start(&dovecot, Mailbox { batch: 7, after_fetch, ..mailbox(endpoint) }, &sink);
    sink.has(30, &dovecot).await;
    watching.stop().await;
    assert_each_once(&sink, 30);
    assert!(cuts.load(Ordering::Relaxed) > 5, "the proxy hardly cut");
}

/// Answers like Google's tokeninfo: the token `good` belongs to ada.
async fn token_info() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://127.0.0.1:{}/tokeninfo", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = vec![0; 8192];
                let read = stream.read(&mut request).await.unwrap_or(0);
                let good = String::from_utf8_lossy(&request[..read]).contains("access_token=good");
                let (status, body) = if good { ("200 OK", format!("{{\"email\":\"{USER}\"}}")) } else { ("401 Unauthorized", "{}".into()) };
                let answer = format!(
                    "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    url
}

#[tokio::test]
async fn an_access_token_signs_in_and_a_stale_one_is_told() {
    let dovecot = Dovecot::start(&Kitchen { token_info: Some(token_info().await), ..Kitchen::default() });
    fill(&dovecot, 0..1);
    let sink = Arc::new(Sink::default());
    *sink.credentials.lock().unwrap() = Credentials::Bearer { user: USER.into(), token: "stale-canary".into() };
    let watching = Watching::start(&dovecot, mailbox(dovecot.endpoint(Security::Tls)), &sink);
    sink.until("a failing state", &dovecot, |sink| !sink.states.lock().unwrap().is_empty()).await;
    *sink.credentials.lock().unwrap() = Credentials::Bearer { user: USER.into(), token: "good".into() };
    sink.has(1, &dovecot).await;
    watching.stop().await;
    let states = sink.states.lock().unwrap();
    assert!(matches!(&states[0], MailboxState::Failing { failure, .. } if failure.fault == Fault::SignIn), "{states:?}");
    assert!(!format!("{states:?}").contains("canary"));
}
