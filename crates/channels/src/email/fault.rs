//! What can go wrong with a mail server of somebody else's, named so that an admin knows what to do.

use serde::Serialize;

/// The exact fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The host name has no address.
    Dns,
    /// Nobody listens on the port.
    Refused,
    /// No answer in time.
    Timeout,
    /// TLS could not be agreed on.
    Tls,
    /// The certificate is not for this host, not trusted, or out of date.
    Certificate,
    /// User name or password is wrong.
    SignIn,
    /// The provider wants an app password or OAuth2 instead of the account's password.
    AppPassword,
    /// The folder does not exist or cannot be opened.
    Folder,
    /// The server answered something that this protocol does not know.
    Protocol,
    /// The address is one that Sonnim never connects to (link-local, metadata services).
    Blocked,
}

impl Fault {
    /// As in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::Certificate => "certificate",
            Self::SignIn => "sign_in",
            Self::AppPassword => "app_password",
            Self::Folder => "folder",
            Self::Protocol => "protocol",
            Self::Blocked => "blocked",
        }
    }
}

/// A fault with its story. Holds no secret: see [`scrub`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{detail}")]
pub struct Failure {
    /// What went wrong.
    pub fault: Fault,
    /// One sentence for the admin.
    pub detail: String,
    /// The server's own words.
    pub server_said: Option<String>,
}

impl Failure {
    /// A fault in our words.
    pub fn new(fault: Fault, detail: impl Into<String>) -> Self {
        Self { fault, detail: detail.into(), server_said: None }
    }

    /// A fault with the server's words.
    pub fn said(fault: Fault, detail: impl Into<String>, server_said: impl Into<String>) -> Self {
        Self { fault, detail: detail.into(), server_said: Some(server_said.into()) }
    }

    /// A refused sign-in: tells a wrong password from a wrong kind of password.
    pub fn sign_in(server_said: impl Into<String>) -> Self {
        let said = server_said.into();
        if wants_app_password(&said) {
            Self::said(
                Fault::AppPassword,
                "The provider does not take the account's password here: make an app password, or connect with OAuth2.",
                said,
            )
        } else {
            Self::said(Fault::SignIn, "The server refused the user name or password.", said)
        }
    }
}

/// Recognises the providers' ways to say "not with this password".
fn wants_app_password(said: &str) -> bool {
    let said = said.to_lowercase();
    [
        // Gmail: 534-5.7.9 and the IMAP alert.
        "application-specific password",
        "app password",
        "app-specific password",
        "5.7.9",
        "support.google.com/accounts/answer/185833",
        "support.google.com/mail/?p=invalidsecondfactor",
        "please log in via your web browser",
        "[webalert",
        // Outlook and Microsoft 365.
        "basic authentication is disabled",
        "basicauthblocked",
        "smtpclientauthentication is disabled",
        "authentication unsuccessful, smtpclientauthentication",
        "user security defaults",
        // Yahoo and AOL.
        "generate an app password",
        "login.yahoo.com/account/security/app-passwords",
        // iCloud.
        "support.apple.com/ht204397",
        "support.apple.com/kb/ht204397",
        "support.apple.com/en-us/102654",
        // Naver, Kakao.
        "애플리케이션 비밀번호",
        "앱 비밀번호",
        "2-step verification",
        "two-step verification",
    ]
    .iter()
    .any(|sign| said.contains(sign))
}

/// `text` without any of `secrets`, as they are or in base64, and without control characters; at most 500 characters.
pub fn scrub(text: &str, secrets: &[&str]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mut clean = text.replace(|c: char| c.is_control(), " ");
    for secret in secrets.iter().filter(|s| !s.is_empty()) {
        clean = clean.replace(secret, "***");
        clean = clean.replace(&STANDARD.encode(secret), "***");
    }
    let clean = clean.trim();
    clean.chars().take(500).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_that_want_an_app_password_are_recognised() {
        for said in [
            "534-5.7.9 Application-specific password required. For more information, go to 534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor",
            "[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)",
            "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
            "[AUTHENTICATIONFAILED] Please generate an app password",
        ] {
            assert_eq!(Failure::sign_in(said).fault, Fault::AppPassword, "{said}");
        }
    }

    #[test]
    fn a_wrong_password_is_a_wrong_password() {
        for said in [
            "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
            "[AUTHENTICATIONFAILED] Authentication failed.",
            "535-5.7.8 Username and Password not accepted.",
        ] {
            assert_eq!(Failure::sign_in(said).fault, Fault::SignIn, "{said}");
        }
    }

    #[test]
    fn a_secret_that_the_server_echoes_is_scrubbed() {
        let said = scrub("bad LOGIN ada hunter2 (aHVudGVyMg==)\r\n", &["hunter2"]);
        assert_eq!(said, "bad LOGIN ada *** (***)");
    }
}
