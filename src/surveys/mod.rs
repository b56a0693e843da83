//! Questionnaires, their versions, and what is answered.

pub mod answers;
pub mod definition;
pub mod ready;

#[cfg(test)]
mod fixture;
