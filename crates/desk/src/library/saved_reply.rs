//! Saved replies.

use model::library::{Card, ReplyText, SavedReply, Visibility};
use model::scope::Forbidden;
use model::{AttachmentId, ConversationId, EventKind, FolderId, Permission, SavedReplyId, Scope};
use store::Tx;

use super::{check_place, own_teams};
use crate::action::bad_template;
use crate::template::{self, Context, Rendered, pick_language};
use crate::{Refusal, html, line};

/// Most saved replies of a workspace.
const MOST: i64 = 2_000;
/// Most languages of one.
const MOST_TEXTS: usize = 20;
/// Most files of one.
const MOST_FILES: usize = 10;

/// A new saved reply. Its texts are sanitised and read when made, which is outside of any transaction.
#[derive(Debug, Clone)]
pub struct ReplyForm {
    name: String,
    folder: Option<FolderId>,
    visibility: Visibility,
    texts: Vec<ReplyText>,
    files: Vec<AttachmentId>,
}

impl ReplyForm {
    /// A reply with a text in each language: (language, HTML).
    ///
    /// # Errors
    /// [`Refusal::Invalid`] names the field: `name`, `texts`, `texts[0].html` …
    pub fn new(
        name: &str,
        folder: Option<FolderId>,
        visibility: Visibility,
        texts: &[(String, String)],
        files: Vec<AttachmentId>,
    ) -> Result<Self, Refusal> {
        Ok(Self { name: line::line("name", name, 120)?, folder, visibility, texts: read_texts(texts)?, files: read_files(files)? })
    }
}

/// What is to change of a saved reply; none leaves it.
#[derive(Debug, Clone, Default)]
pub struct ReplyPatch {
    name: Option<String>,
    #[expect(clippy::option_option, reason = "absent, null and a value are three things")]
    folder: Option<Option<FolderId>>,
    visibility: Option<Visibility>,
    texts: Option<Vec<ReplyText>>,
    files: Option<Vec<AttachmentId>>,
    archived: Option<bool>,
}

impl ReplyPatch {
    /// As [`ReplyForm::new`], for a part.
    ///
    /// # Errors
    /// As [`ReplyForm::new`].
    pub fn new(
        name: Option<&str>,
        folder: Option<Option<FolderId>>,
        visibility: Option<Visibility>,
        texts: Option<&[(String, String)]>,
        files: Option<Vec<AttachmentId>>,
        archived: Option<bool>,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            name: name.map(|n| line::line("name", n, 120)).transpose()?,
            folder,
            visibility,
            texts: texts.map(read_texts).transpose()?,
            files: files.map(read_files).transpose()?,
            archived,
        })
    }
}

fn read_files(files: Vec<AttachmentId>) -> Result<Vec<AttachmentId>, Refusal> {
    if files.len() > MOST_FILES { Err(Refusal::invalid("attachment_ids", "too_many", "10 files are the most.")) } else { Ok(files) }
}

fn read_texts(texts: &[(String, String)]) -> Result<Vec<ReplyText>, Refusal> {
    if texts.is_empty() {
        return Err(Refusal::invalid("texts", "missing", "Write it in at least one language."));
    }
    if texts.len() > MOST_TEXTS {
        return Err(Refusal::invalid("texts", "too_many", "20 languages are the most."));
    }
    let mut read: Vec<ReplyText> = Vec::new();
    for (language, html) in texts {
        let tag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if language.len() > 20 || language.len() < 2 || !language.split('-').all(tag) {
            return Err(Refusal::invalid("texts.language", "invalid", "A language is written as in en or pt-BR."));
        }
        if read.iter().any(|t| t.language.eq_ignore_ascii_case(language)) {
            return Err(Refusal::invalid("texts.language", "taken", "Each language stands once."));
        }
        if html.len() > template::MOST_TEMPLATE {
            return Err(Refusal::invalid("texts.html", "too_long", "Use at most 100,000 characters."));
        }
        let html = html::sanitize_composed(html);
        let words = html::to_text(&html);
        if words.trim().is_empty() && !html.contains("<img") {
            return Err(Refusal::invalid("texts.html", "missing", "Write something here."));
        }
        template::check(&html).map_err(|e| Refusal::invalid("texts.html", e.code(), e.to_string()))?;
        read.push(ReplyText { language: language.clone(), html, preview: model::conversation::preview_of(&words) });
    }
    Ok(read)
}

