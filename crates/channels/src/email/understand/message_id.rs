//! Message-IDs out of Message-ID, In-Reply-To and References.

/// The ids in a value, in order, without brackets, each once.
///
/// Without any bracket, words that hold an `@` count: old programs left the brackets out.
pub fn list(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut add = |id: &str| {
        let id: String = id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(998).collect();
        if !id.is_empty() && !out.contains(&id) {
            out.push(id);
        }
    };
    if text.contains('<') {
        for piece in text.split('<').skip(1).take(2 * super::limits::REFERENCES) {
            let id = piece.split(['>', ',']).next().unwrap_or_default();
            // A bracket that never closes ends at the blank.
            add(if piece.contains('>') { id } else { id.split_whitespace().next().unwrap_or_default() });
        }
    } else {
        text.split([' ', ',', ';', '"']).map(|w| w.trim_matches('>')).filter(|w| w.contains('@')).take(super::limits::REFERENCES).for_each(&mut add);
    }
    out
}

/// The newest ids of a References value, oldest first.
pub fn references(text: &str) -> Vec<String> {
    let mut all = list(text);
    let extra = all.len().saturating_sub(super::limits::REFERENCES);
    all.drain(..extra);
    all
}

/// The one id of a Message-ID value, brackets or not.
pub fn one(text: &str) -> Option<String> {
    list(text).into_iter().next().or_else(|| {
        let bare: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '<' | '>')).take(998).collect();
        (!bare.is_empty()).then_some(bare)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_however_they_are_written() {
        assert_eq!(list("<a@x> <b@y>,<a@x> <c@ z>"), ["a@x", "b@y", "c@z"]);
        assert_eq!(list("Your message of Monday \"<a@x>\""), ["a@x"]);
        assert_eq!(list("a@x b@y"), ["a@x", "b@y"]);
        assert_eq!(one("<no-at-sign>").as_deref(), Some("no-at-sign"));
        assert_eq!(one("no-at-sign").as_deref(), Some("no-at-sign"));
        assert_eq!(one(" "), None);
    }
}
