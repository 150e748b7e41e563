//! Follows the log and has the desk notify people of what concerns them.

use std::time::Duration;

use desk::Desk;
use tokio_util::sync::CancellationToken;

/// Follows the log until told to stop. Woken by commits; polls beside it, for other nodes.
pub async fn listen(desk: Desk, stop: CancellationToken) {
    let mut woken = desk.store.watch_events();
    let mut place = None;
    while !stop.is_cancelled() {
        match desk::notification::listen(&desk, place).await {
            Ok((now, more)) => {
                place = Some(now);
                if more {
                    continue;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "notifications wait; next try in 1 s");
                place = None;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            _ = woken.changed() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}
