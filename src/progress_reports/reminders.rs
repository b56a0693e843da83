//! Reminders of reports that are overdue: by mail where a server is set, else as texts to send by
//! hand. One for each report and day at the most.
//!
//! A reminder is written down first, then sent, then its outcome is written down: mail that went
//! out can't be rolled back. One that was cut off in between may be sent again after a while.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::ReportKind;
use super::lists::{self, Filter, ProgressReportLine};
use super::reminder_rows::{self as rows, ReminderRow};
use crate::accounts::Caller;
use crate::accounts::members::{self, Contact};
use crate::audit::{self, Event};
use crate::clock::At;
use crate::error::{Fault, Faults, Result};
use crate::ids::{ProgrammeId, ProgressReportId, ProjectId, ReminderId, UserId};
use crate::messages::{self, Lang};
use crate::paging::Page;
use crate::store::Db;
use crate::store::types::text_enum;

/// After so many seconds a reminder that is still being sent was cut off.
const CUT_OFF: i64 = 600;

text_enum! {
    /// How far a reminder came.
    pub enum ReminderState {
        Sending = "sending",
        Sent = "sent",
        /// It was not sent, and can be tried again.
        Failed = "failed",
        /// To be sent by hand: no mail server is set, or nobody who holds the project can sign in.
        ByHand = "by_hand",
    }
}

/// A reminder of a report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reminder {
    pub day: NaiveDate,
    pub state: ReminderState,
    pub made_at: At,
    /// The account, or null for the operator's command line.
    pub made_by: Option<UserId>,
}

/// Which reports to remind of.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReminderRequest {
    /// Overdue ones of this programme; all of them where none is given.
    #[serde(default)]
    #[validate(length(max = 1_000))]
    pub reports: Vec<ProgressReportId>,
}

text_enum! {
    /// What became of a reminder.
    pub enum ReminderOutcome {
        Sent = "sent",
        /// It was not sent; asking once more tries again.
        Failed = "failed",
        /// To be sent by hand, to `recipients` where there are any.
        ByHand = "by_hand",
        /// It was sent earlier today.
        Already = "already",
        /// Somebody else is sending it at this moment.
        BeingSent = "being_sent",
    }
}

/// One reminder, as it was sent or is to be sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReminderResult {
    pub report_id: ProgressReportId,
    pub project_id: ProjectId,
    #[schema(example = "labstem-nord")]
    pub project: String,
    pub due_on: Option<NaiveDate>,
    pub days_overdue: Option<i64>,
    pub outcome: ReminderOutcome,
    /// The holders who can sign in; empty where there is none.
    pub recipients: Vec<Contact>,
    pub subject: String,
    pub text: String,
}

/// What became of all of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReminderResults {
    pub sent: usize,
    pub failed: usize,
    pub by_hand: usize,
    /// By the order in which the reports were asked for.
    pub items: Vec<ReminderResult>,
}

impl ReminderResults {
    pub fn of(items: Vec<ReminderResult>) -> ReminderResults {
        let count = |outcome| items.iter().filter(|one| one.outcome == outcome).count();
        ReminderResults {
            sent: count(ReminderOutcome::Sent),
            failed: count(ReminderOutcome::Failed),
            by_hand: count(ReminderOutcome::ByHand),
            items,
        }
    }
}

/// A reminder that is written down; it is still to be sent where it has an id.
pub struct Prepared {
    pub to_send: Option<ReminderId>,
    pub result: ReminderResult,
}

/// How reminders are worded, and whether mail can be sent.
#[derive(Debug, Clone)]
pub struct Wording {
    pub lang: Lang,
    /// The address under which people reach the service.
    pub address: String,
    pub by_mail: bool,
}

/// Writes down today's reminders of what is overdue; for the secretariat.
pub fn prepare(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    input: &ReminderRequest,
    wording: &Wording,
    now: At,
) -> Result<Vec<Prepared>> {
    caller.runs_programme(programme)?;
    let lines = chosen(db, caller, programme, input, now)?;
    let projects: Vec<ProjectId> = lines.iter().map(|line| line.project_id).collect();
    let holders = members::holders(db, &projects)?;
    let ids: Vec<ProgressReportId> = lines.iter().map(|line| line.id).collect();
    let today = rows::on_day(db, &ids, now.day())?;
    let mut events = Vec::new();
    let mut prepared = Vec::with_capacity(lines.len());
    for line in lines {
        let recipients = holders.get(&line.project_id).cloned().unwrap_or_default();
        let sends = wording.by_mail && !recipients.is_empty();
        let outcome = match today.get(&line.id) {
            None => {
                let id = ReminderId::new();
                let state = if sends { ReminderState::Sending } else { ReminderState::ByHand };
                let row = ReminderRow {
                    id,
                    report_id: line.id,
                    day: now.day(),
                    state,
                    made_at: now,
                    made_by: caller.actor(),
                    tried_at: now,
                };
                rows::insert(db, &row)?;
                events.push(Event::new("progress_report.reminded", line.id));
                if sends { Next::Send(id) } else { Next::Told(ReminderOutcome::ByHand) }
            }
            Some(row) => match row.state {
                ReminderState::Sent => Next::Told(ReminderOutcome::Already),
                ReminderState::ByHand => Next::Told(ReminderOutcome::ByHand),
                ReminderState::Sending if row.tried_at.plus_seconds(CUT_OFF) > now => {
                    Next::Told(ReminderOutcome::BeingSent)
                }
                ReminderState::Sending | ReminderState::Failed if sends => {
                    rows::settle(db, row.id, ReminderState::Sending, now)?;
                    Next::Send(row.id)
                }
                ReminderState::Sending | ReminderState::Failed => {
                    Next::Told(ReminderOutcome::Failed)
                }
            },
        };
        prepared.push(outcome.prepared(line, recipients, wording));
    }
    audit::record_all(db, caller.actor(), now, &events)?;
    Ok(prepared)
}

