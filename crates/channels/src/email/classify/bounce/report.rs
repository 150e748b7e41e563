//! The fields of a delivery status report (RFC 3464), also where they are written a little wrong.

use std::sync::LazyLock;

use regex::Regex;

use super::{notice, original, pattern};
use crate::email::classify::smtp_code;

static FIELD: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[ \t>]{0,3}([A-Za-z][A-Za-z0-9-]{2,40})[ \t]*:[ \t]*(.*)$"));
static RECIPIENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?mi)^[ \t>]{0,3}(?:final|original)-recipient[ \t]*:"));
static STATUS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[^0-9]{0,4}([245]\.[0-9]{1,3}\.[0-9]{1,3})"));

/// What a report says of one recipient.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    pub address: Option<String>,
    pub action: String,
    pub status: Option<String>,
    /// What the server said, without the leading type.
    pub diagnostic: String,
    /// Words after the status code.
    pub comment: String,
    pub original_message_id: Option<String>,
    named: bool,
    final_address: Option<String>,
}

impl Entry {
    /// True when the mail reached its mailbox or was handed on.
    pub fn arrived(&self) -> bool {
        matches!(self.action.as_str(), "delivered" | "relayed" | "expanded" | "deliverable")
            || self.action != "failed" && self.status.as_deref().is_some_and(|status| status.starts_with('2'))
    }

    /// True while the sender is still trying.
    pub fn delayed(&self) -> bool {
        self.action == "delayed"
    }
}

/// The entries of a report that stands in a text of its own.
pub(super) fn entries_in_text(text: &str) -> Vec<Entry> {
    RECIPIENT.find(text).map(|_| entries(text)).unwrap_or_default()
}

/// The entries of a `message/delivery-status` part.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let mut done: Vec<Entry> = Vec::new();
    let mut now = Entry::default();
    let mut message_id = None;
    for (name, value) in fields(text) {
        let repeats = name == "final-recipient" && now.final_address.is_some()
            || name == "action" && !now.action.is_empty() && now.named
            || name == "original-recipient" && now.named && now.status.is_some();
        // A blank line ends an entry once somebody is named in it.
        if (name.is_empty() || repeats) && now.named {
            done.push(std::mem::take(&mut now));
        }
        match name.as_str() {
            "original-recipient" => {
                now.named = true;
                now.address = address(&value).or(now.address);
            }
            "final-recipient" => {
                now.named = true;
                now.final_address = Some(value.clone());
                now.address = now.address.or_else(|| address(&value));
            }
            "x-actual-recipient" => now.address = now.address.or_else(|| address(&value)),
            "action" => now.action = value.split([' ', ';', '(']).next().unwrap_or_default().to_ascii_lowercase(),
            "status" => {
                now.status = STATUS.captures(&value).map(|found| found[1].to_owned());
                now.comment = value;
            }
            "diagnostic-code" | "x-supplementary-info" => {
                let said = value.split_once(';').filter(|(kind, _)| !kind.trim().contains(' ')).map_or(value.as_str(), |(_, said)| said).trim();
                if !now.diagnostic.is_empty() {
                    now.diagnostic.push(' ');
                }
                now.diagnostic.push_str(said);
            }
            "original-message-id" | "x-original-message-id" => message_id = message_id.or_else(|| original::first_id(&value)),
            _ => {}
        }
    }
    if now.named {
        done.push(now);
    }
    if let Some(first) = done.first_mut() {
        first.original_message_id = message_id;
    }
    done
}

/// Unfolded fields; a blank line gives a nameless one.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut list: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.trim().is_empty() {
            list.push((String::new(), String::new()));
        } else if let Some(found) = FIELD.captures(line).filter(|_| !is_continuation(line, list.last())) {
            list.push((found[1].to_ascii_lowercase(), found[2].trim().to_owned()));
        } else if let Some((name, value)) = list.last_mut().filter(|(name, _)| !name.is_empty() && !line.starts_with("--"))
            && (name != "status" || line.starts_with([' ', '\t']))
        {
            value.push(' ');
            value.push_str(line.trim());
        }
    }
    list
}

/// "    to: …" under a Diagnostic-Code belongs to it, an indented "Final-Recipient:" does not.
fn is_continuation(line: &str, last: Option<&(String, String)>) -> bool {
    line.starts_with([' ', '\t'])
        && last.is_some_and(|(name, _)| !name.is_empty())
        && !line.trim_start().to_ascii_lowercase().starts_with("final-recipient")
}

fn address(value: &str) -> Option<String> {
    let bare = value.split_once(';').map_or(value, |(_, rest)| rest).trim();
    notice::addresses(bare).next().or_else(|| {
        let bare = bare.trim_matches(['<', '>', '"']);
        (!bare.is_empty() && bare.len() < 256 && !bare.contains(char::is_whitespace)).then(|| bare.to_owned())
    })
}

/// The recipients of a report in JSON, as Amazon's notification service sends it.
pub(super) fn json_entries(text: &str) -> Vec<Entry> {
    let Some(root) = notification(text) else { return Vec::new() };
    let word = |value: &serde_json::Value, key: &str| value.get(key).and_then(|v| v.as_str()).map(ToOwned::to_owned);
    let temporary = root.pointer("/bounce/bounceType").and_then(|v| v.as_str()).is_some_and(|kind| kind == "Transient");
    let message_id = root.pointer("/mail/commonHeaders/messageId").or_else(|| root.pointer("/mail/messageId")).and_then(|v| v.as_str());
    let list = root.pointer("/bounce/bouncedRecipients").and_then(|v| v.as_array()).map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .map(|one| {
            let diagnostic = word(one, "diagnosticCode").unwrap_or_default();
            Entry {
                address: word(one, "emailAddress").and_then(|a| address(&a)),
                action: if temporary { "delayed".into() } else { word(one, "action").unwrap_or_default().to_ascii_lowercase() },
                status: word(one, "status").filter(|s| STATUS.is_match(s)).or_else(|| smtp_code::status(&diagnostic)),
                diagnostic,
                original_message_id: message_id.map(|id| id.trim_matches(['<', '>']).to_owned()),
                named: true,
                ..Entry::default()
            }
        })
        .collect()
}

/// The JSON object of such a notification, bare or wrapped in an envelope.
pub(in crate::email::classify) fn notification(text: &str) -> Option<serde_json::Value> {
    let text = text.trim_start();
    if !text.starts_with('{') {
        return None;
    }
    // Long lines get broken on the way, also inside strings.
    let text = text.replace('\n', "");
    let outer = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>().next()?.ok()?;
    let inner = outer.get("Message").and_then(|m| m.as_str()).and_then(|m| serde_json::from_str::<serde_json::Value>(m).ok());
    Some(inner.unwrap_or(outer))
}
