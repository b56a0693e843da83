//! The service as a process: how it starts, how it bears with slow clients, how it stops.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, ChildStderr, Command, Stdio};

use maaltal::store::Engine;

use super::program::{Folder, maaltal};
use crate::database::Database;

/// A service on a port of its own, killed when the test is over.
pub struct Service {
    child: Child,
    log: BufReader<ChildStderr>,
    address: String,
}

impl Service {
    /// Starts it and waits for the line that says where it serves.
    pub fn start(command: &mut Command) -> Service {
        let address = free_address();
        command.args(["serve", "--metrics", "off", "--listen", &address]);
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the program starts");
        let log = BufReader::new(child.stderr.take().expect("its log"));
        let mut service = Service { child, log, address };
        let mut line = String::new();
        while !line.contains("\"serving\"") {
            line.clear();
            assert!(service.log.read_line(&mut line).expect("a line") > 0, "it did not serve");
        }
        service
    }

    /// Sends bytes as they are and reads all that comes back.
    pub fn send(&self, bytes: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.write_all(bytes.as_bytes()).expect("it takes them");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap_or_default();
        answer
    }

    fn get(&self, path: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
    }

    /// Ends it as an init system does; its exit code and the rest of its log.
    fn stop(mut self) -> (Option<i32>, String) {
        let kill = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(kill.expect("kill").success());
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).expect("its log");
        (self.child.wait().expect("it ends").code(), rest)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").to_string()
}

#[test]
fn it_starts_with_a_key_of_its_own_and_stops_when_told() {
    let folder = Folder::new();
    let data = folder.join("data");
    let service = Service::start(maaltal().arg("--data").arg(&data));
    assert!(service.get("/health/live").starts_with("HTTP/1.1 200"));
    assert!(service.get("/health/ready").starts_with("HTTP/1.1 200"));
    let key = std::fs::metadata(data.join("signing.key")).expect("a key").permissions().mode();
    assert_eq!(key & 0o777, 0o600);
    let (code, log) = service.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("\"stopped\""), "{log}");
}

#[test]
fn the_log_names_the_request_and_the_route_and_no_secret() {
    let folder = Folder::new();
    let service = Service::start(maaltal().arg("--data").arg(folder.join("data")));
    let body = r#"{"mail":"elev@skole.example","password":"hemmeligt kodeord nr. 7"}"#;
    let answer = service.send(&format!(
        "POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         User-Agent: Kikkert/7\r\nReferer: http://skole.example/7b\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    service.get("/api/v1/invitations/et-hemmeligt-token");
    let id = answer.lines().find_map(|line| line.strip_prefix("x-request-id: ")).expect("an id");
    assert!(answer.contains(&format!("\"request_id\":\"{id}\"")), "{answer}");
    let (_, log) = service.stop();
    let line = log.lines().find(|line| line.contains(id)).expect("a line of the request");
    assert!(line.contains("/api/v1/auth/sign-in"), "{line}");
    assert!(log.contains("/api/v1/invitations/{"), "{log}");
    for secret in ["hemmeligt", "elev@skole", "Kikkert", "skole.example", "127.0.0.1:5"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[test]
fn a_body_that_does_not_arrive_is_given_up() {
    let folder = Folder::new();
    let mut command = maaltal();
    command.env("MAALTAL_BODY_DEADLINE", "1").arg("--data").arg(folder.join("data"));
    let service = Service::start(&mut command);
    let answer = service.send(
        "POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: 64\r\n\r\n{\"mail\":",
    );
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("urn:maaltal:problem:too-slow"), "{answer}");
}

#[test]
fn on_postgresql_it_is_ready_once_migrated() {
    let database = Database::create(Engine::Postgres, None);
    let mut command = maaltal();
    command.env("DATABASE_URL", database.address());
    command.env("MAALTAL_SIGNING_KEY", "vT3qYw9sLk2nRz8eXb5uHc7mJd4pGf6a");
    let service = Service::start(&mut command);
    assert!(service.get("/health/live").starts_with("HTTP/1.1 200"));
    assert!(service.get("/health/ready").starts_with("HTTP/1.1 503"));
    database.open().migrate().expect("the migrations");
    assert!(service.get("/health/ready").starts_with("HTTP/1.1 200"));
    assert_eq!(service.stop().0, Some(0));
}
