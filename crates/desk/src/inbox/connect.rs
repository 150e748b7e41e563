//! The mailbox behind an inbox.

use model::inbox::{Auth, Imap, Inbox, Incoming, MailboxSecrets, Outgoing, Smtp};
use model::{InboxId, Permission, Scope, Secret};
use store::Tx;
use store::inbox::SealedSecrets;

use crate::{Keys, Refusal, line};

/// How mail is to come in. The password is taken over from before when it is left out.
#[derive(Debug, Clone)]
pub struct NewIncoming {
    /// The way.
    pub incoming: Incoming,
    /// Its password.
    pub password: Option<Secret>,
}

/// How mail is to go out. The password is taken over from before when it is left out.
#[derive(Debug, Clone)]
pub struct NewOutgoing {
    /// The way.
    pub outgoing: Outgoing,
    /// Its password.
    pub password: Option<Secret>,
}

/// Connects an inbox to a mailbox. Passwords are stored sealed; none is ever told again. `nonces` are random.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Invalid`] when a server has no name or port, or a password is needed: a stored one is
/// kept only for the same server and user name, so that nobody can send it elsewhere.
pub async fn connect(
    tx: &mut Tx,
    keys: &Keys,
    scope: &Scope,
    id: InboxId,
    (incoming, outgoing): (NewIncoming, NewOutgoing),
    nonces: [[u8; 24]; 2],
) -> Result<(), Refusal> {
    scope.require(Permission::InboxManage)?;
    let inbox = store::inbox::get(tx, scope.workspace, id).await?.ok_or(Refusal::NotFound)?;
    check(&incoming.incoming, &outgoing.outgoing)?;
    let stored = store::inbox::secrets(tx, scope.workspace, id).await?;
    let seal = |given: Option<&Secret>, kept: Option<Vec<u8>>, nonce| given.map(|s| keys.seal(s, nonce)).or(kept);
    let secrets = SealedSecrets {
        incoming: seal(incoming.password.as_ref(), stored.incoming.filter(|_| same_incoming(&inbox, &incoming.incoming)), nonces[0]),
        outgoing: seal(outgoing.password.as_ref(), stored.outgoing.filter(|_| same_outgoing(&inbox, &outgoing.outgoing)), nonces[1]),
    };
    if let Incoming::Imap(Imap { auth: Auth::Password, .. }) = incoming.incoming
        && secrets.incoming.is_none()
    {
        return Err(Refusal::invalid("incoming.password", "missing", "This server and user name need their password."));
    }
    if let Outgoing::Smtp(Smtp { auth: Auth::Password, user_name: Some(_), .. }) = outgoing.outgoing
        && secrets.outgoing.is_none()
    {
        return Err(Refusal::invalid("outgoing.password", "missing", "This server and user name need their password."));
    }
    store::inbox::connect(tx, scope.workspace, id, &incoming.incoming, &outgoing.outgoing, &secrets).await?;
    super::changed(tx, scope, id, "connection").await
}

/// The stored passwords of an inbox that fit a connection to be tested: those of the same server and user name.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn kept_secrets(
    conn: &mut store::Conn,
    keys: &Keys,
    scope: &Scope,
    id: InboxId,
    incoming: Option<&Incoming>,
    outgoing: Option<&Outgoing>,
) -> Result<MailboxSecrets, Refusal> {
    scope.require(Permission::InboxManage)?;
    let inbox = store::inbox::get(conn, scope.workspace, id).await?.ok_or(Refusal::NotFound)?;
    let stored = store::inbox::secrets(conn, scope.workspace, id).await?;
    let open = |sealed: Option<Vec<u8>>| sealed.and_then(|s| keys.open(&s).ok());
    Ok(MailboxSecrets {
        incoming: open(stored.incoming.filter(|_| incoming.is_some_and(|i| same_incoming(&inbox, i)))),
        outgoing: open(stored.outgoing.filter(|_| outgoing.is_some_and(|o| same_outgoing(&inbox, o)))),
    })
}

fn same_incoming(inbox: &Inbox, new: &Incoming) -> bool {
    matches!((&inbox.incoming, new), (Incoming::Imap(a), Incoming::Imap(b)) if a.host == b.host && a.user_name == b.user_name && a.auth == b.auth)
}

fn same_outgoing(inbox: &Inbox, new: &Outgoing) -> bool {
    matches!((&inbox.outgoing, new), (Outgoing::Smtp(a), Outgoing::Smtp(b)) if a.host == b.host && a.user_name == b.user_name && a.auth == b.auth)
}

fn check(incoming: &Incoming, outgoing: &Outgoing) -> Result<(), Refusal> {
    if let Incoming::Imap(imap) = incoming {
        server("incoming.host", "incoming.port", &imap.host, imap.port)?;
        line::line("incoming.user_name", &imap.user_name, 254)?;
        line::line("incoming.folder", &imap.folder, 254)?;
    }
    if let Outgoing::Smtp(smtp) = outgoing {
        server("outgoing.host", "outgoing.port", &smtp.host, smtp.port)?;
        if let Some(user) = &smtp.user_name {
            line::line("outgoing.user_name", user, 254)?;
        }
    }
    Ok(())
}

/// A host name or address without a port, a path or a user.
pub(crate) fn server(host_field: &'static str, port_field: &'static str, host: &str, port: u16) -> Result<(), Refusal> {
    let fits = !host.is_empty() && host.len() <= 253 && host.chars().all(|c| c.is_alphanumeric() || ".-:[]_".contains(c));
    if !fits {
        return Err(Refusal::invalid(host_field, "invalid", "Write a host name like imap.example.com."));
    }
    if port == 0 {
        return Err(Refusal::invalid(port_field, "invalid", "Write a port from 1 to 65535."));
    }
    Ok(())
}
