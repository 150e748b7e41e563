//! Follows the log and has the desk do what follows from it: tell people, and route conversations.

use std::pin::Pin;
use std::time::Duration;

use desk::Desk;
use model::event::Cursor;
use store::Error;
use tokio_util::sync::CancellationToken;

/// Follows the log until told to stop, for those who are notified.
pub async fn listen(desk: Desk, stop: CancellationToken) {
    follow(desk, stop, "notifications", |desk, place| Box::pin(desk::notification::listen(desk, place))).await;
}

/// The same, for what waits in the queues.
pub async fn route(desk: Desk, stop: CancellationToken) {
    follow(desk, stop, "routing", |desk, place| Box::pin(desk::routing::listen(desk, place))).await;
}

type Step<'a> = Pin<Box<dyn Future<Output = Result<(Cursor, bool), Error>> + Send + 'a>>;

/// Woken by commits; polls beside it, for other nodes.
async fn follow(desk: Desk, stop: CancellationToken, what: &str, step: for<'a> fn(&'a Desk, Option<Cursor>) -> Step<'a>) {
    let mut woken = desk.store.watch_events();
    let mut place = None;
    while !stop.is_cancelled() {
        match step(&desk, place).await {
            Ok((now, more)) => {
                place = Some(now);
                if more {
                    continue;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "{what}: the log waits; next try in 1 s");
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
