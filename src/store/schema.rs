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
        kind -> Nullable<Text>,
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
        total_budget_ore -> Nullable<BigInt>,
        own_cofinancing_ore -> Nullable<BigInt>,
        other_cofinancing_ore -> Nullable<BigInt>,
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
        round_id -> Nullable<Uid>,
        application_id -> Nullable<Uid>,
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
        state -> Text,
        dry_run -> Bool,
        partial -> Bool,
        style -> Nullable<Jsonb>,
        header -> Nullable<Jsonb>,
        steps -> Integer,
        steps_done -> Integer,
        rows_done -> Integer,
        rows_skipped -> Integer,
        rows_unfilled -> Integer,
        adjusted -> Integer,
        error_count -> Integer,
        failure -> Nullable<Text>,
        worked_at -> Nullable<Instant>,
        finished_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    import_rows (import_id, number) {
        import_id -> Uid,
        number -> Integer,
        line -> BigInt,
        cells -> Text,
        faulty -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    import_steps (import_id, step, number) {
        import_id -> Uid,
        step -> Integer,
        number -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    import_faults (import_id, number, position) {
        import_id -> Uid,
        number -> Integer,
        position -> Integer,
        line -> BigInt,
        column_name -> Nullable<Text>,
        value -> Nullable<Text>,
        code -> Text,
        args -> Jsonb,
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
    use crate::store::types::Uid;

    class_pages (token) {
        token -> Text,
        link_id -> Uid,
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

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    machine_tokens (id) {
        id -> Uid,
        token_hash -> Binary,
        programme_id -> Uid,
        project_id -> Nullable<Uid>,
        organisation_id -> Nullable<Uid>,
        name -> Text,
        access -> Text,
        ends_on -> Date,
        created_by -> Nullable<Uid>,
        created_at -> Instant,
        revoked_by -> Nullable<Uid>,
        revoked_at -> Nullable<Instant>,
        last_used_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    rounds (id) {
        id -> Uid,
        programme_id -> Uid,
        code -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    round_versions (id) {
        id -> Uid,
        round_id -> Uid,
        number -> Integer,
        year -> Integer,
        kind_id -> Uid,
        envelope_ore -> Nullable<BigInt>,
        note -> Nullable<Text>,
        removed -> Bool,
        recorded_at -> Instant,
        recorded_by -> Nullable<Uid>,
        superseded_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    round_codes (version_id, code_id) {
        version_id -> Uid,
        code_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    applications (id) {
        id -> Uid,
        programme_id -> Uid,
        code -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    application_versions (id) {
        id -> Uid,
        application_id -> Uid,
        number -> Integer,
        round_id -> Uid,
        applicant_id -> Nullable<Uid>,
        applicant_name -> Nullable<Text>,
        title -> Text,
        summary -> Nullable<Text>,
        focus_area_id -> Nullable<Uid>,
        applied_ore -> Nullable<BigInt>,
        received_on -> Nullable<Date>,
        recommendation -> Nullable<Text>,
        recommended_ore -> Nullable<BigInt>,
        recommendation_note -> Nullable<Text>,
        decision -> Nullable<Text>,
        granted_ore -> Nullable<BigInt>,
        decided_on -> Nullable<Date>,
        decision_note -> Nullable<Text>,
        removed -> Bool,
        recorded_at -> Instant,
        recorded_by -> Nullable<Uid>,
        superseded_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::Uid;

    application_levels (version_id, code_id) {
        version_id -> Uid,
        code_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    reported_fact_versions (id) {
        id -> Uid,
        fact_id -> Uid,
        programme_id -> Uid,
        natural_key -> Text,
        measure -> Text,
        year -> Nullable<Integer>,
        dimension -> Nullable<Text>,
        category -> Nullable<Text>,
        unit -> Text,
        thousandths -> BigInt,
        printed -> Nullable<Text>,
        on_date -> Nullable<Date>,
        source -> Text,
        page -> Nullable<Text>,
        note -> Nullable<Text>,
        withdrawn -> Bool,
        reason -> Nullable<Text>,
        recorded_at -> Instant,
        recorded_by -> Nullable<Uid>,
        superseded_at -> Nullable<Instant>,
        projects -> Nullable<Jsonb>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    spending_versions (id) {
        id -> Uid,
        spending_id -> Uid,
        project_id -> Uid,
        on_date -> Date,
        spent_ore -> BigInt,
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

    change_request_versions (id) {
        id -> Uid,
        request_id -> Uid,
        project_id -> Uid,
        kind -> Text,
        change -> Jsonb,
        reason -> Text,
        seen_version_id -> Uid,
        state -> Text,
        requested_by -> Nullable<Uid>,
        requested_at -> Instant,
        decided_by -> Nullable<Uid>,
        decided_at -> Nullable<Instant>,
        decision_note -> Nullable<Text>,
        made_version_id -> Nullable<Uid>,
        recorded_at -> Instant,
        recorded_by -> Nullable<Uid>,
        superseded_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    period_locks (id) {
        id -> Uid,
        project_id -> Uid,
        period_start -> Date,
        period_end -> Date,
        report_id -> Uid,
        locked_at -> Instant,
        locked_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    period_openings (id) {
        id -> Uid,
        project_id -> Uid,
        period_start -> Date,
        period_end -> Date,
        reason -> Text,
        open_until -> Date,
        opened_at -> Instant,
        opened_by -> Nullable<Uid>,
        closed_at -> Nullable<Instant>,
        closed_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    progress_reports (id) {
        id -> Uid,
        programme_id -> Uid,
        project_id -> Uid,
        kind -> Text,
        period_start -> Date,
        period_end -> Date,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    progress_report_versions (id) {
        id -> Uid,
        report_id -> Uid,
        number -> Integer,
        state -> Text,
        due_on -> Nullable<Date>,
        content -> Jsonb,
        figures -> Nullable<Jsonb>,
        submitted_at -> Nullable<Instant>,
        submitted_by -> Nullable<Uid>,
        decided_at -> Nullable<Instant>,
        decided_by -> Nullable<Uid>,
        decision_comment -> Nullable<Text>,
        assessment -> Nullable<Text>,
        source_note -> Nullable<Text>,
        audit_number -> Nullable<BigInt>,
        audit_hash -> Nullable<Binary>,
        recorded_at -> Instant,
        recorded_by -> Nullable<Uid>,
        superseded_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::types::{Instant, Uid};

    report_reminders (id) {
        id -> Uid,
        report_id -> Uid,
        day -> Date,
        state -> Text,
        made_at -> Instant,
        made_by -> Nullable<Uid>,
        tried_at -> Instant,
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
diesel::joinable!(rounds -> programmes (programme_id));
diesel::joinable!(round_versions -> rounds (round_id));
diesel::joinable!(round_versions -> codes (kind_id));
diesel::joinable!(round_versions -> users (recorded_by));
diesel::joinable!(round_codes -> round_versions (version_id));
diesel::joinable!(round_codes -> codes (code_id));
diesel::joinable!(applications -> programmes (programme_id));
diesel::joinable!(application_versions -> applications (application_id));
diesel::joinable!(application_versions -> rounds (round_id));
diesel::joinable!(application_versions -> organisations (applicant_id));
diesel::joinable!(application_versions -> codes (focus_area_id));
diesel::joinable!(application_versions -> users (recorded_by));
diesel::joinable!(application_levels -> application_versions (version_id));
diesel::joinable!(application_levels -> codes (code_id));
diesel::joinable!(reported_fact_versions -> programmes (programme_id));
diesel::joinable!(reported_fact_versions -> users (recorded_by));
diesel::joinable!(project_grants -> rounds (round_id));
diesel::joinable!(project_grants -> applications (application_id));
diesel::joinable!(spending_versions -> projects (project_id));
diesel::joinable!(spending_versions -> users (recorded_by));
diesel::joinable!(change_request_versions -> projects (project_id));
diesel::joinable!(period_locks -> projects (project_id));
diesel::joinable!(period_openings -> projects (project_id));
diesel::joinable!(progress_reports -> programmes (programme_id));
diesel::joinable!(progress_reports -> projects (project_id));
diesel::joinable!(progress_report_versions -> progress_reports (report_id));
diesel::joinable!(report_reminders -> progress_reports (report_id));

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
    import_rows,
    import_steps,
    import_faults,
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
    machine_tokens,
    rounds,
    round_versions,
    round_codes,
    applications,
    application_versions,
    application_levels,
    reported_fact_versions,
    spending_versions,
    change_request_versions,
    period_locks,
    period_openings,
    progress_reports,
    progress_report_versions,
    report_reminders,
);
