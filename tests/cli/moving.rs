//! `programme export` and `programme import`, and files by `import`.

use std::os::unix::fs::PermissionsExt;

use super::program::{Folder, failure, on, output};

#[test]
fn a_programme_moves_to_another_folder_with_its_audit_trail() {
    let folder = Folder::new();
    let (old, new, file) = (folder.join("old"), folder.join("new"), folder.join("nord.zip"));
    let name = file.to_str().expect("UTF-8");
    output(on(&old, &["demo", "--load-only"]));
    let told = on(&old, &["programme", "export", "nordjylland", name]);
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    let head = told.split("head ").nth(1).expect("a head").trim().to_string();
    let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = failure(on(&old, &["programme", "export", "nordjylland", name]), 2);
    assert!(again.contains("is there already"), "{again}");

    let refused = failure(on(&old, &["programme", "import", name]), 1);
    assert!(refused.contains("already"), "{refused}");
    output(on(&new, &["programme", "import", name]));
    let verified = output(on(&new, &["verify"]));
    assert!(verified.contains(&head), "{verified} has no {head}");
    let tables = ["progress", "participation"].map(|table| {
        let ask = ["export", table, "--programme", "nordjylland"];
        (output(on(&old, &ask)), output(on(&new, &ask)))
    });
    for (old, new) in tables {
        assert_eq!(old, new);
        assert!(old.lines().count() > 5);
    }
    let other = failure(on(&new, &["programme", "import", "Cargo.toml"]), 1);
    assert!(!other.is_empty());
}

#[test]
fn good_rows_are_taken_and_the_others_told_as_csv() {
    let folder = Folder::new();
    let (data, file) = (folder.join("data"), folder.join("skoler.csv"));
    output(on(&data, &["programme", "add", "nord", "--name-da", "Nord"]));
    std::fs::write(&file, "kode;navn\nnibe;Nibe Skole\nFEJL;x\n").expect("a file");
    let name = file.to_str().expect("UTF-8");
    let all = ["import", "organisations", name, "--programme", "nord"];
    let refused = on(&data, &all);
    assert_eq!(refused.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert!(
        errors.starts_with("row,column,value,code,detail\n3,kode,FEJL,not_a_code,"),
        "{errors}"
    );
    let taken = on(&data, &[&all[..], &["--partial"]].concat());
    let words = String::from_utf8_lossy(&taken.stderr).into_owned();
    assert_eq!(taken.status.code(), Some(1), "{words}");
    assert!(words.contains("2 rows: 1 created, 0 corrected, 0 unchanged; 1 errors"), "{words}");
    std::fs::write(&file, "kode;navn\nnibe;Nibe Skole\n").expect("a file");
    let again = on(&data, &all);
    let words = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(again.status.success() && words.contains("1 unchanged"), "{words}");
}
