//! SPF, DKIM and DMARC against a name server of our own.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use channels::email::authenticate::{Authenticator, Origin, Verdict};
use mail_auth::{
    common::{crypto::Ed25519Key, headers::HeaderWriter},
    dkim::DkimSigner,
    hickory_resolver::config::{NameServerConfig, ResolverConfig, ResolverOpts},
};
use tokio::net::UdpSocket;

const TXT: u16 = 16;

/// Answers TXT questions from `zone` and says that everything else does not exist; without a zone it says nothing.
async fn name_server(zone: Option<HashMap<&'static str, String>>) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let addr = socket.local_addr().unwrap();
    let zone = Arc::new(zone);
    tokio::spawn(async move {
        let mut query = [0; 2048];
        while let Ok((n, peer)) = socket.recv_from(&mut query).await {
            let Some(zone) = zone.as_ref() else { continue };
            let answer = answer(&query[..n], zone);
            let _ = socket.send_to(&answer, peer).await;
        }
    });
    addr
}

fn answer(query: &[u8], zone: &HashMap<&'static str, String>) -> Vec<u8> {
    let mut labels = Vec::new();
    let mut at = 12;
    while query[at] != 0 {
        let end = at + 1 + usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..end]).to_lowercase());
        at = end;
    }
    let question = &query[12..at + 5];
    let kind = u16::from_be_bytes([query[at + 1], query[at + 2]]);
    let text = zone.get(labels.join(".").as_str()).filter(|_| kind == TXT);
    let mut out = query[..2].to_vec();
    out.extend([0x81, if text.is_some() { 0x80 } else { 0x83 }, 0, 1, 0, u8::from(text.is_some()), 0, 0, 0, 0]);
    out.extend(question);
    if let Some(text) = text {
        let mut data = Vec::new();
        for part in text.as_bytes().chunks(255) {
            data.push(u8::try_from(part.len()).unwrap());
            data.extend(part);
        }
        out.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        out.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        out.extend(data);
    }
    out
}

async fn authenticator(zone: Option<HashMap<&'static str, String>>) -> Authenticator {
    let addr = name_server(zone).await;
    let mut server = NameServerConfig::udp(addr.ip());
    server.connections[0].port = addr.port();
    let config = ResolverConfig::from_parts(None, vec![], vec![server]);
    Authenticator::new(config, ResolverOpts::default(), "mx.sonnim.test", Duration::from_millis(800)).unwrap()
}

/// The sample key of RFC 8463.
const SEED: &str = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
const PUBLIC: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

fn zone() -> HashMap<&'static str, String> {
    HashMap::from([
        ("example.org", "v=spf1 ip4:192.0.2.0/24 -all".to_owned()),
        ("key._domainkey.example.org", format!("v=DKIM1; k=ed25519; p={PUBLIC}")),
        ("_dmarc.example.org", "v=DMARC1; p=reject".to_owned()),
    ])
}

fn signed(from: &str) -> Vec<u8> {
    let mail = format!("From: Ada <{from}>\r\nSubject: hi\r\n\r\nhello\r\n");
    let decode = |text: &str| data_encoding::BASE64.decode(text.as_bytes()).unwrap();
    let key = Ed25519Key::from_seed_and_public_key(&decode(SEED), &decode(PUBLIC)).unwrap();
    let signer = DkimSigner::from_key(key).domain("example.org").selector("key").headers(["From", "Subject"]);
    (signer.sign(mail.as_bytes()).unwrap().to_header() + &mail).into_bytes()
}

fn from_ip(ip: &str) -> Origin<'static> {
    let ip: IpAddr = ip.parse().unwrap();
    Origin { ip: Some(ip), helo: Some("mail.example.org"), envelope_from: Some("ada@example.org") }
}

#[tokio::test]
async fn an_honest_mail_passes_everything() {
    let found = authenticator(Some(zone())).await.check(&signed("ada@example.org"), from_ip("192.0.2.7")).await;
    assert_eq!((found.spf, found.dkim, found.dmarc), (Verdict::Pass, Verdict::Pass, Verdict::Pass));
    assert_eq!(found.header_from_domain.as_deref(), Some("example.org"));
    assert!(found.proves_author());
}

#[tokio::test]
async fn a_signature_alone_proves_the_author_behind_our_own_mta() {
    let found = authenticator(Some(zone())).await.check(&signed("ada@example.org"), Origin::default()).await;
    assert_eq!((found.spf, found.dkim, found.dmarc), (Verdict::None, Verdict::Pass, Verdict::Pass));
}

#[tokio::test]
async fn a_forged_from_fails() {
    let forged = b"From: ada@example.org\r\nSubject: hi\r\n\r\nhello\r\n";
    let found = authenticator(Some(zone())).await.check(forged, from_ip("203.0.113.9")).await;
    assert_eq!((found.spf, found.dkim, found.dmarc), (Verdict::Fail, Verdict::None, Verdict::Fail));
    assert!(!found.proves_author());
}

#[tokio::test]
async fn a_changed_mail_fails() {
    let mut mail = signed("ada@example.org");
    mail.extend_from_slice(b"PS: send money\r\n");
    let found = authenticator(Some(zone())).await.check(&mail, from_ip("203.0.113.9")).await;
    assert_eq!((found.dkim, found.dmarc), (Verdict::Fail, Verdict::Fail));
}

#[tokio::test]
async fn another_domain_s_signature_does_not_speak_for_the_author() {
    let mut zone = zone();
    zone.insert("_dmarc.bank.test", "v=DMARC1; p=none".into());
    let found = authenticator(Some(zone)).await.check(&signed("ceo@bank.test"), from_ip("192.0.2.7")).await;
    assert_eq!((found.spf, found.dkim, found.dmarc), (Verdict::Pass, Verdict::Pass, Verdict::Fail));
    assert!(!found.proves_author());
}

#[tokio::test]
async fn two_authors_prove_neither() {
    let two = b"From: ada@example.org, ceo@bank.test\r\n\r\nhello\r\n";
    let found = authenticator(Some(zone())).await.check(two, from_ip("192.0.2.7")).await;
    assert_eq!((found.header_from_domain.as_deref(), found.proves_author()), (None, false));
}

#[tokio::test]
async fn a_domain_that_publishes_nothing_gives_nothing() {
    let mail = b"From: a@quiet.test\r\n\r\nhello\r\n";
    let origin = Origin { envelope_from: Some("a@quiet.test"), ..from_ip("192.0.2.7") };
    let found = authenticator(Some(zone())).await.check(mail, origin).await;
    assert_eq!((found.spf, found.dkim, found.dmarc), (Verdict::None, Verdict::None, Verdict::None));
}

#[tokio::test]
async fn silent_name_servers_make_temporary_errors_in_time() {
    let authenticator = authenticator(None).await;
    let since = Instant::now();
    let found = authenticator.check(&signed("ada@example.org"), from_ip("192.0.2.7")).await;
    assert!(since.elapsed() < Duration::from_secs(3));
    assert_eq!((found.spf, found.dkim, found.dmarc), (Verdict::TempError, Verdict::TempError, Verdict::TempError));
}

#[tokio::test]
async fn a_thousand_signatures_cost_nothing() {
    let signature = "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=key; h=from; l=1; bh=AA==; b=AA==\r\n";
    let mail = signature.repeat(1000) + "From: ada@example.org\r\n\r\n" + &"x".repeat(1 << 20);
    let since = Instant::now();
    let found = authenticator(Some(zone())).await.check(mail.as_bytes(), from_ip("192.0.2.7")).await;
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    assert_eq!((found.dkim, found.dmarc), (Verdict::PermError, Verdict::Pass));
}
