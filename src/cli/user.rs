use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use maaltal::accounts::users::User;
use maaltal::accounts::{Caller, Role, Scope, Secret, members, password, users};
use maaltal::error::Error;
use maaltal::ids::ProgrammeId;
use maaltal::paging::Page;
use maaltal::programmes::organisations::Register;
use maaltal::projects;
use maaltal::store::{Db, Installation, Store};

use super::programme::{self, Called};
use super::{Failure, now};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an account, and give it a role if one is named; an account that is there gets the role
    Add(AddArgs),
    /// Give an account a new password and end all its sessions
    Password {
        mail: String,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Shut an account out: it can't sign in, and its sessions end
    Disable { mail: String },
    /// Let a disabled account in again
    Enable { mail: String },
    /// List the accounts and their roles as CSV
    List,
}

#[derive(Debug, Args)]
pub struct AddArgs {
    /// The address by which the account signs in
    mail: String,
    #[arg(long)]
    name: String,
    /// secretariat or reader (with --programme), holder (and --project), contributor (and
    /// --organisation)
    #[arg(long, requires = "programme")]
    role: Option<Role>,
    #[arg(long, value_name = "CODE", requires = "role")]
    programme: Option<String>,
    #[arg(long, value_name = "CODE", requires = "role")]
    project: Option<String>,
    #[arg(long, value_name = "CODE", requires = "role")]
    organisation: Option<String>,
    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Debug, Args)]
pub struct PasswordArgs {
    /// File whose first line is the password; without it, it is asked for, or read from standard
    /// input
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl Command {
    pub fn run(self, store: &Store) -> Result<(), Failure> {
        match self {
            Command::Add(args) => add(args, store),
            Command::Password { mail, password } => {
                let user = account(store, &mail)?;
                let hash = password.hashed(&user.mail, &user.name)?;
                store.write_here(Installation, |db| {
                    users::set_password(db, &Caller::Operator, user.id, &hash, now())
                })?;
                eprintln!("{mail} has a new password; its sessions have ended");
                Ok(())
            }
            Command::Disable { mail } => {
                let user = account(store, &mail)?.id;
                store.write_here(Installation, |db| {
                    users::disable(db, &Caller::Operator, user, now())
                })?;
                eprintln!("{mail} is disabled");
                Ok(())
            }
            Command::Enable { mail } => {
                let user = account(store, &mail)?.id;
                store.write_here(Installation, |db| {
                    users::enable(db, &Caller::Operator, user, now())
                })?;
                eprintln!("{mail} is enabled");
                Ok(())
            }
            Command::List => list(store),
        }
    }
}

fn add(args: AddArgs, store: &Store) -> Result<(), Failure> {
    let scope = match &args.programme {
        Some(code) => Some((code.clone(), store.read_here(|db| scope(db, code, &args))?)),
        None => None,
    };
    let known = store.read_here(|db| match users::by_mail(db, &Caller::Operator, &args.mail) {
        Err(Error::NotFound) => Ok(None),
        found => found.map(|user| Some(user.id)),
    })?;
    let user = match known {
        Some(user) if scope.is_some() => user,
        Some(_) => return Err(Failure::Failed(format!("{} has an account", args.mail))),
        None => {
            let hash = args.password.hashed(&args.mail, &args.name)?;
            store.write_here(Installation, |db| {
                users::add(db, &Caller::Operator, &args.mail, &args.name, &hash, now())
            })?
        }
    };
    if let (Some((programme, scope)), Some(role)) = (scope, args.role) {
        store.write_here(Called(programme), |db| {
            members::grant(db, &Caller::Operator, user, role, scope, now())
        })?;
        eprintln!("{} is {role} now", args.mail);
    } else {
        eprintln!("made the account {}", args.mail);
    }
    Ok(())
}

fn scope(db: &mut Db, programme: &str, args: &AddArgs) -> Result<Scope, Error> {
    let programme: ProgrammeId = programme::find(db, programme)?;
    let missing =
        |what: &str, code: &str| Error::Unexpected(format!("there is no {what} {code:?}"));
    let project = match &args.project {
        Some(code) => {
            Some(projects::by_code(db, programme, code)?.ok_or_else(|| missing("project", code))?)
        }
        None => None,
    };
    let organisation = match &args.organisation {
        Some(code) => {
            let register = Register::load(db, programme)?;
            Some(register.find(code).ok_or_else(|| missing("organisation", code))?)
        }
        None => None,
    };
    Ok(Scope { programme, project, organisation })
}

fn account(store: &Store, mail: &str) -> Result<User, Failure> {
    match store.read_here(|db| users::by_mail(db, &Caller::Operator, mail)) {
        Err(Error::NotFound) => Err(Failure::Failed(format!("there is no account {mail}"))),
        found => Ok(found?),
    }
}

impl PasswordArgs {
    /// The hash of the password that is given, once it has passed the rules.
    fn hashed(&self, mail: &str, name: &str) -> Result<String, Failure> {
        let password = Secret::new(self.read()?);
        password::check(&password, mail, name).map_err(Error::from)?;
        Ok(password::hash(&password)?)
    }

    fn read(&self) -> Result<String, Failure> {
        if let Some(file) = &self.password_file {
            return first_line(file);
        }
        if std::io::stdin().is_terminal() {
            return Ok(rpassword::prompt_password("Password: ")?);
        }
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        Ok(line.trim_end_matches(['\n', '\r']).to_string())
    }
}

fn first_line(file: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::Setting(format!("{}: {error}", file.display())))?;
    Ok(text.lines().next().unwrap_or_default().to_string())
}

fn list(store: &Store) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(std::io::stdout());
    let wrong = |error: csv::Error| Failure::Failed(error.to_string());
    out.write_record(["mail", "name", "disabled", "roles"]).map_err(wrong)?;
    let mut after = None;
    loop {
        let page = Page::of(after, 500);
        let users = store.read_here(|db| users::list(db, &Caller::Operator, &page))?;
        after = users.items.last().map(|user| user.id);
        for user in &users.items {
            let roles: Vec<&str> = user.memberships.iter().map(|one| one.role.as_str()).collect();
            let disabled = if user.disabled { "true" } else { "false" };
            let cells = [user.mail.as_str(), &user.name, disabled, &roles.join(" ")];
            out.write_record(cells).map_err(wrong)?;
        }
        if users.next_cursor.is_none() {
            return Ok(out.flush()?);
        }
    }
}
