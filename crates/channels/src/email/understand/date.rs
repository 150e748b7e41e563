//! Dates of mail.

use jiff::Timestamp;

/// The time that a Date field says; `None` when it makes no sense.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let parsed = mail_parser::DateTime::parse_rfc822(text).filter(mail_parser::DateTime::is_valid).or_else(|| {
        let iso = text.as_bytes().first_chunk::<5>().is_some_and(|b| b[..4].iter().all(u8::is_ascii_digit) && b[4] == b'-');
        iso.then(|| mail_parser::DateTime::parse_rfc3339(&text.replacen(' ', "T", 1))).flatten().filter(mail_parser::DateTime::is_valid)
    })?;
    // Years of mail only: clocks that were never set say 1601 or 1970.
    (1971..=2200).contains(&parsed.year).then(|| Timestamp::from_second(parsed.to_timestamp()).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_and_unusual_dates_are_read() {
        for (text, want) in [
            ("Tue, 3 Feb 2026 10:11:12 +0900", Some("2026-02-03T01:11:12Z")),
            ("3 Feb 26 10:11 GMT", Some("2026-02-03T10:11:00Z")),
            ("2026-02-03T10:11:12Z", Some("2026-02-03T10:11:12Z")),
            ("Tue, 3 Feb 2026 10:11:12 -0800 (PST)", Some("2026-02-03T18:11:12Z")),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(parse(text).map(|t| t.to_string()).as_deref(), want, "{text}");
        }
    }
}
