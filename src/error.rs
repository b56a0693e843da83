//! What can go wrong, in the words of the domain. Which status that is, `problem.rs` says.

use std::borrow::Cow;

use diesel::result::{DatabaseErrorKind, Error as Diesel};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A code names a message in `locales/`: `problem-<code>`, with `_` as `-`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or the caller may not know that it does.
    #[error("not found")]
    NotFound,
    /// The caller sees it but may not do this.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    #[error("not signed in: {0}")]
    Unauthenticated(&'static str),
    /// The body, or a part of the address, can't be read at all.
    #[error("malformed: {0}")]
    Malformed(Faults),
    /// It can be read, and breaks a rule.
    #[error("invalid: {0}")]
    Invalid(Faults),
    /// It collides with what is there.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// It would change what is reported, approved and locked.
    #[error("locked: {0}")]
    Locked(Faults),
    /// The `If-Match` names an older version.
    #[error("stale")]
    Stale,
    /// A write to something that can be edited came without `If-Match`.
    #[error("precondition required")]
    PreconditionRequired,
    /// An `Idempotency-Key` came again with another body.
    #[error("idempotency key reused")]
    KeyReused,
    #[error("body too large")]
    TooLarge,
    #[error("body too slow")]
    TooSlow,
    #[error("unsupported media type")]
    UnsupportedMedia,
    /// Too many tries; seconds until the next may be made.
    #[error("slow down for {0} s")]
    SlowDown(u64),
    /// A bounded queue is full; seconds until a retry makes sense.
    #[error("busy for {0} s")]
    Busy(u64),
    #[error("store: {0}")]
    Store(#[from] Diesel),
    #[error("store: {0}")]
    NoConnection(#[from] r2d2::Error),
    #[error("{0}")]
    Unexpected(String),
}

impl Error {
    pub fn invalid(pointer: impl Into<String>, code: &'static str) -> Error {
        Fault::at(pointer, code).into()
    }

    pub fn unexpected(error: impl std::fmt::Display) -> Error {
        Error::Unexpected(error.to_string())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        Error::Invalid(Faults(vec![fault]))
    }
}

/// One thing that is wrong with the input. A code names the message `fault-<code>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer (RFC 6901) into the body, or the name of a query parameter.
    pub pointer: String,
    pub code: Cow<'static, str>,
    /// What the message needs to be exact: limits, allowed words, the value.
    pub args: Vec<(&'static str, String)>,
}

impl Fault {
    pub fn at(pointer: impl Into<String>, code: impl Into<Cow<'static, str>>) -> Fault {
        Fault { pointer: pointer.into(), code: code.into(), args: Vec::new() }
    }

    pub fn with(mut self, name: &'static str, value: impl ToString) -> Fault {
        self.args.push((name, value.to_string()));
        self
    }

    /// The same fault in a larger body: `/participants` under `/counts/3`.
    pub fn under(mut self, prefix: &str) -> Fault {
        self.pointer.insert_str(0, prefix);
        self
    }
}

/// All that is wrong with one input; never told one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    pub fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Keeps the value, or the fault for later.
    pub fn keep<T>(&mut self, result: std::result::Result<T, Fault>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(fault) => {
                self.push(fault);
                None
            }
        }
    }

    /// An error if there is any fault.
    pub fn check(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}

impl std::fmt::Display for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{} {}", fault.pointer, fault.code)?;
        }
        Ok(())
    }
}

/// Reads a violated constraint in the words of the domain.
pub trait Constraint<T> {
    /// A unique index refused it: the value at the pointer is taken.
    fn or_taken(self, pointer: &str) -> Result<T>;
    /// A foreign key refused it: it is in use.
    fn or_conflict(self, code: &'static str) -> Result<T>;
}

impl<T> Constraint<T> for std::result::Result<T, Diesel> {
    fn or_taken(self, pointer: &str) -> Result<T> {
        self.map_err(|error| match error {
            Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
                Error::invalid(pointer, "taken")
            }
            other => Error::Store(other),
        })
    }

    fn or_conflict(self, code: &'static str) -> Result<T> {
        self.map_err(|error| match error {
            Diesel::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => {
                Error::Conflict(code)
            }
            other => Error::Store(other),
        })
    }
}
