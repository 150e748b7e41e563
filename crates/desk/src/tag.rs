//! Verbs about tags.
