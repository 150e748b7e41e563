//! A mail to oneself: it leaves by the inbox's server and comes back to its address.

use model::workspace::Language;
use model::{EmailAddress, InboxId, Mailbox, MessageId, Permission, Scope};
use store::Tx;

use crate::Desk;
use crate::conversation::{Start, StartCustomer, StartError, start};

/// Sends a mail from an inbox to its own address; once it is back, both ways work. It is an ordinary conversation, so
/// everything that happens to its delivery shows.
///
/// # Errors
/// [`StartError::UnknownInbox`] when it is out of sight or archived.
pub async fn test_mail(tx: &mut Tx, desk: &Desk, scope: &Scope, id: InboxId, language: Language) -> Result<(MessageId, EmailAddress), StartError> {
    scope.require(Permission::InboxManage)?;
    let inbox = store::inbox::get(tx, scope.workspace, id).await?.ok_or(StartError::UnknownInbox)?;
    let (subject, text) = match language {
        Language::En => ("Test mail from Sonnim", "This is a test. If you read it in Sonnim as a new message, mail goes out and comes in."),
        Language::Ko => ("Sonnim 시험 메일", "시험 메일입니다. 이 메일이 Sonnim에 새 메시지로 보이면 보내기와 받기가 모두 잘 되는 것입니다."),
    };
    let address = inbox.address;
    let mail = Start {
        inbox: id,
        customer: StartCustomer::Address(Mailbox { name: Some(inbox.name), address: address.clone() }),
        subject: subject.into(),
        html: None,
        text: Some(text.into()),
        outgoing: true,
        cc: Vec::new(),
        bcc: Vec::new(),
        attachments: Vec::new(),
        assignee: None,
    };
    let conversation = start(tx, desk, scope, mail).await?;
    let message = store::message::last_public(tx, scope.workspace, conversation).await?.ok_or(StartError::UnknownInbox)?;
    Ok((message, address))
}
