//! The arrows of the house, held by reading the source. No database is needed.

mod house {
    pub mod arrows;
    pub mod contract;
    pub mod source;
    pub mod texts;
}
