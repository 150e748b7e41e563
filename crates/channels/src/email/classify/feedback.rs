//! Abuse reports: RFC 5965 (ARF) and its older kin.

use std::sync::LazyLock;

use regex::Regex;

use super::bounce::{original, pattern, report};
use super::headers::Headers;
use super::pieces::Pieces;
use crate::email::mail::{Bounce, BouncedRecipient};

static TYPE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?mi)^feedback-type:[ \t]*([a-z-]+)"));
static PARTNER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?mi)^(?:user-agent|source-ip|original-mail-from|original-rcpt-to|reported-domain|arrival-date|version):"));
static RECIPIENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?mi)^(?:original-rcpt-to|removal-recipient|final-recipient|redacted-address|x-hmxmroriginalrecipient)[ \t]*:[ \t]*(?:rfc822[ \t]*;[ \t]*)?<?([^\s<>;,]+@[^\s<>;,]+)",
    )
});
static COMPLAINT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^(?:complaint about message from\b|email feedback report for ip\b)"));

/// The report, when this is one. Its recipients are those who complained and must not be written to again;
/// a report about failed authentication names none.
pub(super) fn read(headers: &Headers, pieces: &Pieces<'_>) -> Option<Bounce> {
    if let Some(report) = notified(headers, pieces) {
        return Some(report);
    }
    let returned = pieces.list.iter().any(|piece| piece.nested.is_some() || super::pieces::is_returned(&piece.media_type));
    let declared = headers.report_type == "feedback-report" || pieces.find("message/feedback-report").is_some();
    let report = pieces
        .find("message/feedback-report")
        .or_else(|| pieces.list.iter().find(|piece| piece.nested.is_none() && TYPE.is_match(&piece.text) && PARTNER.is_match(&piece.text)));
    let own_part = pieces.list.iter().skip(1).any(|piece| report.is_some_and(|report| std::ptr::eq(report, piece)));
    let machine_made =
        own_part || headers.media_type == "multipart/report" || headers.null_return_path() || headers.first("auto-submitted").is_some();
    let older = returned && COMPLAINT.is_match(headers.subject.trim())
        || headers.first("x-arf").is_some_and(|value| value.eq_ignore_ascii_case("yes"))
        || headers.first("x-xarf").is_some();
    if !(declared || older || report.is_some() && returned && machine_made) {
        return None;
    }
    let fields = report.map(|piece| piece.text.as_str()).unwrap_or_default();
    let about_people = TYPE.captures(fields).is_none_or(|found| {
        matches!(found[1].to_ascii_lowercase().as_str(), "abuse" | "fraud" | "opt-out" | "opt-out-list" | "miscategorized" | "other")
    });
    let returned = original::returned(pieces, "");
    let mut recipients = Vec::new();
    if about_people {
        recipients.extend(RECIPIENT.captures_iter(fields).map(|found| found[1].to_owned()));
        if recipients.is_empty() {
            recipients.extend(RECIPIENT.captures_iter(&returned.header).map(|found| found[1].to_owned()));
        }
        if recipients.is_empty() {
            recipients.extend(returned.to.into_iter().take(1));
        }
    }
    recipients.dedup();
    Some(Bounce {
        original_message_id: returned.message_id,
        recipients: recipients.into_iter().map(|address| BouncedRecipient { address: Some(address), ..BouncedRecipient::default() }).collect(),
    })
}

/// A complaint as Amazon's notification service sends it: JSON from a sender nobody reads.
fn notified(headers: &Headers, pieces: &Pieces<'_>) -> Option<Bounce> {
    if !super::auto_reply::is_automatic(headers) {
        return None;
    }
    let root = report::notification(&pieces.list.first()?.text)?;
    let list = root.pointer("/complaint/complainedRecipients")?.as_array()?;
    let id = root.pointer("/mail/commonHeaders/messageId").or_else(|| root.pointer("/mail/messageId"));
    Some(Bounce {
        original_message_id: id.and_then(|id| id.as_str()).map(|id| id.trim_matches(['<', '>']).to_owned()),
        recipients: list
            .iter()
            .map(|one| BouncedRecipient {
                address: one.get("emailAddress").and_then(|a| a.as_str()).map(ToOwned::to_owned),
                ..BouncedRecipient::default()
            })
            .collect(),
    })
}
