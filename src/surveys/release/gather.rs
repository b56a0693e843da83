//! Which of the waiting blocks come out together.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{Atom, Ledger, State};
use super::safety::Candidate;
use super::table::{Kind, Part};
use crate::ids::{CodeId, OrganisationId};

/// What bundled blocks share; see [`Ledger::nearby`].
type Nearby = (String, Option<Option<OrganisationId>>, Option<Option<CodeId>>, Option<usize>);

fn union(atoms: &[Atom]) -> BTreeSet<usize> {
    atoms.iter().flatten().copied().collect()
}

impl Ledger {
    /// How many of a link's waiting atoms may come out as one: all they can, but while the link
    /// is open enough must stay behind for the remainder at closing to be merged with.
    pub(super) fn ready(
        &self,
        part: &Part,
        state: &State,
        atoms: &[Atom],
        open: Option<&[usize]>,
    ) -> Option<usize> {
        (1..=atoms.len()).rev().find(|length| {
            let out = union(&atoms[..*length]);
            let kept = |stream: &[usize]| {
                // What waits for what it hangs on stays behind, too.
                let behind = |block: &&usize| !out.contains(block) && !state.is_out(**block);
                let tail = stream.iter().filter(behind).copied().collect();
                !self.rules.size || self.candidate(part, &tail).is_large_enough()
            };
            let candidate = self.candidate(part, &out);
            match open {
                None => candidate.is_safe(),
                Some(stream) => candidate.is_safe_while_open() && kept(stream),
            }
        })
    }

    /// Bundles what is left of closed links with its like, the nearest first.
    pub(super) fn pool(&self, part: &Part, state: &mut State) {
        if state.pooled == state.loose() {
            return;
        }
        let mut units: Vec<Vec<Atom>> = Vec::new();
        for stream in &state.left {
            units.extend(state.waiting.get(stream).cloned());
        }
        for atom in &state.mixed {
            units.push(vec![atom.clone()]);
        }
        if !self.rules.complement {
            units.iter().for_each(|unit| self.publish(part, state, unit));
            return;
        }
        for near in 0..5 {
            let mut places: BTreeMap<Nearby, Vec<Vec<Atom>>> = BTreeMap::new();
            for (index, unit) in units.iter().enumerate() {
                if let Some(place) = self.nearby(unit, near, index) {
                    places.entry(place).or_default().push(unit.clone());
                }
            }
            let gathered: Vec<_> = places.into_values().collect();
            for together in &gathered {
                let atoms = together.concat();
                let blocks = union(&atoms);
                let candidate = self.candidate(part, &blocks);
                let agreed = state.agreed.iter().filter(|(few, _)| few.is_subset(&blocks));
                let agreed = agreed.map(|(_, n)| *n).max();
                if candidate.is_safe() && agreed.is_none_or(|n| candidate.hides(n)) {
                    units.retain(|unit| !together.contains(unit));
                    self.publish(part, state, &atoms);
                } else if candidate.is_known_to_agree() {
                    state.agreed.insert(blocks, candidate.answered());
                }
            }
        }
    }

    /// What units must share to be bundled: 0 nothing does (each on its own), 1 organisation and
    /// level, 2 level, 3 organisation, 4 neither; the wave always. Paper is not bundled with that
    /// of other links: who typed in the one would know the other.
    fn nearby(&self, unit: &[Atom], near: usize, index: usize) -> Option<Nearby> {
        if near > 0 && unit.iter().flatten().any(|block| self.blocks[*block].paper) {
            return None;
        }
        let mut places = unit.iter().flatten().map(|block| {
            let place = &self.blocks[*block].place;
            let organisation = matches!(near, 1 | 3).then_some(place.organisation);
            let level = matches!(near, 1 | 2).then_some(place.level);
            let own = (near == 0).then_some(index);
            (place.wave.clone(), organisation, level, own)
        });
        let first = places.next()?;
        places.all(|place| place == first).then_some(first)
    }

    pub(super) fn kind<'a>(
        &self,
        part: &Part,
        blocks: impl IntoIterator<Item = &'a usize>,
    ) -> Kind {
        let mut plans = blocks.into_iter().map(|block| &self.blocks[*block].plan);
        let asked = plans.find_map(|plan| plan.question(part.question()));
        asked.map_or(Kind::One, |question| question.kind)
    }

    fn candidate(&self, part: &Part, blocks: &BTreeSet<usize>) -> Candidate {
        let of = || blocks.iter().map(|block| &self.blocks[*block]);
        let least = of().map(|block| block.threshold).max().unwrap_or_default();
        let (kind, n) = (self.kind(part, blocks), self.people(part, blocks));
        let counts = of().map(|block| (block.link, block.counts(part)));
        let mut candidate = Candidate::new(kind, least, n, counts);
        if !self.rules.size {
            (candidate.least, candidate.telling) = (1, 1);
        }
        candidate
    }

    /// How many responses there are in a part. Where one question alone decides who is asked,
    /// which is published before, that tells how many they are.
    pub(super) fn people<'a>(
        &self,
        part: &Part,
        blocks: impl IntoIterator<Item = &'a usize> + Clone,
    ) -> i128 {
        let kind = self.kind(part, blocks.clone());
        let blocks = blocks.into_iter().map(|block| &self.blocks[*block]);
        let people = blocks.map(|block| match block.parents(part).count() {
            1 => block.counts(part).asked(kind),
            _ => i128::from(block.n),
        });
        people.sum()
    }
}
