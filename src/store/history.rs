//! What is reported can change afterwards, and can be asked for as it stood on any day.

use chrono::NaiveDate;

use crate::clock::At;

/// A point in transaction time: what was recorded by then and not yet superseded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf(At);

impl AsOf {
    /// As it stands.
    pub const NOW: AsOf = AsOf(At::END);

    pub fn at(moment: At) -> AsOf {
        AsOf(moment)
    }

    /// At the end of that day in Denmark; as it stands where none is given.
    pub fn end_of(day: Option<NaiveDate>) -> AsOf {
        day.map_or(AsOf::NOW, |day| AsOf(At::end_of(day)))
    }

    pub fn moment(self) -> At {
        self.0
    }

    /// Not later than `now`: pins a walk over many pages to one moment.
    pub fn pinned(self, now: At) -> AsOf {
        AsOf(self.0.min(now))
    }

    /// The Danish day it stands for.
    pub fn day(self, now: At) -> NaiveDate {
        self.0.min(now).day()
    }
}

/// The one query shape for every table that keeps its history: the versions that were recorded by
/// `as_of` and not superseded by then.
macro_rules! recorded_as_of {
    ($table:ident, $as_of:expr) => {
        $crate::store::schema::$table::recorded_at.le($as_of.moment()).and(
            $crate::store::schema::$table::superseded_at
                .is_null()
                .or($crate::store::schema::$table::superseded_at.gt($as_of.moment())),
        )
    };
}
pub(crate) use recorded_as_of;
