//! `sonnim setup`, `sonnim agent …`, `sonnim token …`: the same verbs as in the browser.

use std::io::Read;

use desk::Desk;
use desk::account::{self, AccountError, NewAgent, NewToken, SetUp};
use model::{Scope, Secret};
use serde_json::json;

use crate::config::Config;
use crate::failure::Failure;
use crate::open::with_desk;
use crate::{Answer, cli};

impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::AlreadySetUp => Self::Refused("this installation is set up already; add people with: sonnim agent create".into()),
            AccountError::Store(error) => error.into(),
            taken @ AccountError::Invalid { code: "taken", .. } => Self::Refused(taken.to_string()),
            other => Self::Failed(other.to_string()),
        }
    }
}

/// A password from stdin or the environment. One line end at its end is not part of it.
pub fn password(from_stdin: bool) -> Result<Secret, Failure> {
    let text = if from_stdin {
        let mut text = String::new();
        std::io::stdin().take(4096).read_to_string(&mut text).map_err(Failure::failed("reading the password from stdin"))?;
        text.strip_suffix('\n').map_or(text.as_str(), |t| t.strip_suffix('\r').unwrap_or(t)).to_owned()
    } else {
        std::env::var("SONNIM_PASSWORD").unwrap_or_default()
    };
    if text.is_empty() {
        return Err(Failure::Usage("a password is needed: pipe it in with --password-stdin, or set SONNIM_PASSWORD".into()));
    }
    Ok(Secret::new(text))
}

/// The one workspace of this installation.
///
/// # Errors
/// [`Failure::Refused`] before the set-up.
pub async fn scope(desk: &Desk) -> Result<Scope, Failure> {
    let workspace = store::workspace::first(&mut desk.store.read().await?).await?;
    workspace.map(|w| Scope::system(w.id)).ok_or_else(|| Failure::Refused("nothing is set up yet: run sonnim setup first".into()))
}

/// `sonnim setup`.
pub fn set_up(config: &Config, form: cli::Setup, answer: Answer) -> Result<(), Failure> {
    let password = password(form.password_stdin)?;
    let form = SetUp {
        token: None,
        workspace: form.workspace,
        language: form.language,
        time_zone: form.time_zone,
        name: form.name,
        email: form.email,
        password,
    };
    let (workspace, owner, url) = with_desk(config, async |desk| {
        let (workspace, owner, _) = account::set_up(desk, form, None).await?;
        Ok((workspace, owner, desk.public_url.clone()))
    })?;
    let value = json!({ "workspace_id": workspace.id, "workspace": workspace.name, "agent_id": owner.id, "email": owner.email.as_str() });
    answer.give(&value, || format!("{} is set up. {} can sign in at {url}", workspace.name, owner.email.as_str()))
}

/// `sonnim agent create`.
pub fn create_agent(config: &Config, form: cli::AgentCreate, answer: Answer) -> Result<(), Failure> {
    let password = password(form.password_stdin)?;
    let form = NewAgent { name: form.name, email: form.email, role: form.role, language: form.language, password };
    let agent = with_desk(config, async |desk| Ok(account::add_agent(desk, &scope(desk).await?, form).await?))?;
    let value = json!({ "id": agent.id, "name": agent.name, "email": agent.email.as_str(), "role": agent.role });
    answer.give(&value, || format!("{} ({}) can sign in now", agent.name, agent.role.as_str()))
}

/// `sonnim agent list`.
pub fn list_agents(config: &Config, answer: Answer) -> Result<(), Failure> {
    let agents = with_desk(config, async |desk| {
        let scope = scope(desk).await?;
        Ok(store::agent::list(&mut desk.store.read().await?, scope.workspace).await?)
    })?;
    let value: Vec<_> = agents
        .iter()
        .map(|a| json!({ "id": a.id, "name": a.name, "email": a.email.as_str(), "role": a.role, "active": a.deactivated_at.is_none() }))
        .collect();
    answer.give(&value, || {
        let line = |a: &model::agent::Agent| {
            let off = if a.deactivated_at.is_some() { "  (switched off)" } else { "" };
            format!("{}  {:<6} {}  {}{off}", a.id, a.role.as_str(), a.email.as_str(), a.name)
        };
        super::lines_of(&agents, line)
    })
}

/// `sonnim token create`: prints only the token.
pub fn create_token(config: &Config, form: cli::TokenCreate, answer: Answer) -> Result<(), Failure> {
    let (token, secret) = with_desk(config, async |desk| {
        let found = account::scope_of(desk, form.email.as_str()).await?;
        let (scope, _) = found.ok_or_else(|| Failure::Failed(format!("no active agent has the address {}", form.email.as_str())))?;
        let now = desk.clock.now();
        let expires_at = form.expires_in.map(|days| now + jiff::SignedDuration::from_hours(24 * i64::from(days)));
        let mut tx = desk.begin().await?;
        let made = account::create_token(&mut tx, &scope, NewToken { name: form.name, scopes: form.scopes, expires_at }).await?;
        tx.commit().await?;
        Ok(made)
    })?;
    // The one place where a secret is printed: it is what the command is for.
    answer.give(&json!({ "id": token.id, "token": secret.expose() }), || secret.expose().to_owned())
}
