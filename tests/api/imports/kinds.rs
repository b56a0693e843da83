//! Files of everything that is no count: by the same calls as by hand, all of it or the good rows.

use serde_json::{Value, json};

use super::{in_short, told};
use crate::harness::{Answer, App, Persona, Persona::*};
use crate::progress_reports::{Report, define, teachers};

api_tests!(
    organisations_are_made_changed_and_left_alone,
    projects_keep_what_the_file_says_nothing_of,
    targets_are_made_and_revised,
    applications_come_from_the_portal,
    values_are_posted_by_who_may,
    the_good_rows_are_taken_where_asked_for,
    a_dry_run_leaves_nothing,
    who_may_not_is_told_so,
    a_template_is_filled_in_and_imported,
    rows_of_a_template_that_nobody_filled_in_are_passed_over,
    locked_values_and_targets_are_errors_until_they_are_opened,
);

async fn send(app: &App, by: Persona, kind: &str, more: &str, text: &str) -> Answer {
    let path = format!("/programmes/{}/imports?kind={kind}{more}", app.world.nordjylland);
    app.post(&path).by(by).body("text/csv", text).await
}

async fn sent(app: &App, kind: &str, text: &str) -> Value {
    send(app, Secretariat, kind, "", text).await.expect(200).json()
}

fn applied(created: i64, corrected: i64, unchanged: i64) -> [Value; 5] {
    [json!(true), json!(created), json!(corrected), json!(unchanged), json!(0)]
}

async fn organisations_are_made_changed_and_left_alone(app: &App) {
    let file = "kode;navn;uddannelsestype;institutionsnummer;cvr\r\n\
                nibe-skole;Nibe Skole;Grundskole;851012;\r\n\
                hjoerring-gymnasium;Hjørring Gymnasium;stx;;29553513\r\n\
                aalborghus-gymnasium;Aalborghus Gymnasium;stx;;\r\n";
    assert_eq!(in_short(&sent(app, "organisations", file).await), applied(1, 1, 1));
    assert_eq!(in_short(&sent(app, "organisations", file).await), applied(0, 0, 3));
    let address = format!("/organisations/{}", app.world.hjoerring);
    let school = app.get(&address).by(Reader).await.expect(200).json();
    assert_eq!((&school["cvr_number"], &school["version"]), (&json!("29553513"), &json!(2)));
    // Without the column it stays, with an empty cell it goes.
    let kept = "organisation,name\nhjoerring-gymnasium,Hjørring Gymnasium og HF\n";
    assert_eq!(in_short(&sent(app, "organisations", kept).await), applied(0, 1, 0));
    let school = app.get(&address).by(Reader).await.expect(200).json();
    assert_eq!(school["cvr_number"], "29553513");
    let emptied = "organisation,cvr_number\nhjoerring-gymnasium,\n";
    assert_eq!(in_short(&sent(app, "organisations", emptied).await), applied(0, 1, 0));
    let school = app.get(&address).by(Reader).await.expect(200).json();
    assert_eq!(school["cvr_number"], Value::Null);

    let wrong = "organisation,name,institution_number,education_type,retired\n\
                 Nibe,Nibe,85,xyz,måske\nnibe-skole,Nibe,85,xyz,\n\
                 ny,,,,\nnibe-skole,Nibe,,,\n";
    let report = sent(app, "organisations", wrong).await;
    assert_eq!(report["applied"], false);
    assert_eq!(
        told(&report),
        [
            (2, "retired", "not_yes_or_no"),
            (3, "education_type", "unknown_code"),
            (3, "institution_number", "not_digits"),
            (4, "name", "required"),
            (5, "", "row_twice"),
        ]
    );
}