/// A custom field that a text names must be one of ours.
async fn check_fields(tx: &mut Tx, scope: &Scope, texts: &[ReplyText]) -> Result<(), Refusal> {
    for text in texts {
        if let Some(unknown) = template::unknown_field(tx, scope.workspace, &text.html).await? {
            return Err(Refusal::invalid("texts.html", "unknown_variable", format!("there is no variable {unknown}")));
        }
    }
    Ok(())
}

/// Keeps a reply. Whoever answers customers may.
///
/// # Errors
/// [`Refusal::Invalid`] when folder, team or a file is not there.
pub async fn create_reply(tx: &mut Tx, scope: &Scope, form: ReplyForm) -> Result<SavedReplyId, Refusal> {
    scope.require(Permission::ConversationWrite)?;
    let owner = scope.actor.agent().ok_or(Forbidden(Permission::ConversationWrite))?;
    check_place(tx, scope, form.folder, form.visibility).await?;
    if store::saved_reply::count(tx, scope.workspace).await? >= MOST {
        return Err(Refusal::invalid("name", "too_many", "2,000 saved replies are the most."));
    }
    let now = tx.now();
    let card = Card {
        name: form.name,
        folder: form.folder,
        visibility: form.visibility,
        owner,
        used: 0,
        last_used_at: None,
        created_at: now,
        updated_at: now,
        archived_at: None,
        version: 1,
    };
    check_fields(tx, scope, &form.texts).await?;
    let reply = SavedReply { id: tx.new_id(), card, texts: form.texts, files: Vec::new() };
    store::saved_reply::insert(tx, scope.workspace, &reply).await?;
    for file in form.files {
        if !store::saved_reply::put_file(tx, scope.workspace, reply.id, file, owner).await? {
            return Err(Refusal::unknown("attachment_ids"));
        }
    }
    changed(tx, scope, reply.id, "created").await?;
    Ok(reply.id)
}

/// Changes a reply, puts it away or fetches it back. Its owner may, the members of its team, and admins.
///
/// # Errors
/// As [`create_reply`]; [`Refusal::NotFound`] when it is out of sight.
pub async fn update_reply(tx: &mut Tx, scope: &Scope, id: SavedReplyId, patch: ReplyPatch) -> Result<(), Refusal> {
    scope.require(Permission::ConversationWrite)?;
    let agent = scope.actor.agent().ok_or(Forbidden(Permission::ConversationWrite))?;
    let mut reply = store::saved_reply::get(tx, scope, id).await?.ok_or(Refusal::NotFound)?;
    if !reply.card.may_change(scope, &own_teams(tx, scope).await?) {
        return Err(Forbidden(Permission::WorkspaceManage).into());
    }
    let was_archived = reply.card.archived_at.is_some();
    let card = &mut reply.card;
    card.name = patch.name.unwrap_or_else(|| card.name.clone());
    card.folder = patch.folder.unwrap_or(card.folder);
    // What somebody else made does not become theirs alone.
    if patch.visibility == Some(Visibility::Personal) && card.owner != agent {
        return Err(Refusal::invalid("visibility", "invalid", "Only its owner can make it personal."));
    }
    if patch.folder.is_some() || patch.visibility.is_some() {
        card.visibility = patch.visibility.unwrap_or(card.visibility);
        check_place(tx, scope, card.folder, card.visibility).await?;
    }
    if let Some(archived) = patch.archived {
        card.archived_at = archived.then(|| card.archived_at.unwrap_or(tx.now()));
    }
    let archived = card.archived_at.is_some();
    if let Some(texts) = patch.texts {
        check_fields(tx, scope, &texts).await?;
        reply.texts = texts;
    }
    store::saved_reply::update(tx, scope.workspace, &reply).await?;
    if let Some(files) = patch.files {
        for gone in reply.files.iter().filter(|f| !files.contains(&f.id)) {
            store::saved_reply::drop_file(tx, scope.workspace, gone.id).await?;
        }
        for file in files.into_iter().filter(|f| !reply.files.iter().any(|known| known.id == *f)) {
            if !store::saved_reply::put_file(tx, scope.workspace, id, file, agent).await? {
                return Err(Refusal::unknown("attachment_ids"));
            }
        }
    }
    let change = match (was_archived, archived) {
        (false, true) => "archived",
        (true, false) => "restored",
        _ => "changed",
    };
    changed(tx, scope, id, change).await
}

