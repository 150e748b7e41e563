//! Removes what has expired.

use std::time::Duration;

use desk::Desk;
use store::Error;

const DAY: Duration = Duration::from_secs(86_400);

/// Drops expired sessions, one-time words, throttle windows, idempotency keys, devices of ended sessions, and uploads nobody sent. Run every hour.
pub(crate) async fn tidy(desk: &Desk) {
    if let Err(error) = try_tidy(desk).await {
        tracing::warn!(%error, "tidying up failed; next try in an hour");
    }
}

async fn try_tidy(desk: &Desk) -> Result<(), Error> {
    let mut tx = desk.begin().await?;
    let now = tx.now();
    store::session::expire(&mut tx).await?;
    store::api_token::expire(&mut tx).await?;
    store::one_time_token::expire(&mut tx).await?;
    store::throttle::expire(&mut tx, now - 2 * DAY).await?;
    store::idempotency::expire(&mut tx, now - DAY).await?;
    store::macros::expire_runs(&mut tx, now - DAY).await?;
    store::notification::expire(&mut tx, now - 90 * DAY).await?;
    store::reminder::expire(&mut tx, now - 90 * DAY).await?;
    store::attachment::expire_uploads(&mut tx, now - 7 * DAY).await?;
    store::bulk_action::expire(&mut tx, now - 30 * DAY).await?;
    store::push::expire(&mut tx).await?;
    store::visitor::expire(&mut tx, now - model::visitor::REMEMBERED).await?;
    store::routing::expire(&mut tx, now - 400 * DAY).await?;
    tx.commit().await?;
    desk::resumable::expire(desk).await?;
    desk.store.blobs().sweep_parts(now).await?;
    desk.store.blobs().sweep(now).await
}
