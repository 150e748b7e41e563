//! One SMTP connection: greeting, hello, TLS, sign-in, mail after mail. Replies are read whole, within limits.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    time::timeout,
};

use super::smtp::Reply;
use crate::email::{
    dial::{Credentials, Dialer, Endpoint, Security, Stream, is_near},
    fault::{Failure, Fault, scrub},
};

/// Longest reply line and most lines of one reply.
const MAX_LINE: u64 = 4096;
const MAX_LINES: usize = 100;

/// What the server offers in its EHLO answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a server offers each or not")]
pub(crate) struct Offers {
    pub(crate) size: Option<usize>,
    pub(crate) dsn: bool,
    pub(crate) utf8: bool,
    pub(crate) eight_bit: bool,
    pub(crate) pipelining: bool,
    pub(crate) start_tls: bool,
    pub(crate) auth: Vec<String>,
}

impl Offers {
    fn of(reply: &RawReply) -> Self {
        let mut offers = Self::default();
        for line in reply.lines.iter().skip(1) {
            let line = line.to_ascii_uppercase();
            let (word, rest) = line.split_once([' ', '=']).unwrap_or((&line, ""));
            match word {
                "SIZE" => offers.size = rest.trim().parse().ok().filter(|&size| size > 0),
                "DSN" => offers.dsn = true,
                "SMTPUTF8" => offers.utf8 = true,
                "8BITMIME" => offers.eight_bit = true,
                "PIPELINING" => offers.pipelining = true,
                "STARTTLS" => offers.start_tls = true,
                "AUTH" => offers.auth.extend(rest.split_whitespace().map(str::to_owned)),
                _ => {}
            }
        }
        offers
    }
}

/// A reply as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawReply {
    pub(crate) code: u16,
    pub(crate) lines: Vec<String>,
}

impl RawReply {
    pub(crate) fn is_positive(&self) -> bool {
        (200..400).contains(&self.code)
    }

    /// Code, enhanced status and text, without `secrets`.
    pub(crate) fn tell(&self, secrets: &[&str]) -> Reply {
        let enhanced = self.lines.first().and_then(|line| line.split(' ').next()).filter(|word| {
            let digits = |s: &str| (1..=3).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
            matches!(word.split('.').collect::<Vec<_>>()[..], [a, b, c] if digits(a) && digits(b) && digits(c))
        });
        let text = self.lines.join(" ");
        Reply { code: self.code, enhanced: enhanced.map(str::to_owned), text: scrub(&text, secrets) }
    }
}

/// The connection ended, or nothing came in time, or what came was no SMTP.
#[derive(Debug)]
pub(crate) enum Broken {
    Closed,
    Silent,
    Nonsense,
}

impl From<std::io::Error> for Broken {
    fn from(_: std::io::Error) -> Self {
        Self::Closed
    }
}

impl From<Broken> for Failure {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Closed => Self::new(Fault::Refused, "The server closed the connection."),
            Broken::Silent => Self::new(Fault::Timeout, "The server did not answer in time."),
            Broken::Nonsense => Self::new(Fault::Protocol, "The server does not speak SMTP."),
        }
    }
}

/// An open connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: BufReader<Box<dyn Stream>>,
    pub(crate) offers: Offers,
    pub(crate) encrypted: bool,
    /// The other side is near enough for a password without TLS.
    near: bool,
    patience: Duration,
}

impl Connection {
    /// Takes over a connected stream: greeting and hello.
    pub(crate) async fn greet(stream: Box<dyn Stream>, encrypted: bool, near: bool, patience: Duration, hello: &str) -> Result<Self, Failure> {
        let stream = BufReader::new(stream);
        let mut connection = Self { stream, offers: Offers::default(), encrypted, near, patience };
        let greeting = connection.read().await?;
        if greeting.code != 220 {
            return Err(refused(&greeting, "The server does not take mail now."));
        }
        connection.hello(hello).await?;
        Ok(connection)
    }

    async fn hello(&mut self, hello: &str) -> Result<(), Failure> {
        let mut reply = self.ask(&format!("EHLO {hello}")).await?;
        if !reply.is_positive() {
            reply = self.ask(&format!("HELO {hello}")).await?;
        }
        if !reply.is_positive() {
            return Err(refused(&reply, "The server refused our hello."));
        }
        self.offers = Offers::of(&reply);
        Ok(())
    }

