//! A session as people have one: signed in with mail address and password.

use serde_json::{Value, json};

use super::{Answer, App};

/// What a client keeps of a session.
#[derive(Debug, Clone)]
pub struct Session {
    pub access: String,
    pub refresh: String,
}

impl Session {
    pub fn of(answer: &Answer) -> Session {
        let answer = answer.json();
        let text = |name: &str| answer[name].as_str().expect("a token").to_string();
        Session { access: text("access_token"), refresh: text("refresh_token") }
    }
}

impl App {
    /// Tries to sign in.
    pub async fn sign_in(&self, mail: &str, password: &str) -> Answer {
        self.post("/auth/sign-in").json(json!({ "mail": mail, "password": password })).await
    }

    /// Signs in, which must work.
    pub async fn session(&self, mail: &str, password: &str) -> Session {
        Session::of(&self.sign_in(mail, password).await.expect(200))
    }

    /// Tries to go on with a refresh token.
    pub async fn refresh(&self, token: &str) -> Answer {
        self.post("/auth/refresh").json(json!({ "refresh_token": token })).await
    }

    /// What the service says to a token.
    pub async fn me(&self, token: &str) -> Answer {
        self.get("/me").with_token(token).await
    }
}

/// The secret of a link that was handed out.
pub fn last_part(link: &Value) -> String {
    let link = link.as_str().expect("a link");
    assert!(link.starts_with("https://maaltal.example/"), "{link}");
    link.rsplit('/').next().expect("a last part").to_string()
}
