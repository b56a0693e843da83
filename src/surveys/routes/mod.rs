//! The HTTP face of questionnaires, links and what is answered through them.

pub mod handout;
pub mod links;
pub mod public;
pub mod questionnaires;
pub mod results;
pub mod xlsform;
