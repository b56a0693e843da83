//! The HTTP face of programmes.

pub mod applications;
pub mod lists;
pub mod reported_facts;
pub mod rounds;
