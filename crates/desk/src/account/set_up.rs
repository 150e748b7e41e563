//! The first run: one link, one owner, one workspace.

use jiff::SignedDuration;
use model::agent::{Agent, Preferences};
use model::workspace::{Language, Workspace};
use model::{EmailAddress, Role, Secret};
use store::Tx;
use store::one_time_token::{self, Purpose};

use super::session::audit;
use super::{AccountError, Entry, Visitor, open_session, text};
use crate::{Desk, password, random};

/// The link works until it is used; this only keeps its row finite.
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(24 * 365 * 10);

/// What the first run asks.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// The word of the link; none from the command line, whose user has the data folder anyway.
    pub token: Option<Secret>,
    /// Name of the workspace.
    pub workspace: String,
    /// Its language, and the owner's.
    pub language: Language,
    /// Its time zone.
    pub time_zone: String,
    /// The owner's name.
    pub name: String,
    /// The owner's address.
    pub email: EmailAddress,
    /// The owner's password.
    pub password: Secret,
}

/// Whether nobody has set this installation up yet.
pub async fn needs_setup(desk: &Desk) -> Result<bool, store::Error> {
    Ok(store::workspace::first(&mut desk.store.read().await?).await?.is_none())
}

/// A new set-up link. Earlier ones stop working.
pub async fn issue_setup_link(desk: &Desk) -> Result<String, store::Error> {
    let word = random::word::<32>();
    let mut tx = desk.begin().await?;
    let until = tx.now() + LINK_LIFE;
    one_time_token::issue(&mut tx, Purpose::SetUp, None, &model::token::hash(word.expose()), until).await?;
    tx.commit().await?;
    Ok(format!("{}/setup?token={}", desk.public_url, word.expose()))
}

/// Sets the installation up: the same for the browser and for the command line. With a visitor, the owner is signed in.
///
/// # Errors
/// [`AccountError::AlreadySetUp`], [`AccountError::LinkExpired`], [`AccountError::Invalid`].
pub async fn set_up(desk: &Desk, form: SetUp, visitor: Option<&Visitor>) -> Result<(Workspace, Agent, Option<Entry>), AccountError> {
    let hash = form.token.as_ref().map(|t| model::token::hash(t.expose()));
    if !needs_setup(desk).await? {
        return Err(AccountError::AlreadySetUp);
    }
    if let Some(hash) = &hash
        && !one_time_token::exists(&mut desk.store.read().await?, Purpose::SetUp, hash, desk.clock.now()).await?
    {
        return Err(AccountError::LinkExpired);
    }
    let workspace_name = text::name("workspace.name", &form.workspace)?;
    let time_zone = text::time_zone("workspace.time_zone", &form.time_zone)?;
    let name = text::name("owner.name", &form.name)?;
    password::check(&form.password, form.email.as_str()).map_err(|w| AccountError::weak("owner.password", w))?;
    let password_hash = password::hash(&form.password, random::bytes()).await?;

    let mut tx = desk.begin().await?;
    store::workspace::lock_set_up(&mut tx).await?;
    if store::workspace::first(&mut tx).await?.is_some() {
        return Err(AccountError::AlreadySetUp);
    }
    if let Some(hash) = &hash
        && one_time_token::redeem(&mut tx, Purpose::SetUp, hash).await?.is_none()
    {
        return Err(AccountError::LinkExpired);
    }
    one_time_token::forget(&mut tx, Purpose::SetUp, None).await?;
    let (workspace, owner) = open_workspace(&mut tx, &workspace_name, form.language, &time_zone, &name, &form.email, &password_hash).await?;
    let entry = match visitor {
        Some(visitor) => Some(open_session(&mut tx, workspace.id, owner.clone(), visitor).await?),
        None => None,
    };
    tx.commit().await?;
    Ok((workspace, owner, entry))
}

/// Opens a workspace with its owner. The parts were checked.
pub async fn open_workspace(
    tx: &mut Tx,
    name: &str,
    language: Language,
    time_zone: &str,
    owner: &str,
    email: &EmailAddress,
    password_hash: &str,
) -> Result<(Workspace, Agent), AccountError> {
    let now = tx.now();
    let workspace = Workspace { id: tx.new_id(), name: name.into(), language, time_zone: time_zone.into(), created_at: now };
    store::workspace::insert(tx, &workspace).await?;
    let owner = Agent {
        id: tx.new_id(),
        name: owner.into(),
        email: email.clone(),
        role: Role::Owner,
        language,
        time_zone: None,
        signature_html: String::new(),
        deactivated_at: None,
        created_at: now,
        last_seen_at: None,
        preferences: Preferences::default(),
    };
    store::agent::insert(tx, workspace.id, &owner, Some(password_hash)).await.map_err(|error| match error {
        store::Error::Duplicate(_) => AccountError::taken("owner.email", "This address has an account already."),
        other => other.into(),
    })?;
    audit(tx, workspace.id, owner.id, "workspace.set_up", None).await?;
    Ok((workspace, owner))
}
