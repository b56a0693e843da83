//! The program as people start it: its commands, its output, its exit codes, its signals.

#[path = "common/database.rs"]
mod database;

mod cli {
    mod demo;
    mod moving;
    mod program;
    mod report;
    mod serving;
    mod settings;
    mod whole_way;
}