    /// STARTTLS, verified, and a new hello.
    pub(crate) async fn start_tls(mut self, dialer: &Dialer, host: &str, hello: &str) -> Result<Self, Failure> {
        if !self.offers.start_tls {
            return Err(Failure::new(Fault::Tls, format!("{host} does not offer STARTTLS on this port.")));
        }
        let reply = self.ask("STARTTLS").await?;
        if reply.code != 220 {
            return Err(Failure::said(Fault::Tls, "The server refused STARTTLS.", reply.tell(&[]).text));
        }
        if !self.stream.buffer().is_empty() {
            // Words sent before the handshake could be an attacker's.
            return Err(Failure::new(Fault::Tls, "The server sent words between STARTTLS and the handshake."));
        }
        let stream = dialer.encrypt(host, self.stream.into_inner()).await?;
        let stream = BufReader::new(stream);
        let mut connection = Self { stream, encrypted: true, ..self };
        connection.hello(hello).await?;
        Ok(connection)
    }

    /// Signs in.
    pub(crate) async fn sign_in(&mut self, credentials: &Credentials) -> Result<(), Failure> {
        if !self.encrypted && !self.near {
            return Err(Failure::new(Fault::Tls, "A password is not sent over an unencrypted connection; choose TLS or STARTTLS."));
        }
        let offered = |mechanism: &str| self.offers.auth.iter().any(|m| m == mechanism);
        let secret = credentials.secret();
        let (first, second) = match credentials {
            Credentials::Password { user, password } if offered("PLAIN") => {
                (format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{user}\0{password}"))), vec![])
            }
            Credentials::Password { user, password } if offered("LOGIN") => {
                ("AUTH LOGIN".into(), vec![STANDARD.encode(user), STANDARD.encode(password)])
            }
            Credentials::Bearer { user, token } if offered("XOAUTH2") => {
                // After a fault the server sends its story as a challenge, and waits for an empty line.
                (format!("AUTH XOAUTH2 {}", STANDARD.encode(xoauth2(user, token))), vec![String::new()])
            }
            Credentials::Bearer { user, token } if offered("OAUTHBEARER") => {
                (format!("AUTH OAUTHBEARER {}", STANDARD.encode(oauthbearer(user, token))), vec!["AQ==".into()])
            }
            _ if self.offers.auth.is_empty() => {
                return Err(Failure::new(Fault::SignIn, "The server offers no sign-in on this port and security."));
            }
            _ => {
                let offers = self.offers.auth.join(", ");
                return Err(Failure::new(Fault::SignIn, format!("The server only offers sign-in by {offers}.")));
            }
        };
        let mut reply = self.ask(&first).await?;
        let mut story = String::new();
        for answer in second {
            if reply.code != 334 {
                break;
            }
            if matches!(credentials, Credentials::Bearer { .. }) {
                story = challenge(&reply);
            }
            reply = self.ask(&answer).await?;
        }
        if reply.code == 235 {
            return Ok(());
        }
        let mut said = reply.tell(&[secret]).text;
        if !story.is_empty() {
            said = scrub(&format!("{said} {story}"), &[secret]);
        }
        let said = format!("{} {said}", reply.code);
        if (400..500).contains(&reply.code) {
            return Err(Failure::said(Fault::SignIn, "The server cannot check the sign-in now.", said));
        }
        Err(Failure::sign_in(said))
    }

    /// Sends one line and reads the reply.
    pub(crate) async fn ask(&mut self, line: &str) -> Result<RawReply, Broken> {
        self.write(format!("{line}\r\n").as_bytes()).await?;
        self.read().await
    }

    /// Sends bytes.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        for block in bytes.chunks(256 * 1024) {
            timeout(self.patience, self.stream.get_mut().write_all(block)).await.map_err(|_| Broken::Silent)??;
        }
        timeout(self.patience, self.stream.get_mut().flush()).await.map_err(|_| Broken::Silent)??;
        Ok(())
    }

    /// Reads one reply, all its lines.
    pub(crate) async fn read(&mut self) -> Result<RawReply, Broken> {
        self.read_within(self.patience).await
    }

    /// Reads one reply that may take long (after the final dot).
    pub(crate) async fn read_within(&mut self, patience: Duration) -> Result<RawReply, Broken> {
        timeout(patience, self.read_reply()).await.map_err(|_| Broken::Silent)?
    }

    async fn read_reply(&mut self) -> Result<RawReply, Broken> {
        let mut lines = Vec::new();
        loop {
            let mut line = Vec::new();
            let read = (&mut self.stream).take(MAX_LINE).read_until(b'\n', &mut line).await?;
            if read == 0 {
                return Err(Broken::Closed);
            }
            if line.last() != Some(&b'\n') {
                return Err(if read as u64 == MAX_LINE { Broken::Nonsense } else { Broken::Closed });
            }
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            let code = text.get(..3).and_then(|code| code.parse::<u16>().ok()).filter(|c| (200..600).contains(c));
            let Some(code) = code else { return Err(Broken::Nonsense) };
            lines.push(text.get(4..).unwrap_or_default().to_owned());
            if text.as_bytes().get(3) != Some(&b'-') {
                return Ok(RawReply { code, lines });
            }
            if lines.len() >= MAX_LINES {
                return Err(Broken::Nonsense);
            }
        }
    }

    /// Says good-bye; nobody waits for the answer for long.
    pub(crate) async fn quit(mut self) {
        let _ = timeout(Duration::from_secs(2), self.ask("QUIT")).await;
        let _ = timeout(Duration::from_secs(1), self.stream.get_mut().shutdown()).await;
    }
}

