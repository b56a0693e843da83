//! A browser of its own for each test, with a fresh profile.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::process::{Child, Stdio};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::Url;

use super::looks;
use crate::client;

/// How somebody has set the browser up. It never takes cookies from within a frame.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    pub javascript: bool,
    /// What it asks pages for.
    pub language: &'static str,
}

impl Setup {
    /// As most are, in Denmark.
    pub const USUAL: Setup = Setup { javascript: true, language: "da" };
    /// JavaScript is switched off.
    pub const PLAIN: Setup = Setup { javascript: false, language: "da" };
}

/// Ends with the test, whatever becomes of that.
pub struct Browser {
    client: Client,
    _driver: Driver,
}

impl Deref for Browser {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Browser {
    pub async fn start(setup: Setup) -> Browser {
        let mut driver = Driver::start();
        let capabilities = json!({
            "goog:chromeOptions": { "args": arguments(setup), "prefs": preferences(setup) },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else { unreachable!() };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://{}", driver.address))
            .await
            .unwrap_or_else(|error| panic!("no browser: {error}"));
        driver.session = client.session_id().await.ok().flatten();
        Browser { client, _driver: driver }
    }

    /// A command of Chromium's own protocol.
    pub async fn cdp(&self, command: &'static str, parameters: Value) -> Value {
        self.command("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    /// A command of the driver's beyond those of the standard.
    pub async fn command(&self, path: &'static str, body: Value) -> Value {
        let answer = self.issue_cmd(Command { path, body }).await;
        answer.unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

fn arguments(setup: Setup) -> Vec<String> {
    let mut arguments: Vec<String> = [
        "--headless=new",
        // It is often run as root in a container, where there is no sandbox to be had.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-extensions",
        "--hide-scrollbars",
        // A click would miss what still scrolls.
        "--force-prefers-reduced-motion",
        // Nothing but this machine can be reached.
        "--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    .map(String::from)
    .to_vec();
    arguments.push(format!("--lang={}", setup.language));
    arguments
}

fn preferences(setup: Setup) -> Value {
    const BLOCK: u8 = 2;
    let mut preferences = json!({
        "intl.accept_languages": setup.language,
        "profile.block_third_party_cookies": true,
        "profile.cookie_controls_mode": 1,
    });
    if !setup.javascript {
        preferences["profile.managed_default_content_settings.javascript"] = json!(BLOCK);
    }
    preferences
}

#[derive(Debug)]
struct Command {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// The program between a test and its browser.
struct Driver {
    child: Child,
    address: SocketAddr,
    session: Option<String>,
}

impl Driver {
    fn start() -> Driver {
        // It takes the port it finds free for one kind of address for the other too, which fails
        // now and then.
        let started = (0..8).find_map(|_| Driver::try_to_start());
        started.expect("chromedriver on a free port")
    }

    fn try_to_start() -> Option<Driver> {
        let child = std::process::Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = child.unwrap_or_else(|error| {
            panic!(
                "chromedriver does not start: {error}. The tests need a browser: \
                 sudo apt-get install chromium chromium-driver"
            )
        });
        let lines = BufReader::new(child.stdout.take().expect("what it says")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
        });
        let Some(port) = port else {
            // It has said why not, and ended.
            let _ = child.wait();
            return None;
        };
        Some(Driver { child, address: (Ipv4Addr::LOCALHOST, port).into(), session: None })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let mut client = client::Client::new(self.address, "");
        if let (true, Ok(client), Some(session)) =
            (std::thread::panicking(), &mut client, &self.session)
        {
            let _ = last_picture(client, session);
        }
        // Told to end, it ends its browser too; killed, it would leave it behind.
        let told = client.and_then(|mut client| client.get("/shutdown"));
        if told.is_err() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// What was to be seen when a test failed, named after it.
fn last_picture(client: &mut client::Client, session: &str) -> std::io::Result<()> {
    let (_, answer) = client.get(&format!("/session/{session}/screenshot"))?;
    let answer: Value = serde_json::from_str(&answer)?;
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test").replace("::", "-");
    looks::save(&format!("failed-{test}"), &answer["value"])
}
