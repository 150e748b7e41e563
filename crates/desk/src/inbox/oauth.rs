//! A mailbox at Google or Microsoft, allowed by its owner.

use model::inbox::{AfterFetch, Auth, Imap, Incoming, Outgoing, Security, Smtp};
use model::{InboxId, Permission, Scope, Secret, Timestamp};
use store::Tx;
use store::inbox::SealedSecrets;

use crate::ports::Provider;
use crate::{Keys, Refusal};

/// How long somebody may take at the provider, in seconds.
const PATIENCE: i64 = 900;

/// A word that comes back from the provider with the browser: says which inbox, for whom, and until when. Sealed, so that
/// nobody can make or read one.
pub fn oauth_state(keys: &Keys, scope: &Scope, inbox: InboxId, provider: Provider, now: Timestamp, nonce: [u8; 24]) -> String {
    let agent = scope.actor.agent().map(|a| a.to_string()).unwrap_or_default();
    let provider = if provider == Provider::Google { "google" } else { "microsoft" };
    let plain = format!("{} {agent} {inbox} {provider} {}", scope.workspace, now.as_second() + PATIENCE);
    model::token::word(&keys.seal(&Secret::new(plain), nonce))
}

/// The inbox and provider of a word made by [`oauth_state`] for the same agent; none when it is not ours or too old.
pub fn read_oauth_state(keys: &Keys, scope: &Scope, state: &str, now: Timestamp) -> Option<(InboxId, Provider)> {
    let sealed = data_encoding::BASE32_DNSSEC.decode(state.as_bytes()).ok()?;
    let plain = keys.open(&sealed).ok()?;
    let mut words = plain.expose().split(' ');
    let same_workspace = words.next()? == scope.workspace.to_string();
    let same_agent = scope.actor.agent().is_some_and(|a| words.next() == Some(a.to_string().as_str()));
    let inbox = words.next()?.parse().ok()?;
    let provider = match words.next()? {
        "google" => Provider::Google,
        _ => Provider::Microsoft,
    };
    let until: i64 = words.next()?.parse().ok()?;
    (same_workspace && same_agent && until >= now.as_second()).then_some((inbox, provider))
}

/// Connects an inbox to its mailbox at a provider, with the refresh token that the provider gave for it.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn connect_oauth(
    tx: &mut Tx,
    keys: &Keys,
    scope: &Scope,
    id: InboxId,
    provider: Provider,
    token: &Secret,
    nonces: [[u8; 24]; 2],
) -> Result<(), Refusal> {
    scope.require(Permission::InboxManage)?;
    let inbox = store::inbox::get(tx, scope.workspace, id).await?.ok_or(Refusal::NotFound)?;
    let (auth, imap, smtp) = match provider {
        Provider::Google => (Auth::Google, "imap.gmail.com", "smtp.gmail.com"),
        Provider::Microsoft => (Auth::Microsoft, "outlook.office365.com", "smtp.office365.com"),
    };
    let user = inbox.address.to_string();
    let (folder, after_fetch) = match inbox.incoming {
        Incoming::Imap(i) => (i.folder, i.after_fetch),
        _ => ("INBOX".to_owned(), AfterFetch::Leave),
    };
    let incoming = Incoming::Imap(Imap { host: imap.into(), port: 993, security: Security::Tls, user_name: user.clone(), auth, folder, after_fetch });
    let outgoing = Outgoing::Smtp(Smtp { host: smtp.into(), port: 587, security: Security::Starttls, user_name: Some(user), auth });
    let secrets = SealedSecrets { incoming: Some(keys.seal(token, nonces[0])), outgoing: Some(keys.seal(token, nonces[1])) };
    store::inbox::connect(tx, scope.workspace, id, &incoming, &outgoing, &secrets).await?;
    super::changed(tx, scope, id, "connection").await
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Actor, AgentId, Id, WorkspaceId};

    #[test]
    fn a_state_serves_its_agent_for_a_while() {
        let (keys, now) = (Keys::new([3; 32]), Timestamp::UNIX_EPOCH);
        let mut scope = Scope::system(WorkspaceId::from_raw(1));
        scope.actor = Actor::Agent(AgentId::from_raw(2));
        let inbox = InboxId::from_raw(3);
        let state = oauth_state(&keys, &scope, inbox, Provider::Google, now, [1; 24]);
        assert_eq!(read_oauth_state(&keys, &scope, &state, now), Some((inbox, Provider::Google)));
        assert_eq!(read_oauth_state(&keys, &scope, &state, now + jiff::SignedDuration::from_secs(901)), None);
        scope.actor = Actor::Agent(AgentId::from_raw(9));
        assert_eq!(read_oauth_state(&keys, &scope, &state, now), None);
        assert_eq!(read_oauth_state(&keys, &scope, "garbage", now), None);
    }
}
