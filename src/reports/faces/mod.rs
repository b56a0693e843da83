//! The faces of a table: each writes the same rows and knows nothing of where they come from.

pub mod answers;
mod chart;
pub mod csv;
pub mod datapackage;
mod drawn;
pub mod json;
pub mod page;
pub mod progress_report;
mod selection;
pub mod spoken;
pub mod workbook;
