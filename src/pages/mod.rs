//! What people see in a browser. A page asks the same domain functions as the API.

mod answering;
mod assets;
pub mod class;
mod filled;
mod parts;
pub mod print;
pub mod routes;
mod shell;
pub(crate) mod view;
mod words;
