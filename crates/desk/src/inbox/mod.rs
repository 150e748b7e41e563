//! Verbs about inboxs.
