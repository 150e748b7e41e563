//! Free-form failure notices: whom they are about, and what they say of each.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern;
use crate::email::classify::headers::Headers;

/// No more lines than this are looked at.
const MOST_LINES: usize = 2000;
/// No more text than this is kept about one recipient.
const MOST_ABOUT: usize = 2048;

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?:"[^"\s@]{1,64}"|[^\s<>@"'(),:;\[\]\\|=*「」（）]{1,64}(?:=[^\s<>@"'(),:;\[\]\\|]{1,64})?)@(?:[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*|\[[0-9a-fA-F.:]+\])"#,
    )
});
/// A line that begins with the address it is about.
static LED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r#"^[\s>*·•\-"'\[]*(?:(?:e-?mail )?(?:address|recipient|to|user|rcpt|recipiente|destinatario|destinataire|empf[aä]nger|受信者|宛先|送信先|받는\s?사람|收件人)\s*[:：]\s*)?[<\[("']?"#,
        r#"(?:mailto:|smtp:|rfc822;)?(?P<a>(?:"[^"\s@]{1,64}"|[^\s<>@"'(),:;\[\]\\|]{1,64})@[\p{L}\p{N}._\[\]-]+?)["'>\])]*(?:\s*$|[:：;,]|\.{2,}|\s*[(<\[]|\s+|\.$|-)"#,
    ))
});
/// A line that says: here come those who did not get it.
static ANNOUNCED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?:did not reach|not (?:be )?delivered to|failed for|undeliverable to)[^@]{0,60}:\s*$"));
static NAMES_FOLLOW: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)following (?:recipients?|users?|address(?:es)?)\b"));
static BARE_NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\p{L}\p{N}][\p{L}\p{N}._+-]{1,63}$"));
static TO_FIELD: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*to\s*:"));
/// An address after words that introduce the one who did not get the mail.
static TOLD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?:recipients?|address(?:es)?|rcpt(?: to)?|your (?:mail|message|e-mail)(?: was not delivered)? to|message to|deliver(?:ed|y|ing)?(?: your (?:mail|message))? to|mail to|sent to|permanent errors|",
        r"mailbox|user|size|account|宛先|アドレス|수신자|받는\s?사람|收件人)[^@\n]{0,24}?[:：\s<\[(]\s*[<\[(]?(?P<a>[^\s<>@,:;()\[\]]{1,64}@[\p{L}\p{N}._-]+)",
    ))
});
static NOT_ABOUT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:>\s*)?(?:message-id|from|reply-to|sender|return-path|in-reply-to|references|x-[a-z-]+|subject|件名|received)\s*:|mail from\s*:|contact|assistance|postmaster@|abuse@|support@",
    )
});

/// All addresses in a text, in order, as written.
pub(super) fn addresses(text: &str) -> impl Iterator<Item = String> {
    ADDRESS
        .find_iter(text)
        .map(|found| found.as_str().trim_end_matches(['.', '-', '_']))
        // X.400 writes "dda:SMTP=ann@example.org".
        .map(|address| address.get(..5).filter(|kind| kind.eq_ignore_ascii_case("smtp=")).map_or(address, |kind| &address[kind.len()..]).to_owned())
        .filter(|address| !address.ends_with('@') && !address.starts_with('@'))
}

