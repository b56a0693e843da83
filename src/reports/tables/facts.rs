//! Figures that are known from a report only, beside what is computed and never mixed with it.

use super::catalogue::Walk;
use crate::error::Result;
use crate::programmes::reported_facts::{self, FactDimension, ReportedFact};
use crate::quantity::Quantity;
use crate::reports::cell::Cell;
use crate::store::Db;

pub struct Facts(pub Vec<ReportedFact>);

/// What a figure is broken down by, and the part that it is about.
pub type Part<'a> = Option<(FactDimension, &'a str)>;

impl Facts {
    /// Up to and including the year that is asked for.
    pub fn load(db: &mut Db, walk: &Walk) -> Result<Facts> {
        let mut facts = reported_facts::all(db, walk.programme, walk.as_of)?;
        facts.retain(|fact| walk.is_up_to(fact.year));
        Ok(Facts(facts))
    }

    /// The first that was recorded, where a report prints the same figure in several places.
    pub fn find(&self, measure: &str, year: Option<i32>, part: Part) -> Option<&ReportedFact> {
        self.0.iter().find(|fact| fact.is_about(measure, year, part))
    }

    fn value(&self, measure: &str, year: Option<i32>, part: Part) -> Option<Quantity> {
        self.find(measure, year, part).map(|fact| fact.value)
    }

    /// Kroner.
    pub fn money(&self, measure: &str, year: Option<i32>, part: Part) -> Cell {
        let ore = self.find(measure, year, part).and_then(ReportedFact::ore);
        ore.map_or(Cell::Empty, Cell::Money)
    }

    pub fn count(&self, measure: &str, year: Option<i32>, part: Part) -> Cell {
        let count = self.value(measure, year, part).map(|value| value.thousandths() / 1_000);
        count.into()
    }

    pub fn percent(&self, measure: &str, year: Option<i32>, part: Part) -> Cell {
        let tenths = self.value(measure, year, part).map(|value| value.thousandths() / 100);
        tenths.map_or(Cell::Empty, Cell::Percent)
    }

    /// The years that any of those measures tells of.
    pub fn years(&self, measures: &[&str]) -> impl Iterator<Item = i32> {
        let told = self.0.iter().filter(|fact| measures.contains(&fact.measure.as_str()));
        told.filter_map(|fact| fact.year).collect::<Vec<_>>().into_iter()
    }
}
