//! Words that prove something: reply tokens, our Message-IDs, markers in quoted bodies, random links.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{ConversationId, Id, MessageId, WorkspaceId};

/// The installation's key for signing. Made once, kept in the data folder (or given by the environment).
#[derive(Clone)]
pub struct SigningKey([u8; 32]);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("•••")
    }
}

impl SigningKey {
    /// From 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A key for one purpose, so that no signature made for one serves for another.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        self.tag(b"derive", purpose.as_bytes())
    }

    fn tag(&self, purpose: &[u8], data: &[u8]) -> [u8; 32] {
        // HMAC takes keys of any length, so this cannot fail; an all-zero tag would simply never match.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return [0; 32] };
        mac.update(purpose);
        mac.update(&[0]);
        mac.update(data);
        mac.finalize().into_bytes().into()
    }

    fn short(&self, purpose: &[u8], data: &str) -> String {
        // 100 bits are enough against guessing and keep addresses and ids short.
        data_encoding::BASE32_DNSSEC.encode(&self.tag(purpose, data.as_bytes())[..15])
    }

    fn checks(&self, purpose: &[u8], data: &str, given: &str) -> bool {
        self.short(purpose, data).as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// The Message-ID (without brackets) of a message that we send.
    pub fn message_id(&self, workspace: WorkspaceId, message: MessageId, domain: &str) -> String {
        let body = format!("{}.{}", bare(workspace), bare(message));
        let mac = self.short(b"message-id", &body);
        format!("{body}.{mac}@{domain}")
    }

    /// The message that a Message-ID of ours names; none when it is not ours or was tampered with. Takes Outlook's `x_`.
    pub fn read_message_id(&self, id: &str) -> Option<(WorkspaceId, MessageId)> {
        let id = id.trim_matches(['<', '>', ' ']);
        let local = id.strip_prefix("x_").unwrap_or(id).split('@').next()?.to_lowercase();
        let (body, mac) = local.rsplit_once('.')?;
        if !self.checks(b"message-id", body, mac) {
            return None;
        }
        let (workspace, message) = body.split_once('.')?;
        Some((format!("wks_{workspace}").parse().ok()?, format!("msg_{message}").parse().ok()?))
    }

    /// A marker to hide in the body of an outgoing mail: `[ref:cnv.mac]`, survives quoting.
    pub fn marker(&self, workspace: WorkspaceId, conversation: ConversationId) -> String {
        let body = format!("{}.{}", bare(workspace), bare(conversation));
        let mac = self.short(b"marker", &body);
        format!("[ref:{body}.{mac}]")
    }

    /// The conversation that a marker names, when it is ours.
    pub fn read_marker(&self, marker: &str) -> Option<(WorkspaceId, ConversationId)> {
        let inner = marker.strip_prefix("[ref:")?.strip_suffix(']')?;
        let (body, mac) = inner.rsplit_once('.')?;
        if !self.checks(b"marker", body, mac) {
            return None;
        }
        let (workspace, conversation) = body.split_once('.')?;
        Some((format!("wks_{workspace}").parse().ok()?, format!("cnv_{conversation}").parse().ok()?))
    }
}

fn bare<T: Id>(id: T) -> String {
    id.to_string().split_once('_').map(|(_, digits)| digits.to_owned()).unwrap_or_default()
}

/// Everything in a text that looks like a marker of ours; at most ten.
pub fn find_markers(text: &str) -> Vec<String> {
    text.match_indices("[ref:")
        .filter_map(|(at, _)| text[at..].find(']').filter(|end| *end < 120).map(|end| text[at..=at + end].to_owned()))
        .take(10)
        .collect()
}

/// Random bytes as a word for links and addresses: lower case, no look-alikes to mix up.
pub fn word(random: &[u8]) -> String {
    data_encoding::BASE32_DNSSEC.encode(random)
}

/// What is stored of a secret word: only its SHA-256.
pub fn hash(word: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::new([7; 32])
    }

    #[test]
    fn our_message_id_reads_back_also_with_outlooks_prefix() {
        let (w, m) = (WorkspaceId::from_raw(5), MessageId::from_raw(9));
        let id = key().message_id(w, m, "help.example");
        assert_eq!(key().read_message_id(&id), Some((w, m)));
        assert_eq!(key().read_message_id(&format!("<x_{id}>")), Some((w, m)));
    }

    #[test]
    fn a_guessed_message_id_is_not_ours() {
        let id = key().message_id(WorkspaceId::from_raw(5), MessageId::from_raw(9), "help.example");
        let other = SigningKey::new([8; 32]);
        assert_eq!(other.read_message_id(&id), None);
        let (body, _) = id.split_once('.').unwrap();
        assert_eq!(key().read_message_id(&format!("{body}.0000000000000.aaaa@help.example")), None);
        assert_eq!(key().read_message_id(""), None);
    }

    #[test]
    fn a_marker_is_found_in_quoted_text() {
        let (w, c) = (WorkspaceId::from_raw(5), ConversationId::from_raw(11));
        let text = format!("> Best\n> {}\n", key().marker(w, c));
        let found = find_markers(&text);
        assert_eq!(key().read_marker(&found[0]), Some((w, c)));
    }
}
