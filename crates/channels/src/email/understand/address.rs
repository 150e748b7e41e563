//! Address lists, as people and programs really write them.

use crate::email::mail::Mailbox;

use super::{charset, charset::Hint, limits, words};

/// All mailboxes of an address header. Groups are opened, comments become names where there is none.
pub fn list(raw: &[u8], hint: &Hint) -> Vec<Mailbox> {
    let text = charset::decode(&words::unfold(raw), None, hint);
    let mut out = parse(&text, hint);
    if out.iter().all(|m| m.address.is_none()) && text.contains("=?") {
        // The whole value was put into one encoded-word, address and all.
        let again = parse(&words::decode_text(&text, hint), hint);
        if again.iter().any(|m| m.address.is_some()) {
            out = again;
        }
    }
    out
}

fn parse(text: &str, hint: &Hint) -> Vec<Mailbox> {
    let pieces = split(text);
    let mut out: Vec<Mailbox> = Vec::new();
    let mut pending = String::new();
    for piece in pieces {
        if out.len() >= limits::ADDRESSES {
            break;
        }
        match piece {
            Piece::Mailbox(segment) => {
                if segment.trim().is_empty() {
                    continue;
                }
                if !segment.contains('@') {
                    // "Doe, Jane <jane@x>": a comma in a name without quotes.
                    if !pending.is_empty() {
                        pending.push_str(", ");
                    }
                    pending.push_str(segment.trim());
                    continue;
                }
                let joined = (!pending.is_empty() && segment.trim_start().chars().next().is_some_and(|c| c != '<') && segment.contains('<'))
                    .then(|| format!("{pending}, {}", segment.trim()));
                if joined.is_none() {
                    flush(&mut out, &mut pending, hint);
                }
                pending.clear();
                let words = segment.split_whitespace();
                if !segment.contains(['<', '"', '(']) && words.clone().count() > 1 && words.clone().all(|w| w.contains('@')) {
                    // Addresses parted by nothing but blanks.
                    out.extend(words.take(limits::ADDRESSES).filter_map(|w| mailbox(w, hint)));
                    continue;
                }
                out.extend(mailbox(joined.as_deref().unwrap_or(segment), hint));
            }
            Piece::End => flush(&mut out, &mut pending, hint),
        }
    }
    flush(&mut out, &mut pending, hint);
    // A stray comment among real mailboxes is nobody.
    if out.iter().any(|m| m.address.is_some()) {
        out.retain(|m| m.address.is_some());
    }
    out
}

/// Names that led to no address.
fn flush(out: &mut Vec<Mailbox>, pending: &mut String, hint: &Hint) {
    let text = std::mem::take(pending);
    if !text.trim().is_empty() {
        out.extend(mailbox(&text, hint));
    }
}

enum Piece<'a> {
    Mailbox(&'a str),
    /// A group began or ended here: names do not reach across.
    End,
}

/// Splits at the commas (and semicolons) between mailboxes.
fn split(text: &str) -> Vec<Piece<'_>> {
    let bytes = text.as_bytes();
    let last_quote = text.rfind('"').unwrap_or(0);
    let last_comment_end = text.rfind(')').unwrap_or(0);
    let last_angle_end = text.rfind('>').unwrap_or(0);
    let (mut quoted, mut angle, mut comment) = (false, false, 0usize);
    let mut start = 0;
    let mut out = Vec::new();
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' if quoted || comment > 0 => i += 1,
            b'"' if quoted => quoted = false,
            b'"' if comment == 0 && !angle && i < last_quote => quoted = true,
            _ if quoted => {}
            b'(' if !angle && (comment > 0 || i < last_comment_end) => comment += 1,
            b')' if comment > 0 => comment -= 1,
            _ if comment > 0 => {}
            b'<' if i < last_angle_end => angle = true,
            b'>' => angle = false,
            _ if angle => {}
            b',' => {
                out.push(Piece::Mailbox(&text[start..i]));
                start = i + 1;
            }
            b';' => {
                out.push(Piece::Mailbox(&text[start..i]));
                out.push(Piece::End);
                start = i + 1;
            }
            b':' if begins_group(&text[start..i], &text[i + 1..]) => {
                out.push(Piece::End);
                start = i + 1;
            }
            _ => {}
        }
        i += 1;
    }
    if quoted || comment > 0 {
        // Never closed: take the punctuation as plain text.
        out.extend(text[start..].split(',').map(Piece::Mailbox));
    } else {
        out.push(Piece::Mailbox(&text[start..]));
    }
    out
}

