//! One notification for one device.

use model::notification::{NotificationKind, PUSH_UNTIL};
use model::{NotificationId, PushId, Scope, Timestamp};
use serde_json::json;
use store::Error;
use store::job::Claimed;
use store::notification::Shown;

use super::{Looking, Subscription, vapid_keys};
use crate::Desk;
use crate::notification::{what, zone};
use crate::ports::{PushChannel, PushError, PushMessage};

/// How long a push service keeps a message for a device that is switched off.
const KEPT_SECONDS: u32 = 4 * 3_600;
/// Seconds to the next try, the first and the longest.
const BACK_OFF: (i64, i64) = (5, 900);

/// Pushes a notification to a device and ends its job. Nothing is pushed that was read meanwhile, that its agent has in front of
/// them, sees no longer, or does not want now (quiet hours); nor what happened too long ago.
///
/// # Errors
/// Those of the store: the job tries again.
pub async fn push(desk: &Desk, channel: &dyn PushChannel, looking: &Looking, job: &Claimed, id: NotificationId, device: PushId) -> Result<(), Error> {
    let now = desk.clock.now();
    let Some((to, message)) = message(desk, looking, job, id, device, now).await? else { return end(desk, job, device, End::Nothing).await };
    let key = vapid_keys(desk).await?;
    match channel.push(&to, &message, &key, now).await {
        Ok(()) => end(desk, job, device, End::Pushed).await,
        Err(PushError::Gone) => end(desk, job, device, End::Gone).await,
        Err(PushError::Refused(why)) => {
            tracing::warn!(job.id = %job.id, "a push service refused a notification: {why}");
            end(desk, job, device, End::Nothing).await
        }
        Err(PushError::Later { after, why }) => {
            let doubled = BACK_OFF.0 << u32::try_from(job.attempts.clamp(1, 10) - 1).unwrap_or_default();
            let wait = after.map_or(0, |a| a.as_secs().cast_signed()).max(doubled).min(BACK_OFF.1);
            let at = now + std::time::Duration::from_secs(wait.unsigned_abs());
            let mut tx = desk.begin().await?;
            if store::job::retry(&mut tx, job, at, &why).await? { tx.commit().await } else { Ok(()) }
        }
    }
}

/// What is pushed where; none when nothing is.
async fn message(
    desk: &Desk,
    looking: &Looking,
    job: &Claimed,
    id: NotificationId,
    device: PushId,
    now: Timestamp,
) -> Result<Option<(Subscription, PushMessage)>, Error> {
    let workspace = job.workspace;
    let mut conn = desk.store.read().await?;
    let Some(device) = store::push::find(&mut conn, workspace, device, now).await? else { return Ok(None) };
    let agent = store::agent::find(&mut conn, workspace, device.agent).await?.filter(|a| a.deactivated_at.is_none());
    let Some(agent) = agent else { return Ok(None) };
    let inboxes = store::agent::visible_inboxes(&mut conn, workspace, agent.id, agent.role).await?;
    let scope = Scope { inboxes, ..Scope::system(workspace) };
    // Only their own: on a shared machine, the device may have become somebody else's.
    let Some(shown) = store::notification::find(&mut conn, &scope, agent.id, id).await? else { return Ok(None) };
    let n = &shown.notification;
    if n.read_at.is_some() || n.at + PUSH_UNTIL < now || looking.at(agent.id, n.conversation, now) {
        return Ok(None);
    }
    let settings = store::notification::settings(&mut conn, workspace, agent.id).await?;
    let zone = zone(&mut conn, workspace, agent.time_zone.as_deref()).await?;
    if !settings.ways(n.kind).desktop || settings.quiet_hours.end(now, &zone).is_some() {
        return Ok(None);
    }
    let Ok(to) = Subscription::open(&desk.keys, &device.sealed) else {
        tracing::warn!("a device to push to cannot be opened; it has to be switched on again");
        return Ok(None);
    };
    let message = PushMessage {
        payload: payload(&shown, agent.language).into_bytes(),
        // Which conversation it is, the push service need not know.
        topic: model::token::hash(&format!("{}{}", device.id, n.conversation)).chars().take(32).collect(),
        keep_seconds: KEPT_SECONDS,
        urgent: matches!(
            n.kind,
            NotificationKind::Assigned
                | NotificationKind::Mention
                | NotificationKind::CustomerMessage
                | NotificationKind::Offered
                | NotificationKind::Invited
                | NotificationKind::Whispered
                | NotificationKind::TakenOver
        ),
        contact: desk.public_url.to_string(),
    };
    Ok(Some((to, message)))
}

/// What the device shows: who did what in which conversation, and no word of a message.
fn payload(shown: &Shown, language: model::workspace::Language) -> String {
    let n = &shown.notification;
    let who = shown.actor_name.as_deref().unwrap_or("Sonnim");
    let subject: String = shown.subject.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(150).collect();
    json!({
        "title": what(n.kind, &who.chars().take(80).collect::<String>(), language),
        "body": format!("#{} {subject}", shown.number).trim_end(),
        "lang": language.as_str(),
        "tag": n.conversation.to_string(),
        "path": format!("/conversations/{}", n.conversation),
        "at": n.at.as_millisecond(),
    })
    .to_string()
}

#[derive(Clone, Copy)]
enum End {
    Pushed,
    Gone,
    Nothing,
}

async fn end(desk: &Desk, job: &Claimed, device: PushId, how: End) -> Result<(), Error> {
    let mut tx = desk.begin().await?;
    match how {
        End::Pushed => store::push::pushed(&mut tx, job.workspace, device).await?,
        End::Gone => store::push::gone(&mut tx, job.workspace, device).await?,
        End::Nothing => {}
    }
    if store::job::done(&mut tx, job).await? { tx.commit().await } else { Ok(()) }
}
