//! The program that serves.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::client::Client;
use crate::home::Home;

/// A service on a port of its own, killed when the test is over.
pub struct Service {
    child: Mutex<Child>,
    log: Arc<Mutex<String>>,
    pub address: SocketAddr,
    pub metrics: SocketAddr,
}

impl Service {
    /// Starts it and waits for the line that says that it serves.
    pub fn start(home: &Home) -> Service {
        let (address, metrics) = (free_address(), free_address());
        let mut command = Command::new(env!("CARGO_BIN_EXE_maaltal"));
        for (name, _) in std::env::vars_os() {
            if name == "DATABASE_URL" || name.to_string_lossy().starts_with("MAALTAL_") {
                command.env_remove(name);
            }
        }
        home.name_to(&mut command);
        command.args(["serve", "--listen", &address.to_string()]);
        command.args(["--metrics", &metrics.to_string()]);
        command.stdin(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its log"));
        let mut first = String::new();
        while !first.contains("\"serving\"") {
            assert!(lines.read_line(&mut first).expect("a line") > 0, "it did not serve: {first}");
        }
        let log = Arc::new(Mutex::new(String::new()));
        let copy = log.clone();
        std::thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
                copy.lock().expect("the log").push_str(&line);
                line.clear();
            }
        });
        Service { child: Mutex::new(child), log, address, metrics }
    }

    /// A connection like any other.
    pub fn client(&self) -> Client {
        Client::new(self.address, "").expect("a connection")
    }

    /// What was logged since it serves.
    pub fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    /// Ends it at once, whatever it is at.
    pub fn kill(&self) {
        let mut child = self.child.lock().expect("the process");
        let _ = child.kill();
        let _ = child.wait();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address")
}