/// `name: a, b;` and `name:;`; a colon in a name or in `mailto:` begins none.
fn begins_group(name: &str, rest: &str) -> bool {
    let name = name.trim();
    if name.is_empty() || name.contains('@') || name.contains("=?") || name.eq_ignore_ascii_case("mailto") {
        return false;
    }
    // Looking no further than the next few hundred characters keeps a header full of colons linear.
    rest.trim().is_empty() || rest.bytes().take(limits::ADDRESSES * 8).any(|b| b == b';')
}

/// One mailbox: `name <address>`, `address (name)`, `name address`, and what comes close.
fn mailbox(segment: &str, hint: &Hint) -> Option<Mailbox> {
    let (bare, comments) = take_comments(segment);
    let bare = bare.trim();
    let (name, address) = match angle(bare) {
        Some((before, inside, after)) => {
            let name = if before.trim().is_empty() && !after.trim().is_empty() { after } else { before };
            let inside = clean_address(inside, hint);
            // "<>" or "<name>": look for the address in the name.
            match inside.filter(|a| is_address(a)) {
                Some(a) => (name.to_owned(), Some(a)),
                None => by_token(name, hint),
            }
        }
        None => by_token(bare, hint),
    };
    let mut name = display_name(&name, hint);
    // "jane@x <jane@x>" and "mailto:jane@x <jane@x>" name nobody.
    if name.is_empty() {
        name = comments.iter().map(|c| display_name(c, hint)).find(|c| !c.is_empty()).unwrap_or_default();
    } else if address.is_some() {
        for c in comments.iter().map(|c| display_name(c, hint)).filter(|c| !c.is_empty()) {
            name = format!("{name} ({c})");
        }
    }
    let name = Some(name).filter(|n| !n.is_empty());
    (name.is_some() || address.is_some()).then_some(Mailbox { name, address })
}

/// The part in angle brackets that holds an address (the last one that does), and what is around it.
fn angle(text: &str) -> Option<(&str, &str, &str)> {
    let mut found = None;
    let mut quoted = false;
    let last_quote = text.rfind('"').unwrap_or(0);
    let mut skip = false;
    for (i, c) in text.char_indices() {
        if skip {
            skip = false;
            continue;
        }
        match c {
            '\\' if quoted => skip = true,
            '"' if quoted || i < last_quote => quoted = !quoted,
            '<' if !quoted => {
                let inside = &text[i + 1..];
                let end = inside.find('>').unwrap_or(inside.len());
                if inside[..end].contains('<') {
                    continue;
                }
                let has_address = inside[..end].contains('@');
                if has_address || found.is_none() {
                    found = Some((i, i + 1 + end, has_address));
                }
                if has_address {
                    break;
                }
            }
            _ => {}
        }
    }
    let (open, close, _) = found?;
    let before = text[..open].trim_end_matches('<');
    let after = text[close..].trim_start_matches('>');
    Some((before, &text[open + 1..close], after))
}

/// The word with an `@` in it is the address, the others are the name.
fn by_token(text: &str, hint: &Hint) -> (String, Option<String>) {
    let decoded = words::decode_text(text, hint);
    let text = if decoded.contains('@') && !text.contains('@') { decoded.as_str() } else { text };
    let is_separator = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']');
    // A quoted local part may hold blanks: "jane doe"@x.
    if text.starts_with('"')
        && let Some(at) = text.rfind("\"@")
    {
        let end = text[at..].find(is_separator).map_or(text.len(), |n| at + n);
        return (text[end..].to_owned(), Some(text[..end].to_owned()));
    }
    let Some(word) = text.split(is_separator).rfind(|w| w.contains('@')) else { return (text.to_owned(), None) };
    let cleaned = clean_address(word, hint).filter(|a| is_address(a));
    if cleaned.is_none() {
        return (text.to_owned(), None);
    }
    (text.replacen(word, " ", 1).replace(['<', '>', '[', ']'], " "), cleaned)
}

