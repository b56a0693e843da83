//! The service as a process on a database of its own, looked at from outside: what it leaves of
//! those who answer, and what it keeps when it is killed.

#[path = "common/client.rs"]
mod client;
#[path = "common/database.rs"]
mod database;
#[path = "common/home.rs"]
mod home;
#[path = "common/service.rs"]
mod service;
#[path = "common/words.rs"]
mod words;

mod live {
    mod faults;
    mod handed;
    mod order;
    mod privacy;
    mod traces;
}
