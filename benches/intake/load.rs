//! The load: connections that are kept open, each with one request under way at a time.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use uuid::Uuid;

use super::Endpoint;
use super::server::Door;

/// A server in a process of its own, so that its memory is its own.
pub struct Server {
    child: Child,
    address: SocketAddr,
    tokens: Vec<String>,
    /// Of each link's form, as whoever opened it has it.
    stamps: Vec<String>,
}

impl Server {
    /// One more instance on the database at that place, which holds these links.
    pub fn start(place: &str, doors: &[Door], preload: Option<&Path>) -> Server {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg("serve").arg(place).stdout(Stdio::piped());
        command.args(doors.iter().map(Door::to_string));
        if let Some(preload) = preload {
            command.env("LD_PRELOAD", preload);
        }
        let mut child = command.spawn().expect("a server");
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        output.read_line(&mut line).expect("its first line");
        let address = line.trim().parse().expect("an address");
        let tokens: Vec<String> = doors.iter().map(|door| door.token.clone()).collect();
        let stamps = tokens.iter().map(|token| stamp(address, token)).collect();
        Server { child, address, tokens, stamps }
    }

    /// From now on the peak is counted anew.
    pub fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap_or_default();
    }

    /// The most memory it held at once, in megabytes.
    pub fn peak(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kilobytes / 1024.0
    }

    fn stamp(&self, link: usize) -> String {
        self.stamps[link % self.stamps.len()].clone()
    }

    fn path(&self, endpoint: Endpoint, link: usize) -> String {
        let token = &self.tokens[link % self.tokens.len()];
        match endpoint {
            Endpoint::NoStore => format!("/no-store/{token}"),
            Endpoint::Durable => format!("/api/v1/links/{token}/responses"),
            Endpoint::Naive => format!("/naive/{token}"),
        }
    }
}

fn stamp(address: SocketAddr, token: &str) -> String {
    let mut stream = std::net::TcpStream::connect(address).expect("a connection");
    let request = format!(
        "GET /api/v1/links/{token}/form HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("a form");
    let (_, rest) = answer.split_once("\"stamp\":\"").expect("a stamp");
    rest.split('"').next().expect("its end").to_string()
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came of it.
#[derive(Default)]
pub struct Run {
    /// How long each answered request took.
    pub took: Vec<Duration>,
    /// How many were told to come again.
    pub refused: usize,
    /// How many were answered in any other way than that.
    pub failed: usize,
    pub seconds: f64,
}

/// The connections are dealt out over the instances, and of each over the links.
pub async fn run(
    servers: &[Server],
    endpoint: Endpoint,
    connections: usize,
    span: Duration,
) -> Run {
    let mut streams = Vec::new();
    for number in 0..connections {
        let server = &servers[number % servers.len()];
        let stream = TcpStream::connect(server.address).await.expect("a connection");
        stream.set_nodelay(true).expect("an option");
        let link = number / servers.len();
        streams.push((stream, server.path(endpoint, link), server.stamp(link)));
    }
    let begun = Instant::now();
    let until = begun + span;
    let tasks: Vec<_> = streams
        .into_iter()
        .map(|(stream, path, stamp)| tokio::spawn(one(stream, path, stamp, until)))
        .collect();
    let mut run = Run::default();
    for task in tasks {
        let one = task.await.expect("a connection's figures");
        run.took.extend(one.took);
        run.refused += one.refused;
        run.failed += one.failed;
    }
    run.seconds = begun.elapsed().as_secs_f64();
    run
}

async fn one(stream: TcpStream, path: String, stamp: String, until: Instant) -> Run {
    let degrees = ["meget_hoej", "hoej", "nogen", "mindre", "slet_ikke", "ved_ikke"];
    let (mut run, mut buffer) = (Run::default(), Vec::new());
    while Instant::now() < until {
        let id = Uuid::new_v4();
        let degree = |at: usize| degrees[usize::from(id.as_bytes()[at]) % 6];
        let body = format!(
            r#"{{"id":"{id}","stamp":"{stamp}","answers":{{"u_samarbejde":"ja","u_forstaaelse":"{}","u_niveau":"{}","u_motivation":"{}","u_engagement":"{}","u_job":"{}"}}}}"#,
            degree(0),
            degree(1),
            degree(2),
            degree(3),
            degree(4)
        );
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let begun = Instant::now();
        match exchange(&stream, request.as_bytes(), &mut buffer).await {
            201 => run.took.push(begun.elapsed()),
            503 => {
                run.refused += 1;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            _ => {
                run.failed += 1;
                eprintln!("{}", String::from_utf8_lossy(&buffer));
            }
        }
    }
    run
}

/// Sends a request and reads all of the answer; its status.
async fn exchange(stream: &TcpStream, mut request: &[u8], buffer: &mut Vec<u8>) -> u16 {
    while !request.is_empty() {
        stream.writable().await.expect("a connection");
        match stream.try_write(request) {
            Ok(sent) => request = &request[sent..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => panic!("{error}"),
        }
    }
    buffer.clear();
    loop {
        stream.readable().await.expect("a connection");
        match stream.try_read_buf(buffer) {
            Ok(0) => panic!("the server hung up"),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
            Err(error) => panic!("{error}"),
        }
        if let Some(status) = whole(buffer) {
            return status;
        }
    }
}

/// The status, once all of the answer is there.
fn whole(answer: &[u8]) -> Option<u16> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(Some(0), |text| text.parse::<usize>().ok())?;
    (answer.len() >= end + 4 + length).then(|| head[9..12].parse().ok()).flatten()
}
