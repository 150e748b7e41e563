//! `[[ order number ]]`: what a person fills in before the reply leaves.

/// Longest words of a placeholder, in characters.
const LONGEST: usize = 80;

/// The placeholders in a text or HTML, in order, each once. Words of one line with a letter or digit among them count, so
/// that `[[]]` stays what it is.
pub fn placeholders(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("[[") {
        rest = &rest[at + 2..];
        let Some(end) = rest.find("]]") else { break };
        let words = rest[..end].trim();
        if words.chars().count() <= LONGEST && !words.contains(['[', ']', '<', '>', '\n']) && words.chars().any(char::is_alphanumeric) {
            if !found.iter().any(|f| f == words) {
                found.push(words.to_owned());
            }
            rest = &rest[end + 2..];
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_filled_in_is_found_once_each() {
        assert_eq!(placeholders("<p>[[ order number ]] and [[날짜]], [[order number]]</p>"), ["order number", "날짜"]);
        for nothing in ["[[]]", "[[ ]]", "[[ - ]]", "[[a", "a]]", "[a]", "[[a\nb]]", "[[<b>a</b>]]", &format!("[[{}]]", "x".repeat(81))] {
            assert!(placeholders(nothing).is_empty(), "{nothing}");
        }
        assert_eq!(placeholders("[[ [[name]]"), ["name"]);
    }
}
