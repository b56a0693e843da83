use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use clap::Args;
use maaltal::config::{Database, Metrics, ServeArgs};
use maaltal::demo::{self, Places, SignIn};
use maaltal::store::Store;
use maaltal::surveys::address::answer_address;
use maaltal::surveys::code_key::CodeKey;

use super::{Failure, now, serve};

/// In a folder that a demo made: `--fresh` deletes nothing else.
const MARK: &str = ".maaltal-demo";
const SIGN_INS: &str = "sign-ins.txt";

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Start over: delete the folder, if a demo made it
    #[arg(long)]
    fresh: bool,
    /// Load the data and exit
    #[arg(long)]
    load_only: bool,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR", env = "MAALTAL_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

pub fn run(args: &DemoArgs, data: Option<PathBuf>, connections: u32) -> Result<(), Failure> {
    let folder = data.unwrap_or_else(|| "maaltal-demo".into());
    if args.fresh {
        delete(&folder)?;
    }
    let is_there = folder.join(SIGN_INS).exists();
    if !is_there {
        claim(&folder)?;
    }
    let database = Database::Embedded(folder.clone());
    let serve_args = ServeArgs {
        listen: args.listen,
        public_url: None,
        metrics: Metrics::Off,
        signing_key_file: None,
        max_upload: 64,
        body_deadline: 15,
    };
    let store = database.open(connections).map_err(Failure::Setting)?;
    store.migrate()?;
    if is_there {
        eprintln!("{} is there and kept; --fresh starts over", folder.display());
    } else {
        let key = serve_args.signing_key(&database).map_err(Failure::Setting)?;
        let sign_ins = demo::load(&store, CodeKey::of(&key)?, now())?;
        // Written last: a demo that was cut off has none, and is refused as half-loaded.
        write_sign_ins(&folder.join(SIGN_INS), &sign_ins)?;
        eprintln!(
            "loaded 27 projects of Nordjylland and one of Midtjylland, with made-up answers of two \
             classes and a few teachers"
        );
    }
    if args.load_only {
        return Ok(());
    }
    introduce(args, &folder, &store)?;
    serve::with(&serve_args, &database, store, connections)
}

/// Deletes a folder that a demo made, and no other.
fn delete(folder: &Path) -> Result<(), Failure> {
    if !folder.exists() {
        return Ok(());
    }
    if !folder.join(MARK).exists() {
        let text = "was not made by a demo, so --fresh does not delete it";
        return Err(Failure::Setting(format!("{} {text}", folder.display())));
    }
    Ok(fs::remove_dir_all(folder)?)
}

/// Makes the folder and marks it, before anything else is put there.
fn claim(folder: &Path) -> Result<(), Failure> {
    let is_taken = folder.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    if is_taken {
        let text = match folder.join(MARK).exists() {
            true => "holds a demo that was cut off while loading; --fresh starts over",
            false => "holds something else; name another folder with --data",
        };
        return Err(Failure::Setting(format!("{} {text}", folder.display())));
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    Ok(fs::write(folder.join(MARK), "Made by `maaltal demo`; `--fresh` may delete it.\n")?)
}

fn write_sign_ins(path: &Path, sign_ins: &[SignIn]) -> Result<(), Failure> {
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
    for SignIn { role, scope, mail, password } in sign_ins {
        writeln!(file, "{:<12} {mail:<30} {password}  ({scope})", role.as_str())?;
    }
    Ok(())
}

/// Where to look, how to sign in, and three lines to paste.
fn introduce(args: &DemoArgs, folder: &Path, store: &Store) -> Result<(), Failure> {
    let base = format!("http://{}", args.listen);
    let path = folder.join(SIGN_INS);
    let sign_ins = fs::read_to_string(&path)?;
    let secretariat = sign_ins.lines().find(|line| line.starts_with("secretariat"));
    let words: Vec<&str> = secretariat.unwrap_or_default().split_whitespace().collect();
    let [_, mail, password, ..] = words[..] else {
        return Err(Failure::Failed(format!("{}: no secretariat in it", path.display())));
    };
    let Places { programme, project, open_link } = store.read_here(|db| demo::places(db, now()))?;
    let open_link = match open_link {
        Some(token) => answer_address(&base, &token, None),
        None => "closed (--fresh starts over)".to_string(),
    };
    println!(
        "\
Maaltal, with the real projects of two Danish regions, and made-up answers that say so

  the API's documentation   {base}/docs/
  the contract              {base}/openapi.yaml
  a class's questionnaire   {open_link}
                            (as pupils see it, without an account)

Sign-ins (also in {path}):

{sign_ins}
To paste into another terminal, from the sign-in on:

TOKEN=$(curl -s {base}/api/v1/auth/sign-in -H 'Content-Type: application/json' \
-d '{{\"mail\":\"{mail}\",\"password\":\"{password}\"}}' \
| sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')
curl -s {base}/api/v1/projects/{project}/progress -H \"Authorization: Bearer $TOKEN\"
curl -s '{base}/api/v1/programmes/{programme}/exports/progress?dialect=rfc4180' \
-H \"Authorization: Bearer $TOKEN\"

Stop with Ctrl-C.
",
        path = path.display(),
    );
    Ok(())
}
