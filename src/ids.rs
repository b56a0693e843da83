//! Ids as types of their own, so that one can't be handed in for another.

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, AsExpression, FromSqlRow,
            Serialize, Deserialize, ToSchema,
        )]
        #[diesel(sql_type = crate::store::types::Uid)]
        #[serde(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Time-ordered, so that paging by id follows the order of making.
            /// Never for responses: those are random.
            #[allow(clippy::new_without_default)]
            pub fn new() -> $name {
                $name(Uuid::now_v7())
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> $name {
                $name(id)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map($name)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        crate::store::types::uid_column!($name);
    )+};
}

ids! {
    ProgrammeId,
    CodeId,
    OrganisationId,
    UserId,
    SessionId,
    MembershipId,
    InvitationId,
    ResetId,
    RoundId,
    ApplicationId,
    /// One reported fact, over its corrections.
    FactId,
    ProjectId,
    /// One figure of what a project has spent, over its corrections.
    SpendingId,
    /// One request for a change of a project, over its decision.
    ChangeRequestId,
    ActivityId,
    IndicatorId,
    /// One target of an indicator, over its proposal and its decision.
    RevisionId,
    /// One posted figure of an indicator, over its corrections.
    ValueId,
    CountId,
    ImportId,
    QuestionnaireId,
    CoreQuestionId,
    LinkId,
    /// A reported period of a project that takes no more changes.
    LockId,
    /// A time in which a locked period takes corrections.
    OpeningId,
    ProgressReportId,
    ReminderId,
    /// One version of whatever keeps its history.
    VersionId,
}
