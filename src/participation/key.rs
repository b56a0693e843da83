//! What a count is of: the parts that make its natural key.

use super::Counting;
use super::period::Period;
use crate::ids::{ActivityId, CodeId, OrganisationId};

/// Everything that counts of one project have in common over the periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Series {
    pub activity: Option<ActivityId>,
    pub organisation: Option<OrganisationId>,
    pub role: CodeId,
    pub education_level: Option<CodeId>,
    pub counting: Counting,
}

impl Series {
    /// The key as one text that is never null, unique within the project: the engines differ on
    /// NULLs in unique indexes. With the period it names a count, without it the series.
    pub fn key(&self, period: Option<Period>) -> String {
        let mut key = String::with_capacity(160);
        let ids = [
            self.activity.map(|id| id.0),
            self.organisation.map(|id| id.0),
            Some(self.role.0),
            self.education_level.map(|id| id.0),
        ];
        for id in ids {
            match id {
                Some(id) => key.push_str(id.simple().encode_lower(&mut [0; 32])),
                None => key.push('-'),
            }
            key.push(' ');
        }
        key.push_str(self.counting.as_str());
        if let Some(period) = period {
            key.push_str(&format!(" {}/{}", period.start(), period.end()));
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn series() -> Series {
        Series {
            activity: Some(ActivityId(Uuid::from_u128(1))),
            organisation: None,
            role: CodeId(Uuid::from_u128(2)),
            education_level: None,
            counting: Counting::Unique,
        }
    }

    #[test]
    fn a_key_names_every_part_and_what_is_not_said() {
        let period = Period::calendar_year(2022).expect("a period");
        assert_eq!(
            series().key(Some(period)),
            "00000000000000000000000000000001 - 00000000000000000000000000000002 - unique \
             2022-01-01/2022-12-31"
        );
        assert_eq!(
            series().key(None),
            "00000000000000000000000000000001 - 00000000000000000000000000000002 - unique"
        );
    }

    #[test]
    fn a_part_in_another_place_is_another_key() {
        let moved = Series {
            activity: None,
            organisation: series().activity.map(|id| OrganisationId(id.0)),
            ..series()
        };
        assert_ne!(moved.key(None), series().key(None));
        let attendances = Series { counting: Counting::Attendances, ..series() };
        assert_ne!(attendances.key(None), series().key(None));
    }
}
