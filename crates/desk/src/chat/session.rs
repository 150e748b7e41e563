//! A browser opens the widget: who is it?

use model::identity::{self, Identity};
use model::stay::Facts;
use model::visitor::{IDENTIFIED_FOR, Page, Visitor};
use model::{Actor, Conversation, CustomerId, EmailAddress, EventKind, Mailbox, Scope, Secret, WorkspaceId};
use store::widget::Named;
use store::{Error, Tx};

use super::Visit;
use crate::{Keys, Refusal, line};

/// What a browser says of itself.
#[derive(Debug, Clone, Default)]
pub struct Open {
    /// The token that it got before.
    pub token: Option<Secret>,
    /// What the site says of its visitor, signed.
    pub identity: Option<String>,
    /// Its language.
    pub locale: Option<String>,
    /// The page it shows, where the visitor agreed.
    pub page: Option<Page>,
}

/// Who it is.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The visitor.
    pub visitor: Visitor,
    /// A new token, where the one it had is no longer good.
    pub token: Option<Secret>,
}

/// Why there is no session. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The site's token proves nothing.
    #[error("the identity is not signed with this inbox's secret, or has expired")]
    IdentityInvalid,
    /// Only visitors whom the site has identified may write.
    #[error("this site lets only signed-in visitors write")]
    IdentityRequired,
    /// The store failed, or a secret does not open.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Opens a session: the same visitor as before when its token is good, else a new one. A signed identity makes the visitor a person
/// whom the site knows: it gets a new token then, so that a token from before is nobody's way to what that person wrote. Somebody
/// else who signs in in the same browser is another visitor.
///
/// # Errors
/// [`SessionError::IdentityInvalid`] when the site's token is forged, has run out, or the inbox has no secret.
pub async fn open(tx: &mut Tx, keys: &Keys, named: &Named, form: Open) -> Result<Opened, SessionError> {
    let (workspace, inbox) = (named.workspace, named.widget.inbox);
    let now = tx.now();
    let identity = match &form.identity {
        Some(token) => {
            let sealed = store::widget::secret(tx, workspace, inbox).await?.ok_or(SessionError::IdentityInvalid)?;
            let secret = keys.open(&sealed).map_err(|e| Error::Other(e.to_string()))?;
            Some(identity::read(token, &secret, now).map_err(|_| SessionError::IdentityInvalid)?)
        }
        None => None,
    };
    let found = match &form.token {
        Some(token) => store::visitor::by_token(tx, workspace, inbox, &model::token::hash(token.expose())).await?,
        None => None,
    };
    // Whose identity has run out has to prove it again: without that, the browser is a new visitor.
    let found = found.filter(|v| !v.has_run_out(now) || identity.as_ref().is_some_and(|i| v.identity.as_ref().is_some_and(|(s, _)| *s == i.subject)));
    let is_known = found.as_ref().is_some_and(|v| v.identity.is_some());
    if named.widget.settings.identity_required && identity.is_none() && !is_known {
        return Err(SessionError::IdentityRequired);
    }
    // Two tabs that open at once: the second one looks again.
    let found = match found {
        Some(v) => store::visitor::lock(tx, workspace, v.id).await?,
        None => None,
    };
    let page = form.page.filter(|_| named.widget.settings.page).and_then(Page::tidy);
    let locale = form.locale.as_deref().and_then(model::widget::locale_of);
    let fits = |v: &Visitor| match (&identity, &v.identity) {
        (Some(i), Some((subject, _))) => i.subject == *subject,
        _ => true,
    };
    let Some(mut visitor) = found.filter(fits) else {
        let mut visitor = Visitor {
            id: tx.new_id(),
            inbox,
            customer: None,
            identity: None,
            name: None,
            email: None,
            locale: locale.unwrap_or("en").to_owned(),
            page,
            created_at: now,
            seen_at: now,
            connected_until: None,
            proven: Facts::default(),
        };
        let token = crate::random::word::<20>();
        store::visitor::insert(tx, workspace, &visitor, &model::token::hash(token.expose())).await?;
        if let Some(identity) = identity {
            identify(tx, workspace, &mut visitor, identity).await?;
            store::visitor::update(tx, workspace, &visitor).await?;
        }
        return Ok(Opened { visitor, token: Some(token) });
    };
    if let Some(locale) = locale {
        locale.clone_into(&mut visitor.locale);
    }
    visitor.page = page.or(visitor.page).filter(|_| named.widget.settings.page);
    let becomes_known = identity.is_some() && visitor.identity.is_none();
    if let Some(identity) = identity {
        identify(tx, workspace, &mut visitor, identity).await?;
    }
    store::visitor::update(tx, workspace, &visitor).await?;
    let token = if becomes_known {
        let token = crate::random::word::<20>();
        store::visitor::set_token(tx, workspace, visitor.id, &model::token::hash(token.expose())).await?;
        Some(token)
    } else {
        None
    };
    Ok(Opened { visitor, token })
}