async fn projects_keep_what_the_file_says_nothing_of(app: &App) {
    let file = "project,title,holder,status,year,partners,grant_kr\n\
                talstaerk,Talstærk,AMU Nordjylland,ongoing,2022,\
                Hjørring Gymnasium|aalborghus-gymnasium,\"345353.50\"\n\
                kram,KRAM - Kvindelige rollemodeller og ambassadører,amu-nordjylland,afsluttet,2019,,\n";
    assert_eq!(in_short(&sent(app, "projects", file).await), applied(1, 1, 0));
    assert_eq!(in_short(&sent(app, "projects", file).await), applied(0, 0, 2));
    let path = format!("/programmes/{}/projects?code=talstaerk", app.world.nordjylland);
    let made = app.get(&path).by(Reader).await.expect(200).json()["items"][0].clone();
    assert_eq!((&made["granted_ore"], &made["status"]), (&json!(34_535_350), &json!("ongoing")));
    assert_eq!(made["partners"].as_array().map(Vec::len), Some(2));
    let kram = app.get(&format!("/projects/{}", app.world.kram)).by(Reader).await;
    let kram = kram.expect(200).json();
    assert_eq!(
        (&kram["status"], &kram["focus_area"]),
        (&json!("completed"), &json!("piger-kvinder"))
    );

    let wrong = "projekt;titel;projektholder;status;år;periode_start;bevilling_kr\r\n\
                 ny;Ny;ingen;i gang;2022;2022-08;1.000\r\nny-2;;amu-nordjylland;x;20;nu;\r\n";
    let report = sent(app, "projects", wrong).await;
    assert_eq!(
        told(&report),
        [
            (2, "bevilling_kr", "unreadable_number"),
            (3, "titel", "required"),
            (3, "status", "unknown_word"),
            (3, "periode_start", "unreadable_date"),
        ]
    );
}

const TARGETS: &str = "\
indikator;projekt;titel;trin;enhed;kilde_til_tal;rolle;uddannelsesniveau;måltal;måltal_højst
labstem-laerere;labstem-nord;Undervisere;output;people;participation;Underviser;;45;
kram-elever;kram;Elever;output;people;participation;Elev;Grundskole;1000;1500
flere-stem;;20 % flere;effekt;percent;manual;;;20,5;
";

async fn targets_are_made_and_revised(app: &App) {
    assert_eq!(in_short(&sent(app, "targets", TARGETS).await), applied(3, 0, 0));
    assert_eq!(in_short(&sent(app, "targets", TARGETS).await), applied(0, 0, 3));
    let lowered = TARGETS.replace(";45;", ";40;");
    let report = sent(app, "targets", &lowered).await;
    assert_eq!(told(&report), [(2, "reason", "required")]);
    let lowered = "indicator,target,reason\nlabstem-laerere,40,En skole er udgået\n";
    assert_eq!(in_short(&sent(app, "targets", lowered).await), applied(0, 1, 0));
    let progress = format!("/projects/{}/progress", app.world.labstem);
    let progress = app.get(&progress).by(Reader).await.expect(200).text();
    assert!(progress.contains("En skole er udgået") || progress.contains("40"), "{progress}");
    let wrong = "indicator,project,title,level,unit,source,target,target_shape\n\
                 x,ingen,X,output,people,manual,5,\ny,kram,Y,output,people,manual,,range\n\
                 z,kram,Z,midt,people,manual,5,at_most\n";
    let report = sent(app, "targets", wrong).await;
    assert_eq!(
        told(&report),
        [
            (2, "project", "unknown_project"),
            (3, "target", "target_incomplete"),
            (4, "level", "unknown_word"),
            (4, "target_shape", "unknown_word"),
        ]
    );
}

async fn round(app: &App) {
    let path = format!("/programmes/{}/rounds", app.world.nordjylland);
    let round = json!({
        "code": "2022-open", "year": 2022, "kind": "open", "envelope_ore": 374_000_000
    });
    app.post(&path).by(Secretariat).json(round).await.expect(201);
}

