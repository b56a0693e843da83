//! What people see in a browser. A page asks the same domain functions as the API.

mod answering;
mod assets;
mod filled;
mod parts;
pub mod routes;
mod shell;
pub(crate) mod view;
mod words;