/// The site has proven who it is. Whoever it is known as gets what the browser wrote before; an address counts only when the site
/// has proven that too.
async fn identify(tx: &mut Tx, workspace: WorkspaceId, v: &mut Visitor, identity: Identity) -> Result<(), Error> {
    let mut identity = identity;
    if let Some(address) = &identity.email
        && super::is_ours(tx, workspace, address).await?
    {
        identity.email = None;
    }
    let known = store::visitor::customer_of(tx, workspace, v.inbox, &identity.subject).await?;
    let by_address = match (&identity.email, identity.email_verified) {
        (Some(address), true) => store::customer::by_address(tx, workspace, address).await?.map(|(id, _)| id),
        _ => None,
    };
    let customer = known.or(by_address).or(v.customer);
    if let Some(customer) = customer {
        store::visitor::put_identity(tx, workspace, v.inbox, &identity.subject, customer).await?;
        for id in store::chat::unproven(tx, workspace, v.id).await? {
            join(tx, workspace, id, customer).await?;
        }
        if let Some(address) = &identity.email
            && store::customer::by_address(tx, workspace, address).await?.is_none()
        {
            store::visitor::give_address(tx, workspace, customer, address).await?;
            if identity.email_verified {
                store::customer::verify(tx, workspace, address).await?;
            }
        }
    }
    store::chat::adopt(tx, workspace, v.id, &identity.subject).await?;
    let before = std::mem::replace(&mut v.customer, customer);
    if let (Some(before), Some(customer)) = (before, customer)
        && before != customer
    {
        store::visitor::update(tx, workspace, v).await?;
        absorb(tx, workspace, before, customer).await?;
    }
    v.identity = Some((identity.subject, tx.now() + IDENTIFIED_FOR));
    v.name = identity.name.or(v.name.take());
    v.email = identity.email.or(v.email.take());
    v.proven = identity.attributes;
    Ok(())
}

/// A conversation that an anonymous browser began is this customer's.
async fn join(tx: &mut Tx, workspace: WorkspaceId, id: model::ConversationId, customer: CustomerId) -> Result<(), Error> {
    let Some(mut conversation) = store::conversation::get(tx, &Scope::system(workspace), id).await? else { return Ok(()) };
    if conversation.customer == customer {
        return Ok(());
    }
    let before: Conversation = conversation.clone();
    conversation.customer = customer;
    conversation.updated_at = tx.now();
    store::conversation::update(tx, workspace, &before, &mut conversation).await?;
    store::chat::change_customer(tx, workspace, &before, customer).await?;
    let place = (Some(id), Some(conversation.inbox));
    let kind = EventKind::ChatUpdated { change: "named".into() };
    tx.record(workspace, Actor::Customer(customer), place, kind).await
}

