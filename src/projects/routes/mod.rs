//! The HTTP face of projects.

pub mod change_requests;
pub mod money;
pub mod projects;
