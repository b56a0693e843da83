use actix_web::post;
use actix_web::web::Data;

use crate::accounts::{Caller, Doors};
use crate::error::Result;
use crate::http::{Body, FromPath, Now, Shown};
use crate::ids::ProgrammeId;
use crate::mail::{Mail, Mailer, Unsent};
use crate::messages::Lang;
use crate::progress_reports::reminders::{
    self, Prepared, ReminderOutcome, ReminderRequest, ReminderResult, ReminderResults, Wording,
};
use crate::store::Store;

/// Reminds the holders of reports that are overdue, once for each report and day. Where a mail
/// server is set the mails are sent, in the language of `Accept-Language`; those that fail are
/// told, and are tried again when this is asked for once more. Else the texts are answered, to be
/// sent by hand.
#[utoipa::path(
    tag = "progress reports",
    params(("id" = ProgrammeId, Path)),
    request_body = ReminderRequest
)]
#[post("/programmes/{id}/progress-reports/reminders")]
#[allow(clippy::too_many_arguments, reason = "a handler is given what it needs one by one")]
pub async fn create_reminders(
    store: Data<Store>,
    doors: Data<Doors>,
    mailer: Data<Mailer>,
    now: Now,
    lang: Lang,
    caller: Caller,
    FromPath(id): FromPath<ProgrammeId>,
    body: Body<ReminderRequest>,
) -> Result<Shown<ReminderResults>> {
    let address = doors.links.public_url().to_string();
    let wording = Wording { lang, address, by_mail: mailer.is_on() };
    let sender = caller.clone();
    let prepare =
        move |db: &mut _| reminders::prepare(db, &sender, id, &body.value, &wording, now.0);
    let prepared = store.write(id, prepare).await?;
    let (items, outcomes) = send(&mailer, prepared).await;
    if !outcomes.is_empty() {
        let settle = move |db: &mut _| reminders::settle(db, &caller, &outcomes, now.0);
        store.write(id, settle).await?;
    }
    Ok(Shown(ReminderResults::of(items)))
}

type Outcome = (crate::ids::ReminderId, crate::ids::ProgressReportId, bool);

/// One after the other; none is tried any more once the server can't be reached.
async fn send(mailer: &Mailer, prepared: Vec<Prepared>) -> (Vec<ReminderResult>, Vec<Outcome>) {
    let (mut items, mut outcomes) = (Vec::with_capacity(prepared.len()), Vec::new());
    let mut unreachable = false;
    for Prepared { to_send, mut result } in prepared {
        if let Some(id) = to_send {
            let sent = match unreachable {
                true => Err(Unsent::Unreachable),
                false => mailer.send(&mail(&result)).await,
            };
            unreachable = sent == Err(Unsent::Unreachable);
            result.outcome = match sent {
                Ok(()) => ReminderOutcome::Sent,
                Err(_) => ReminderOutcome::Failed,
            };
            outcomes.push((id, result.report_id, sent.is_ok()));
        }
        items.push(result);
    }
    (items, outcomes)
}

fn mail(result: &ReminderResult) -> Mail {
    let recipient = |one: &crate::accounts::members::Contact| (one.name.clone(), one.mail.clone());
    Mail {
        to: result.recipients.iter().map(recipient).collect(),
        subject: result.subject.clone(),
        text: result.text.clone(),
    }
}