/// Those whom the notice says it could not reach.
pub(super) fn recipients(text: &str, headers: &Headers) -> Vec<String> {
    let strangers = |address: &String| {
        let lower = address.to_lowercase();
        let local = lower.split('@').next().unwrap_or_default();
        !headers.to.contains(&lower) && lower != headers.from && !matches!(local, "postmaster" | "mailer-daemon" | "mail-daemon" | "abuse" | "bounce")
    };
    let lines = || text.lines().take(MOST_LINES);
    let mut led: Vec<(bool, String)> = lines()
        .filter_map(|line| LED.captures(line).and_then(|found| addresses(&found["a"]).next()).map(|address| (TO_FIELD.is_match(line), address)))
        .collect();
    // "To:" may belong to a summary of the mail that came back: what stands elsewhere comes first.
    let after_announcement: Vec<String> =
        lines().skip_while(|line| !ANNOUNCED.is_match(line)).skip(1).flat_map(addresses).filter(strangers).collect();
    if led.iter().any(|(field, address)| !field && strangers(address)) || !after_announcement.is_empty() {
        led.retain(|(field, _)| !field);
    }
    let led: Vec<String> = led.into_iter().map(|(_, address)| address).collect();
    let told: Vec<String> = lines()
        .filter(|line| !NOT_ABOUT.is_match(line))
        .flat_map(|line| TOLD.captures_iter(line).filter_map(|found| addresses(&found["a"]).next()).collect::<Vec<_>>())
        .collect();
    let any: Vec<String> = lines().filter(|line| !NOT_ABOUT.is_match(line)).flat_map(addresses).collect();
    let bare = bare_names(text, headers.from.split_once('@').map_or("", |(_, domain)| domain));
    for list in [&led, &after_announcement, &told, &bare, &any] {
        let list: Vec<String> = list.iter().filter(|a| strangers(a)).cloned().collect();
        if !list.is_empty() {
            return list;
        }
    }
    // Somebody who wrote to himself is the recipient too.
    led.into_iter().chain(told).take(1).collect()
}

/// Names without a domain below "the following recipients …:"; the notice comes from their own mail system.
fn bare_names(text: &str, domain: &str) -> Vec<String> {
    if domain.is_empty() {
        return Vec::new();
    }
    let mut lines = text.lines().take(MOST_LINES).map(str::trim_end).skip_while(|line| !NAMES_FOLLOW.is_match(line));
    // The sentence may go on for a line or two before its colon.
    if !lines.by_ref().take(3).any(|line| line.ends_with(':')) {
        return Vec::new();
    }
    lines
        .skip_while(|line| line.is_empty())
        .take_while(|line| line.starts_with([' ', '\t']) && BARE_NAME.is_match(line.trim()))
        .map(|line| format!("{}@{domain}", line.trim()))
        .collect()
}

/// The text from the first mention of an address on (all of it when it is not mentioned).
fn from_first(text: &str, address: Option<&str>) -> String {
    let Some(address) = address else { return text.to_owned() };
    let lower = text.to_ascii_lowercase();
    let start = lower.find(&address.to_ascii_lowercase()).unwrap_or(0);
    // The address may stand at the end of the sentence that says why.
    let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    text[line..].to_owned()
}

/// What a notice says of each of its recipients.
pub(super) struct Sections<'t> {
    text: &'t str,
    by_address: HashMap<String, String>,
}

impl<'t> Sections<'t> {
    /// Gives each line to the recipient that it names, or that the line before it was about.
    pub fn of<'a>(text: &'t str, recipients: impl Iterator<Item = &'a str>) -> Self {
        let mut by_address: HashMap<String, String> = recipients.map(|address| (address.to_lowercase(), String::new())).collect();
        if by_address.len() < 2 {
            return Self { text, by_address: HashMap::new() };
        }
        let mut now: Vec<String> = Vec::new();
        for line in text.lines().take(MOST_LINES) {
            let named: Vec<String> = addresses(line).map(|a| a.to_lowercase()).filter(|a| by_address.contains_key(a)).collect();
            if !named.is_empty() {
                now = named;
                now.dedup();
            }
            for address in &now {
                if let Some(kept) = by_address.get_mut(address).filter(|kept| kept.len() < MOST_ABOUT) {
                    kept.push_str(line);
                    kept.push('\n');
                }
            }
        }
        Self { text, by_address }
    }

    /// The lines about this recipient; when there is only one, everything from the first mention on.
    pub fn about(&self, address: Option<&str>) -> String {
        if self.by_address.is_empty() {
            return from_first(self.text, address);
        }
        address.and_then(|address| self.by_address.get(&address.to_lowercase()).cloned()).unwrap_or_default()
    }

    /// True when the notice is about one recipient only.
    pub fn single(&self) -> bool {
        self.by_address.is_empty()
    }
}
