//! Where does this mail belong? In the stated order, first hit wins; never by subject text alone.

use model::{ConversationId, EmailAddress, Inbound, InboxId, Scope, WorkspaceId};
use store::{Error, Tx};

use crate::Keys;

/// How a mail was found to belong to a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Our reply address, with its unguessable token.
    ReplyAddress,
    /// A Message-ID that we signed.
    OurMessageId,
    /// Somebody else's Message-ID that we saw in the conversation.
    TheirMessageId,
    /// A marker that we signed, in the quoted body.
    Marker,
    /// `[#1234]` in the subject, by somebody who takes part.
    Number,
}

impl Proof {
    /// Nobody who was not sent one of our messages can know it.
    pub(crate) fn is_signed(self) -> bool {
        matches!(self, Self::ReplyAddress | Self::OurMessageId | Self::Marker)
    }
}

/// The conversation that a mail of our own was sent from, when it arrives at another inbox than that conversation's.
pub(crate) async fn sent_from(
    tx: &mut Tx,
    keys: &Keys,
    workspace: WorkspaceId,
    inbox: InboxId,
    mail: &Inbound,
) -> Result<Option<ConversationId>, Error> {
    let Some((at, message)) = mail.message_id.as_deref().and_then(|id| keys.signing.read_message_id(id)) else { return Ok(None) };
    if at != workspace {
        return Ok(None);
    }
    let Some(id) = store::message::conversation_of(tx, workspace, message).await? else { return Ok(None) };
    let there = store::participant::inbox_of(tx, workspace, id).await?;
    Ok((there != Some(inbox)).then_some(id))
}

/// The conversation that a mail belongs to, but never `except`. Cost: one indexed look-up per reference, at most 60.
pub(crate) async fn find(
    tx: &mut Tx,
    keys: &Keys,
    scope: &Scope,
    inbox: InboxId,
    mail: &Inbound,
    sender: &EmailAddress,
    except: Option<ConversationId>,
) -> Result<Option<(ConversationId, Proof)>, Error> {
    let workspace = scope.workspace;
    let fits = |id: ConversationId| Some(id) != except;
    for address in mail.delivered_to.iter().chain(mail.to.iter().chain(&mail.cc).map(|m| &m.address)).take(50) {
        if let Some(token) = reply_token(address)
            && let Some((at, id)) = store::conversation::by_reply_token(tx, &token).await?
            && at == workspace
            && fits(id)
        {
            return Ok(Some((id, Proof::ReplyAddress)));
        }
    }
    for reference in mail.references.iter().take(60) {
        if let Some((at, message)) = keys.signing.read_message_id(reference)
            && at == workspace
            && let Some(id) = store::message::conversation_of(tx, workspace, message).await?
            && fits(id)
        {
            return Ok(Some((id, Proof::OurMessageId)));
        }
    }
    for reference in mail.references.iter().take(60) {
        // Outlook prefixes forwarded ids with "x_", so both spellings are looked up.
        for spelling in [reference.as_str(), reference.strip_prefix("x_").unwrap_or_default()] {
            if !spelling.is_empty()
                && let Some(id) = store::message::by_reference(tx, workspace, inbox, spelling).await?
                && fits(id)
            {
                return Ok(Some((id, Proof::TheirMessageId)));
            }
        }
    }
    for marker in &mail.markers {
        if let Some((at, id)) = keys.signing.read_marker(marker)
            && at == workspace
            && fits(id)
            && exists(tx, workspace, id).await?
        {
            return Ok(Some((id, Proof::Marker)));
        }
    }
    if let Some(number) = number_in(&mail.subject)
        && let Some(id) = store::conversation::by_number(tx, workspace, number).await?
        && fits(id)
        && store::participant::contains(tx, workspace, id, sender).await?
    {
        return Ok(Some((id, Proof::Number)));
    }
    Ok(None)
}

async fn exists(tx: &mut Tx, workspace: WorkspaceId, id: ConversationId) -> Result<bool, Error> {
    Ok(store::participant::inbox_of(tx, workspace, id).await?.is_some())
}

/// The token in `reply+<token>@…`, or in `help+reply.<token>@…` where only our own mailbox takes plus-addresses.
pub(crate) fn reply_token(address: &EmailAddress) -> Option<String> {
    let detail = address.detail()?.to_lowercase();
    let token = if address.local().to_lowercase().starts_with("reply+") { detail } else { detail.strip_prefix("reply.")?.to_owned() };
    (token.len() >= 20 && token.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(token)
}

/// The number in `[#1234]`.
fn number_in(subject: &str) -> Option<i64> {
    let (_, rest) = subject.split_once("[#")?;
    let (digits, _) = rest.split_once(']')?;
    digits.parse().ok().filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_address_gives_its_token_and_others_do_not() {
        let token = |a: &str| reply_token(&a.parse().unwrap());
        assert_eq!(token("reply+AbCdEfGhIjKlMnOpQrStUvWx@a.example"), Some("abcdefghijklmnopqrstuvwx".into()));
        assert_eq!(token("help+reply.abcdefghijklmnopqrstuvwx@a.example"), Some("abcdefghijklmnopqrstuvwx".into()));
        assert_eq!(token("help+news@a.example"), None);
        assert_eq!(token("reply+short@a.example"), None);
    }

    #[test]
    fn a_number_is_read_from_the_subject() {
        assert_eq!(number_in("Re: [#1234] Kettle"), Some(1234));
        assert_eq!(number_in("Re: #1234"), None);
        assert_eq!(number_in("[#-5] [#"), None);
    }
}
