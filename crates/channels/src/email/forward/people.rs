//! Names and addresses as mail programs write them into a header block.

use crate::email::mail::Mailbox;

/// Everyone in a list such as `Ann <a@x.org>; 'Doe, Ben' <b@x.org>, c@x.org`.
pub(in crate::email) fn mailboxes(list: &str) -> Vec<Mailbox> {
    let mut found: Vec<Mailbox> = Vec::new();
    let mut waiting = String::new();
    for piece in pieces(list) {
        let piece = piece.trim();
        if piece.is_empty() {
            continue;
        }
        if piece.contains('@') {
            // "Doe, Ann <ann@x.org>": the comma stood inside the name.
            let whole = if waiting.is_empty() { piece.to_owned() } else { format!("{waiting}, {piece}") };
            waiting.clear();
            found.extend(mailbox(&whole));
        } else if waiting.is_empty() {
            piece.clone_into(&mut waiting);
        } else {
            found.extend(mailbox(&waiting));
            piece.clone_into(&mut waiting);
        }
    }
    if !waiting.is_empty() {
        found.extend(mailbox(&waiting));
    }
    found
}

/// Cuts at `;`, or at `,` where the list has no `;`, outside of quotes and brackets.
fn pieces(list: &str) -> Vec<&str> {
    let separators: &[char] = if list.contains([';', '；']) { &[';', '；'] } else { &[',', '，', '、'] };
    let mut pieces = Vec::new();
    let (mut start, mut quote, mut depth) = (0, None, 0_usize);
    let mut previous = ' ';
    for (at, c) in list.char_indices() {
        match c {
            '"' | '\'' if quote == Some(c) => quote = None,
            // An apostrophe inside a name ("O'Neill") opens nothing, nor does a quote that never closes.
            '"' | '\'' if quote.is_none() && depth == 0 && !previous.is_alphanumeric() && closes(&list[at + 1..], c) => quote = Some(c),
            '<' | '[' | '(' if quote.is_none() => depth += 1,
            '>' | ']' | ')' if quote.is_none() => depth = depth.saturating_sub(1),
            _ if quote.is_none() && depth == 0 && separators.contains(&c) => {
                pieces.push(&list[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
        previous = c;
    }
    pieces.push(&list[start..]);
    pieces
}

fn closes(rest: &str, quote: char) -> bool {
    // Names are short: looking further would only make a long line slow.
    rest.chars().take(200).any(|c| c == quote)
}

/// One person: `Ann <ann@x.org>`, `Ann [mailto:ann@x.org]`, `Ann<mailto:ann@x.org>`, `ann@x.org`, or only a name.
pub(in crate::email) fn mailbox(text: &str) -> Option<Mailbox> {
    let text = text.trim();
    let address = bracketed(text).or_else(|| bare(text));
    let name = match address {
        Some((start, _)) => clean_name(before_address(&text[..start])),
        None => clean_name(text),
    };
    let address = address.map(|(_, address)| address.to_owned());
    // Programs repeat the address where they know no name.
    let name = name.filter(|name| address.is_none() || !is_address(name));
    (name.is_some() || address.is_some()).then_some(Mailbox { name, address })
}

/// "Ann <ann@x.org<mailto:ann@x.org>>" names the address twice.
fn before_address(text: &str) -> &str {
    let bracket = text.rfind(['<', '[', '(']).filter(|at| text[*at..].contains('@'));
    text[..bracket.unwrap_or(text.len())].trim_end_matches(['<', '[', '(', ' ', '\u{a0}'])
}

/// The first address in angle, square or round brackets, and where the bracket begins.
fn bracketed(text: &str) -> Option<(usize, &str)> {
    let mut open = None;
    for (at, c) in text.char_indices() {
        match c {
            '<' | '[' | '(' | '＜' => open = Some((at, at + c.len_utf8())),
            '>' | ']' | ')' | '＞' => {
                if let Some((start, inner)) = open.take() {
                    let inside = text[inner..at].trim();
                    let inside = inside.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).map_or(inside, |_| inside[7..].trim());
                    if is_address(inside) {
                        return Some((start, inside));
                    }
                    if let Some((_, inside)) = bare(inside) {
                        return Some((start, inside));
                    }
                }
            }
            _ => {}
        }
    }
    None
}

/// The first word that is an address, and where it begins.
fn bare(text: &str) -> Option<(usize, &str)> {
    let edge = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']' | '(' | ')' | ',' | ';' | '"' | '\'' | '“' | '”' | '„' | '«' | '»' | '、' | '，')
    };
    for (at, _) in text.match_indices('@').take(8) {
        let start = text[..at].rfind(edge).map_or(0, |before| before + text[before..].chars().next().map_or(0, char::len_utf8));
        let end = text[at..].find(edge).map_or(text.len(), |after| at + after);
        let word = &text[start..end];
        let scheme = word.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).map_or(0, str::len);
        let word = word[scheme..].trim_end_matches([':', '.', '?']);
        if is_address(word) {
            return Some((start, word));
        }
    }
    None
}

/// True when the word has the shape of an address.
pub(in crate::email) fn is_address(word: &str) -> bool {
    word.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !word.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"'))
            && !local.contains('@')
    })
}

/// A display name without its quotes.
pub(in crate::email) fn clean_name(name: &str) -> Option<String> {
    let quotes: &[char] = &['"', '\'', '“', '”', '„', '«', '»', '‹', '›', '‘', '’', '‚', '`', '*', '\\'];
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '>') || quotes.contains(&c));
    (!name.is_empty()).then(|| name.split_whitespace().collect::<Vec<_>>().join(" "))
}
