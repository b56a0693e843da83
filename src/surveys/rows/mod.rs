//! The queries of the slice, by what they are about.

pub mod answers;
pub mod links;
pub mod nightly;
pub mod questionnaires;
pub mod releases;
pub mod tallies;
