//! The ways in and out. Each channel is one folder: it parses what arrives into [`desk`]'s `Inbound`, and delivers
//! what agents write.

pub mod email;
pub mod push;
pub mod web;
