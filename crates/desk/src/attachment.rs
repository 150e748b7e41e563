//! Verbs about files.
