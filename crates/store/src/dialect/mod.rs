//! The few things that the two databases say differently. Everything else is one SQL text.

pub mod postgres;
pub mod sqlite;
