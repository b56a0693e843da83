//! Maaltal: what education programmes promised, and what they reached.
//!
//! Vertical slices on a thin shared floor. A slice may look down only:
//!
//! ```text
//! store <- audit <- accounts <- programmes <- projects <- participation <- surveys <- indicators
//!     <- imports <- progress_reports <- reports <- pages
//! ```
//!
//! In a slice data flows one way: `routes` parses and names the caller, a domain function in
//! `mod.rs` decides and authorises, `rows` reads or writes, `routes` renders. `tests/house.rs`
//! holds the code to these arrows.

pub mod accounts;
pub mod app;
pub mod audit;
pub mod clock;
pub mod config;
pub mod csv_text;
pub mod demo;
pub mod error;
pub mod health;
pub mod http;
pub mod ids;
pub mod imports;
pub mod indicators;
pub mod mail;
pub mod messages;
pub mod once;
pub mod pages;
pub mod paging;
pub mod participation;
pub mod problem;
pub mod programmes;
pub mod progress_reports;
pub mod projects;
pub mod quantity;
pub mod reports;
pub mod shape;
pub mod sheets;
pub mod store;
pub mod surveys;
pub mod telemetry;
pub mod transfer;
pub mod versioned;