/// What agents noted of an anonymous visitor is noted of the customer that it turned out to be; the card that is empty now goes away.
/// Somebody whom anything else refers to is no such visitor, and stays.
async fn absorb(tx: &mut Tx, workspace: WorkspaceId, before: CustomerId, customer: CustomerId) -> Result<(), Error> {
    let scope = Scope::system(workspace);
    let (Some(anonymous), Some(mut known)) = (store::customer::get(tx, &scope, before).await?, store::customer::get(tx, &scope, customer).await?)
    else {
        return Ok(());
    };
    if !store::customer::is_unused(tx, workspace, before).await? {
        return Ok(());
    }
    let mut notes: Vec<&str> = [known.notes.trim(), anonymous.notes.trim()].into_iter().filter(|n| !n.is_empty()).collect();
    notes.dedup();
    known.notes = notes.join("\n\n");
    let mut phones = known.phones.clone();
    phones.extend(anonymous.phones.into_iter().filter(|p| !known.phones.contains(p)));
    store::customer::put_phones(tx, workspace, customer, &phones).await?;
    store::customer::update(tx, workspace, &known).await?;
    store::customer::remove(tx, workspace, before).await?;
    tx.record(workspace, Actor::Customer(customer), (None, None), EventKind::CustomerUpdated { customer }).await
}

/// The browser says who its visitor is. Nobody has proven it: an address that belongs to another customer stays what was said.
///
/// # Errors
/// [`Refusal::Invalid`] when the name is no line, or the address one of our own; [`Refusal::Conflict`] `identified` when the site has said who it is.
pub async fn name(tx: &mut Tx, visit: &Visit, name: Option<&str>, email: Option<EmailAddress>) -> Result<Visitor, Refusal> {
    let workspace = visit.workspace;
    let mut v = store::visitor::lock(tx, workspace, visit.visitor.id).await?.ok_or(Refusal::NotFound)?;
    if v.identity.is_some() {
        return Err(Refusal::conflict("identified", "The site has said who you are."));
    }
    if let Some(name) = name {
        v.name = Some(line::line("name", name, 100)?);
    }
    if let Some(email) = email {
        if super::is_ours(tx, workspace, &email).await? {
            return Err(Refusal::invalid("email", "own", "This is our own address. Write yours."));
        }
        v.email = Some(email);
    }
    store::visitor::update(tx, workspace, &v).await?;
    tell(tx, workspace, &v).await?;
    Ok(v)
}

/// The customer that an anonymous visitor became, and its chats, learn the name and the address that it gave.
pub(super) async fn tell(tx: &mut Tx, workspace: WorkspaceId, v: &Visitor) -> Result<(), Error> {
    let Some(customer) = v.customer else { return Ok(()) };
    let scope = Scope::system(workspace);
    if let (Some(name), Some(mut known)) = (&v.name, store::customer::get(tx, &scope, customer).await?)
        && known.name != *name
    {
        name.clone_into(&mut known.name);
        store::customer::update(tx, workspace, &known).await?;
        tx.record(workspace, Actor::Customer(customer), (None, None), EventKind::CustomerUpdated { customer }).await?;
    }
    // Said and not proven, the address stays with the visitor and its chats: on the customer's card it would look as if it were theirs.
    let Some(address) = &v.email else { return Ok(()) };
    let own = store::chat::has_address(tx, workspace, customer, address).await?;
    let now = tx.now();
    for seen in store::chat::of_visitor(tx, workspace, v, now, 50).await? {
        let Some(conversation) = store::conversation::get(tx, &scope, seen.chat.conversation).await? else { continue };
        let Some(mut chat) = store::chat::get(tx, workspace, conversation.id).await? else { continue };
        if chat.mail.as_ref() == Some(address) {
            continue;
        }
        chat.mail = Some(address.clone());
        if conversation.last_reply_at.is_some() {
            super::mail::watch(tx, workspace, &mut chat, now).await?;
        }
        store::chat::update(tx, workspace, &chat).await?;
        let who = Mailbox { name: v.name.clone(), address: address.clone() };
        store::participant::add(tx, workspace, conversation.id, &who, own.then_some(customer)).await?;
        super::changed(tx, workspace, Actor::Customer(customer), &conversation, "named").await?;
    }
    Ok(())
}

/// The site's visitor signed out: nobody gets in with this token any more.
pub async fn forget(tx: &mut Tx, visit: &Visit) -> Result<(), Error> {
    store::visitor::forget_token(tx, visit.workspace, visit.visitor.id).await
}
