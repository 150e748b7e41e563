//! The public interface.

pub mod schema;
pub mod v1;
