//! What was released, put together into bundles, once and for all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::block::{Block, Stream};
use super::gather::Tallied;
use super::table::{Counts, Family, Kind, Plan, TableKey};
use super::{Release, Snapshot};
use crate::ids::LinkId;

/// The switches by which the proof plants a fault and must find it. Everywhere else [`SOUND`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// Fewer than k are not seen.
    pub size: bool,
    /// What is hidden is in a sum only together with others that are.
    pub complement: bool,
}

pub(super) const SOUND: Rules = Rules { size: true, complement: true };

/// Blocks of one table that are seen together from then on.
pub(super) struct Bundle {
    pub blocks: Vec<usize>,
    /// Of a crossed pair those in the base.
    pub counts: Counts,
    pub kind: Kind,
}

/// Blocks that can only be bundled together, since what the table hangs on is.
pub(super) type Atom = BTreeSet<usize>;

/// One table so far.
#[derive(Default)]
pub(super) struct State {
    bundles: Vec<Bundle>,
    /// The bundle of a block.
    home: BTreeMap<usize, usize>,
    /// Blocks that were bundled since anybody looked.
    fresh: Vec<usize>,
    pub waiting: BTreeMap<Stream, Vec<Atom>>,
    /// Streams in which something has come that may let bundles be made.
    dirty: BTreeSet<Stream>,
    /// Streams of closed links in which something still waits.
    pub left: BTreeSet<Stream>,
    /// Atoms over several links.
    pub mixed: Vec<Atom>,
    /// The blocks of all atoms so far.
    seen: BTreeSet<usize>,
}

/// Everything released of one questionnaire, and how it may be seen.
pub struct Ledger {
    pub(super) rules: Rules,
    pub(super) blocks: Vec<Block>,
    streams: BTreeMap<Stream, Vec<usize>>,
    closed: BTreeMap<LinkId, bool>,
    last: BTreeMap<LinkId, Release>,
    states: BTreeMap<TableKey, State>,
}

