//! Verbs about conversations.
