//! Short texts that people type.

use crate::Refusal;

/// One line: trimmed, not empty, without control characters (which would be headers of their own in a mail).
pub fn line(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    let text = optional_line(field, text, most)?;
    if text.is_empty() { Err(Refusal::invalid(field, "missing", "Write something here.")) } else { Ok(text) }
}

/// As [`line`], but may be empty.
pub fn optional_line(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().count() > most {
        return Err(Refusal::invalid(field, "too_long", format!("Use at most {most} characters.")));
    }
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(Refusal::invalid(field, "invalid", "Write it in one line."));
    }
    Ok(text.to_owned())
}

/// A text of several lines.
pub fn text(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    if text.chars().count() > most {
        return Err(Refusal::invalid(field, "too_long", format!("Use at most {most} characters.")));
    }
    Ok(text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line("name", "  Support ", 20).unwrap(), "Support");
        for bad in ["", "  ", "a\r\nBcc: x@y", "a\nb", "a\u{2028}b", &"x".repeat(21)] {
            assert!(line("name", bad, 20).is_err(), "{bad:?}");
        }
    }
}
