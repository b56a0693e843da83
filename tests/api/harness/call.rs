//! A request that is sent and the answer that comes, held to the contract on the way.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use actix_web::test::TestRequest;
use actix_web::web::Bytes;
use serde_json::Value;

use super::contract;
use super::{App, Persona};

/// A request as it goes out.
#[derive(Debug, Clone)]
pub struct Sent {
    pub method: String,
    pub uri: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
}

impl Sent {
    pub fn path(&self) -> &str {
        self.uri.split('?').next().unwrap_or_default()
    }

    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.uri.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(one, _)| one.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }
}

/// Percent-decoded.
pub fn decoded(text: &str) -> String {
    actix_web::web::Query::<Vec<(String, String)>>::from_query(&format!("x={text}"))
        .ok()
        .and_then(|pairs| pairs.into_inner().pop())
        .map_or_else(|| text.to_string(), |(_, value)| value)
}

/// A request that is being put together; `.await` sends it.
#[must_use]
pub struct Call<'a> {
    app: &'a App,
    sent: Sent,
    is_bad: bool,
}

impl<'a> Call<'a> {
    pub fn new(app: &'a App, method: &str, path: &str) -> Call<'a> {
        // Addresses of the API are written without their common start.
        let outside = ["/api/", "/health", "/openapi", "/docs", "/s/", "/embed.js"];
        let prefix = if outside.iter().any(|one| path.starts_with(one)) { "" } else { "/api/v1" };
        let sent = Sent {
            method: method.to_string(),
            uri: format!("{prefix}{path}"),
            headers: Vec::new(),
            body: None,
        };
        Call { app, sent, is_bad: false }
    }

    pub fn by(self, persona: Persona) -> Self {
        match self.app.token(persona) {
            Some(token) => self.with_token(&token),
            None => self,
        }
    }

    pub fn with_token(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.sent.headers.push((name.to_string(), value.to_string()));
        self
    }

    pub fn if_match(self, tag: &str) -> Self {
        self.header("If-Match", tag)
    }

    pub fn once(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    pub fn json(self, body: Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub fn body(mut self, kind: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.sent.body = Some(bytes.into());
        self.header("Content-Type", kind)
    }

    /// The request breaks the contract on purpose, so only the answer is held to it.
    pub fn deliberately_bad(mut self) -> Self {
        self.is_bad = true;
        self
    }

    async fn send(self) -> Answer {
        let Call { app, sent, is_bad } = self;
        let is_api = sent.path().starts_with("/api/");
        if is_api && !is_bad {
            let faults = contract::faults_of_request(&sent);
            assert!(faults.is_empty(), "openapi.yaml has this against {sent:?}: {faults:#?}");
        }
        let method = sent.method.parse().expect("a method");
        let mut request = TestRequest::with_uri(&sent.uri).method(method);
        for (name, value) in &sent.headers {
            request = request.insert_header((name.as_str(), value.as_str()));
        }
        if let Some(body) = &sent.body {
            request = request.set_payload(body.clone());
        }
        let answer = app.answer_to(request).await;
        if is_api {
            let faults = contract::faults_of_answer(&sent, &answer);
            assert!(
                faults.is_empty(),
                "openapi.yaml has this against the answer to {} {}: {faults:#?}\n{answer:?}",
                sent.method,
                sent.uri
            );
        }
        if sent.path().starts_with("/s/") && !sent.path().starts_with("/s/_/") {
            answer.check_page();
        } else {
            answer.check_problem();
        }
        answer
    }
}

impl<'a> IntoFuture for Call<'a> {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status, self.text())
    }
}

impl Answer {
    /// Goes on with the answer if it has that status, and shows it otherwise.
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Refused as a whole, for that reason.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Answer {
        let answer = self.expect(status);
        assert_eq!(answer.json()["type"], format!("urn:maaltal:problem:{code}"), "{answer:?}");
        answer
    }

    /// Refused as invalid (422), with that fault at that place among others.
    #[track_caller]
    pub fn expect_fault(self, pointer: &str, code: &str) -> Answer {
        let answer = self.expect_problem(422, "invalid");
        let faults = answer.json()["errors"].clone();
        let found = faults.as_array().is_some_and(|faults| {
            faults.iter().any(|fault| fault["pointer"] == pointer && fault["code"] == code)
        });
        assert!(found, "no {code} at {pointer} in {faults:#}");
        answer
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(one, _)| one.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub fn etag(&self) -> &str {
        self.header("etag").unwrap_or_else(|| panic!("no ETag: {self:?}"))
    }

    /// What every page has, whatever it says: it is no part of the contract, and has rules of its
    /// own.
    fn check_page(&self) {
        for (header, value) in [
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(self.header(header), Some(value), "{self:?}");
        }
        assert_eq!(self.header("set-cookie"), None);
        if (300..400).contains(&self.status) {
            return;
        }
        assert_eq!(self.header("content-type"), Some("text/html; charset=utf-8"), "{self:?}");
        let policy = self.header("content-security-policy").expect("a policy");
        for rule in ["default-src 'none'", "form-action 'self'", "base-uri 'none'"] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert!(policy.contains("frame-ancestors "), "{policy}");
        assert!(self.header("permissions-policy").is_some_and(|value| value.contains("camera=()")));
        if self.header("content-encoding").is_some() {
            return;
        }
        let page = self.text();
        assert!(page.contains("<h1"), "{page}");
        // A text that is not written shows its key.
        let key = page.find("page-").map(|at| &page[at..page.len().min(at + 40)]);
        assert_eq!(key, None);
        assert!(!page.contains("<script>") && !page.contains(" style=\""), "{page}");
    }

    /// What every refusal has, whoever refused.
    fn check_problem(&self) {
        let id = self.header("x-request-id").expect("an X-Request-Id");
        // The health addresses speak to machines, in plain words.
        if self.status < 400 || self.header("content-type") == Some("text/plain; charset=utf-8") {
            return;
        }
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{self:?}");
        assert_eq!(problem["request_id"], id, "{self:?}");
        let detail = problem["detail"].as_str().expect("a detail");
        assert!(!detail.starts_with("problem-") && detail.contains(' '), "no text: {detail}");
        for fault in problem["errors"].as_array().into_iter().flatten() {
            let detail = fault["detail"].as_str().expect("a detail");
            assert!(!detail.starts_with("fault-") && !detail.contains("{ $"), "no text: {detail}");
            assert!(!detail.contains("{$"), "an argument is missing: {detail}");
        }
    }
}
