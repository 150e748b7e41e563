//! `format=flowed` (RFC 3676): lines that a mail program wrapped become whole paragraphs again.

/// Unwraps flowed text; `delsp` says that the blank at the end of a wrapped line was added.
pub fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None; // quote depth of a paragraph that goes on
    for line in text.split('\n') {
        let depth = line.bytes().take_while(|&b| b == b'>').count();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- ";
        let continues = open == Some(depth) && !signature;
        if !continues {
            if open.is_some() || !out.is_empty() {
                out.push('\n');
            }
            if depth > 0 {
                out.push_str(&">".repeat(depth.min(50)));
                out.push(' ');
            }
        }
        let flows = content.ends_with(' ') && !signature;
        out.push_str(if flows && delsp { &content[..content.len() - 1] } else { content });
        open = flows.then_some(depth);
        if !flows && out.is_empty() {
            // Keeps an empty first line.
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_are_joined_within_their_quote_depth() {
        assert_eq!(unflow("Hello \nyou.\n>> a \n>> b\n> c \nd\n-- \nMe", false), "Hello you.\n>> a b\n> c \nd\n-- \nMe");
    }

    #[test]
    fn stuffed_and_added_blanks_go() {
        assert_eq!(unflow("ab \ncd\n >x\n From", true), "abcd\n>x\nFrom");
    }
}