/// Writes down what became of those that were sent.
pub fn settle(
    db: &mut Db,
    caller: &Caller,
    outcomes: &[(ReminderId, ProgressReportId, bool)],
    now: At,
) -> Result<()> {
    let mut events = Vec::with_capacity(outcomes.len());
    for (id, report, sent) in outcomes {
        let (state, action) = match sent {
            true => (ReminderState::Sent, "progress_report.reminder_sent"),
            false => (ReminderState::Failed, "progress_report.reminder_failed"),
        };
        rows::settle(db, *id, state, now)?;
        events.push(Event::new(action, *report));
    }
    audit::record_all(db, caller.actor(), now, &events)
}

enum Next {
    Send(ReminderId),
    Told(ReminderOutcome),
}

impl Next {
    fn prepared(
        self,
        line: ProgressReportLine,
        recipients: Vec<Contact>,
        wording: &Wording,
    ) -> Prepared {
        let (to_send, outcome) = match self {
            // Until it is sent.
            Next::Send(id) => (Some(id), ReminderOutcome::Failed),
            Next::Told(outcome) => (None, outcome),
        };
        let (subject, text) = words(&line, wording);
        let result = ReminderResult {
            report_id: line.id,
            project_id: line.project_id,
            project: line.project,
            due_on: line.due_on,
            days_overdue: line.days_overdue,
            outcome,
            recipients,
            subject,
            text,
        };
        Prepared { to_send, result }
    }
}

fn words(line: &ProgressReportLine, wording: &Wording) -> (String, String) {
    let kind = match line.kind {
        ReportKind::Annual => "reminder-kind-annual",
        ReportKind::Final => "reminder-kind-final",
    };
    let due = line.due_on.map(|day| day.to_string()).unwrap_or_default();
    let args = [
        ("kind", messages::text(wording.lang, kind, &[])),
        ("project", line.project_title.clone()),
        ("from", line.period_start.to_string()),
        ("to", line.period_end.to_string()),
        ("due", due),
        ("address", wording.address.clone()),
    ];
    let text = |id| messages::text(wording.lang, id, &args);
    (text("reminder-subject"), text("reminder-text"))
}

/// The overdue reports that are asked for, in that order.
fn chosen(
    db: &mut Db,
    caller: &Caller,
    programme: ProgrammeId,
    input: &ReminderRequest,
    now: At,
) -> Result<Vec<ProgressReportLine>> {
    let filter = Filter { overdue: true, ..Filter::default() };
    let mut all = Vec::new();
    loop {
        let page = Page::of(all.last().map(|line: &ProgressReportLine| line.id), 500);
        let listing = lists::list(db, caller, programme, &filter, &page, now)?;
        all.extend(listing.items);
        if listing.next_cursor.is_none() {
            break;
        }
    }
    if input.reports.is_empty() {
        return Ok(all);
    }
    let mut by_id: HashMap<_, _> = all.into_iter().map(|line| (line.id, line)).collect();
    let mut faults = Faults::default();
    let mut asked = HashSet::new();
    let mut chosen = Vec::with_capacity(input.reports.len());
    for (index, id) in input.reports.iter().enumerate().filter(|(_, id)| asked.insert(**id)) {
        match by_id.remove(id) {
            Some(line) => chosen.push(line),
            None => faults.push(Fault::at(format!("/reports/{index}"), "not_overdue")),
        }
    }
    faults.check()?;
    Ok(chosen)
}

/// The reminders of a report, the newest first.
pub(super) fn of_report(db: &mut Db, report: ProgressReportId) -> Result<Vec<Reminder>> {
    let reminder = |row: ReminderRow| Reminder {
        day: row.day,
        state: row.state,
        made_at: row.made_at,
        made_by: row.made_by,
    };
    Ok(rows::of_report(db, report)?.into_iter().map(reminder).collect())
}

/// The day of the last reminder of each of these reports.
pub(super) fn last_days(
    db: &mut Db,
    reports: &[ProgressReportId],
) -> Result<HashMap<ProgressReportId, NaiveDate>> {
    Ok(rows::last_days(db, reports)?)
}
