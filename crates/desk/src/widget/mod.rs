//! Verbs about widgets: the messenger of an inbox.

use model::widget::{Settings, Widget};
use model::{EventKind, InboxId, Permission, Scope, Secret};
use store::Tx;

use crate::{Keys, Refusal, template};

/// Changes the widget of an inbox; the first time makes it, with a key of its own.
///
/// # Errors
/// [`Refusal::Forbidden`] for those who do not manage inboxes; [`Refusal::NotFound`]; [`Refusal::Invalid`] names the setting.
pub async fn put(tx: &mut Tx, scope: &Scope, inbox: InboxId, settings: Settings) -> Result<Widget, Refusal> {
    known(tx, scope, inbox).await?;
    settings.check().map_err(|fault| Refusal::invalid(fault.field, fault.code, fault.detail))?;
    for words in settings.agent_greeting.values() {
        template::check(&crate::html::from_text(words)).map_err(|e| Refusal::invalid("agent_greeting", e.code(), e.to_string()))?;
    }
    let key = crate::random::word::<15>();
    if !store::widget::insert(tx, scope.workspace, inbox, key.expose(), &settings).await? {
        store::widget::update(tx, scope.workspace, inbox, &settings).await?;
    }
    changed(tx, scope, inbox).await
}

/// A new secret to sign identities with. It is shown this once; what was signed with the old one proves nothing from now on.
///
/// # Errors
/// As [`put`]; [`Refusal::NotFound`] when the inbox has no widget.
pub async fn rotate_secret(tx: &mut Tx, keys: &Keys, scope: &Scope, inbox: InboxId) -> Result<(Widget, Secret), Refusal> {
    known(tx, scope, inbox).await?;
    if store::widget::get(tx, scope.workspace, inbox).await?.is_none() {
        return Err(Refusal::NotFound);
    }
    let secret = crate::random::word::<32>();
    let sealed = keys.seal(&secret, crate::random::bytes());
    store::widget::set_secret(tx, scope.workspace, inbox, sealed).await?;
    Ok((changed(tx, scope, inbox).await?, secret))
}

async fn known(tx: &mut Tx, scope: &Scope, inbox: InboxId) -> Result<(), Refusal> {
    scope.require(Permission::InboxManage)?;
    let found = store::inbox::get(tx, scope.workspace, inbox).await?.filter(|i| scope.inboxes.include(i.id));
    found.map(drop).ok_or(Refusal::NotFound)
}

async fn changed(tx: &mut Tx, scope: &Scope, inbox: InboxId) -> Result<Widget, Refusal> {
    let kind = EventKind::InboxUpdated { inbox, change: "widget".into() };
    tx.record(scope.workspace, scope.actor, (None, Some(inbox)), kind).await?;
    store::widget::get(tx, scope.workspace, inbox).await?.ok_or(Refusal::NotFound)
}
