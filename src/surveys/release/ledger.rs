//! What was released, put together into bundles, once and for all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::Release;
use super::block::{Block, Stream};
use super::condensed::Condensed;
use super::table::{Counts, Kind, Part, Plan, TableKey};
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

/// Blocks of one part that are seen together from then on.
pub(super) struct Bundle {
    pub blocks: Vec<usize>,
    pub counts: Counts,
    pub kind: Kind,
}

/// Blocks that can only be bundled together, since what the part hangs on is.
pub(super) type Atom = BTreeSet<usize>;

/// One part so far.
#[derive(Clone, Default)]
pub(super) struct State {
    bundles: Vec<Arc<Bundle>>,
    /// The bundle of each block, as far as there are any.
    home: Vec<Option<usize>>,
    /// Blocks that were bundled since anybody looked.
    fresh: Vec<usize>,
    pub waiting: BTreeMap<Stream, Vec<Atom>>,
    /// Streams in which something has come that may let bundles be made.
    dirty: BTreeSet<Stream>,
    /// Streams of closed links in which something still waits.
    pub left: BTreeSet<Stream>,
    /// Atoms over several links.
    pub mixed: Vec<Atom>,
    /// Whether each block was in an atom so far.
    seen: Vec<bool>,
    /// Who is hidden for no other reason than that all of so many agreed.
    pub agreed: BTreeMap<BTreeSet<usize>, i128>,
    /// How much was loose when the last bundles over links were looked for.
    pub pooled: usize,
}

impl State {
    /// How many atoms of closed links wait.
    pub fn loose(&self) -> usize {
        let waiting = self.left.iter().filter_map(|stream| self.waiting.get(stream));
        waiting.map(Vec::len).sum::<usize>() + self.mixed.len()
    }

    fn has_seen(&self, block: usize) -> bool {
        self.seen.get(block).copied().unwrap_or_default()
    }

    fn see<'a>(&mut self, blocks: impl IntoIterator<Item = &'a usize>) {
        blocks.into_iter().for_each(|block| put(&mut self.seen, *block, true));
    }

    /// It is in a bundle, or was let go for good.
    pub fn is_out(&self, block: usize) -> bool {
        let waits = |atom: &Atom| atom.contains(&block);
        self.has_seen(block) && !self.waiting.values().flatten().any(waits)
    }
}

fn put<T: Clone + Default>(list: &mut Vec<T>, at: usize, value: T) {
    if list.len() <= at {
        list.resize(at + 1, T::default());
    }
    list[at] = value;
}

/// Everything released of one questionnaire, and how it may be seen. A copy is cheap beside
/// making it anew.
#[derive(Clone)]
pub struct Ledger {
    pub(super) rules: Rules,
    pub(super) blocks: Vec<Arc<Block>>,
    streams: BTreeMap<Stream, Vec<usize>>,
    closed: BTreeMap<LinkId, bool>,
    /// Of each link.
    last: BTreeMap<LinkId, Arc<Release>>,
    states: BTreeMap<Part, State>,
    /// Added up when somebody looks, and what of it was there before.
    condensed: OnceLock<Arc<Condensed>>,
    earlier: Arc<Condensed>,
}

impl Default for Ledger {
    fn default() -> Ledger {
        Ledger::by(SOUND)
    }
}

impl Ledger {
    pub(super) fn by(rules: Rules) -> Ledger {
        Ledger {
            rules,
            blocks: Vec::new(),
            streams: BTreeMap::new(),
            closed: BTreeMap::new(),
            last: BTreeMap::new(),
            states: BTreeMap::new(),
            condensed: OnceLock::new(),
            earlier: Arc::default(),
        }
    }

    /// Takes the releases of a questionnaire that came after those that it has, all up to a day,
    /// and decides, moment by moment, what each of them added to what may be seen. More releases
    /// never change what fewer showed.
    pub fn append(&mut self, mut releases: Vec<Release>) {
        releases.sort_by_key(|release| (release.recorded_at, release.link, release.number));
        let releases: Vec<Arc<Release>> = releases.into_iter().map(Arc::new).collect();
        for moment in releases.chunk_by(|one, next| one.recorded_at == next.recorded_at) {
            self.take(moment);
        }
        if let Some(condensed) = self.condensed.take() {
            self.earlier = condensed;
        }
    }

