//! What a browser was led to do: what it asked for, what it keeps, what it complains of.

use serde_json::{Value, json};

use super::driver::Browser;

/// A request that was answered, and how many bytes came over the line for it, headers included.
#[derive(Debug)]
pub struct Loaded {
    pub address: String,
    pub bytes: u64,
}

impl Browser {
    /// What has gone over the network since this was last asked.
    pub async fn loaded(&self) -> Vec<Loaded> {
        let mut loaded: Vec<(Value, Loaded)> = Vec::new();
        for event in self.network().await {
            let (method, event) = (&event["method"], &event["params"]);
            match method.as_str() {
                Some("Network.requestWillBeSent") => {
                    let address = event["request"]["url"].as_str().expect("an address");
                    let one = Loaded { address: address.to_string(), bytes: 0 };
                    loaded.push((event["requestId"].clone(), one));
                }
                Some("Network.loadingFinished") => {
                    let bytes = event["encodedDataLength"].as_f64().expect("a length") as u64;
                    let of = loaded.iter_mut().filter(|(id, _)| *id == event["requestId"]);
                    of.for_each(|(_, one)| one.bytes = bytes);
                }
                _ => {}
            }
        }
        let over_network = |one: &Loaded| !one.address.starts_with("data:");
        loaded.into_iter().map(|(_, one)| one).filter(over_network).collect()
    }

    async fn network(&self) -> Vec<Value> {
        let entries = self.command("se/log", json!({ "type": "performance" })).await;
        let entries = entries.as_array().expect("a log").clone();
        let message = |entry: &Value| {
            let text = entry["message"].as_str().expect("a message");
            serde_json::from_str::<Value>(text).expect("JSON")["message"].clone()
        };
        entries.iter().map(message).collect()
    }

    /// What stands in the console as an error: broken scripts, breaches of the security policy.
    pub async fn complaints(&self) -> Vec<String> {
        let entries = self.command("se/log", json!({ "type": "browser" })).await;
        let entries = entries.as_array().expect("a log").clone();
        let severe = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        severe.map(|entry| entry["message"].as_str().unwrap_or_default().to_string()).collect()
    }

    /// Everything that a test leaves behind: no cookie, no storage, nothing from elsewhere, no
    /// complaint but of statuses that are meant.
    pub async fn leaves_no_trace(&self) {
        let cookies = self.cdp("Network.getAllCookies", json!({})).await;
        assert_eq!(cookies["cookies"], json!([]));
        let kept = self.text_of("return String(localStorage.length + sessionStorage.length)").await;
        assert_eq!(kept, "0", "something is stored");
        let databases = self.execute_async(
            "const done = arguments[0]; indexedDB.databases().then(all => done(all.length))",
            vec![],
        );
        assert_eq!(databases.await.expect("a number"), json!(0));
        let here = |address: &str| {
            let host = address.split("://").nth(1).unwrap_or_default();
            let host = host.split(['/', ':']).next().unwrap_or_default();
            host == "127.0.0.1" || host.ends_with(".localhost")
        };
        let away: Vec<Loaded> =
            self.loaded().await.into_iter().filter(|one| !here(&one.address)).collect();
        assert!(away.is_empty(), "{away:#?}");
        let complaints = self.complaints().await;
        let meant = |one: &&String| one.contains("the server responded with a status of");
        let others: Vec<&String> = complaints.iter().filter(|one| !meant(one)).collect();
        assert!(others.is_empty(), "{others:#?}");
    }
}
