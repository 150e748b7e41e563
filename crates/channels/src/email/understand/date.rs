//! Dates of mail.

use jiff::Timestamp;

/// The time that a Date field says; `None` when it makes no sense. Without a zone it is taken as UTC.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let iso = text.as_bytes().first_chunk::<5>().is_some_and(|b| b[..4].iter().all(u8::is_ascii_digit) && b[4] == b'-');
    let parsed = if iso {
        mail_parser::DateTime::parse_rfc3339(&text.replacen(' ', "T", 1))
    } else {
        mail_parser::DateTime::parse_rfc822(text).filter(mail_parser::DateTime::is_valid).or_else(|| by_words(text))
    };
    let parsed = parsed.map(full_year).filter(mail_parser::DateTime::is_valid)?;
    (1900..=2200).contains(&parsed.year).then(|| Timestamp::from_second(parsed.to_timestamp()).ok()).flatten()
}

/// Years of two digits (RFC 5322, 4.3).
const fn full_year(mut date: mail_parser::DateTime) -> mail_parser::DateTime {
    date.year += match date.year {
        0..50 => 2000,
        50..1000 => 1900,
        _ => 0,
    };
    date
}

/// Reads a date word by word: day, month, year, time and zone in any order.
fn by_words(text: &str) -> Option<mail_parser::DateTime> {
    let mut date = mail_parser::DateTime { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, tz_before_gmt: false, tz_hour: 0, tz_minute: 0 };
    let mut year = None;
    let text = text.split('(').next().unwrap_or_default();
    for word in text.split([' ', ',', '\t']).filter(|w| !w.is_empty()).take(12) {
        if word.contains(':') {
            let mut numbers = word.split(':').map(str::parse::<u8>);
            date.hour = numbers.next()?.ok()?;
            date.minute = numbers.next()?.ok()?;
            date.second = numbers.next().and_then(Result::ok).unwrap_or(0);
        } else if let Some(zone) = word.strip_prefix(['+', '-']).filter(|z| z.len() == 4) {
            date.tz_before_gmt = word.starts_with('-');
            date.tz_hour = zone.get(..2)?.parse().ok()?;
            date.tz_minute = zone.get(2..)?.parse().ok()?;
        } else {
            for piece in word.split(['-', '/', '.']) {
                if let Some(month) = month(piece) {
                    date.month = month;
                } else if let Ok(number) = piece.parse::<u16>() {
                    match number {
                        1..=31 if date.day == 0 => date.day = number as u8,
                        1..=12 if date.month == 0 && word != piece => date.month = number as u8,
                        _ if year.is_none() => year = Some(number),
                        _ => return None,
                    }
                }
            }
        }
    }
    date.year = year?;
    (date.day > 0 && date.month > 0).then_some(date)
}

fn month(word: &str) -> Option<u8> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = word.get(..3)?.to_ascii_lowercase();
    NAMES.iter().position(|n| *n == start).map(|n| n as u8 + 1)
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
            ("Tue, 3 Feb 2026 10:11", Some("2026-02-03T10:11:00Z")),
            ("03-02-2026 10:11", Some("2026-02-03T10:11:00Z")),
            ("03-Feb-2026 10:11:12 -0330", Some("2026-02-03T13:41:12Z")),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(parse(text).map(|t| t.to_string()).as_deref(), want, "{text}");
        }
    }
}
