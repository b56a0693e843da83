//! What was released, put together into bundles, once and for all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::safety::{Candidate, Part, Verdict};
use super::table::{Counts, Kind, Plan, TableKey, Tables};
use super::{Place, Release, Snapshot};
use crate::ids::{CodeId, LinkId, OrganisationId};

/// The switches by which the proof plants a fault and must find it. Everywhere else [`SOUND`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// Fewer than k are not seen.
    pub size: bool,
    /// What is hidden is in a sum only together with others that are.
    pub complement: bool,
}

pub(super) const SOUND: Rules = Rules { size: true, complement: true };

/// So many links are tried to be bundled at once: more would be slow to weigh.
const AT_ONCE: usize = 20;

/// What came to a link between two releases, of one source.
pub(super) struct Block {
    pub link: LinkId,
    pub paper: bool,
    /// The release with which it came.
    pub number: u32,
    pub n: i64,
    pub place: Place,
    pub threshold: i64,
    plan: Arc<Plan>,
    tables: Tables,
}

/// Blocks of one table that are seen together from then on.
pub(super) struct Bundle {
    pub blocks: Vec<usize>,
    /// Of a crossed pair those in the base.
    pub counts: Counts,
    pub kind: Kind,
}

/// One source of one link.
type Stream = (LinkId, bool);

/// Blocks that can only be bundled together, since what the table hangs on is.
type Atom = BTreeSet<usize>;

#[derive(Default)]
struct State {
    bundles: Vec<Bundle>,
    /// The bundle of a block.
    home: BTreeMap<usize, usize>,
    waiting: BTreeMap<Stream, Vec<Atom>>,
    /// Streams in which something has come that may let bundles be made.
    dirty: BTreeSet<Stream>,
    /// Streams of closed links in which something still waits.
    left: BTreeSet<Stream>,
    /// Atoms over several links.
    mixed: Vec<Atom>,
    /// The blocks of all atoms so far.
    seen: BTreeSet<usize>,
}

/// What bundled blocks share; see [`Ledger::nearby`].
type Nearby = (bool, String, Option<Option<OrganisationId>>, Option<Option<CodeId>>, Option<usize>);

/// Everything released of one questionnaire, and how it may be seen.
pub struct Ledger {
    rules: Rules,
    blocks: Vec<Block>,
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

