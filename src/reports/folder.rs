//! The report as a folder: every table in both dialects of CSV, the workbook, the page, and a
//! description of it all. It appears whole, or not at all.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::edition::Edition;
use super::faces::csv::Export;
use super::faces::datapackage::{self, Package, Resource};
use super::faces::{page, workbook};
use super::tables::TableName;
use crate::csv_text::Dialect;
use crate::error::{Error, Result};
use crate::messages;
use crate::store::Db;

const DESCRIPTION: &str = "datapackage.json";

/// Why a folder can't be written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("{0} holds something already; --force writes a report over an older one")]
    NotEmpty(PathBuf),
    #[error("{0} holds something that is no report; name another folder")]
    NotAReport(PathBuf),
    #[error("{0} is no folder")]
    NotAFolder(PathBuf),
    #[error("{0} has no folder around it")]
    Nowhere(PathBuf),
    #[error("{0}: {1}")]
    Disk(PathBuf, io::Error),
    #[error("{0}")]
    Failed(#[from] Error),
}

/// What was written.
#[derive(Debug)]
pub struct Written {
    pub tables: usize,
}

/// Where the report is made until it is whole. Dropped before that, it takes what it holds along.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // There is nobody to tell any more, and its name says what it is.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Checks that a report may be written there, before anything is read.
pub fn check(folder: &Path, force: bool) -> Result<(), Refused> {
    if !folder.exists() {
        return Ok(());
    }
    if !folder.is_dir() {
        return Err(Refused::NotAFolder(folder.to_path_buf()));
    }
    let wrong = |error| Refused::Disk(folder.to_path_buf(), error);
    let is_empty = folder.read_dir().map_err(wrong)?.next().is_none();
    match (is_empty, force) {
        (true, _) => Ok(()),
        (false, false) => Err(Refused::NotEmpty(folder.to_path_buf())),
        // Nothing else is ever deleted.
        (false, true) if folder.join(DESCRIPTION).is_file() => Ok(()),
        (false, true) => Err(Refused::NotAReport(folder.to_path_buf())),
    }
}

/// Writes the report next to where it is to be, and moves it there when it is whole.
pub fn write(
    db: &mut Db,
    edition: &Edition,
    folder: &Path,
    force: bool,
) -> Result<Written, Refused> {
    check(folder, force)?;
    let name = folder.file_name().ok_or_else(|| Refused::Nowhere(folder.to_path_buf()))?;
    let around = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let around = around.unwrap_or(Path::new("."));
    let beside = |what: &str| {
        let mut own = name.to_os_string();
        own.push(format!(".{what}-{}", std::process::id()));
        around.join(own)
    };
    let wrong = |path: &Path| {
        let path = path.to_path_buf();
        move |error: io::Error| Refused::Disk(path, error)
    };
    let unfinished = Unfinished(beside("unfinished"));
    fs::create_dir_all(&unfinished.0).map_err(wrong(&unfinished.0))?;
    let tables = fill(db, edition, &unfinished.0)?;
    if folder.exists() {
        let before = beside("before");
        fs::rename(folder, &before).map_err(wrong(folder))?;
        if let Err(error) = fs::rename(&unfinished.0, folder) {
            let _ = fs::rename(&before, folder);
            return Err(Refused::Disk(folder.to_path_buf(), error));
        }
        fs::remove_dir_all(&before).map_err(wrong(&before))?;
    } else {
        fs::rename(&unfinished.0, folder).map_err(wrong(folder))?;
    }
    Ok(Written { tables })
}

fn fill(db: &mut Db, edition: &Edition, folder: &Path) -> Result<usize, Refused> {
    let mut resources = Vec::new();
    for (dialect, name) in [(Dialect::Rfc4180, "csv"), (Dialect::DkExcel, "csv-dk-excel")] {
        let own = folder.join(name);
        fs::create_dir(&own).map_err(|error| Refused::Disk(own.clone(), error))?;
        for table in TableName::ALL {
            let file = own.join(format!("{table}.csv"));
            let (bytes, sha256) = csv(db, edition, *table, dialect, &file)?;
            let path = format!("{name}/{table}.csv");
            resources.push(Resource { table: *table, dialect, path, bytes, sha256 });
        }
    }
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|error| Refused::Disk(path, error))
    };
    put("report.html", page::report(db, edition)?.as_bytes())?;
    put("workbook.xlsx", &workbook::build(db, edition)?)?;
    let lang = edition.asked.lang;
    let title = messages::text(lang, "report-title", &[]);
    let package = Package {
        // Frictionless takes no letters but a to z.
        name: edition.file_name().chars().filter(|c| c.is_ascii()).collect(),
        title: format!("{title}: {}", edition.programme_name()),
        description: messages::text(lang, "report-source-is", &[]),
        created: edition.made_at,
        lang,
    };
    let description = datapackage::written(&package, &resources).map_err(Error::unexpected)?;
    put(DESCRIPTION, &description)?;
    Ok(TableName::ALL.len())
}

/// One table, part by part; its size, and its hash in hex.
fn csv(
    db: &mut Db,
    edition: &Edition,
    table: TableName,
    dialect: Dialect,
    path: &Path,
) -> Result<(u64, String), Refused> {
    let wrong = |error: io::Error| Refused::Disk(path.to_path_buf(), error);
    let mut export = Export::new(edition.reading(db, table)?, dialect);
    let mut file = BufWriter::new(fs::File::create_new(path).map_err(wrong)?);
    let (mut bytes, mut hash) = (0, Sha256::new());
    while let Some(part) = export.next_part(db)? {
        bytes += part.len() as u64;
        hash.update(&part);
        file.write_all(&part).map_err(wrong)?;
    }
    file.flush().map_err(wrong)?;
    let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((bytes, hash))
}
