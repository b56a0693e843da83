//! The HTTP face of progress reports.

pub mod reminders;
pub mod reports;