/// Something before the `@` and something after it.
fn is_address(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !local.ends_with(':') && !domain.is_empty())
}

/// An address without the brackets, quotes, blanks, routes and schemes around it.
fn clean_address(text: &str, hint: &Hint) -> Option<String> {
    let text = words::decode_text(text, hint);
    let mut text = text.trim();
    if let Some(rest) = text.get(..7).filter(|p| p.eq_ignore_ascii_case("mailto:")).map(|_| &text[7..]) {
        text = rest;
    }
    // Source route: @a,@b:jane@x
    if text.starts_with('@')
        && let Some((_, rest)) = text.split_once(':')
    {
        text = rest;
    }
    let text = text.trim().trim_end_matches(['.', ',', ';', '>', '\'', '`']).trim_start_matches(['<', '\'', '`']);
    let (bare, _) = if text.contains('(') && !text.contains('"') { take_comments(text) } else { (text.to_owned(), Vec::new()) };
    let text = bare.trim();
    let cleaned = if text.starts_with('"') && text.contains("\"@") {
        text.to_owned()
    } else {
        let text = text.trim_matches('"');
        text.chars().filter(|c| !c.is_whitespace() && *c != '"').collect()
    };
    let mut cleaned: String = cleaned.chars().filter(|c| !c.is_control()).collect();
    limits::cut(&mut cleaned, 1_000);
    (!cleaned.is_empty() && cleaned != "@").then_some(cleaned)
}

/// Comments outside quotes and brackets, taken out.
fn take_comments(text: &str) -> (String, Vec<String>) {
    if !text.contains('(') {
        return (text.to_owned(), Vec::new());
    }
    let (mut bare, mut comments, mut current) = (String::new(), Vec::new(), String::new());
    let (mut quoted, mut angle, mut depth) = (false, false, 0usize);
    let last_quote = text.rfind('"').unwrap_or(0);
    let last_close = text.rfind(')').unwrap_or(0);
    let mut escaped = false;
    for (i, c) in text.char_indices() {
        if escaped || c == '\\' && depth > 0 {
            escaped = !escaped;
            if depth > 0 {
                current.push(c);
            } else {
                bare.push(c);
            }
            continue;
        }
        match c {
            '"' if depth == 0 && (quoted || i < last_quote) => quoted = !quoted,
            '<' if depth == 0 && !quoted => angle = true,
            '>' if depth == 0 && !quoted => angle = false,
            '(' if !quoted && !angle && (depth > 0 || i < last_close) => {
                depth += 1;
                if depth == 1 {
                    continue;
                }
            }
            ')' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    comments.push(std::mem::take(&mut current));
                    continue;
                }
            }
            _ => {}
        }
        if depth > 0 { current.push(c) } else { bare.push(c) }
    }
    bare.push_str(&current);
    (bare, comments)
}

/// A name without its quotes and escapes, decoded.
fn display_name(text: &str, hint: &Hint) -> String {
    let text = strip_quotes(text.trim());
    let decoded = words::one_line(&words::decode_text(&text, hint));
    let decoded = if decoded == text { decoded } else { strip_quotes(&decoded) };
    let trimmed = decoded.trim();
    let trimmed = ['\'', '`'].iter().fold(trimmed, |t, q| t.strip_prefix(*q).and_then(|t| t.strip_suffix(*q)).unwrap_or(t)).trim();
    let mut name = words::one_line(trimmed.trim_end_matches([',', ';', ':']));
    limits::cut(&mut name, 2_000);
    name
}