async fn applications_come_from_the_portal(app: &App) {
    round(app).await;
    let file = "ansøgning;runde;ansøger;titel;ansøgt_kr;modtaget;indstilling;afgørelse;bevilget_kr;\
                afgjort\r\n\
                2022-001;2022-open;AMU Nordjylland;Talstærk;500.000,00;01-03-2022;;;;\r\n\
                2022-002;2022-open;Firmaet ApS;Robotter;250000,50;2022-03-02;afslag;afslag;;\r\n\
                2022-003;2022-open;AMU Nordjylland;KRAM igen;100000;2022-03-02;tilsagn;tilsagn;\
                90000;2022-06-01\r\n";
    let report = sent(app, "applications", file).await;
    assert_eq!(told(&report), [(2, "ansøgt_kr", "unreadable_number")]);
    let file = file.replace("500.000,00", "500000,00");
    assert_eq!(in_short(&sent(app, "applications", &file).await), applied(3, 0, 0));
    assert_eq!(in_short(&sent(app, "applications", &file).await), applied(0, 0, 3));
    let decided =
        "application,decision,granted_kr,decided_on\n2022-001,granted,400000,2022-06-01\n";
    assert_eq!(in_short(&sent(app, "applications", decided).await), applied(0, 1, 0));
    let path = format!("/programmes/{}/applications", app.world.nordjylland);
    let all = app.get(&path).by(Reader).await.expect(200).json();
    let of = |code: &str| {
        let items = all["items"].as_array().expect("items").iter();
        items.clone().find(|one| one["code"] == code).expect("an application").clone()
    };
    assert_eq!(of("2022-001")["decision"]["amount_ore"], 40_000_000);
    assert_eq!(of("2022-001")["applied_ore"], 50_000_000);
    assert_eq!(of("2022-002")["applied_ore"], 25_000_050);
    assert_eq!(
        (&of("2022-002")["applicant"], &of("2022-002")["applicant_name"]),
        (&Value::Null, &json!("Firmaet ApS"))
    );
}

async fn values_are_posted_by_who_may(app: &App) {
    let indicator = json!({
        "code": "seminarer", "title": "Seminarer", "level": "output", "unit": "seminars",
        "source": "manual",
    });
    let path = format!("/projects/{}/indicators", app.world.labstem);
    app.post(&path).by(Secretariat).json(indicator).await.expect(201);
    let file = "indikator;dato;tal;bemærkning\r\nseminarer;31-12-2022;2,5;=1+1\r\n";
    let report = send(app, Holder, "values", "", file).await.expect(200).json();
    assert_eq!(in_short(&report), applied(1, 0, 0));
    let again = file.replace("2,5", "3");
    let report = send(app, Holder, "values", "", &again).await.expect(200).json();
    assert_eq!(in_short(&report), applied(0, 1, 0));
    assert_eq!(in_short(&sent(app, "values", &again).await), applied(0, 0, 1));
    let refused = send(app, Contributor, "values", "", file).await.expect(200).json();
    assert_eq!(told(&refused), [(2, "", "holder_only")]);
    let wrong = "indicator,on_date,figure\nseminarer,2023-12-31,1\nukendt,2022-12-31,1\n\
                 seminarer,2022-12-31,x\n";
    assert_eq!(
        told(&sent(app, "values", wrong).await),
        [
            (2, "on_date", "after_today"),
            (3, "indicator", "unknown_indicator"),
            (4, "figure", "unreadable_number"),
        ]
    );
}

async fn the_good_rows_are_taken_where_asked_for(app: &App) {
    let file = "organisation,name\nnibe,Nibe Skole\nFEJL,x\naars,Aars Skole\n";
    let report = sent(app, "organisations", file).await;
    assert_eq!(in_short(&report), [json!(false), json!(0), json!(0), json!(0), json!(1)]);
    let report = send(app, Secretariat, "organisations", "&partial=true", file).await;
    let report = report.expect(200).json();
    assert_eq!(in_short(&report), [json!(true), json!(2), json!(0), json!(0), json!(1)]);
    assert_eq!(
        (&report["skipped"], told(&report)),
        (&json!(1), vec![(3, "organisation", "not_a_code")])
    );

    let counts = "project,period,participant_role,counting,participants\n\
                  kram,2021,pupil,unique,5\nkram,2022,pupil,unique,mange\nkram,2022,x,unique,5\n";
    let report = send(app, Secretariat, "participation", "&partial=true", counts).await;
    let report = report.expect(200).json();
    assert_eq!(in_short(&report), [json!(true), json!(1), json!(0), json!(0), json!(2)]);
    assert_eq!(report["skipped"], 2);
    let id = report["import_id"].as_str().expect("an id");
    let import = app.get(&format!("/imports/{id}")).by(Reader).await.expect(200).json();
    assert_eq!(
        (&import["import"]["state"], &import["import"]["rows_skipped"]),
        (&json!("applied"), &json!(2))
    );
    let file = app.get(&format!("/imports/{id}/file")).by(Secretariat).await;
    file.expect_problem(409, "import-rows-gone");
}

