//! Small surveys with made-up people, and all that was ever released of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;

use super::super::table::{ANSWERED, Kind, MISSING, Plan, Question, SQUARES, SUM, TableKey};
use super::super::{Place, Release, Snapshot, Threshold, due};
use crate::clock::At;
use crate::ids::{CodeId, LinkId, OrganisationId};

pub const BASE: &str = "u_samarbejde";
pub const FOLLOW_UP: &str = "u_job";
pub const CROSSED: &str = "u_forstaaelse";
pub const SEVERAL: &str = "u_emner";
pub const NUMBER: &str = "u_besoeg";
pub const OPTIONS: [&str; 3] = ["ja", "nej", "ved_ikke"];
pub const MOST: i64 = 10;

/// SplitMix64: the same surveys from the same seed, everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}

#[derive(Debug, Clone)]
pub struct Person {
    pub link: LinkId,
    pub paper: bool,
    /// Index of the option; 3 where missing.
    pub base: usize,
    /// Asked only of those who said yes to the base.
    pub follow_up: Option<usize>,
    pub crossed: usize,
    pub several: Option<[bool; 2]>,
    pub number: Option<i64>,
    /// The number of the link's release that was the first with this one.
    pub release: u32,
}

pub struct Survey {
    pub people: Vec<Person>,
    pub releases: Vec<Release>,
}

/// What is released when; the second is the planted fault.
#[derive(Clone, Copy, PartialEq)]
pub enum Step {
    Due,
    EachAnswer,
}

pub fn crossed_key() -> TableKey {
    let options = BTreeSet::from(["ja".to_owned()]);
    TableKey::Crossed { base: BASE.into(), options, question: CROSSED.into() }
}

pub fn plan(crossed: bool) -> Plan {
    let asked = |kind, hangs_on: &[&str]| Question {
        kind,
        dont_know: BTreeSet::from(["ved_ikke".to_owned()]),
        hangs_on: hangs_on.iter().map(|code| (*code).to_owned()).collect(),
    };
    let mut plan = Plan::new(BTreeMap::from([
        (BASE.to_owned(), asked(Kind::One, &[])),
        (FOLLOW_UP.to_owned(), asked(Kind::One, &[BASE])),
        (CROSSED.to_owned(), asked(Kind::One, &[])),
        (SEVERAL.to_owned(), asked(Kind::Several, &[])),
        (NUMBER.to_owned(), asked(Kind::Number, &[])),
    ]));
    if crossed {
        assert!(plan.cross(BASE, BTreeSet::from(["ja".to_owned()]), CROSSED));
    }
    plan
}

pub fn uuid(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number))
}

/// How a link's people lean, so that agreement and silence come up often.
struct Leaning([u64; 4]);

impl Leaning {
    fn new(dice: &mut Dice) -> Leaning {
        let mut lean = || dice.roll(4) * dice.roll(3);
        let weights = [lean() + 1, lean(), lean(), lean() / 3];
        Leaning(weights)
    }

    fn choose(&self, dice: &mut Dice) -> usize {
        let mut left = dice.roll(self.0.iter().sum());
        for (option, weight) in self.0.iter().enumerate() {
            if left < *weight {
                return option;
            }
            left -= weight;
        }
        0
    }
}

fn person(dice: &mut Dice, lean: &[Leaning; 2], link: LinkId, paper: bool) -> Person {
    let base = lean[0].choose(dice);
    Person {
        link,
        paper,
        base,
        follow_up: (base == 0).then(|| lean[1].choose(dice)),
        crossed: lean[1].choose(dice),
        several: (!dice.chance(15)).then(|| match dice.roll(3) {
            0 => [true, false],
            1 => [false, true],
            _ => [true, true],
        }),
        number: (!dice.chance(15)).then(|| i64::try_from(dice.roll(3) * 5).expect("small")),
        release: u32::MAX,
    }
}

