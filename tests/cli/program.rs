//! Starting the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder that is gone when the test is over.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        let name = format!("maaltal-cli-{}", uuid::Uuid::new_v4().simple());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

/// The program, without anything that this machine's environment says to it.
pub fn maaltal() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_maaltal"));
    for (name, _) in std::env::vars_os() {
        if name == "DATABASE_URL" || name.to_string_lossy().starts_with("MAALTAL_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// Runs it on the embedded database in that folder.
pub fn on(data: &Path, arguments: &[&str]) -> Output {
    maaltal().args(arguments).arg("--data").arg(data).output().expect("the program starts")
}

/// What it wrote to standard output, where it went well.
pub fn output(answer: Output) -> String {
    let words = String::from_utf8_lossy(&answer.stderr);
    assert!(answer.status.success(), "{words}");
    String::from_utf8(answer.stdout).expect("UTF-8")
}

/// What it wrote to standard error, where it ended with that code and wrote no data.
pub fn failure(answer: Output, code: i32) -> String {
    let words = String::from_utf8(answer.stderr).expect("UTF-8");
    assert_eq!(answer.status.code(), Some(code), "{words}");
    assert!(answer.stdout.is_empty(), "data went out: {words}");
    words
}