async fn changed(tx: &mut Tx, scope: &Scope, saved_reply: SavedReplyId, change: &str) -> Result<(), Refusal> {
    let kind = EventKind::SavedReplyUpdated { saved_reply, change: change.into() };
    Ok(tx.record(scope.workspace, scope.actor, (None, None), kind).await?)
}

/// The text of a reply for a conversation: in the customer's language, else the workspace's, else the first.
pub fn text_for<'a>(reply: &'a SavedReply, context: &Context, wish: Option<&str>) -> Option<&'a ReplyText> {
    let offered: Vec<&str> = reply.texts.iter().map(|t| t.language.as_str()).collect();
    let language = pick_language(&offered, wish.unwrap_or_else(|| context.language()), context.workspace_language().as_str())?;
    reply.texts.iter().find(|t| t.language == language)
}

/// A saved reply, ready to be put into a message.
#[derive(Debug, Clone)]
pub struct Filled {
    /// The language that was picked.
    pub language: String,
    /// Its words.
    pub rendered: Rendered,
    /// Copies of its files, as uploads of the author.
    pub attachments: Vec<AttachmentId>,
}

/// Fills a saved reply in for a conversation that the caller has checked, copies its files for the author, and counts the use.
///
/// # Errors
/// [`Refusal::Invalid`] on `saved_reply_id` when it is out of sight or archived.
pub async fn fill(tx: &mut Tx, scope: &Scope, context: &Context, id: SavedReplyId, wish: Option<&str>) -> Result<Filled, Refusal> {
    let found = store::saved_reply::get(tx, scope, id).await?.filter(|r| r.card.archived_at.is_none());
    let Some(reply) = found else { return Err(Refusal::unknown("saved_reply_id")) };
    let Some(text) = text_for(&reply, context, wish) else { return Err(Refusal::unknown("saved_reply_id")) };
    let mut rendered = template::render(&text.html, context).map_err(|e| bad_template(&e))?;
    let author = scope.actor.agent().ok_or(Forbidden(Permission::ConversationReply))?;
    let mut attachments = Vec::new();
    for file in &reply.files {
        let copy = store::saved_reply::copy_file(tx, scope.workspace, file.id, author).await?;
        // Pictures in the text are shown from the copy, which belongs to the message.
        rendered.html = rendered.html.replace(&file.id.to_string(), &copy.to_string());
        attachments.push(copy);
    }
    store::saved_reply::used(tx, scope.workspace, id).await?;
    Ok(Filled { language: text.language.clone(), rendered, attachments })
}

/// The same for an agent who writes in a conversation.
///
/// # Errors
/// As [`fill`]; [`Refusal::NotFound`] when conversation or reply is out of sight.
pub async fn use_reply(tx: &mut Tx, scope: &Scope, id: SavedReplyId, conversation: ConversationId, wish: Option<&str>) -> Result<Filled, Refusal> {
    let conversation = crate::conversation::to_change(tx, scope, Permission::ConversationWrite, conversation).await?;
    let context = Context::of(tx, scope, &conversation).await?;
    fill(tx, scope, &context, id, wish).await.map_err(|refusal| match refusal {
        Refusal::Invalid { field: "saved_reply_id", .. } => Refusal::NotFound,
        other => other,
    })
}
