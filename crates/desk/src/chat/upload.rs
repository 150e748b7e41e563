//! A visitor's file, for the message that will carry it.

use model::message::Attachment;
use store::Tx;
use store::blob::Staged;

use super::Visit;
use crate::Refusal;
use crate::attachment::{clean_content_type, clean_filename};

/// Most uploads that wait for a message within an hour.
const MOST_WAITING: i64 = 30;

/// Keeps an upload. Only this visitor can use it.
///
/// # Errors
/// [`Refusal::Invalid`] when the file is empty; [`Refusal::Conflict`] when this widget takes no files, or too many wait.
pub async fn upload(tx: &mut Tx, visit: &Visit, filename: &str, content_type: &str, bytes: &Staged) -> Result<Attachment, Refusal> {
    let settings = &visit.widget.settings;
    if !settings.enabled || !settings.files.enabled {
        return Err(Refusal::conflict("files_disabled", "Files are not taken here."));
    }
    if bytes.size == 0 {
        return Err(Refusal::invalid("body", "missing", "The file is empty."));
    }
    let since = tx.now() - jiff::SignedDuration::from_hours(1);
    if store::chat::waiting_uploads(tx, visit.workspace, visit.visitor.id, since).await? >= MOST_WAITING {
        return Err(Refusal::conflict("too_many_files", "Send the files that you have uploaded first."));
    }
    let file = Attachment {
        id: tx.new_id(),
        message: None,
        filename: clean_filename(filename),
        content_type: clean_content_type(content_type),
        size: bytes.size,
        inline: false,
        content_id: None,
        sha256: bytes.sha256.clone(),
    };
    store::chat::insert_upload(tx, visit.workspace, &file, visit.visitor.id, bytes).await?;
    Ok(file)
}