impl Ledger {
    /// Takes all releases of a questionnaire up to a day and decides, moment by moment, what
    /// each of them added to what may be seen. More releases never change what fewer showed.
    pub fn replay<'a>(releases: impl IntoIterator<Item = &'a Release>) -> Ledger {
        Ledger::replay_by(SOUND, releases)
    }

    pub(super) fn replay_by<'a>(
        rules: Rules,
        releases: impl IntoIterator<Item = &'a Release>,
    ) -> Ledger {
        let mut releases: Vec<&Release> = releases.into_iter().collect();
        releases.sort_by_key(|release| (release.recorded_at, release.link, release.number));
        let mut ledger = Ledger {
            rules,
            blocks: Vec::new(),
            streams: BTreeMap::new(),
            closed: BTreeMap::new(),
            last: BTreeMap::new(),
            states: BTreeMap::new(),
        };
        for moment in releases.chunk_by(|one, next| one.recorded_at == next.recorded_at) {
            ledger.take(moment);
        }
        ledger
    }

    pub(super) fn bundles(&self, key: &TableKey) -> &[Bundle] {
        self.states.get(key).map_or(&[], |state| &state.bundles)
    }

    pub(super) fn home(&self, key: &TableKey, block: usize) -> Option<usize> {
        self.states.get(key).and_then(|state| state.home.get(&block).copied())
    }

    /// What the table's question is, as some release had it.
    pub(super) fn plan_of(&self, key: &TableKey) -> Option<&Plan> {
        self.blocks.iter().find(|block| block.asks(key)).map(|block| block.plan.as_ref())
    }

    fn take(&mut self, moment: &[&Release]) {
        let mut touched = Vec::new();
        for release in moment {
            let before = self.last.insert(release.link, (*release).clone());
            let empty = Snapshot::default();
            let sources = [
                (false, &release.answered, before.as_ref().map_or(&empty, |b| &b.answered)),
                (true, &release.paper, before.as_ref().map_or(&empty, |b| &b.paper)),
            ];
            self.closed.insert(release.link, release.closing);
            for (paper, now, before) in sources {
                let stream = (release.link, paper);
                if paper && now == &empty && !self.streams.contains_key(&stream) {
                    continue;
                }
                let block = self.blocks.len();
                self.blocks.push(Block::between(release, paper, before, now));
                self.streams.entry(stream).or_default().push(block);
                touched.push((stream, block));
            }
        }
        let streams: BTreeSet<Stream> = touched.iter().map(|(stream, _)| *stream).collect();
        let mut changed: BTreeSet<TableKey> = BTreeSet::new();
        for (stream, block) in touched {
            let plan = self.blocks[block].plan.clone();
            for key in plan.tables() {
                self.offer(&key, block);
                self.states.entry(key.clone()).or_default().dirty.insert(stream);
                changed.insert(key);
            }
        }
        for stream in streams {
            self.settle_families(stream);
        }
        // A bundle of a question lets the tables that hang on it go on.
        while let Some(key) = changed.pop_first() {
            for block in self.settle(&key) {
                let plan = self.blocks[block].plan.clone();
                for child in plan.children(&key) {
                    if self.offer(child, block) {
                        changed.insert(child.clone());
                    }
                }
            }
        }
    }

    /// Lets a block wait in a table, with all that must go along with it, once all of that is
    /// published in the tables it hangs on.
    fn offer(&mut self, key: &TableKey, block: usize) -> bool {
        if self.states.get(key).is_some_and(|state| state.seen.contains(&block)) {
            return false;
        }
        let Some(atom) = self.atom(key, block) else { return false };
        let streams: BTreeSet<Stream> =
            atom.iter().map(|block| self.blocks[*block].stream()).collect();
        let told = self.tallied(key, std::slice::from_ref(&atom)) == Tallied::All;
        let state = self.states.entry(key.clone()).or_default();
        state.seen.extend(&atom);
        // A crossed pair whose margins are published of several links together, or together with
        // others that were not crossed, can't be weighed: it is let go for good.
        if matches!(key, TableKey::Crossed { .. }) && (!told || streams.len() > 1) {
            return false;
        }
        match streams.first() {
            Some(stream) if streams.len() == 1 => {
                state.waiting.entry(*stream).or_default().push(atom);
                state.dirty.insert(*stream);
            }
            _ => state.mixed.push(atom),
        }
        true
    }

    /// A block and all that only comes with it. None while some of it is not published yet in
    /// what the table hangs on.
    fn atom(&self, key: &TableKey, block: usize) -> Option<Atom> {
        self.blocks[block].tallies(key).then_some(())?;
        let mut atom = Atom::new();
        let mut left = vec![block];
        while let Some(block) = left.pop() {
            if !atom.insert(block) {
                continue;
            }
            for parent in self.blocks[block].plan.parents(key) {
                let state = self.states.get(&parent)?;
                let bundle = state.bundles.get(*state.home.get(&block)?)?;
                left.extend(&bundle.blocks);
            }
        }
        Some(atom)
    }

    /// Makes the bundles that can be made, and tells their blocks.
    fn settle(&mut self, key: &TableKey) -> Vec<usize> {
        let Some(mut state) = self.states.remove(key) else { return Vec::new() };
        for stream in std::mem::take(&mut state.dirty) {
            let atoms = state.waiting.get(&stream).map_or(&[][..], Vec::as_slice);
            let open = !self.closed.get(&stream.0).copied().unwrap_or_default();
            // While it is open a question of a crossed pair comes with the pair or not at all.
            let held = open && self.family_of(key, stream).is_some();
            let length = if held { None } else { self.ready(key, atoms, open) };
            if let Some(ready) = length.map(|length| atoms[..length].to_vec()) {
                self.publish(key, &mut state, &ready);
            }
            if !open && state.waiting.contains_key(&stream) {
                state.left.insert(stream);
            } else {
                state.left.remove(&stream);
            }
        }
        self.pool(key, &mut state);
        let made = std::mem::take(&mut state.fresh);
        self.states.insert(key.clone(), state);
        made
    }

    /// The questions of crossed pairs come out of a link with the pairs, where all are ready.
    fn settle_families(&mut self, stream: Stream) {
        let open = !self.closed.get(&stream.0).copied().unwrap_or_default();
        for family in self.plan_at(stream).map(|plan| plan.families()).unwrap_or_default() {
            let waiting = |key: &TableKey| -> &[Atom] {
                let state = self.states.get(key);
                state.and_then(|state| state.waiting.get(&stream)).map_or(&[], Vec::as_slice)
            };
            let Some(atoms) = family.questions.first().map(waiting) else { continue };
            if family.questions.iter().any(|key| waiting(key) != atoms) {
                continue;
            }
            let Some(length) = self.ready_together(&family, atoms, open) else { continue };
            let out = atoms[..length].to_vec();
            let told = |pair: &&TableKey| self.tallied(pair, &out) == Tallied::All;
            let pairs: Vec<&TableKey> = family.pairs.iter().filter(told).collect();
            for key in family.questions.iter().chain(pairs) {
                let mut state = self.states.remove(key).unwrap_or_default();
                self.publish(key, &mut state, &out);
                self.states.insert(key.clone(), state);
            }
        }
    }

    fn plan_at(&self, stream: Stream) -> Option<Arc<Plan>> {
        let last = self.streams.get(&stream)?.last()?;
        Some(self.blocks[*last].plan.clone())
    }

    fn family_of(&self, key: &TableKey, stream: Stream) -> Option<Family> {
        let families = self.plan_at(stream)?.families();
        families.into_iter().find(|family| family.questions.contains(key))
    }

    pub(super) fn publish(&self, key: &TableKey, state: &mut State, atoms: &[Atom]) {
        let blocks: Vec<usize> = atoms.iter().flatten().copied().collect();
        let mut counts = Counts::default();
        blocks.iter().for_each(|block| counts.plus(self.blocks[*block].counts(key)));
        let kind = self.kind(key, &blocks);
        for block in &blocks {
            state.home.insert(*block, state.bundles.len());
        }
        for stream in blocks.iter().map(|block| self.blocks[*block].stream()) {
            if let Some(waiting) = state.waiting.get_mut(&stream) {
                waiting.retain(|atom| !atoms.contains(atom));
                if waiting.is_empty() {
                    state.waiting.remove(&stream);
                    state.left.remove(&stream);
                }
            }
        }
        state.mixed.retain(|atom| !atoms.contains(atom));
        state.seen.extend(&blocks);
        state.fresh.extend(&blocks);
        state.bundles.push(Bundle { blocks, counts, kind });
    }
}
