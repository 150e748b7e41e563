//! One mail for what an agent has not read in the app.

use std::fmt::Write as _;

use model::notification::NotificationKind;
use model::workspace::Language;
use model::{AgentId, Job, Scope};
use store::Error;
use store::job::Claimed;
use store::notification::Shown;

use super::listen::zone;
use crate::notice::{self, Notice};
use crate::{Desk, random_bytes};

/// Queues a mail about what is still unread, and ends the job. In quiet hours it waits for their end; when everything was read,
/// or the agent no longer sees it, there is no mail.
pub async fn send_digest(desk: &Desk, job: &Claimed, id: AgentId) -> Result<(), Error> {
    let workspace = job.workspace;
    let mut tx = desk.begin().await?;
    let now = tx.now();
    let agent = store::agent::find(&mut tx, workspace, id).await?.filter(|a| a.deactivated_at.is_none());
    if let Some(agent) = &agent {
        let settings = store::notification::settings(&mut tx, workspace, id).await?;
        let zone = zone(&mut tx, workspace, agent.time_zone.as_deref()).await?;
        if let Some(end) = settings.quiet_hours.end(now, &zone) {
            store::job::retry(&mut tx, job, end, "quiet hours").await?;
            return tx.commit().await;
        }
        let inboxes = store::agent::visible_inboxes(&mut tx, workspace, id, agent.role).await?;
        let scope = Scope { inboxes, ..Scope::system(workspace) };
        let due = store::notification::due(&mut tx, &scope, id).await?;
        if !due.is_empty() {
            let notice = digest(&agent.email, &agent.name, agent.language, &desk.public_url, &due);
            let sealed = notice::seal(&desk.keys, &notice, random_bytes());
            tx.enqueue(workspace, &Job::SendNotice { sealed }).await?;
        }
    }
    store::notification::mailed(&mut tx, workspace, id).await?;
    store::job::done(&mut tx, job).await?;
    tx.commit().await
}

pub(crate) fn what(kind: NotificationKind, who: &str, language: Language) -> String {
    use NotificationKind as K;
    match (language, kind) {
        (Language::En, K::Assigned) => format!("{who} assigned it to you"),
        (Language::En, K::Mention) => format!("{who} mentioned you"),
        (Language::En, K::CustomerMessage) => format!("{who} wrote"),
        (Language::En, K::Colleague) => format!("{who} replied or left a note"),
        (Language::En, K::SnoozeEnded) => "the snooze is over".to_owned(),
        (Language::En, K::Due) => "it is due".to_owned(),
        (Language::En, K::Reminder) => "you wanted to be reminded".to_owned(),
        (Language::En, K::NewUnassigned) => "new, and nobody has it".to_owned(),
        (Language::En, K::Offered) => "it is offered to you".to_owned(),
        (Language::En, K::Invited) => format!("{who} invites you into the chat"),
        (Language::En, K::Whispered) => format!("{who} whispers to you"),
        (Language::En, K::TakenOver) => format!("{who} took it over from you"),
        (Language::Ko, K::Invited) => format!("{who} 님이 채팅에 초대했습니다"),
        (Language::Ko, K::Whispered) => format!("{who} 님이 귓속말을 보냈습니다"),
        (Language::Ko, K::TakenOver) => format!("{who} 님이 상담을 넘겨받았습니다"),
        (Language::Ko, K::Offered) => "맡아 주실지 여쭙는 대화입니다".to_owned(),
        (Language::Ko, K::Assigned) => format!("{who} 님이 맡겼습니다"),
        (Language::Ko, K::Mention) => format!("{who} 님이 언급했습니다"),
        (Language::Ko, K::CustomerMessage) => format!("{who} 님이 메시지를 보냈습니다"),
        (Language::Ko, K::Colleague) => format!("{who} 님이 답장하거나 메모를 남겼습니다"),
        (Language::Ko, K::SnoozeEnded) => "미뤄 둔 시간이 끝났습니다".to_owned(),
        (Language::Ko, K::Due) => "기한이 되었습니다".to_owned(),
        (Language::Ko, K::Reminder) => "다시 알려 달라고 하신 대화입니다".to_owned(),
        (Language::Ko, K::NewUnassigned) => "담당자 없는 새 대화입니다".to_owned(),
    }
}

/// The mail. It names conversations and people, holds no message, and no link in it signs anybody in.
fn digest(to: &model::EmailAddress, name: &str, language: Language, url: &str, due: &[Shown]) -> Notice {
    let count = due.len();
    let (subject, greeting, closing) = match language {
        Language::En if count == 1 => {
            ("One thing waits for you on Sonnim".to_owned(), format!("Hello {name},"), "You choose in your settings what comes by mail")
        }
        Language::En => {
            (format!("{count} things wait for you on Sonnim"), format!("Hello {name},"), "You choose in your settings what comes by mail")
        }
        Language::Ko => (format!("Sonnim 새 알림 {count}건"), format!("{name} 님, 안녕하세요."), "메일로 받을 알림은 설정에서 고를 수 있습니다"),
    };
    let (mut text, mut html) = (format!("{greeting}\n\n"), String::new());
    for item in due {
        let n = &item.notification;
        let who = item.actor_name.as_deref().unwrap_or("Sonnim");
        let (said, link) = (what(n.kind, who, language), format!("{url}/conversations/{}", n.conversation));
        let title = format!("#{} {} ({})", item.number, one_line(&item.subject), item.customer_name);
        let _ = write!(text, "- {title}: {said}\n  {link}\n");
        let _ = write!(html, "<li><a href=\"{}\">{}</a>: {}</li>", escape(&link), escape(&title), escape(&said));
    }
    let settings = format!("{url}/settings/notifications");
    let _ = write!(text, "\n{closing}: {settings}\n");
    let html = format!(
        "<!doctype html><html lang=\"{}\"><body style=\"font-family:sans-serif;line-height:1.5;color:#1a1a1a\"><p>{}</p><ul>{html}</ul>\
         <p style=\"color:#666\"><a href=\"{}\">{}</a></p></body></html>",
        language.as_str(),
        escape(&greeting),
        escape(&settings),
        escape(closing)
    );
    Notice { to: to.clone(), subject, text, html, language }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
