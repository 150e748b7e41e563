//! What messages offer besides their words, and which of them were answered. They are read with the messages.

use model::interactive::Offered;
use model::{MessageId, WorkspaceId};

use crate::row::to_json;
use crate::{Error, Tx, args, sql};

/// Writes what a message offers.
pub async fn offer(tx: &mut Tx, workspace: WorkspaceId, message: MessageId, offered: &Offered) -> Result<(), Error> {
    tx.execute(sql::interactive::OFFER, args![workspace, message, to_json(offered)]).await.map(drop)
}

/// Says that a customer's message answers one that offers something; false when another one did already.
pub async fn answer(tx: &mut Tx, workspace: WorkspaceId, message: MessageId, to: MessageId) -> Result<bool, Error> {
    Ok(tx.execute(sql::interactive::ANSWER, args![workspace, message, to]).await? > 0)
}

/// Forgets what a message offered: its words stay.
pub async fn forget(tx: &mut Tx, workspace: WorkspaceId, message: MessageId) -> Result<(), Error> {
    tx.execute(sql::interactive::FORGET, args![workspace, message]).await.map(drop)
}