/// Without the quotes around it; `\"` inside is unescaped. Only a whole pair goes: `"A" B` keeps its words, not its quotes.
fn strip_quotes(text: &str) -> String {
    if !text.contains(['"', '\\']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next_if(|n| matches!(n, '"' | '\\' | '(' | ')' | '\'' | ',')).or(Some('\\'))),
            '"' => {}
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(raw: &str) -> (Option<String>, Option<String>) {
        let all = list(raw.as_bytes(), &Hint::default());
        assert_eq!(all.len(), 1, "{raw}: {all:?}");
        (all[0].name.clone(), all[0].address.clone())
    }

    fn both(name: &str, address: &str) -> (Option<String>, Option<String>) {
        (Some(name).filter(|n| !n.is_empty()).map(Into::into), Some(address).filter(|n| !n.is_empty()).map(Into::into))
    }

    #[test]
    fn every_spelling_of_one_mailbox_is_understood() {
        for (raw, name, address) in [
            ("Jane Doe <jane@shop.example>", "Jane Doe", "jane@shop.example"),
            ("\"Doe, Jane\" <jane@shop.example>", "Doe, Jane", "jane@shop.example"),
            ("Doe, Jane <jane@shop.example>", "Doe, Jane", "jane@shop.example"),
            ("jane@shop.example (Jane Doe)", "Jane Doe", "jane@shop.example"),
            ("Jane (Sales) <jane@shop.example>", "Jane (Sales)", "jane@shop.example"),
            ("jane@shop.example", "", "jane@shop.example"),
            ("<jane@shop.example>", "", "jane@shop.example"),
            ("<jane@shop.example> Jane", "Jane", "jane@shop.example"),
            ("Jane jane@shop.example", "Jane", "jane@shop.example"),
            ("Jane <jane@shop.example", "Jane", "jane@shop.example"),
            ("\"Jane <jane@shop.example>", "Jane", "jane@shop.example"),
            ("'Jane Doe' <jane@shop.example>", "Jane Doe", "jane@shop.example"),
            ("jane@shop.example<mailto:jane@shop.example>", "jane@shop.example", "jane@shop.example"),
            ("Jane <mailto:jane@shop.example>", "Jane", "jane@shop.example"),
            ("Jane <@relay.example,@b.example:jane@shop.example>", "Jane", "jane@shop.example"),
            ("=?utf-8?Q?Doe=2C_Jane?= <jane@shop.example>", "Doe, Jane", "jane@shop.example"),
            ("=?utf-8?B?7ZmN6ri464+ZIDxob25nQHNob3AuZXhhbXBsZT4=?=", "홍길동", "hong@shop.example"),
            ("\"=?utf-8?B?7ZmN6ri464+Z?=\" <hong@shop.example>", "홍길동", "hong@shop.example"),
            ("\"Jane \\\"JJ\\\" Doe\" <jane@shop.example>", "Jane JJ Doe", "jane@shop.example"),
            ("\"jane doe\"@shop.example", "", "\"jane doe\"@shop.example"),
            ("Jane <jane @ shop.example>", "Jane", "jane@shop.example"),
            ("Re: Jane <jane@shop.example>", "Re: Jane", "jane@shop.example"),
            ("Jane", "Jane", ""),
            ("Jane(a \\) friend) <jane(work)@shop.example(host)>", "Jane (a ) friend)", "jane@shop.example"),
            ("jane@shop.example.", "", "jane@shop.example"),
            ("\"\" (Mail System)", "Mail System", ""),
        ] {
            let got = one(raw);
            let want = both(name, address);
            assert_eq!((got.0.map(|n| n.replace('"', "")), got.1), want, "{raw}");
        }
    }

    #[test]
    fn lists_and_groups_are_opened() {
        let addresses = |raw: &str| list(raw.as_bytes(), &Hint::default()).into_iter().filter_map(|m| m.address).collect::<Vec<_>>();
        assert_eq!(addresses("Team: a@x.example, B <b@x.example>; c@x.example"), ["a@x.example", "b@x.example", "c@x.example"]);
        assert_eq!(addresses("undisclosed-recipients:;"), Vec::<String>::new());
        assert_eq!(addresses("a@x.example b@x.example (both)"), ["b@x.example"]);
        assert_eq!(addresses("a@x.example b@x.example"), ["a@x.example", "b@x.example"]);
        assert_eq!(addresses("<Undisclosed-Recipient:@x.example;>, d@"), Vec::<String>::new());
        assert_eq!(addresses("a@x.example; b@x.example"), ["a@x.example", "b@x.example"]);
        assert_eq!(addresses("A (x, y) <a@x.example>,, \"b, c\" <b@x.example>,"), ["a@x.example", "b@x.example"]);
    }

    #[test]
    fn a_header_full_of_openers_is_quick() {
        let raw = "(".repeat(60_000) + &"\"<:".repeat(20_000);
        let _ = list(raw.as_bytes(), &Hint::default());
    }
}
