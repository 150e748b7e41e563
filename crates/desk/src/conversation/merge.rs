//! One conversation takes in another, and gives it back.

use model::merge::Kept;
use model::{Conversation, ConversationId, EventKind, Permission, Scope};
use store::Tx;

use super::{in_work, locked, not_beside, to_change};
use crate::Refusal;

/// Merges a conversation into another: its messages, participants, tags and followers go over; it stands empty behind the
/// target until the merge is undone. Mail that answers to it goes to the target.
///
/// # Errors
/// [`Refusal::Invalid`] when the target is the conversation itself or out of sight; [`Refusal::Conflict`] `other_customer` when
/// their customers differ and nobody said that this is meant, `shelved` or `merged` when one of them is not worked on.
pub async fn merge(tx: &mut Tx, scope: &Scope, id: ConversationId, into: ConversationId, other_customer: bool) -> Result<Conversation, Refusal> {
    let workspace = scope.workspace;
    scope.require(Permission::ConversationWrite)?;
    // Always in the order of their ids, so that two merges at once wait for each other instead of for ever.
    let (first, second) = if id < into { (id, into) } else { (into, id) };
    let one = store::conversation::get(tx, scope, first).await?;
    let two = store::conversation::get(tx, scope, second).await?;
    let (source, target) = if id < into { (one, two) } else { (two, one) };
    let source = source.ok_or(Refusal::NotFound)?;
    if id == into {
        return Err(Refusal::invalid("into", "same", "Choose another conversation."));
    }
    let target = target.ok_or_else(|| Refusal::unknown("into"))?;
    in_work(&source)?;
    in_work(&target)?;
    // Who wrote in the widget sees there all that was said to them: the words of others must not come into it.
    if [&source, &target].iter().any(|c| c.channel == model::conversation::Channel::Chat) {
        return Err(Refusal::conflict("chat", "A chat stays by itself. Link the two instead."));
    }
    not_beside(&source)?;
    not_beside(&target)?;
    if source.customer != target.customer && !other_customer {
        return Err(Refusal::conflict("other_customer", "They belong to different customers. Say that you mean it."));
    }
    let now = tx.now();
    let messages = store::merge::messages(tx, workspace, id).await?;
    let tags = tags_to_add(tx, scope, id, into).await?;
    let participants = join_participants(tx, scope, id, into).await?;
    let mut followers = Vec::new();
    for agent in store::follower::list(tx, workspace, id).await? {
        if store::follower::add(tx, workspace, into, agent).await? {
            followers.push(agent);
        }
    }
    store::merge::move_all(tx, workspace, id, into).await?;
    store::tag::change(tx, workspace, into, &tags, &[]).await?;

    let mut taken = source.clone();
    taken.merged_into = Some(into);
    taken.updated_at = now;
    store::conversation::update(tx, workspace, &source, &mut taken).await?;
    let mut whole = target.clone();
    whole.absorb(&source, now);
    store::conversation::update(tx, workspace, &target, &mut whole).await?;
    let kept = Kept {
        messages,
        tags,
        participants,
        followers,
        before: target.snapshot(),
        status_after: whole.status.kind().as_str().into(),
        version_after: whole.version,
    };
    store::merge::insert(tx, workspace, id, into, scope.actor.agent(), &kept).await?;
    let kind = EventKind::ConversationMerged { from: id, from_number: source.number, into, into_number: target.number };
    tell(tx, scope, &source, &target, &kind).await?;
    Ok(whole)
}

/// Undoes a merge: each message goes back to where it was, and the target is what it was before.
///
/// # Errors
/// [`Refusal::Conflict`] `not_merged`; `newer_messages` when somebody wrote into the target since, for nobody could say where
/// that belongs; `messages_moved` when some of the messages were moved on.
pub async fn unmerge(tx: &mut Tx, scope: &Scope, id: ConversationId) -> Result<Conversation, Refusal> {
    let workspace = scope.workspace;
    let source = locked(tx, scope, Permission::ConversationWrite, id).await?;
    let not_merged = || Refusal::conflict("not_merged", "It is not merged into another conversation.");
    let merge = store::merge::latest(tx, workspace, id).await?.ok_or_else(not_merged)?;
    if source.merged_into != Some(merge.target) {
        return Err(not_merged());
    }
    let target = to_change(tx, scope, Permission::ConversationWrite, merge.target).await?;
    if store::merge::has_newer_messages(tx, workspace, target.id, merge.id).await? {
        return Err(Refusal::conflict(
            "newer_messages",
            "Somebody has written since, so the merge can no longer be undone. Split off messages instead.",
        ));
    }
    let kept = &merge.kept;
    if store::merge::elsewhere(tx, workspace, &kept.messages, target.id).await? > 0 {
        return Err(Refusal::conflict("messages_moved", "Some of its messages were moved on, so the merge can no longer be undone."));
    }
    let now = tx.now();
    store::merge::move_some(tx, workspace, &kept.messages, target.id, id).await?;
    for address in &kept.participants {
        store::merge::remove_participant(tx, workspace, target.id, address).await?;
    }
    for agent in &kept.followers {
        store::follower::remove(tx, workspace, target.id, *agent).await?;
    }
    store::tag::change(tx, workspace, target.id, &[], &kept.tags).await?;
    let mut alone = target.clone();
    if target.version == kept.version_after {
        alone.restore(&kept.before, now);
    } else {
        // Something else changed meanwhile: that stays, and only what the merge did is taken back.
        let sum = store::merge::sum(tx, workspace, target.id).await?;
        alone.recount(&sum, now);
        if kept.before.status != kept.status_after && alone.status.kind().as_str() == kept.status_after {
            alone.status = model::Status::from_columns(&kept.before.status, kept.before.status_time);
            alone.custom_status = kept.before.custom_status;
        }
    }
    store::conversation::update(tx, workspace, &target, &mut alone).await?;
    let mut free = source.clone();
    free.merged_into = None;
    free.updated_at = now;
    store::conversation::update(tx, workspace, &source, &mut free).await?;
    store::merge::undone(tx, workspace, &merge).await?;
    let kind = EventKind::ConversationUnmerged { from: id, from_number: source.number, into: target.id, into_number: target.number };
    tell(tx, scope, &source, &target, &kind).await?;
    Ok(free)
}

async fn tags_to_add(tx: &mut Tx, scope: &Scope, from: ConversationId, to: ConversationId) -> Result<Vec<model::TagId>, Refusal> {
    let there = store::tag::of_conversation(tx, scope.workspace, to).await?;
    let here = store::tag::of_conversation(tx, scope.workspace, from).await?;
    Ok(here.into_iter().filter(|t| !there.contains(t)).collect())
}

/// Everyone of one takes part in the other; the addresses that were new there.
async fn join_participants(tx: &mut Tx, scope: &Scope, from: ConversationId, to: ConversationId) -> Result<Vec<String>, Refusal> {
    let there = store::participant::list(tx, scope.workspace, to).await?;
    let mut new = Vec::new();
    for (who, customer) in store::participant::list(tx, scope.workspace, from).await? {
        let folded = who.address.folded();
        if !there.iter().any(|(other, _)| other.address.folded() == folded) {
            store::participant::add(tx, scope.workspace, to, &who, customer).await?;
            new.push(folded);
        }
    }
    Ok(new)
}

/// Both histories say it.
async fn tell(tx: &mut Tx, scope: &Scope, source: &Conversation, target: &Conversation, kind: &EventKind) -> Result<(), Refusal> {
    for c in [source, target] {
        tx.record(scope.workspace, scope.actor, (Some(c.id), Some(c.inbox)), kind.clone()).await?;
    }
    Ok(())
}
