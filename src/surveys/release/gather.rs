//! Which of the waiting blocks come out together.

use std::collections::BTreeMap;

use super::block::Block;
use super::ledger::{Atom, Ledger, State};
use super::safety::{Candidate, Part, Verdict};
use super::table::{Counts, Family, Kind, TableKey};
use crate::ids::{CodeId, LinkId, OrganisationId};

/// So many links are tried to be bundled at once: more would be slow to weigh.
const AT_ONCE: usize = 20;

/// Of how many blocks a crossed pair was tallied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tallied {
    All,
    None,
    Some,
}

/// What bundled blocks share; see [`Ledger::nearby`].
type Nearby = (bool, String, Option<Option<OrganisationId>>, Option<Option<CodeId>>, Option<usize>);

impl Ledger {
    /// How many of a link's waiting atoms may come out as one: all they can, but while the link
    /// is open enough must stay behind for the remainder at closing to be merged with.
    pub(super) fn ready(&self, key: &TableKey, atoms: &[Atom], open: bool) -> Option<usize> {
        (1..=atoms.len()).rev().find(|length| {
            let (out, tail) = atoms.split_at(*length);
            let kept = || !self.rules.size || self.weigh(key, tail, |c| c.is_large_enough());
            (!open || kept()) && self.weigh(key, out, |c| c.verdict() == Verdict::Safe)
        })
    }

    /// The same for the questions of crossed pairs and the pairs: they come out of a link together
    /// as long as they can, since nothing of a pair is then published apart.
    pub(super) fn ready_together(
        &self,
        family: &Family,
        atoms: &[Atom],
        open: bool,
    ) -> Option<usize> {
        let safe = |key: &TableKey, out: &[Atom]| {
            self.weigh(key, out, |candidate| candidate.verdict() == Verdict::Safe)
        };
        (1..=atoms.len()).rev().find(|length| {
            let (out, tail) = atoms.split_at(*length);
            let kept = |key: &TableKey| {
                !open || !self.rules.size || self.weigh(key, tail, |c| c.is_large_enough())
            };
            family.questions.iter().all(|key| kept(key) && safe(key, out))
                && family.pairs.iter().all(|pair| match self.tallied(pair, out) {
                    Tallied::All => safe(pair, out),
                    Tallied::None => true,
                    Tallied::Some => false,
                })
        })
    }

    pub(super) fn tallied(&self, pair: &TableKey, atoms: &[Atom]) -> Tallied {
        let blocks = atoms.iter().flatten().map(|block| &self.blocks[*block]);
        let mut told = blocks.filter(|block| block.n != 0).map(|block| block.tallies(pair));
        let first = told.next().unwrap_or(true);
        match (told.all(|next| next == first), first) {
            (true, true) => Tallied::All,
            (true, false) => Tallied::None,
            (false, _) => Tallied::Some,
        }
    }

    /// Bundles what is left of closed links with its like, the nearest first.
    pub(super) fn pool(&self, key: &TableKey, state: &mut State) {
        let mut units: Vec<Vec<Atom>> = Vec::new();
        for stream in &state.left {
            units.extend(state.waiting.get(stream).cloned());
        }
        for atom in &state.mixed {
            units.push(vec![atom.clone()]);
        }
        if !self.rules.complement {
            units.iter().for_each(|unit| self.publish(key, state, unit));
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
            for together in gathered.iter().flat_map(|units| units.chunks(AT_ONCE)) {
                let pooled = self.largest_safe(key, together.to_vec());
                if !pooled.is_empty() {
                    units.retain(|unit| !pooled.contains(unit));
                    self.publish(key, state, &pooled.concat());
                }
            }
        }
    }

    fn largest_safe(&self, key: &TableKey, mut units: Vec<Vec<Atom>>) -> Vec<Vec<Atom>> {
        while !units.is_empty() {
            let atoms = units.concat();
            match self.weigh(key, &atoms, |candidate| candidate.verdict()) {
                Verdict::Safe => return units,
                Verdict::Unsafe => break,
                Verdict::Without(stuck) => {
                    units.retain(|unit| unit.iter().flatten().all(|block| !stuck.contains(block)));
                }
            }
        }
        Vec::new()
    }

    /// What units must share to be bundled: 0 nothing does (each on its own), 1 organisation and
    /// level, 2 level, 3 organisation, 4 neither; the wave and the source always.
    fn nearby(&self, unit: &[Atom], near: usize, index: usize) -> Option<Nearby> {
        let mut places = unit.iter().flatten().map(|block| {
            let Block { paper, place, .. } = &self.blocks[*block];
            let organisation = matches!(near, 1 | 3).then_some(place.organisation);
            let level = matches!(near, 1 | 2).then_some(place.level);
            let own = (near == 0).then_some(index);
            (*paper, place.wave.clone(), organisation, level, own)
        });
        let first = places.next()?;
        places.all(|place| place == first).then_some(first)
    }

    pub(super) fn kind(&self, key: &TableKey, blocks: &[usize]) -> Kind {
        let kinds = blocks.iter().find_map(|block| self.blocks[*block].plan.kind(key));
        kinds.unwrap_or(Kind::One)
    }

    fn weigh<T>(&self, key: &TableKey, atoms: &[Atom], ask: impl Fn(&Candidate) -> T) -> T {
        let mut blocks: Vec<usize> = atoms.iter().flatten().copied().collect();
        blocks.sort_unstable();
        let parts = self.parts(key, &blocks);
        let of = |block: &usize| &self.blocks[*block];
        let least = blocks.iter().map(|block| of(block).threshold).max().unwrap_or_default();
        let n = blocks.iter().map(|block| of(block).n).sum();
        let mut candidate = Candidate::new(self.kind(key, &blocks), least, n, &parts);
        if !self.rules.size {
            (candidate.least, candidate.telling) = (1, 1);
        }
        ask(&candidate)
    }

    /// The blocks, those of a crossed pair joined as far as nothing of them is published apart.
    fn parts(&self, key: &TableKey, blocks: &[usize]) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let mut places: BTreeMap<(LinkId, [Option<usize>; 2]), usize> = BTreeMap::new();
        for index in blocks {
            let block = &self.blocks[*index];
            let mut rows = vec![block.counts(key).clone()];
            let mut margin = Counts::default();
            if let TableKey::Crossed { base, question, .. } = key {
                let [base, question] = [base, question].map(|c| TableKey::Question(c.clone()));
                let mut rest = block.counts(&question).clone();
                rest.minus(block.counts(key));
                rows.push(rest);
                let homes = [&base, &question].map(|key| self.home(key, *index));
                let bundle = homes[1].and_then(|home| self.bundles(&question).get(home));
                margin = bundle.map(|bundle| bundle.counts.clone()).unwrap_or_default();
                let part = *places.entry((block.link, homes)).or_insert(parts.len());
                if let Some(part) = parts.get_mut(part) {
                    part.join(*index, &rows);
                    continue;
                }
            }
            let (link, place) = (block.link, block.place.clone());
            parts.push(Part { blocks: vec![*index], link, place, rows, margin });
        }
        parts
    }
}