async fn a_dry_run_leaves_nothing(app: &App) {
    let path = format!("/programmes/{}/audit", app.world.nordjylland);
    let before = app.get(&path).by(Secretariat).await.expect(200).text();
    let report = send(app, Secretariat, "targets", "&dry_run=true", TARGETS).await;
    let report = report.expect(200).json();
    assert_eq!(in_short(&report), [json!(false), json!(3), json!(0), json!(0), json!(0)]);
    assert_eq!(app.get(&path).by(Secretariat).await.expect(200).text(), before);
    let path = format!("/programmes/{}/imports", app.world.nordjylland);
    let log = app.get(&path).by(Secretariat).await.expect(200).json();
    assert_eq!(log["items"], json!([]));
}

async fn who_may_not_is_told_so(app: &App) {
    for kind in ["organisations", "projects", "targets", "applications"] {
        for by in [Reader, Holder, Contributor] {
            let refused = send(app, by, kind, "", "x\n").await;
            refused.expect_problem(403, "secretariat-only");
        }
        let refused = send(app, OtherSecretariat, kind, "", "x\n").await;
        refused.expect_problem(404, "not-found");
    }
}

async fn a_template_is_filled_in_and_imported(app: &App) {
    assert_eq!(in_short(&sent(app, "targets", TARGETS).await), applied(3, 0, 0));
    let template = async |kind: &str, by: Persona, lang: &str| {
        let path = format!("/projects/{}/imports/{kind}/template", app.world.labstem);
        app.get(&path).by(by).header("Accept-Language", lang).await
    };
    let counts = template("participation", Holder, "da").await.expect(200).text();
    assert_eq!(
        counts,
        "\u{feff}projekt;aktivitet;organisation;periode;periode_start;periode_slut;deltagerrolle;\
         uddannelsesniveau;tælling;deltagere;kvinder;mænd;andet_køn;bemærkning;indtil_nu;skabelon\r\n\
         labstem-nord;;;2023;;;teacher;;unique;;;;;;;ja\r\n"
    );
    let filled = counts.replace("teacher;;unique;;", "teacher;;unique;12;");
    let report = send(app, Holder, "participation", "", &filled).await.expect(200).json();
    assert_eq!(in_short(&report), applied(1, 0, 0));
    let own = template("participation", Contributor, "en").await.expect(200).text();
    assert!(own.contains(";hjoerring-gymnasium;") && own.starts_with("\u{feff}project;"), "{own}");
    // What is known already is unchanged when it comes back.
    for (kind, rows) in [("organisations", 3), ("projects", 1), ("targets", 1)] {
        let file = template(kind, Secretariat, "da").await.expect(200).text();
        assert_eq!(in_short(&sent(app, kind, &file).await), applied(0, 0, rows), "{file}");
    }
    template("participation", Reader, "da").await.expect_problem(403, "counters-only");
    template("projects", Holder, "da").await.expect_problem(403, "secretariat-only");
}

