//! Is this a person's mail, an automatic one, a bounce or an abuse report?
//!
//! Everything is read from headers and structure. Words (of some thirty languages) only confirm what a header already hints at:
//! a person who writes about a bounce, or "out of office" in a subject, stays a person.

mod auto_reply;
mod bounce;
mod feedback;
mod headers;
mod pieces;
mod smtp_code;

#[cfg(test)]
mod tests;

use super::mail::{Bounce, Kind, Mail};
use headers::Headers;
use pieces::Pieces;

/// What the mail is, and what its report says.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// The sort of mail.
    pub kind: Kind,
    /// The report's content.
    pub bounce: Option<Bounce>,
}

/// Decides by headers and structure first; localised words count only together with a header.
///
/// Cost: linear in the size of the mail's headers plus a capped amount of its text.
pub fn classify(parsed: &mail_parser::Message<'_>, _mail: &Mail) -> Verdict {
    let headers = Headers::of(parsed);
    let pieces = Pieces::of(parsed);
    if auto_reply::is_receipt(&headers, &pieces) {
        return Verdict { kind: Kind::AutoReply, bounce: None };
    }
    if let Some(report) = feedback::read(&headers, &pieces) {
        return Verdict { kind: Kind::FeedbackReport, bounce: Some(report) };
    }
    if let Some(report) = bounce::read(parsed, &headers, &pieces) {
        return Verdict { kind: Kind::Bounce, bounce: Some(report) };
    }
    if auto_reply::is_automatic(&headers) {
        return Verdict { kind: Kind::AutoReply, bounce: None };
    }
    Verdict::default()
}
