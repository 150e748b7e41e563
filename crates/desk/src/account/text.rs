//! Checks of short texts that people type.

use jiff::tz::TimeZone;

use super::AccountError;

/// A name: trimmed, one line, 1 to 120 characters.
pub(super) fn name(field: &'static str, text: &str) -> Result<String, AccountError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AccountError::invalid(field, "missing", "Write a name."));
    }
    if text.chars().count() > 120 {
        return Err(AccountError::invalid(field, "too_long", "Use at most 120 characters."));
    }
    if text.chars().any(char::is_control) {
        return Err(AccountError::invalid(field, "invalid", "Write it in one line."));
    }
    Ok(text.to_owned())
}

/// An IANA time zone that this machine knows.
pub(super) fn time_zone(field: &'static str, text: &str) -> Result<String, AccountError> {
    let well_formed = !text.is_empty() && text.len() <= 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || "/_+-".contains(c));
    // A machine without zone data (a bare container) takes any name of the right form.
    let known = || text == "UTC" || jiff::tz::db().is_definitively_empty() || TimeZone::get(text).is_ok();
    if well_formed && known() {
        return Ok(text.to_owned());
    }
    Err(AccountError::invalid(field, "invalid", "Write a time zone like Asia/Seoul or Europe/Berlin."))
}

/// A signature without scripts, forms or event handlers.
pub(super) fn signature(field: &'static str, html: &str) -> Result<String, AccountError> {
    if html.len() > 20_000 {
        return Err(AccountError::invalid(field, "too_long", "Use at most 20,000 characters."));
    }
    Ok(ammonia::clean(html))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(name("name", "  Mina Park ").unwrap(), "Mina Park");
        for bad in ["", "  ", "a\r\nBcc: x", &"x".repeat(121)] {
            assert!(name("name", bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_signature_keeps_its_looks_and_loses_its_scripts() {
        assert_eq!(signature("s", "<b>Mina</b><script>x()</script><img src=x onerror=y>").unwrap(), "<b>Mina</b><img src=\"x\">");
    }

    #[test]
    fn time_zones_are_real_ones() {
        assert!(time_zone("z", "UTC").is_ok());
        for bad in ["", "Mars/Olympus", "../../etc/passwd", "Asia/Seoul\n"] {
            assert!(time_zone("z", bad).is_err(), "{bad:?}");
        }
    }
}
