//! Many screens that are open while much happens.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::LocalSet;

use crate::Failure;
use crate::measure::{Figures, Meter};
use crate::scenario::Bench;

/// New conversations a second.
pub const RATE: u32 = 50;

/// The stream is read without waiting for more than this.
const MESSAGE: &[u8] = br#""kind":"message.received""#;

/// Each screen follows the stream and asks, as the app does while things happen, for the counts four times a second and for
/// its views' counts and the top of its list once a second. The latencies are those of all screens, from the moment a request
/// was sent until the message is in the stream; the processor's time is for one event, with all that the screens ask.
pub async fn screens(bench: &Bench<'_>) -> Result<Figures, Failure> {
    let sent: Rc<RefCell<Vec<Instant>>> = Rc::default();
    let latencies: Rc<RefCell<Vec<Duration>>> = Rc::default();
    let requests = bench.requests().clone();
    let local = LocalSet::new();
    let (mut streams, mut pollers) = (Vec::new(), Vec::new());
    for _ in 0..bench.variant.clients {
        let mut stream = bench.client().await?;
        stream.open_stream(&requests.get("/stream")).await?;
        stream.wait_for(b"event: hello").await?;
        streams.push(stream);
        pollers.push(bench.client().await?);
    }
    let mut writer = bench.client().await?;
    let meter = Meter::start(bench.environment, bench.server);
    let events = RATE as usize * bench.length().as_secs().max(1) as usize;
    local
        .run_until(async {
            let mut readers = Vec::new();
            for mut stream in streams {
                let (sent, latencies) = (sent.clone(), latencies.clone());
                readers.push(tokio::task::spawn_local(async move {
                    for n in 0..events {
                        stream.wait_for(MESSAGE).await?;
                        let at = sent.borrow().get(n).copied().ok_or("a message that nobody sent")?;
                        latencies.borrow_mut().push(at.elapsed());
                    }
                    Ok::<(), Failure>(())
                }));
            }
            let asking: Vec<_> = pollers
                .into_iter()
                .enumerate()
                .map(|(n, mut client)| {
                    let requests = requests.clone();
                    tokio::task::spawn_local(async move {
                        // Not all at the same moment.
                        tokio::time::sleep(Duration::from_millis(n as u64 * 17 % 250)).await;
                        for turn in 0_usize.. {
                            let begun = Instant::now();
                            client.json(&requests.get("/conversation-counts")).await?;
                            if turn.is_multiple_of(4) {
                                client.json(&requests.get("/view-counts")).await?;
                                client.json(&requests.get("/conversations?view=all_open&limit=50")).await?;
                            }
                            tokio::time::sleep(Duration::from_millis(250).saturating_sub(begun.elapsed())).await;
                        }
                        Ok::<(), Failure>(())
                    })
                })
                .collect();
            let begun = Instant::now();
            for n in 0..events {
                tokio::time::sleep((begun + Duration::from_secs(1) / RATE * n as u32).saturating_duration_since(Instant::now())).await;
                sent.borrow_mut().push(Instant::now());
                writer.json(&Bench::new_conversation(&requests, &bench.environment.inbox, n)).await?;
            }
            for reader in readers {
                reader.await??;
            }
            for task in asking {
                task.abort();
                // Those that failed before tell why.
                if let Ok(failed) = task.await {
                    failed?;
                }
            }
            Ok::<(), Failure>(())
        })
        .await?;
    let figures = meter.stop(&bench.title, &latencies.take());
    let each = |ms: Option<f64>| ms.map(|ms| ms * bench.variant.clients as f64);
    Ok(Figures {
        app_cpu: each(figures.app_cpu),
        database_cpu: each(figures.database_cpu),
        per_second: Some(f64::from(RATE)),
        operations: events,
        ..figures
    })
}
