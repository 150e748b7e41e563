//! API tokens.

use model::agent::TokenScope;
use model::{Permission, Scope, Secret, Timestamp, TokenId};
use store::Tx;
use store::api_token::{self, Token};

use super::session::audit;
use super::{AccountError, text};
use crate::random;

/// Most tokens of one agent.
const MOST: usize = 200;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What it may do; at least one.
    pub scopes: Vec<TokenScope>,
    /// End; none for never.
    pub expires_at: Option<Timestamp>,
}

/// Makes a token for the actor. The secret is shown this once. It never does more than its agent may.
///
/// # Errors
/// [`AccountError::Forbidden`], [`AccountError::Invalid`].
pub async fn create_token(tx: &mut Tx, scope: &Scope, form: NewToken) -> Result<(Token, Secret), AccountError> {
    scope.require(Permission::TokenManage)?;
    let agent = scope.actor.agent().ok_or(AccountError::NotFound)?;
    let name = text::name("name", &form.name)?;
    let mut scopes: Vec<TokenScope> = Vec::new();
    for wanted in form.scopes {
        if !scopes.contains(&wanted) {
            scopes.push(wanted);
        }
    }
    if scopes.is_empty() {
        return Err(AccountError::invalid("scopes", "missing", "Choose at least one scope."));
    }
    if form.expires_at.is_some_and(|end| end <= tx.now()) {
        return Err(AccountError::invalid("expires_at", "invalid", "Choose a time to come."));
    }
    if api_token::of_agent(tx, scope.workspace, agent).await?.len() >= MOST {
        return Err(AccountError::invalid("name", "too_many", "Take old tokens back first: 200 is the most."));
    }
    let secret = Secret::new(format!("snm_{}", random::word::<32>().expose()));
    let token = Token { id: tx.new_id(), name, scopes, created_at: tx.now(), last_used_at: None, expires_at: form.expires_at };
    api_token::insert(tx, scope.workspace, agent, &token, &model::token::hash(secret.expose())).await?;
    audit(tx, scope.workspace, agent, "token.created", Some(token.id.to_string())).await?;
    Ok((token, secret))
}

/// Takes one of the actor's tokens back.
pub async fn revoke_token(tx: &mut Tx, scope: &Scope, id: TokenId) -> Result<(), AccountError> {
    scope.require(Permission::TokenManage)?;
    let agent = scope.actor.agent().ok_or(AccountError::NotFound)?;
    if !api_token::delete(tx, scope.workspace, agent, id).await? {
        return Err(AccountError::NotFound);
    }
    audit(tx, scope.workspace, agent, "token.revoked", Some(id.to_string())).await?;
    Ok(())
}
