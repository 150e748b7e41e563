//! Finds the SMTP reply code (`550`) and the enhanced status code (`5.1.1`, RFC 3463) in what a server said.

use std::sync::LazyLock;

use regex::Regex;

use super::bounce::pattern;

/// `550 5.1.1`, `550-5.1.1`, `#550 5.2.3`, `550: 5.2.2`, `ERROR_CODE :550, ERROR_CODE :5.1.1`.
static PAIR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)(?:^|[^0-9.])([45][0-9]{2})[\s:,;#(\-]{1,4}(?:error_?code\s*:\s*)?#?([45]\.[0-9]{1,3}\.[0-9]{1,3})(?:[^0-9.]|\.\D|\.?$)")
});

/// A reply code where a reply starts: at the start of a line or after words that introduce one.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r#"(?mi)(?:^[\s>*|]*|<<<\s*|(?:said|says|error|errors|failure|reason|with|was|is|returned|reply|replied|response|responded|answer|status|"#,
        r#"code|message|command|out|smtp|dsn|server|received|deferred|hatte|sagte|erreur|antwort|ответ|сообщил|応答|エラー|응답|오류|错误|錯誤)"#,
        r#"\s*(?:is|was|code|message)?\s*[:：;=\-]*\s*|：\s*|[\[('"`<#]\s*|;\s*|:\s+|=\s*)#?((?:4[2-7]|5[0-57])[0-9])(?:[\s:;,'"\])>]|-|\.\s|\.?$)"#
    ))
});

/// An enhanced status code; its neighbours are checked by hand, so that addresses and versions are not taken for one.
static STATUS: LazyLock<Regex> = LazyLock::new(|| pattern(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}"));

/// `554 <a@b>... 550 Host unknown`: the sender's code, then the one it was told.
static WRAPPED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^[\s>]*[45][0-9]{2} [^\n]{1,200}?\.\.\. ([45][0-9]{2}) "));

/// What a server said, in figures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Codes {
    /// `550`
    pub smtp: Option<String>,
    /// `5.1.1`
    pub status: Option<String>,
    /// What it said, from the code on.
    pub said: String,
}

/// Reads the codes of a refusal out of free text. A reply code with a status code beside it is the best evidence.
pub(super) fn find(text: &str) -> Codes {
    let code = WRAPPED.captures(text).or_else(|| CODE.captures(text)).and_then(|found| found.get(1));
    let Some(pair) = PAIR.captures(text) else {
        let said = code.map(|found| reply(&text[found.start()..])).unwrap_or_default();
        return Codes { smtp: code.map(|found| found.as_str().to_owned()), status: status(text), said };
    };
    let (Some(smtp), Some(status)) = (pair.get(1), pair.get(2)) else { return Codes::default() };
    // A sender's own summary ("554 5.0.0 Service unavailable") comes after the refusal itself.
    let smtp = code.filter(|code| code.start() < smtp.start() && status.as_str().ends_with(".0.0")).unwrap_or(smtp);
    Codes { smtp: Some(smtp.as_str().to_owned()), status: Some(status.as_str().to_owned()), said: reply(&text[smtp.start()..]) }
}

/// One reply: up to a blank line, the next command, or another reply.
fn reply(text: &str) -> String {
    let code = text.get(..3).unwrap_or_default();
    let another = |line: &str| {
        let line = line.trim_start();
        let coded = line.len() > 3 && line.as_bytes()[..3].iter().all(u8::is_ascii_digit) && !line.starts_with(code);
        line.is_empty() || line.starts_with(">>>") || line.starts_with("<<<") || line.starts_with("--") || coded
    };
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    std::iter::once(first).chain(lines.take_while(|line| !another(line))).take(12).collect::<Vec<_>>().join("\n")
}

/// The first enhanced status code of class 4 or 5.
pub(super) fn status(text: &str) -> Option<String> {
    statuses(text).find(|code| !code.starts_with('2')).map(ToOwned::to_owned)
}

/// All enhanced status codes in order.
fn statuses(text: &str) -> impl Iterator<Item = &str> {
    STATUS
        .find_iter(text)
        .filter(|found| {
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