pub fn snapshot<'a>(
    plan: &Plan,
    people: impl Iterator<Item = &'a Person>,
    paper: bool,
) -> Snapshot {
    let mut snapshot = Snapshot::new(0);
    let option = |index: usize| OPTIONS.get(index).copied().unwrap_or(MISSING);
    for person in people {
        snapshot.n += 1;
        let mut add = |base: Option<(&str, &str)>, question: &str, option: &str, by: i64| {
            snapshot.add(plan, base, question, option, i128::from(by));
        };
        add(None, BASE, option(person.base), 1);
        if let Some(answer) = person.follow_up {
            add(None, FOLLOW_UP, option(answer), 1);
        }
        add(None, CROSSED, option(person.crossed), 1);
        if !paper && person.base < 3 {
            add(Some((BASE, option(person.base))), CROSSED, option(person.crossed), 1);
        }
        match person.several {
            None => add(None, SEVERAL, MISSING, 1),
            Some(chosen) => {
                add(None, SEVERAL, ANSWERED, 1);
                for (index, chosen) in chosen.into_iter().enumerate() {
                    add(None, SEVERAL, OPTIONS[index], i64::from(chosen));
                }
            }
        }
        match person.number {
            None => add(None, NUMBER, MISSING, 1),
            Some(number) => {
                add(None, NUMBER, ANSWERED, 1);
                add(None, NUMBER, SUM, number);
                add(None, NUMBER, SQUARES, number * number);
            }
        }
    }
    snapshot
}

pub fn survey(seed: u64, step: Step) -> Survey {
    let mut dice = Dice(seed);
    let threshold =
        Threshold::new(3 + i64::try_from(dice.roll(3)).expect("small") / 2 * 2).expect("3 or 5");
    let links: Vec<(LinkId, Place)> = (0..2 + dice.roll(3))
        .map(|link| {
            let place = Place {
                organisation: Some(OrganisationId(uuid(dice.roll(2)))),
                level: (dice.roll(3) > 0).then(|| CodeId(uuid(dice.roll(2)))),
                wave: if dice.chance(85) { "before" } else { "after" }.to_owned(),
            };
            (LinkId(uuid(link)), place)
        })
        .collect();
    let all_alike = dice.chance(40);
    let common = [Leaning::new(&mut dice), Leaning::new(&mut dice)];
    let leanings: Vec<[Leaning; 2]> =
        links.iter().map(|_| [Leaning::new(&mut dice), Leaning::new(&mut dice)]).collect();
    // In some surveys the pair is crossed only after the first releases.
    let crossed_from = if dice.chance(25) { 3 } else { 0 };
    let mut survey = Survey { people: Vec::new(), releases: Vec::new() };
    let mut last: BTreeMap<LinkId, Release> = BTreeMap::new();
    let mut moment = 0_i64;
    let steps = 4 + dice.roll(7);
    for round in 0..steps + u64::try_from(links.len()).expect("few") {
        let last_round = round.checked_sub(steps);
        let chosen = last_round.unwrap_or_else(|| dice.roll(links.len() as u64));
        let (link, place) = &links[usize::try_from(chosen).expect("few")];
        if last_round.is_none() {
            let lean =
                if all_alike { &common } else { &leanings[usize::try_from(chosen).expect("few")] };
            let paper = dice.chance(12);
            let coming = match step {
                Step::Due => 1 + dice.roll(6),
                Step::EachAnswer => 1 + dice.roll(2),
            };
            for _ in 0..coming {
                survey.people.push(person(&mut dice, lean, *link, paper));
            }
        } else if dice.chance(20) {
            continue;
        }
        let plan = Arc::new(plan(round >= crossed_from));
        let of = |paper: bool| {
            let people = survey.people.iter().filter(|p| p.link == *link && p.paper == paper);
            snapshot(&plan, people, paper)
        };
        let (answered, paper) = (of(false), of(true));
        let closing = last_round.is_some() || dice.chance(15);
        let previous = last.get(link);
        let ready = due(threshold, previous, answered.n, paper.n, closing)
            || step == Step::EachAnswer && answered.n + paper.n > previous.map_or(0, Release::n);
        if !ready {
            continue;
        }
        // Several links can be released at one moment.
        moment += i64::from(!dice.chance(20));
        let release = Release {
            link: *link,
            number: previous.map_or(1, |previous| previous.number + 1),
            recorded_at: At::from_micros(moment).expect("a moment"),
            closing,
            threshold,
            place: place.clone(),
            plan,
            answered,
            paper,
        };
        for person in survey.people.iter_mut().filter(|p| p.link == *link) {
            person.release = person.release.min(release.number);
        }
        last.insert(*link, release.clone());
        survey.releases.push(release);
    }
    survey
}
