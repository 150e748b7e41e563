//! Our mail servers' door to the desk.

use std::collections::HashSet;

use desk::Desk;
use desk::mail::{self, AcceptError};
use model::EmailAddress;
use store::Error;
use store::inbound_mail::Envelope;

use super::accept::{Accept, Accepted, Incoming, RecipientCheck, Refusal, Via};

/// Hands mail to the desk: durable before the server says 250.
#[derive(Clone)]
pub struct Intake {
    desk: Desk,
}

impl Intake {
    /// For a desk.
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }
}

/// What a sender is told when the desk does not take a mail.
pub(crate) fn refusal(error: &AcceptError) -> Refusal {
    match error {
        AcceptError::UnknownRecipient | AcceptError::Empty => Refusal::UnknownRecipient,
        AcceptError::TooLarge => Refusal::TooLarge,
        AcceptError::Store(Error::StorageFull) => Refusal::StorageFull,
        AcceptError::Store(error) => {
            tracing::warn!(%error, "a mail could not be stored; its sender keeps it");
            Refusal::Unavailable
        }
    }
}

impl Accept for Intake {
    async fn recipient(&self, address: &str) -> RecipientCheck {
        let Ok(address) = address.parse::<EmailAddress>() else { return RecipientCheck::Unknown };
        match mail::recipient(&self.desk, &address).await {
            Ok(Some(_)) => RecipientCheck::Known,
            Ok(None) => RecipientCheck::Unknown,
            Err(error) => {
                tracing::warn!(%error, "a recipient could not be looked up");
                RecipientCheck::Unavailable
            }
        }
    }

    async fn accept(&self, incoming: Incoming) -> Vec<Result<Accepted, Refusal>> {
        let recipients: Vec<EmailAddress> = incoming.recipients.iter().filter_map(|r| r.parse().ok()).collect();
        let envelope = Envelope {
            via: match incoming.via {
                Via::Lmtp => "lmtp",
                Via::Smtp => "smtp",
                Via::Imap => "imap",
            },
            from: Some(incoming.envelope_from.unwrap_or_default()),
            to: None,
            remote_ip: incoming.remote_ip.map(|ip| ip.to_string()),
            helo: incoming.helo,
        };
        let taken: HashSet<String> = recipients.iter().map(EmailAddress::folded).collect();
        let result = mail::accept(&self.desk, &recipients, envelope, incoming.raw).await;
        incoming
            .recipients
            .iter()
            .map(|r| match &result {
                Ok(_) if taken.contains(&r.to_lowercase()) => Ok(Accepted { duplicate: false }),
                Ok(_) => Err(Refusal::UnknownRecipient),
                Err(error) => Err(refusal(error)),
            })
            .collect()
    }
}
