//! Limits on guessing: how often an address or an account may try. Counted in the store before the work, so they hold for
//! parallel tries and on every node.

use crate::app::App;
use crate::problem::Problem;

/// So many tries in so many seconds.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Name of the counter.
    pub name: &'static str,
    /// Length of the window.
    pub seconds: i64,
    /// Most tries in a window.
    pub most: i64,
}

/// Sign-ins from one address; good ones do not count.
pub const SIGN_IN_FROM: Limit = Limit { name: "sign_in_from", seconds: 600, most: 50 };
/// Sign-ins to one account; good ones do not count.
pub const SIGN_IN_TO: Limit = Limit { name: "sign_in_to", seconds: 600, most: 10 };
/// Reset mails asked for from one address.
pub const RESET_FROM: Limit = Limit { name: "reset_from", seconds: 3600, most: 30 };
/// Reset mails to one account.
pub const RESET_TO: Limit = Limit { name: "reset_to", seconds: 3600, most: 5 };
/// Links (set-up, invitation, reset) tried from one address.
pub const LINK_FROM: Limit = Limit { name: "link_from", seconds: 3600, most: 100 };
/// Changes of one agent's password; good ones do not count.
pub const PASSWORD_OF: Limit = Limit { name: "password_of", seconds: 600, most: 10 };

fn bucket(limit: Limit, key: &str) -> String {
    // The key may be an address: it is not kept in clear.
    format!("{}:{}", limit.name, &model::token::hash(key)[..32])
}

/// Counts a try under each limit, or answers 429 with the time to wait.
pub async fn take(app: &App, limits: &[(Limit, &str)]) -> Result<(), Problem> {
    let mut tx = app.begin().await?;
    let mut wait = None;
    for (limit, key) in limits {
        let hits = store::throttle::hit(&mut tx, &bucket(*limit, key), limit.seconds).await?;
        if hits > limit.most {
            let left = limit.seconds - tx.now().as_second().rem_euclid(limit.seconds);
            wait = wait.max(Some(left));
        }
    }
    tx.commit().await?;
    wait.map_or(Ok(()), |seconds| Err(Problem::too_many_requests(seconds.max(1) as u64)))
}

/// Takes a good try back.
pub async fn forgive(app: &App, limits: &[(Limit, &str)]) -> Result<(), Problem> {
    let mut tx = app.begin().await?;
    for (limit, key) in limits {
        store::throttle::forgive(&mut tx, &bucket(*limit, key), limit.seconds).await?;
    }
    Ok(tx.commit().await?)
}
