//! Verbs about customers.
