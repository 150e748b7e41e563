//! `sonnim mail deliver` and `sonnim mail replay`.

use std::io::Read;
use std::path::Path;

use desk::Desk;
use desk::mail::{self, AcceptError, QuarantineError};
use model::{EmailAddress, InboundMailId};
use serde_json::json;
use store::inbound_mail::{Envelope, State};

use super::people::scope;
use crate::Answer;
use crate::config::Config;
use crate::failure::Failure;
use crate::open::with_desk;

/// `sonnim mail deliver`: durable when it returns. A running server processes it within a second.
pub fn deliver(config: &Config, to: &[EmailAddress], file: Option<&Path>, answer: Answer) -> Result<(), Failure> {
    let raw = read(file)?;
    let ids = with_desk(config, async |desk| {
        let recipients = if to.is_empty() { recipients(&raw) } else { to.to_vec() };
        let envelope = Envelope { via: "cli", ..Envelope::default() };
        mail::accept(desk, &recipients, envelope, raw.into()).await.map_err(|error| match error {
            AcceptError::UnknownRecipient => {
                Failure::Failed("no inbox has an address that this mail is for; name one with --to (see: sonnim inbox list)".into())
            }
            other => Failure::Failed(other.to_string()),
        })
    })?;
    answer.give(&json!({ "ids": ids }), || super::lines_of(&ids, ToString::to_string))
}

/// The desk says what is too large; this only keeps an endless stdin out of memory.
const READ_AT_MOST: u64 = 100 * 1024 * 1024;

fn read(file: Option<&Path>) -> Result<Vec<u8>, Failure> {
    let mut raw = Vec::new();
    match file {
        None => std::io::stdin().take(READ_AT_MOST).read_to_end(&mut raw).map_err(Failure::failed("reading stdin"))?,
        Some(file) => {
            let say = || Failure::failed(file.display().to_string());
            std::fs::File::open(file).map_err(say())?.take(READ_AT_MOST).read_to_end(&mut raw).map_err(say())?
        }
    };
    Ok(raw)
}

/// Everyone that the mail says it is for: there is no envelope.
fn recipients(raw: &[u8]) -> Vec<EmailAddress> {
    let head = mail_head(raw);
    let parsed = channels::email::understand(head);
    let named = parsed.to.iter().chain(&parsed.cc).filter_map(|m| m.address.as_deref()).filter_map(|a| a.parse().ok());
    let mut all: Vec<EmailAddress> = delivered_to(head).into_iter().chain(named).collect();
    let mut seen = std::collections::HashSet::new();
    all.retain(|a| seen.insert(a.folded()));
    all
}

fn mail_head(raw: &[u8]) -> &[u8] {
    let end = raw.windows(4).position(|w| w == b"\r\n\r\n").map(|at| at + 4);
    let end = end.or_else(|| raw.windows(2).position(|w| w == b"\n\n").map(|at| at + 2));
    &raw[..end.unwrap_or(raw.len())]
}

/// Delivered-To and X-Original-To, as a mail server writes them.
fn delivered_to(head: &[u8]) -> Vec<EmailAddress> {
    String::from_utf8_lossy(head)
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| ["delivered-to", "x-original-to"].iter().any(|wanted| name.eq_ignore_ascii_case(wanted)))
        .filter_map(|(_, value)| value.trim().trim_matches(['<', '>']).parse().ok())
        .collect()
}

/// `sonnim mail replay`.
pub fn replay(config: &Config, ids: Vec<InboundMailId>, quarantined: bool, answer: Answer) -> Result<(), Failure> {
    let replayed = with_desk(config, async |desk| {
        let ids = if quarantined { all_quarantined(desk).await? } else { ids };
        let scope = scope(desk).await?;
        for id in &ids {
            let mut tx = desk.begin().await?;
            mail::reopen(&mut tx, &scope, *id).await.map_err(|error| match error {
                QuarantineError::NotFound => Failure::Refused(format!("{id} is not in quarantine")),
                other => Failure::Failed(other.to_string()),
            })?;
            tx.commit().await?;
        }
        Ok(ids)
    })?;
    if replayed.is_empty() {
        return Err(Failure::Refused("no mail is in quarantine".into()));
    }
    answer.give(&json!({ "ids": replayed }), || format!("{} queued to be processed again", replayed.len()))
}

async fn all_quarantined(desk: &Desk) -> Result<Vec<InboundMailId>, Failure> {
    let scope = scope(desk).await?;
    let mut conn = desk.store.read().await?;
    let mut ids = Vec::new();
    loop {
        let page = store::inbound_mail::page(&mut conn, scope.workspace, State::Quarantined, ids.last().copied(), 100).await?;
        let count = page.items.len();
        ids.extend(page.items.into_iter().map(|mail| mail.id));
        if count < 100 {
            return Ok(ids);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_without_an_envelope_goes_to_everyone_it_names_once() {
        let raw = b"Delivered-To: <team@acme.example>\r\nTo: Help <help@acme.example>, HELP@acme.example\r\nCc: x@other.example\r\n\r\nTo: not@this.example\r\n";
        let named: Vec<String> = recipients(raw).iter().map(EmailAddress::folded).collect();
        assert_eq!(named, ["team@acme.example", "help@acme.example", "x@other.example"]);
    }
}
