//! Many rows in statements that each connection plans once. PostgreSQL takes however many as
//! arrays; SQLite has a question mark for each value, and so a statement for each number of rows.

use super::{Conn, Db};

/// The numbers of rows that SQLite has statements for, the largest first.
const SIZES: [usize; 3] = [16, 4, 1];

impl Db {
    /// The rows in their order, as many at a time as one statement takes. To be executed within
    /// [`on_run!`](super::on_run), which knows the same sizes.
    pub fn runs<'a, T>(&self, mut rows: &'a [T]) -> Vec<&'a [T]> {
        /// Of what PostgreSQL is sent at once.
        const MOST: usize = 500;
        if matches!(self.conn, Conn::Postgres(_)) {
            return rows.chunks(MOST).collect();
        }
        let mut runs = Vec::with_capacity(rows.len() / SIZES[0] + SIZES[0]);
        for size in SIZES {
            let (whole, rest) = rows.split_at(rows.len() - rows.len() % size);
            runs.extend(whole.chunks(size));
            rows = rest;
        }
        runs
    }
}

/// Gives the length of a run as a constant, so that it can be part of a statement's type, by which
/// connections know what they have planned; 0 where it is none of SQLite's.
macro_rules! on_run {
    ($run:expr, |$size:ident| $body:expr) => {
        match $run.len() {
            16 => {
                const $size: usize = 16;
                $body
            }
            4 => {
                const $size: usize = 4;
                $body
            }
            1 => {
                const $size: usize = 1;
                $body
            }
            _ => {
                const $size: usize = 0;
                $body
            }
        }
    };
}
pub(crate) use on_run;