async fn rows_of_a_template_that_nobody_filled_in_are_passed_over(app: &App) {
    let roles = TARGETS.replace("Underviser;;45;", "Underviser|Elev;;45;");
    assert_eq!(in_short(&sent(app, "targets", &roles).await), applied(3, 0, 0));
    for code in ["seminarer", "camps"] {
        let indicator = json!({
            "code": code, "title": code, "level": "output", "unit": "count", "source": "manual",
        });
        let path = format!("/projects/{}/indicators", app.world.labstem);
        app.post(&path).by(Secretariat).json(indicator).await.expect(201);
    }
    let template = async |kind: &str, dialect: &str| {
        let path =
            format!("/projects/{}/imports/{kind}/template?dialect={dialect}", app.world.labstem);
        app.get(&path).by(Holder).header("Accept-Language", "en").await.expect(200).text()
    };
    let counts = template("participation", "rfc4180").await;
    assert!(counts.contains(",teacher,,unique,,,,,,,ja"), "{counts}");
    let filled = counts.replace(",teacher,,unique,,", ",teacher,,unique,12,");
    let values = template("values", "dk-excel").await;
    let value = values.replace("seminarer;2023-02-01;;", "seminarer;2023-02-01;2,5;");
    assert_ne!(values, value);
    for (kind, file) in [("participation", &filled), ("values", &value)] {
        let tried = send(app, Holder, kind, "&dry_run=true", file).await.expect(200).json();
        assert_eq!((&tried["state"], &tried["unfilled"]), (&json!("checked"), &json!(1)));
        let report = send(app, Holder, kind, "", file).await.expect(200).json();
        assert_eq!(in_short(&report), applied(1, 0, 0), "{kind}");
        assert_eq!(
            (&report["rows"], &report["unfilled"], &report["state"]),
            (&json!(2), &json!(1), &json!("applied"))
        );
        let id = report["import_id"].as_str().expect("an id");
        let import = app.get(&format!("/imports/{id}")).by(Holder).await.expect(200).json();
        assert_eq!(
            (&import["import"]["rows_done"], &import["import"]["rows_unfilled"]),
            (&json!(1), &json!(1))
        );
    }
    // As it came, it does nothing; and a figure of women alone is a figure that was filled in.
    let report = send(app, Holder, "participation", "", &counts).await.expect(200).json();
    assert_eq!((in_short(&report), &report["unfilled"]), (applied(0, 0, 0), &json!(2)));
    let women = counts.replace(",teacher,,unique,,,", ",teacher,,unique,,3,");
    let report = send(app, Holder, "participation", "", &women).await.expect(200).json();
    assert_eq!(told(&report), [(3, "participants", "required")], "{women}");
    // A row that is no template's lacks its figure.
    let own = counts.replace(",ja\r\n", ",\r\n");
    let report = send(app, Holder, "participation", "", &own).await.expect(200).json();
    let told = told(&report);
    assert_eq!(told, [(2, "participants", "required"), (3, "participants", "required")]);
}

async fn locked_values_and_targets_are_errors_until_they_are_opened(app: &App) {
    let teachers = teachers(app).await;
    let camps = json!({
        "code": "camps", "title": "Camps", "level": "output", "unit": "camps", "source": "manual",
    });
    define(app, camps).await;
    let first = "indicator,on_date,figure\ncamps,2022-06-30,1\n";
    assert_eq!(in_short(&sent(app, "values", first).await), applied(1, 0, 0));
    Report::approved(app).await;
    let values = "indicator,on_date,figure\ncamps,2022-06-30,2\ncamps,2023-01-15,3\n";
    let targets = "indikator;måltal;gælder_fra;begrundelse\n\
                   labstem-laerere;30;2022-06-01;En skole er udgået\n";
    let refused = async |kind: &str, text: &str, column: &str, value: &str| {
        let report = sent(app, kind, text).await;
        assert_eq!((&report["applied"], &report["state"]), (&json!(false), &json!("refused")));
        assert_eq!(told(&report), [(2, column, "period_locked")]);
        let error = &report["errors"][0];
        assert_eq!(error["value"], value);
        let detail = error["detail"].as_str().expect("a reason");
        assert!(detail.contains("2022-01-01") && detail.contains("2022-12-31"), "{detail}");
    };
    refused("values", values, "on_date", "2022-06-30").await;
    refused("targets", targets, "gælder_fra", "2022-06-01").await;
    // What is free goes in where it is asked for.
    let partly = send(app, Secretariat, "values", "&partial=true", values).await.expect(200).json();
    assert_eq!((&partly["created"], &partly["skipped"]), (&json!(1), &json!(1)));
    let opening = json!({
        "start": "2022-01-01", "end": "2022-12-31", "reason": "Hjørring talte forkert",
        "open_until": "2023-02-10",
    });
    let path = format!("/projects/{}/openings", app.world.labstem);
    app.post(&path).by(Secretariat).json(opening).await.expect(201);
    assert_eq!(in_short(&sent(app, "values", values).await), applied(0, 1, 1));
    assert_eq!(in_short(&sent(app, "targets", targets).await), applied(0, 1, 0));
    let path = format!("/indicators/{teachers}/revisions");
    let revisions = app.get(&path).by(Reader).await.expect(200).json();
    assert_eq!(revisions["items"].as_array().map(Vec::len), Some(2));
}