/// Connects, encrypts and signs in, as `endpoint` and `credentials` say.
pub(crate) async fn open(dialer: &Dialer, endpoint: &Endpoint, credentials: Option<&Credentials>, hello: &str) -> Result<Connection, Failure> {
    let addresses = dialer.resolve(&endpoint.host, endpoint.port).await?;
    let tcp = dialer.connect(&addresses).await?;
    let near = tcp.peer_addr().is_ok_and(|peer| is_near(peer.ip()));
    let mut stream: Box<dyn Stream> = Box::new(tcp);
    if endpoint.security == Security::Tls {
        stream = dialer.encrypt(&endpoint.host, stream).await?;
    }
    let encrypted = endpoint.security == Security::Tls;
    let mut connection = Connection::greet(stream, encrypted, near, dialer.patience(), hello).await?;
    if endpoint.security == Security::StartTls {
        connection = connection.start_tls(dialer, &endpoint.host, hello).await?;
    }
    if let Some(credentials) = credentials {
        connection.sign_in(credentials).await?;
    }
    Ok(connection)
}

fn refused(reply: &RawReply, detail: &str) -> Failure {
    Failure::said(Fault::Protocol, detail, format!("{} {}", reply.code, reply.tell(&[]).text))
}

/// What a challenge says, decoded.
fn challenge(reply: &RawReply) -> String {
    let encoded = reply.lines.first().map_or("", |line| line.trim());
    STANDARD.decode(encoded).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// The XOAUTH2 string of Google and Microsoft.
pub(crate) fn xoauth2(user: &str, token: &str) -> String {
    format!("user={user}\x01auth=Bearer {token}\x01\x01")
}

/// The OAUTHBEARER string of RFC 7628.
pub(crate) fn oauthbearer(user: &str, token: &str) -> String {
    format!("n,a={},\x01auth=Bearer {token}\x01\x01", user.replace('=', "=3D").replace(',', "=2C"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_enhanced_status_is_read_from_the_first_word() {
        let reply = RawReply { code: 550, lines: vec!["5.1.1 No such user".into(), "5.1.1 really".into()] };
        assert_eq!(reply.tell(&[]).enhanced.as_deref(), Some("5.1.1"));
        let reply = RawReply { code: 550, lines: vec!["10.0.0.1 is blocked".into()] };
        assert_eq!(reply.tell(&[]).enhanced, None);
    }

    #[test]
    fn offers_are_read_whatever_their_case() {
        let lines = ["mx", "SIZE 1000", "AUTH PLAIN login", "AUTH=XOAUTH2", "dsn", "8bitmime"];
        let offers = Offers::of(&RawReply { code: 250, lines: lines.map(str::to_owned).to_vec() });
        assert_eq!(offers.size, Some(1000));
        assert_eq!(offers.auth, ["PLAIN", "LOGIN", "XOAUTH2"]);
        assert!(offers.dsn && offers.eight_bit && !offers.start_tls);
    }
}
