//! Finds the SMTP reply code (`550`) and the enhanced status code (`5.1.1`, RFC 3463) in what a server said.

use std::sync::LazyLock;

use regex::Regex;

use super::bounce::pattern;

/// `550 5.1.1`, `550-5.1.1`, `#550 5.2.3`, `550: 5.2.2`, `ERROR_CODE :550, ERROR_CODE :5.1.1`.
static PAIR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[^0-9.])([45][0-9]{2})[\s:,;#(\-]{1,4}(?:error_?code\s*:\s*)?#?([45]\.[0-9]{1,3}\.[0-9]{1,3})(?:[^0-9.]|\.\D|\.?$)"));

/// A reply code where a reply starts: at the start of a line or after words that introduce one.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r#"(?m)(?:^[\s>*|]*|<<<\s*|(?:said|says|error|errors|failure|reason|with|was|is|returned|reply|replied|response|responded|answer|status|"#,
        r#"code|message|command|out|smtp|dsn|server|received|deferred|hatte|sagte|erreur|antwort|ответ|сообщил|応答|エラー|응답|오류|错误|錯誤)"#,
        r#"\s*(?:is|was|code|message)?\s*[:;=\-]*\s*|[\[('"`<#]\s*|;\s*|:\s+|=\s*)#?((?:4[2-7]|5[0-57])[0-9])(?:[\s:;,'"\])>]|-|\.\s|\.?$)"#
    ))
});

/// An enhanced status code; its neighbours are checked by hand, so that addresses and versions are not taken for one.
static STATUS: LazyLock<Regex> = LazyLock::new(|| pattern(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}"));

/// What a server said, in figures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Codes {
    /// `550`
    pub smtp: Option<String>,
    /// `5.1.1`
    pub status: Option<String>,
}

/// Reads the codes of a refusal out of free text. A reply code with a status code beside it is the best evidence.
pub(super) fn find(text: &str) -> Codes {
    if let Some(pair) = PAIR.captures(text) {
        let (smtp, status) = (pair[1].to_owned(), pair[2].to_owned());
        // A sender's own summary ("554 5.0.0 Service unavailable") comes after the refusal itself.
        let before = CODE.captures(text).filter(|code| code.get(1).map(|m| m.start()) < pair.get(1).map(|m| m.start()));
        return match before {
            Some(code) if status.ends_with(".0.0") => Codes { smtp: Some(code[1].to_owned()), status: Some(status) },
            _ => Codes { smtp: Some(smtp), status: Some(status) },
        };
    }
    Codes { smtp: CODE.captures(text).map(|code| code[1].to_owned()), status: status(text) }
}

/// The first enhanced status code of class 4 or 5.
pub(super) fn status(text: &str) -> Option<String> {
    statuses(text).find(|code| !code.starts_with('2')).map(ToOwned::to_owned)
}

/// All enhanced status codes in order.
fn statuses(text: &str) -> impl Iterator<Item = &str> {
    STATUS.find_iter(text).filter(|found| {
        let before = text[..found.start()].chars().next_back();
        let mut after = text[found.end()..].chars();
        let (next, second) = (after.next(), after.next());
        let joined = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '@');
        // "550-5.1.1" is a continuation line, not a version number.
        let starts = before.is_none_or(|c| !joined(c) || c == '-' && ends_with_code(&text[..found.start() - 1]));
        let ends = next.is_none_or(|c| !joined(c) || matches!(c, '.' | '-') && second.is_none_or(|c| !c.is_alphanumeric()));
        starts && ends
    })
    .map(|found| found.as_str())
}

fn ends_with_code(text: &str) -> bool {
    let tail = text.as_bytes();
    tail.len() >= 3 && tail[tail.len() - 3..].iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::find;

    fn codes(text: &str) -> (Option<String>, Option<String>) {
        let found = find(text);
        (found.smtp, found.status)
    }

    fn pair(smtp: &str, status: &str) -> (Option<String>, Option<String>) {
        (some(smtp), some(status))
    }

    fn some(code: &str) -> Option<String> {
        (!code.is_empty()).then(|| code.to_owned())
    }

    #[test]
    fn a_reply_with_an_enhanced_code_gives_both() {
        assert_eq!(codes("host mx.shop.test said: 550 5.1.1 <a@shop.test>: unknown"), pair("550", "5.1.1"));
    }

    #[test]
    fn a_continued_reply_gives_both() {
        assert_eq!(codes("said: 550-5.7.1 blocked 550 5.7.1 for now"), pair("550", "5.7.1"));
    }

    #[test]
    fn a_code_in_brackets_is_found() {
        assert_eq!(codes("no such mailbox (#5.1.1)"), pair("", "5.1.1"));
    }

    #[test]
    fn addresses_and_versions_are_no_codes() {
        assert_eq!(codes("connect to 192.0.2.5 (v5.5.2652.78), 4.16.55.1 and 5.2.7-beta failed"), pair("", ""));
    }

    #[test]
    fn a_bare_reply_code_is_found_after_words_that_introduce_it() {
        assert_eq!(codes("The error that the other server returned was: 500 no TLS here"), pair("500", ""));
    }

    #[test]
    fn a_number_in_a_sentence_is_no_reply_code() {
        assert_eq!(codes("I bought 550 apples and 421 pears"), pair("", ""));
    }

    #[test]
    fn the_refusal_comes_before_the_senders_own_summary() {
        assert_eq!(codes("<<< 550 Unknown user a@shop.test\n554 5.0.0 Service unavailable"), pair("550", "5.0.0"));
    }
}
