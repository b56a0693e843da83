//! The service as a process on a database of its own, looked at from outside: what it leaves of
//! those who answer, and what it keeps when it is killed.

#[path = "api/harness/database.rs"]
mod database;

mod live {
    mod client;
    mod faults;
    mod home;
    mod order;
    mod privacy;
    mod service;
    mod traces;
}
