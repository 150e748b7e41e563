//! Verbs about mails.