    pub(super) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    pub(super) fn bundles(&self, key: &TableKey) -> &[Bundle] {
        self.states.get(key).map_or(&[], |state| &state.bundles)
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
        let mut changed: BTreeSet<TableKey> = BTreeSet::new();
        for (stream, block) in touched {
            let plan = self.blocks[block].plan.clone();
            for key in plan.tables() {
                self.offer(&key, block);
                self.states.entry(key.clone()).or_default().dirty.insert(stream);
                changed.insert(key);
            }
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
        let untold = atom.iter().map(|block| &self.blocks[*block]);
        let untold = untold.filter(|block| block.n != 0).any(|block| !block.tallies(key));
        let state = self.states.entry(key.clone()).or_default();
        state.seen.extend(&atom);
        // A crossed pair whose margins are published of several links together, or together with
        // others that were not crossed, can't be weighed: it is let go for good.
        if matches!(key, TableKey::Crossed { .. }) && (untold || streams.len() > 1) {
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
        let before = state.bundles.len();
        for stream in std::mem::take(&mut state.dirty) {
            let atoms = state.waiting.get(&stream).map_or(&[][..], Vec::as_slice);
            let open = !self.closed.get(&stream.0).copied().unwrap_or_default();
            let ready = self.ready(key, atoms, open).map(|length| atoms[..length].to_vec());
            if let Some(ready) = ready {
                self.publish(key, &mut state, &ready);
            }
            if !open && state.waiting.contains_key(&stream) {
                state.left.insert(stream);
            } else {
                state.left.remove(&stream);
            }
        }
        self.pool(key, &mut state);
        let made = state.bundles[before..].iter().flat_map(|b| b.blocks.clone()).collect();
        self.states.insert(key.clone(), state);
        made
    }

    /// How many of a link's waiting atoms may come out as one: all they can, but while the link
    /// is open enough must stay behind for the remainder at closing to be merged with.
    fn ready(&self, key: &TableKey, atoms: &[Atom], open: bool) -> Option<usize> {
        (1..=atoms.len()).rev().find(|length| {
            let (out, tail) = atoms.split_at(*length);
            let kept = || !self.rules.size || self.weigh(key, tail, |c| c.is_large_enough());
            (!open || kept()) && self.weigh(key, out, |c| c.verdict() == Verdict::Safe)
        })
    }

    /// Bundles what is left of closed links with its like, the nearest first.
    fn pool(&self, key: &TableKey, state: &mut State) {
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

    fn publish(&self, key: &TableKey, state: &mut State, atoms: &[Atom]) {
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
        state.bundles.push(Bundle { blocks, counts, kind });
    }

    fn kind(&self, key: &TableKey, blocks: &[usize]) -> Kind {
        let kinds = blocks.iter().find_map(|block| self.blocks[*block].plan.kind(key));
        kinds.unwrap_or(Kind::One)
    }

    fn weigh<T>(&self, key: &TableKey, atoms: &[Atom], ask: impl Fn(&Candidate) -> T) -> T {
        let mut blocks: Vec<usize> = atoms.iter().flatten().copied().collect();
        blocks.sort_unstable();
        let parts: Vec<Part> = blocks.iter().map(|block| self.part(key, *block)).collect();
        let of = |block: &usize| &self.blocks[*block];
        let least = blocks.iter().map(|block| of(block).threshold).max().unwrap_or_default();
        let n = blocks.iter().map(|block| of(block).n).sum();
        let mut candidate = Candidate::new(self.kind(key, &blocks), least, n, &parts);
        if !self.rules.size {
            (candidate.least, candidate.telling) = (1, 1);
        }
        ask(&candidate)
    }

    fn part(&self, key: &TableKey, index: usize) -> Part {
        let block = &self.blocks[index];
        let mut rows = vec![block.counts(key).clone()];
        let mut margin = Counts::default();
        if matches!(key, TableKey::Crossed { .. }) {
            let question = TableKey::Question(key.question().to_owned());
            let mut rest = block.counts(&question).clone();
            rest.minus(block.counts(key));
            rows.push(rest);
            // Of the question as it is published; the block's own counts are not.
            let state = self.states.get(&question);
            let home = state.and_then(|state| state.bundles.get(*state.home.get(&index)?));
            margin = home.map(|bundle| bundle.counts.clone()).unwrap_or_default();
        }
        Part { block: index, link: block.link, place: block.place.clone(), rows, margin }
    }
}

impl Block {
    fn between(release: &Release, paper: bool, before: &Snapshot, now: &Snapshot) -> Block {
        let mut tables = Tables::new();
        for key in release.plan.tables() {
            if matches!(key, TableKey::Crossed { .. })
                && (paper || before.n > 0 && !before.tables.contains_key(&key))
            {
                // Crossed from the next release on: what was there before can't be told apart.
                continue;
            }
            let mut counts = now.tables.get(&key).cloned().unwrap_or_default();
            if let Some(before) = before.tables.get(&key) {
                counts.minus(before);
            }
            tables.insert(key, counts);
        }
        Block {
            link: release.link,
            paper,
            number: release.number,
            n: now.n - before.n,
            place: release.place.clone(),
            threshold: release.threshold.get(),
            plan: release.plan.clone(),
            tables,
        }
    }

    fn stream(&self) -> Stream {
        (self.link, self.paper)
    }

    /// Its answers to the table are known.
    pub(super) fn tallies(&self, key: &TableKey) -> bool {
        self.tables.contains_key(key)
    }

    /// Its people were asked the table's question.
    pub(super) fn asks(&self, key: &TableKey) -> bool {
        self.plan.question(key.question()).is_some()
    }

    /// None where the table was not tallied.
    pub(super) fn counts(&self, key: &TableKey) -> &Counts {
        static NONE: Counts = Counts::NONE;
        self.tables.get(key).unwrap_or(&NONE)
    }
}
