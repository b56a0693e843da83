//! One schema for both engines: `migrations/` makes the same tables in each.

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    users (id) {
        id -> Uid,
        mail -> Text,
        name -> Text,
        password_hash -> Nullable<Text>,
        disabled_at -> Nullable<Instant>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    sessions (id) {
        id -> Uid,
        user_id -> Uid,
        created_at -> Instant,
        ended_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    refresh_tokens (token_hash) {
        token_hash -> Binary,
        session_id -> Uid,
        issued_at -> Instant,
        expires_at -> Instant,
        used_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    password_resets (id) {
        id -> Uid,
        token_hash -> Binary,
        user_id -> Uid,
        made_by -> Nullable<Uid>,
        created_at -> Instant,
        expires_at -> Instant,
        used_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    idempotency_keys (user_id, idempotency_key) {
        user_id -> Uid,
        idempotency_key -> Text,
        request_hash -> Binary,
        resource_id -> Uid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    audit_entries (chain, number) {
        chain -> Uid,
        number -> BigInt,
        at -> Instant,
        actor_id -> Nullable<Uid>,
        action -> Text,
        entity -> Text,
        entity_id -> Uid,
        version_id -> Nullable<Uid>,
        reason -> Nullable<Text>,
        previous_hash -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    programmes (id) {
        id -> Uid,
        code -> Text,
        name_da -> Text,
        name_en -> Text,
        version -> Integer,
        created_at -> Instant,
        threshold -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    codes (id) {
        id -> Uid,
        programme_id -> Uid,
        list -> Text,
        code -> Text,
        parent_id -> Nullable<Uid>,
        name_da -> Text,
        name_en -> Text,
        position -> Integer,
        retired -> Bool,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    organisations (id) {
        id -> Uid,
        programme_id -> Uid,
        code -> Text,
        name -> Text,
        education_type_id -> Nullable<Uid>,
        institution_number -> Nullable<Text>,
        cvr_number -> Nullable<Text>,
        retired -> Bool,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    projects (id) {
        id -> Uid,
        programme_id -> Uid,
        code -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    project_versions (id) {
        id -> Uid,
        project_id -> Uid,
        number -> Integer,
        title -> Text,
        summary -> Nullable<Text>,
        holder_id -> Uid,
        focus_area_id -> Nullable<Uid>,
        project_type_id -> Nullable<Uid>,
        status -> Text,
        year -> Nullable<Integer>,
        strategic -> Bool,
        period_start -> Nullable<Text>,
        period_end -> Nullable<Text>,
        recorded_at -> Instant,
        recorded_by -> Nullable<Uid>,
        superseded_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    project_approaches (version_id, code_id) {
        version_id -> Uid,
        code_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    project_partners (version_id, organisation_id) {
        version_id -> Uid,
        organisation_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    project_grants (version_id, position) {
        version_id -> Uid,
        position -> Integer,
        amount_ore -> BigInt,
        granted_on -> Nullable<Date>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    project_extensions (version_id, position) {
        version_id -> Uid,
        position -> Integer,
        period_end -> Text,
        agreed_on -> Nullable<Date>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    activities (id) {
        id -> Uid,
        project_id -> Uid,
        number -> Integer,
        title -> Text,
        assumptions -> Jsonb,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    memberships (id) {
        id -> Uid,
        natural_key -> Text,
        user_id -> Uid,
        role -> Text,
        programme_id -> Uid,
        project_id -> Nullable<Uid>,
        organisation_id -> Nullable<Uid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    invitations (id) {
        id -> Uid,
        token_hash -> Binary,
        programme_id -> Uid,
        mail -> Text,
        role -> Text,
        project_id -> Nullable<Uid>,
        organisation_id -> Nullable<Uid>,
        invited_by -> Nullable<Uid>,
        created_at -> Instant,
        expires_at -> Instant,
        accepted_at -> Nullable<Instant>,
        withdrawn_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    counts (id) {
        id -> Uid,
        programme_id -> Uid,
        project_id -> Uid,
        natural_key -> Text,
        series_key -> Text,
        activity_id -> Nullable<Uid>,
        organisation_id -> Nullable<Uid>,
        period_start -> Date,
        period_end -> Date,
        role_id -> Uid,
        education_level_id -> Nullable<Uid>,
        counting -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    count_versions (id) {
        id -> Uid,
        count_id -> Uid,
        number -> Integer,
        participants -> Integer,
        women -> Nullable<Integer>,
        men -> Nullable<Integer>,
        other_gender -> Nullable<Integer>,
        so_far -> Nullable<Integer>,
        note -> Nullable<Text>,
        withdrawn -> Bool,
        reason -> Nullable<Text>,
        recorded_at -> Instant,
        recorded_by -> Nullable<Uid>,
        superseded_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    imports (id) {
        id -> Uid,
        programme_id -> Uid,
        kind -> Text,
        sha256 -> Binary,
        rows_read -> Integer,
        created -> Integer,
        corrected -> Integer,
        unchanged -> Integer,
        imported_by -> Nullable<Uid>,
        imported_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    indicators (id) {
        id -> Uid,
        programme_id -> Uid,
        project_id -> Nullable<Uid>,
        activity_id -> Nullable<Uid>,
        code -> Text,
        title -> Text,
        note -> Nullable<Text>,
        level -> Text,
        unit -> Text,
        source -> Text,
        counting -> Nullable<Text>,
        organisation_id -> Nullable<Uid>,
        position -> Integer,
        retired -> Bool,
        version -> Integer,
        created_at -> Instant,
        survey -> Nullable<Jsonb>,
        survey_since -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    indicator_codes (indicator_id, code_id) {
        indicator_id -> Uid,
        code_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    target_versions (id) {
        id -> Uid,
        revision_id -> Uid,
        indicator_id -> Uid,
        number -> Integer,
        target -> Jsonb,
        planned -> Jsonb,
        holds_from -> Nullable<Date>,
        reason -> Nullable<Text>,
        reported -> Bool,
        source_note -> Nullable<Text>,
        state -> Text,
        proposed_by -> Nullable<Uid>,
        proposed_at -> Instant,
        decided_by -> Nullable<Uid>,
        decided_at -> Nullable<Instant>,
        decision_note -> Nullable<Text>,
        recorded_at -> Instant,
        recorded_by -> Nullable<Uid>,
        superseded_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    target_parts (version_id, organisation_id) {
        version_id -> Uid,
        organisation_id -> Uid,
        minimum -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    value_versions (id) {
        id -> Uid,
        value_id -> Uid,
        indicator_id -> Uid,
        on_date -> Date,
        thousandths -> BigInt,
        note -> Nullable<Text>,
        reported -> Bool,
        source_note -> Nullable<Text>,
        withdrawn -> Bool,
        reason -> Nullable<Text>,
        recorded_at -> Instant,
        recorded_by -> Nullable<Uid>,
        superseded_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    questionnaires (id) {
        id -> Uid,
        programme_id -> Uid,
        project_id -> Nullable<Uid>,
        code -> Text,
        definition -> Jsonb,
        state -> Text,
        version -> Integer,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    questionnaire_versions (id) {
        id -> Uid,
        questionnaire_id -> Uid,
        number -> Integer,
        definition -> Jsonb,
        published_at -> Instant,
        published_by -> Nullable<Uid>,
        closed_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    core_questions (id) {
        id -> Uid,
        programme_id -> Uid,
        code -> Text,
        question -> Jsonb,
        retired -> Bool,
        version -> Integer,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    core_question_uses (core_question_id, version_id) {
        core_question_id -> Uid,
        version_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    links (id) {
        id -> Uid,
        programme_id -> Uid,
        project_id -> Nullable<Uid>,
        questionnaire_id -> Uid,
        version_id -> Uid,
        token -> Text,
        organisation_id -> Nullable<Uid>,
        label -> Text,
        education_level_id -> Nullable<Uid>,
        audience -> Text,
        wave -> Nullable<Text>,
        opens_at -> Nullable<Instant>,
        closes_at -> Nullable<Instant>,
        cap -> Nullable<Integer>,
        class_size -> Nullable<Integer>,
        language -> Nullable<Text>,
        origins -> Jsonb,
        access -> Text,
        state -> Text,
        closed_at -> Nullable<Instant>,
        version -> Integer,
        created_at -> Instant,
        suspicious -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    link_codes (code_hash) {
        code_hash -> Binary,
        link_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    responses (link_id, id) {
        link_id -> Uid,
        id -> Uid,
        day -> Date,
        answers -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    tallies (link_id, question, option, base_question, base_option, source) {
        link_id -> Uid,
        question -> Text,
        option -> Text,
        base_question -> Text,
        base_option -> Text,
        source -> Text,
        n -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    crossings (questionnaire_id, base_question, question) {
        questionnaire_id -> Uid,
        base_question -> Text,
        question -> Text,
        base_options -> Jsonb,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    releases (link_id, number) {
        link_id -> Uid,
        number -> Integer,
        recorded_at -> Instant,
        closing -> Bool,
        threshold -> Integer,
        organisation_id -> Nullable<Uid>,
        education_level_id -> Nullable<Uid>,
        wave -> Nullable<Text>,
        n -> BigInt,
        paper -> BigInt,
        plan -> Jsonb,
        tally -> Jsonb,
    }
}

diesel::table! {
    nightly_tasks (task) {
        task -> Text,
        day -> Date,
    }
}

diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(idempotency_keys -> users (user_id));
diesel::joinable!(audit_entries -> users (actor_id));
diesel::joinable!(codes -> programmes (programme_id));
diesel::joinable!(organisations -> programmes (programme_id));
diesel::joinable!(organisations -> codes (education_type_id));
diesel::joinable!(projects -> programmes (programme_id));
diesel::joinable!(project_versions -> projects (project_id));
diesel::joinable!(project_versions -> organisations (holder_id));
diesel::joinable!(project_versions -> users (recorded_by));
diesel::joinable!(project_approaches -> project_versions (version_id));
diesel::joinable!(project_approaches -> codes (code_id));
diesel::joinable!(project_partners -> project_versions (version_id));
diesel::joinable!(project_partners -> organisations (organisation_id));
diesel::joinable!(project_grants -> project_versions (version_id));
diesel::joinable!(project_extensions -> project_versions (version_id));
diesel::joinable!(activities -> projects (project_id));
diesel::joinable!(memberships -> users (user_id));
diesel::joinable!(memberships -> programmes (programme_id));
diesel::joinable!(memberships -> projects (project_id));
diesel::joinable!(memberships -> organisations (organisation_id));
diesel::joinable!(invitations -> programmes (programme_id));
diesel::joinable!(invitations -> projects (project_id));
diesel::joinable!(invitations -> organisations (organisation_id));
diesel::joinable!(invitations -> users (invited_by));
diesel::joinable!(counts -> programmes (programme_id));
diesel::joinable!(counts -> projects (project_id));
diesel::joinable!(counts -> activities (activity_id));
diesel::joinable!(counts -> organisations (organisation_id));
diesel::joinable!(count_versions -> counts (count_id));
diesel::joinable!(count_versions -> users (recorded_by));
diesel::joinable!(imports -> programmes (programme_id));
diesel::joinable!(imports -> users (imported_by));
diesel::joinable!(indicators -> programmes (programme_id));
diesel::joinable!(indicators -> projects (project_id));
diesel::joinable!(indicators -> activities (activity_id));
diesel::joinable!(indicators -> organisations (organisation_id));
diesel::joinable!(indicator_codes -> indicators (indicator_id));
diesel::joinable!(indicator_codes -> codes (code_id));
diesel::joinable!(target_versions -> indicators (indicator_id));
diesel::joinable!(target_parts -> target_versions (version_id));
diesel::joinable!(target_parts -> organisations (organisation_id));
diesel::joinable!(value_versions -> indicators (indicator_id));
diesel::joinable!(value_versions -> users (recorded_by));
diesel::joinable!(questionnaires -> programmes (programme_id));
diesel::joinable!(questionnaires -> projects (project_id));
diesel::joinable!(questionnaire_versions -> questionnaires (questionnaire_id));
diesel::joinable!(questionnaire_versions -> users (published_by));
diesel::joinable!(core_questions -> programmes (programme_id));
diesel::joinable!(core_question_uses -> core_questions (core_question_id));
diesel::joinable!(core_question_uses -> questionnaire_versions (version_id));
diesel::joinable!(links -> programmes (programme_id));
diesel::joinable!(links -> projects (project_id));
diesel::joinable!(links -> questionnaires (questionnaire_id));
diesel::joinable!(links -> questionnaire_versions (version_id));
diesel::joinable!(links -> organisations (organisation_id));
diesel::joinable!(link_codes -> links (link_id));
diesel::joinable!(responses -> links (link_id));
diesel::joinable!(tallies -> links (link_id));
diesel::joinable!(crossings -> questionnaires (questionnaire_id));
diesel::joinable!(releases -> links (link_id));
diesel::joinable!(releases -> organisations (organisation_id));
diesel::joinable!(releases -> codes (education_level_id));

diesel::allow_tables_to_appear_in_same_query!(
    users,
    sessions,
    refresh_tokens,
    password_resets,
    idempotency_keys,
    audit_entries,
    programmes,
    codes,
    organisations,
    projects,
    project_versions,
    project_approaches,
    project_partners,
    project_grants,
    project_extensions,
    activities,
    memberships,
    invitations,
    counts,
    count_versions,
    imports,
    indicators,
    indicator_codes,
    target_versions,
    target_parts,
    value_versions,
    questionnaires,
    questionnaire_versions,
    core_questions,
    core_question_uses,
    links,
    link_codes,
    responses,
    tallies,
    crossings,
    releases,
);
