//! The mail protocols against real sockets and real peers. Dovecot and Postfix are started by the tests themselves, in
//! a temporary folder; a missing one is a failure.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_push_string,
    clippy::disallowed_methods,
    clippy::items_after_statements,
    missing_docs
)]

mod authenticate;
mod build;
mod deliver;
mod dovecot;
mod fake_smtp;
mod imap;
mod mta;
mod oauth;
mod postfix;
mod probe;
mod server;
mod smuggling;
mod support;
