//! Verbs about files.

use model::message::Attachment;
use model::scope::Forbidden;
use model::{Permission, Scope};
use store::Tx;
use store::blob::Staged;

use crate::Refusal;

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 50 * 1024 * 1024;

/// Keeps an upload for the message that will carry it. Only this agent can see and use it until then.
///
/// # Errors
/// [`Refusal::Forbidden`] for those who cannot write; [`Refusal::Invalid`] when the file is empty or too large.
pub async fn upload(tx: &mut Tx, scope: &Scope, filename: &str, content_type: &str, bytes: &Staged) -> Result<Attachment, Refusal> {
    scope.require(Permission::ConversationWrite)?;
    let agent = scope.actor.agent().ok_or(Forbidden(Permission::ConversationWrite))?;
    if bytes.size == 0 {
        return Err(Refusal::invalid("body", "missing", "The file is empty."));
    }
    let file = Attachment {
        id: tx.new_id(),
        message: None,
        filename: clean_filename(filename),
        content_type: clean_content_type(content_type),
        size: bytes.size,
        inline: false,
        content_id: None,
        sha256: bytes.sha256.clone(),
    };
    store::attachment::insert(tx, scope.workspace, &file, Some(agent), bytes).await?;
    Ok(file)
}

/// A name that is only a name: no folders, no control characters, no tricks with the reading direction, at most 200 characters.
pub fn clean_filename(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}');
    let clean: String = last.chars().filter(|c| !c.is_control() && !turns(*c)).map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let clean = clean.trim().trim_start_matches('.').trim();
    if clean.is_empty() {
        return "file".to_owned();
    }
    if clean.chars().count() <= 200 {
        return clean.to_owned();
    }
    // The ending says what opens the file, so it stays.
    let ending: String = clean.rsplit_once('.').map(|(_, e)| e).filter(|e| e.chars().count() <= 10).map(|e| format!(".{e}")).unwrap_or_default();
    clean.chars().take(200 - ending.chars().count()).chain(ending.chars()).collect()
}

/// `type/subtype` in lower case without parameters; anything else is `application/octet-stream`.
pub fn clean_content_type(declared: &str) -> String {
    let essence = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let token = |t: &str| !t.is_empty() && t.len() <= 100 && t.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b));
    match essence.split_once('/') {
        Some((kind, sub)) if token(kind) && token(sub) => essence,
        _ => "application/octet-stream".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_only_a_name() {
        for (given, kept) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.exe", "a.exe"),
            ("a\r\nX-Evil: 1.txt", "aX-Evil_ 1.txt"),
            (".htaccess", "htaccess"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("주문서 <b>.xlsx", "주문서 _b_.xlsx"),
            ("..", "file"),
            ("", "file"),
        ] {
            assert_eq!(clean_filename(given), kept);
        }
        let long = clean_filename(&format!("{}.docx", "가".repeat(500)));
        assert_eq!((long.rsplit_once('.').map(|(_, e)| e), long.chars().count()), (Some("docx"), 200));
    }

    #[test]
    fn a_type_is_a_type() {
        assert_eq!(clean_content_type("Image/PNG; name=x"), "image/png");
        for bad in ["", "png", "a/b/c", "text/html\r\nX: y", "/", "text/"] {
            assert_eq!(clean_content_type(bad), "application/octet-stream", "{bad:?}");
        }
    }
}
