//! Mails of Sonnim's own: invitations and password resets. They hold words that work once, so the queue keeps them sealed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::workspace::Language;
use model::{EmailAddress, Secret};
use serde::{Deserialize, Serialize};

use crate::Keys;
use crate::keys::CannotOpen;

/// One such mail.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// To whom, and nobody else.
    pub to: EmailAddress,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
    /// Its language.
    pub language: Language,
}

impl std::fmt::Debug for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Notice(•••)")
    }
}

/// For [`model::Job::SendNotice`]. `nonce` is 24 random bytes.
pub fn seal(keys: &Keys, notice: &Notice, nonce: [u8; 24]) -> String {
    // Plain texts always serialise; should they not, the notice does not open and its job is parked.
    let json = Secret::new(serde_json::to_string(notice).unwrap_or_default());
    STANDARD.encode(keys.seal(&json, nonce))
}

/// Opens what [`seal`] made.
pub fn open(keys: &Keys, sealed: &str) -> Result<Notice, CannotOpen> {
    let bytes = STANDARD.decode(sealed).map_err(|_| CannotOpen)?;
    serde_json::from_str(keys.open(&bytes)?.expose()).map_err(|_| CannotOpen)
}

/// The words of a mail with one link in it.
struct Words<'a> {
    subject: String,
    greeting: String,
    lines: Vec<String>,
    button: &'a str,
    closing: &'a str,
}

fn write(to: &EmailAddress, language: Language, words: &Words<'_>, link: &str) -> Notice {
    let (greeting, lines, closing) = (&words.greeting, words.lines.join("\n"), words.closing);
    let text = format!("{greeting}\n\n{lines}\n\n{}: {link}\n\n{closing}\n", words.button);
    let paragraphs = format!("<p>{}</p>", words.lines.iter().map(|l| escape(l)).collect::<Vec<_>>().join("</p><p>"));
    let html = format!(
        "<!doctype html><html lang=\"{}\"><body style=\"font-family:sans-serif;line-height:1.5;color:#1a1a1a\"><p>{}</p>{paragraphs}\
         <p><a href=\"{}\" style=\"display:inline-block;padding:10px 18px;background:#1f5f4a;color:#fff;text-decoration:none;border-radius:6px\">{}</a></p>\
         <p style=\"color:#666\">{}</p></body></html>",
        language.as_str(),
        escape(greeting),
        escape(link),
        escape(words.button),
        escape(closing)
    );
    // A subject is one line, whatever name stands in it.
    let subject = words.subject.replace(['\r', '\n'], " ");
    Notice { to: to.clone(), subject, text, html, language }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// "You are invited."
pub fn invitation(to: &EmailAddress, name: &str, workspace: &str, by: &str, language: Language, link: &str) -> Notice {
    let words = match language {
        Language::En => Words {
            subject: format!("{by} invites you to {workspace} on Sonnim"),
            greeting: if name.is_empty() { "Hello,".into() } else { format!("Hello {name},") },
            lines: vec![
                format!("{by} invites you to answer customers together in “{workspace}”."),
                "Choose a password and you are in. The link works once and for 7 days.".into(),
            ],
            button: "Accept the invitation",
            closing: "If you did not expect this mail, ignore it: nothing happens without the link.",
        },
        Language::Ko => Words {
            subject: format!("{by} 님이 {workspace} 워크스페이스에 초대했습니다"),
            greeting: if name.is_empty() { "안녕하세요.".into() } else { format!("{name} 님, 안녕하세요.") },
            lines: vec![
                format!("{by} 님이 ‘{workspace}’에서 함께 고객을 응대하자고 초대했습니다."),
                "비밀번호를 정하면 바로 시작할 수 있습니다. 링크는 7일 동안 한 번만 쓸 수 있습니다.".into(),
            ],
            button: "초대 수락하기",
            closing: "기다리던 메일이 아니라면 그냥 두세요. 링크를 누르지 않으면 아무 일도 일어나지 않습니다.",
        },
    };
    write(to, language, &words, link)
}

/// "Choose a new password."
pub fn password_reset(to: &EmailAddress, name: &str, language: Language, link: &str) -> Notice {
    let words = match language {
        Language::En => Words {
            subject: "Choose a new password for Sonnim".into(),
            greeting: format!("Hello {name},"),
            lines: vec![
                "Somebody, probably you, asked for a new password.".into(),
                "The link works once and for one hour. Choosing a new password signs you out everywhere.".into(),
            ],
            button: "Choose a new password",
            closing: "If it was not you, ignore this mail: your password stays as it is.",
        },
        Language::Ko => Words {
            subject: "Sonnim 비밀번호 재설정".into(),
            greeting: format!("{name} 님, 안녕하세요."),
            lines: vec![
                "비밀번호를 새로 정해 달라는 요청을 받았습니다.".into(),
                "링크는 한 시간 동안 한 번만 쓸 수 있습니다. 새 비밀번호를 정하면 모든 기기에서 로그아웃됩니다.".into(),
            ],
            button: "새 비밀번호 정하기",
            closing: "직접 요청하지 않았다면 이 메일을 무시하세요. 비밀번호는 그대로입니다.",
        },
    };
    write(to, language, &words, link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_opens_again_and_its_words_are_not_in_the_queue() {
        let keys = Keys::new([3; 32]);
        let to = "jihye@haru.example".parse().unwrap();
        let notice = password_reset(&to, "지혜", Language::Ko, "https://help.example/reset?token=abc");
        let sealed = seal(&keys, &notice, [5; 24]);
        assert!(!sealed.contains("token") && !STANDARD.decode(&sealed).unwrap().windows(5).any(|w| w == b"token"));
        assert_eq!(open(&keys, &sealed), Ok(notice));
        assert_eq!(open(&Keys::new([4; 32]), &sealed), Err(CannotOpen));
    }

    #[test]
    fn names_cannot_add_markup_or_headers() {
        let to = "a@b.example".parse().unwrap();
        let notice = invitation(&to, "<b>", "x\r\nBcc: y", "\"&", Language::En, "https://h/?a=1&b=2");
        assert!(!notice.subject.contains(['\r', '\n']));
        assert!(notice.html.contains("&lt;b&gt;") && notice.html.contains("a=1&amp;b=2"));
    }
}
