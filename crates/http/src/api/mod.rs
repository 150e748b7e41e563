//! The public interface.

pub mod v1;
