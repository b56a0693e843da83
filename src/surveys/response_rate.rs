//! How many of those who could answer did: against the class sizes that links tell, and against
//! the participants that were counted.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::definition::Audience;
use super::result_view::Share;
use super::rows::releases::LinkInfo;
use crate::error::Result;
use crate::ids::{LinkId, ProgrammeId, QuestionnaireId};
use crate::participation::{self, Counting, Total};
use crate::programmes::codes::{CodeList, Codebook};
use crate::store::types::text_enum;
use crate::store::{AsOf, Db};

text_enum! {
    /// Why responses are not held against participants.
    pub enum NoRate {
        /// There is no link.
        NoLink = "no_link",
        /// The links are for neither pupils nor teachers.
        NoRole = "no_role",
        /// Nobody was counted of those who were asked.
        NotCounted = "not_counted",
        /// Links outside the group ask the same participants, such as another class of the school.
        Shared = "shared",
    }
}

/// The released responses over the participants counted: unique participants of the links'
/// projects, in the role `pupil` or `teacher` by the links' audience, at the links' organisation
/// and education level (with all below it) where they name one. Who is asked in two waves, or by
/// two questionnaires, counts in each.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParticipantRate {
    /// Null where `no_rate` tells why.
    pub rate: Option<Share>,
    #[schema(inline)]
    pub no_rate: Option<NoRate>,
    /// Links of whose participants nobody was counted, so that their responses are not in it.
    pub links_without_counts: i64,
    /// The denominator adds counts of several activities: a sum of counts and not of people,
    /// since the same pupils can stand under two.
    pub over_activities: bool,
}

/// Responses of a group of links while they are added up.
#[derive(Default)]
pub(super) struct Group {
    pub responses: i64,
    pub paper: i64,
    pub without_size: i64,
    /// Of links whose class size is known, and that size.
    of_sized: i64,
    size: i64,
    links: BTreeMap<LinkId, i64>,
}

impl Group {
    pub fn add(&mut self, link: &LinkInfo, n: i64, paper: i64) {
        self.responses += n;
        self.paper += paper;
        self.links.insert(link.id, n);
        match link.class_size {
            Some(size) => {
                self.of_sized += n;
                self.size += i64::from(size);
            }
            None => self.without_size += 1,
        }
    }

    pub fn of_classes(&self) -> Option<Share> {
        Share::of(self.of_sized, self.size)
    }
}

/// What is asked of the same participants at once.
type Occasion<'a> = (QuestionnaireId, Option<&'a str>);

/// Which counts the participants of each link stand in.
pub(super) struct Participants<'a> {
    totals: Vec<Total>,
    links: BTreeMap<LinkId, (Occasion<'a>, Option<BTreeSet<usize>>)>,
}

impl<'a> Participants<'a> {
    pub fn load(
        db: &mut Db,
        programme: ProgrammeId,
        links: &'a [LinkInfo],
        book: &Codebook,
        as_of: AsOf,
    ) -> Result<Participants<'a>> {
        let projects: BTreeSet<_> = links.iter().map(|link| link.project_id).collect();
        let project = projects.first().copied().flatten().filter(|_| projects.len() == 1);
        let mut totals = participation::totals(db, programme, project, as_of)?;
        totals.retain(|total| total.counting == Counting::Unique && total.participants > 0);
        let asked = |link: &'a LinkInfo| {
            let occasion = (link.questionnaire_id, link.wave.as_deref());
            (link.id, (occasion, counts_of(link, &totals, book)))
        };
        let links = links.iter().map(asked).collect();
        Ok(Participants { totals, links })
    }

    pub fn rate(&self, group: &Group) -> ParticipantRate {
        let mut found: BTreeMap<Occasion, BTreeSet<usize>> = BTreeMap::new();
        let (mut responses, mut without_counts, mut without_role) = (0, 0, 0);
        for (id, n) in &group.links {
            let Some((occasion, counts)) = self.links.get(id) else { continue };
            match counts {
                Some(counts) if !counts.is_empty() => {
                    responses += n;
                    found.entry(*occasion).or_default().extend(counts);
                }
                counts => {
                    without_counts += 1;
                    without_role += i64::from(counts.is_none());
                }
            }
        }
        let outside = self.links.iter().filter(|(id, _)| !group.links.contains_key(id));
        let shared = outside.into_iter().any(|(_, (occasion, counts))| {
            let own = found.get(occasion);
            own.zip(counts.as_ref()).is_some_and(|(own, other)| !own.is_disjoint(other))
        });
        let no_rate = match found.is_empty() {
            _ if group.links.is_empty() => Some(NoRate::NoLink),
            true if without_role == without_counts => Some(NoRate::NoRole),
            true => Some(NoRate::NotCounted),
            false => shared.then_some(NoRate::Shared),
        };
        let participants = found.values().flatten().map(|at| self.totals[*at].participants).sum();
        let over_activities = found.values().any(|counts| {
            let places =
                counts.iter().map(|at| (self.totals[*at].project, self.totals[*at].activity));
            places.collect::<BTreeSet<_>>().len() > 1
        });
        ParticipantRate {
            rate: Share::of(responses, participants).filter(|_| no_rate.is_none()),
            no_rate,
            links_without_counts: without_counts,
            over_activities,
        }
    }
}

/// None where no role is asked.
fn counts_of(link: &LinkInfo, totals: &[Total], book: &Codebook) -> Option<BTreeSet<usize>> {
    let role = match link.audience {
        Audience::Pupil => "pupil",
        Audience::Teacher => "teacher",
        Audience::Other => return None,
    };
    let role = book.find(CodeList::ParticipantRole, role)?.id;
    let levels = link.education_level_id.map(|level| book.within(level));
    let stands_in = |total: &Total| {
        total.role == role
            && link.project_id.is_none_or(|id| id == total.project)
            && (link.organisation_id.is_none() || link.organisation_id == total.organisation)
            && levels.as_ref().is_none_or(|levels| {
                total.education_level.is_some_and(|level| levels.contains(&level))
            })
    };
    let found = totals.iter().enumerate().filter(|(_, total)| stands_in(total));
    Some(found.map(|(at, _)| at).collect())
}
