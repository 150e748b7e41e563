//! `sonnim inbox …`: inboxes and the mailboxes behind them.

use desk::Refusal;
use desk::inbox::{self, NewInbox, NewIncoming, NewOutgoing};
use model::Secret;
use model::inbox::{AfterFetch, Auth, Health, Imap, Incoming, Outgoing, Security, Smtp};
use serde_json::json;
use url::Url;

use super::people::scope;
use crate::config::Config;
use crate::failure::Failure;
use crate::open::with_desk;
use crate::{Answer, cli};

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Store(error) => error.into(),
            taken @ Refusal::Invalid { code: "taken", .. } => Self::Refused(taken.to_string()),
            other => Self::Failed(other.to_string()),
        }
    }
}

/// `sonnim inbox create`.
pub fn create(config: &Config, form: cli::InboxCreate, answer: Answer) -> Result<(), Failure> {
    let incoming = match &form.imap_url {
        Some(url) => imap(url, password("SONNIM_IMAP_PASSWORD"))?,
        None => NewIncoming { incoming: Incoming::Delivered, password: None },
    };
    let outgoing = match &form.smtp_url {
        Some(url) => smtp(url, password("SONNIM_SMTP_PASSWORD"))?,
        None => NewOutgoing { outgoing: Outgoing::None, password: None },
    };
    let new = NewInbox { name: form.name, address: form.address, from_name: None, open_to_all: !form.members_only, members: Vec::new() };
    let made = with_desk(config, async |desk| {
        let scope = scope(desk).await?;
        let mut tx = desk.begin().await?;
        let made = inbox::create(&mut tx, &scope, new).await?;
        inbox::connect(&mut tx, &desk.keys, &scope, made.id, (incoming, outgoing), rand::random()).await?;
        tx.commit().await?;
        Ok(made)
    })?;
    answer.give(&json!({ "id": made.id, "name": made.name, "address": made.address.as_str() }), || made.id.to_string())
}

/// `sonnim inbox list`.
pub fn list(config: &Config, answer: Answer) -> Result<(), Failure> {
    let inboxes = with_desk(config, async |desk| {
        let scope = scope(desk).await?;
        Ok(store::inbox::list(&mut desk.store.read().await?, scope.workspace).await?)
    })?;
    let value: Vec<_> = inboxes
        .iter()
        .map(|i| {
            json!({ "id": i.id, "name": i.name, "address": i.address.as_str(), "archived": i.archived_at.is_some(),
                    "incoming": i.incoming_health, "outgoing": i.outgoing_health })
        })
        .collect();
    answer.give(&value, || {
        let line = |i: &model::inbox::Inbox| {
            format!("{}  {}  {}  in: {}, out: {}", i.id, i.address.as_str(), i.name, word(&i.incoming_health), word(&i.outgoing_health))
        };
        super::lines_of(&inboxes, line)
    })
}

fn word(health: &Health) -> String {
    match health {
        Health::Off => "off".into(),
        Health::Waiting => "not tried yet".into(),
        Health::Ok { .. } => "works".into(),
        Health::Failing { detail, .. } => format!("fails ({detail})"),
    }
}

fn password(variable: &str) -> Option<Secret> {
    std::env::var(variable).ok().filter(|text| !text.is_empty()).map(Secret::new)
}

struct Server {
    host: String,
    port: u16,
    security: Security,
    user: Option<String>,
}

fn server(url: &Url, protocol: &str, ports: [u16; 2]) -> Result<Server, Failure> {
    let usage = |text: String| Failure::Usage(text);
    let security = match url.scheme().strip_prefix(protocol) {
        Some("s") => Security::Tls,
        Some("+starttls") => Security::Starttls,
        Some("") => Security::None,
        _ => return Err(usage(format!("{url} must begin with {protocol}s://, {protocol}+starttls:// or {protocol}://"))),
    };
    if url.password().is_some() {
        return Err(usage(format!(
            "a password does not belong into the address, where every user of this machine could see it: set SONNIM_{}_PASSWORD",
            protocol.to_uppercase()
        )));
    }
    let host = url.host_str().map(|h| h.trim_matches(['[', ']']).to_owned()).filter(|h| !h.is_empty());
    let host = host.ok_or_else(|| usage(format!("{url} names no host")))?;
    let [tls, plain] = ports;
    let port = url.port().unwrap_or(if security == Security::Tls { tls } else { plain });
    Ok(Server { host, port, security, user: Some(crate::postgres::decoded(url.username())).filter(|user| !user.is_empty()) })
}

/// A password in plain text goes to this machine only.
fn guard(server: &Server, has_password: bool) -> Result<(), Failure> {
    let here = server.host == "localhost" || server.host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if has_password && server.security == Security::None && !here {
        return Err(Failure::Usage(format!("the password would go to {} in plain text: use a scheme with TLS", server.host)));
    }
    Ok(())
}

fn imap(url: &Url, password: Option<Secret>) -> Result<NewIncoming, Failure> {
    let server = server(url, "imap", [993, 143])?;
    guard(&server, password.is_some())?;
    let user_name = server.user.ok_or_else(|| Failure::Usage(format!("{url} names no user: imaps://user%40example.com@host/INBOX")))?;
    if password.is_none() {
        return Err(Failure::Usage("the mailbox needs its password: set SONNIM_IMAP_PASSWORD".into()));
    }
    let folder = crate::postgres::decoded(url.path().trim_matches('/'));
    let folder = if folder.is_empty() { "INBOX".to_owned() } else { folder };
    let (host, port, security) = (server.host, server.port, server.security);
    let imap = Imap { host, port, security, user_name, auth: Auth::Password, folder, after_fetch: AfterFetch::Leave };
    Ok(NewIncoming { incoming: Incoming::Imap(imap), password })
}

fn smtp(url: &Url, password: Option<Secret>) -> Result<NewOutgoing, Failure> {
    let server = server(url, "smtp", [465, 587])?;
    guard(&server, password.is_some())?;
    if server.user.is_some() != password.is_some() {
        return Err(Failure::Usage(
            "user name and password belong together: set SONNIM_SMTP_PASSWORD and put the user into --smtp-url, or neither".into(),
        ));
    }
    let (host, port, security) = (server.host, server.port, server.security);
    let smtp = Smtp { host, port, security, user_name: server.user, auth: Auth::Password };
    Ok(NewOutgoing { outgoing: Outgoing::Smtp(smtp), password })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_says_host_port_user_folder_and_protection() {
        let made = imap(&url("imaps://help%40acme.example@mail.acme.example/Support%20mail"), Some(Secret::new("x"))).unwrap();
        let Incoming::Imap(imap) = made.incoming else { panic!("no IMAP") };
        assert_eq!((imap.host.as_str(), imap.port, imap.security), ("mail.acme.example", 993, Security::Tls));
        assert_eq!((imap.user_name.as_str(), imap.folder.as_str()), ("help@acme.example", "Support mail"));
        let made = smtp(&url("smtp+starttls://mail.acme.example"), None).unwrap();
        let Outgoing::Smtp(smtp) = made.outgoing else { panic!("no SMTP") };
        assert_eq!((smtp.port, smtp.security, smtp.user_name), (587, Security::Starttls, None));
    }

    #[test]
    fn a_password_in_the_address_or_in_plain_text_over_the_network_is_refused() {
        assert!(smtp(&url("smtps://u:secret@mail.acme.example"), None).is_err());
        assert!(smtp(&url("smtp://u@mail.acme.example"), Some(Secret::new("x"))).is_err());
        assert!(smtp(&url("smtp://u@127.0.0.1:2525"), Some(Secret::new("x"))).is_ok());
    }
}
