-- name: insert
INSERT INTO event (workspace_id, id, at, actor_kind, actor_id, kind, conversation_id, inbox_id, data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: of_conversation
-- The newest events of a conversation. Cost: O(page), index event_conversation.
SELECT seq, txid, workspace_id, id, at, actor_kind, actor_id, kind, conversation_id, inbox_id, data
  FROM event WHERE workspace_id = $1 AND conversation_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4

-- name: page
-- The newest events of a workspace. Cost: O(page), index event_audit.
SELECT seq, txid, workspace_id, id, at, actor_kind, actor_id, kind, conversation_id, inbox_id, data
  FROM event WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3

-- name: audit
-- What people and Sonnim changed, newest first: not what customers wrote, nor what one reads and drafts. Cost: O(page + what is
-- left out), index event_audit.
SELECT seq, txid, workspace_id, id, at, actor_kind, actor_id, kind, conversation_id, inbox_id, data
  FROM event WHERE workspace_id = $1 AND id < $2 AND actor_kind <> 'customer'
   AND kind NOT IN ('conversation.read', 'draft.changed', 'notification.changed', 'bulk.updated', 'message.received',
                    'reminder.changed', 'reminder.came', 'chat.seen',
                    'offer.changed', 'availability.changed')
 ORDER BY id DESC LIMIT $3

-- name: quiet
-- What stands between the messages of a conversation, newest first. Cost: O(page + its reads), index event_conversation.
SELECT seq, txid, workspace_id, id, at, actor_kind, actor_id, kind, conversation_id, inbox_id, data
  FROM event WHERE workspace_id = $1 AND conversation_id = $2 AND id < $3
   AND (kind IN ('conversation.assigned', 'conversation.status_changed', 'conversation.tagged', 'conversation.updated',
                 'conversation.shelved', 'conversation.restored', 'conversation.merged', 'conversation.unmerged',
                 'conversation.split', 'conversation.fields_changed', 'conversation.side', 'conversation.transcript', 'conversation.became_due',
                 'chat.ended', 'chat.invited', 'conversation.routed', 'conversation.invited', 'conversation.taken_over', 'chat.callback_requested',
                 'chat.called')
        OR kind = 'message.delivery_changed' AND data LIKE '%failed"%'
        OR kind = 'chat.updated' AND (data LIKE '%"held"%' OR data LIKE '%"left"%' OR data LIKE '%"rated"%' OR data LIKE '%"mail%'))
 ORDER BY id DESC LIMIT $4