    #[cfg(test)]
    pub fn replay<'a>(releases: impl IntoIterator<Item = &'a Release>) -> Ledger {
        Ledger::replay_by(SOUND, releases)
    }

    #[cfg(test)]
    pub(super) fn replay_by<'a>(
        rules: Rules,
        releases: impl IntoIterator<Item = &'a Release>,
    ) -> Ledger {
        let mut ledger = Ledger::by(rules);
        ledger.append(releases.into_iter().cloned().collect());
        ledger
    }

    /// How much it holds, in blocks.
    pub fn size(&self) -> usize {
        self.blocks.len()
    }

    pub(super) fn condensed(&self) -> &Condensed {
        self.condensed.get_or_init(|| {
            let mut condensed = Condensed::clone(&self.earlier);
            condensed.follow(self);
            Arc::new(condensed)
        })
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.states.keys()
    }

    /// The parts that a table shows: a question all of its own, a crossed pair those in its base.
    pub(super) fn parts_of(&self, table: &TableKey) -> impl Iterator<Item = &Part> {
        let parts = self.states.keys();
        parts.filter(move |part| match table {
            TableKey::Question(code) => part.question() == code,
            TableKey::Crossed { .. } => part.table == *table && !part.rest,
        })
    }

    pub(super) fn bundles(&self, part: &Part) -> &[Arc<Bundle>] {
        self.states.get(part).map_or(&[], |state| &state.bundles)
    }

    pub(super) fn bundle_of(&self, part: &Part, block: usize) -> Option<&Bundle> {
        let state = self.states.get(part)?;
        state.bundles.get((*state.home.get(block)?)?).map(Arc::as_ref)
    }

    /// What the table's question is, as some release had it.
    pub(super) fn plan_of(&self, key: &TableKey) -> Option<&Plan> {
        self.blocks.iter().find(|block| block.asks(key)).map(|block| block.plan.as_ref())
    }

    fn take(&mut self, moment: &[Arc<Release>]) {
        let mut touched = Vec::new();
        for release in moment {
            let before = self.last.insert(release.link, release.clone());
            self.closed.insert(release.link, release.closing);
            for paper in [false, true] {
                let stream = (release.link, paper);
                if paper && release.paper.n == 0 && !self.streams.contains_key(&stream) {
                    continue;
                }
                let block = self.blocks.len();
                self.blocks.push(Arc::new(Block::between(release, paper, before.as_deref())));
                self.streams.entry(stream).or_default().push(block);
                touched.push((stream, block));
            }
        }
        let mut changed: BTreeSet<Part> = BTreeSet::new();
        for (stream, block) in touched {
            for part in self.blocks[block].parts().cloned().collect::<Vec<_>>() {
                self.offer(&part, block);
                // That the link is closed now can matter to what came before.
                self.states.entry(part.clone()).or_default().dirty.insert(stream);
                changed.insert(part);
            }
        }
        // A bundle of a question lets the parts that hang on it go on.
        while let Some(part) = changed.pop_first() {
            for block in self.settle(&part) {
                let own = &self.blocks[block];
                let children = own.plan.children(part.question());
                let parts = children.flat_map(|child| own.parts_of(child)).cloned();
                for child in parts.collect::<Vec<_>>() {
                    if self.offer(&child, block) {
                        changed.insert(child);
                    }
                }
            }
        }
    }

    /// Lets a block wait in a part, with all that must go along with it, once all of that is
    /// published in the questions it hangs on.
    fn offer(&mut self, part: &Part, block: usize) -> bool {
        if self.states.get(part).is_some_and(|state| state.has_seen(block)) {
            return false;
        }
        let Some(atom) = self.atom(part, block) else { return false };
        let streams: BTreeSet<Stream> =
            atom.iter().map(|block| self.blocks[*block].stream()).collect();
        let told = |block: &usize| {
            let block = &self.blocks[*block];
            block.n == 0 || block.tallies(part)
        };
        let told = atom.iter().all(told);
        let state = self.states.entry(part.clone()).or_default();
        state.see(&atom);
        match streams.first() {
            // By what is known of some, and the question that it hangs on, the others would be
            // known too: it is let go for good.
            _ if !told => return false,
            Some(stream) if streams.len() == 1 => {
                state.waiting.entry(*stream).or_default().push(atom);
                state.dirty.insert(*stream);
            }
            _ => state.mixed.push(atom),
        }
        true
    }

    /// A block and all that only comes with it. None while some of it is not published yet in
    /// what the part hangs on.
    fn atom(&self, part: &Part, block: usize) -> Option<Atom> {
        self.blocks[block].tallies(part).then_some(())?;
        let mut atom = Atom::new();
        let mut left = vec![block];
        while let Some(block) = left.pop() {
            if !atom.insert(block) {
                continue;
            }
            let own = &self.blocks[block];
            for parent in own.parents(part).flat_map(|code| own.parts_of(code)) {
                left.extend(&self.bundle_of(parent, block)?.blocks);
            }
        }
        Some(atom)
    }

    /// Makes the bundles that can be made, and tells their blocks.
    fn settle(&mut self, part: &Part) -> Vec<usize> {
        let Some(mut state) = self.states.remove(part) else { return Vec::new() };
        for stream in std::mem::take(&mut state.dirty) {
            let atoms = state.waiting.get(&stream).map_or(&[][..], Vec::as_slice);
            let open = !self.closed.get(&stream.0).copied().unwrap_or_default();
            let behind = open.then(|| self.streams.get(&stream).map_or(&[][..], Vec::as_slice));
            let length = self.ready(part, &state, atoms, behind);
            if let Some(ready) = length.map(|length| atoms[..length].to_vec()) {
                self.publish(part, &mut state, &ready);
            }
            if !open && state.waiting.contains_key(&stream) {
                state.left.insert(stream);
            } else {
                state.left.remove(&stream);
            }
        }
        self.pool(part, &mut state);
        state.pooled = state.loose();
        let made = std::mem::take(&mut state.fresh);
        self.states.insert(part.clone(), state);
        made
    }

    pub(super) fn publish(&self, part: &Part, state: &mut State, atoms: &[Atom]) {
        let blocks: Vec<usize> = atoms.iter().flatten().copied().collect();
        let mut counts = Counts::default();
        blocks.iter().for_each(|block| counts.plus(self.blocks[*block].counts(part)));
        let kind = self.kind(part, &blocks);
        for block in &blocks {
            put(&mut state.home, *block, Some(state.bundles.len()));
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
        state.see(&blocks);
        state.fresh.extend(&blocks);
        state.bundles.push(Arc::new(Bundle { blocks, counts, kind }));
    }
}
