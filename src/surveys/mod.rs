//! Questionnaires, links, responses, and what is released of them.

pub mod release;
