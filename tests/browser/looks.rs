//! How a state of a page looks, and what axe finds in it.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::driver::Browser;

const AXE: &str = include_str!("axe/axe.min.js");

/// Without what lies in frames, which is looked at from inside.
const RUN: &str = "
    const done = arguments[0];
    axe.run(document, { iframes: false }).then(
        found => done(found.violations.map(one =>
            one.id + ': ' + one.help + '\\n    '
            + one.nodes.map(node => node.html + ' ' + node.failureSummary).join('\\n    '))),
        error => done([String(error)]))";

impl Browser {
    /// Looks at what is shown on a phone, in dark too, and on a computer; narrower still, nothing
    /// may stick out. The pictures are named after the state.
    pub async fn look_at(&self, state: &str) {
        let mut faults = Vec::new();
        self.size(320, 640).await;
        if !self.fits().await {
            self.picture(&format!("{state}-320")).await;
            faults.push("at 320: something sticks out".to_string());
        }
        for (width, height, is_dark, name) in
            [(360, 740, false, "360"), (360, 740, true, "360-dark"), (1280, 800, false, "1280")]
        {
            self.size(width, height).await;
            self.dark(is_dark).await;
            let whole = self.cdp("Page.getLayoutMetrics", json!({})).await;
            let whole = whole["cssContentSize"]["height"].as_f64().expect("a height") as u32;
            // Grown rather than scrolled, so that what lies in frames is drawn too.
            self.size(width, whole.max(height)).await;
            self.picture(&format!("{state}-{name}")).await;
            self.size(width, height).await;
            faults
                .extend(self.audit().await.into_iter().map(|fault| format!("at {name}: {fault}")));
        }
        self.cdp("Emulation.clearDeviceMetricsOverride", json!({})).await;
        assert!(faults.is_empty(), "{state}:\n{}", faults.join("\n"));
    }

    /// Whether nothing sticks out sideways.
    pub async fn fits(&self) -> bool {
        self.text_of(STICKS_OUT).await == "false"
    }

    /// How it comes out of a printer.
    pub async fn look_at_print(&self, state: &str) {
        self.size(794, 1123).await;
        self.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
        self.picture(&format!("{state}-print")).await;
        self.cdp("Emulation.setEmulatedMedia", json!({ "media": "" })).await;
        self.cdp("Emulation.clearDeviceMetricsOverride", json!({})).await;
    }

    /// As somebody sees it who has switched JavaScript off; axe needs it, and switches it on again
    /// when the page is there.
    pub async fn scripts_run(&self, run: bool) {
        self.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": !run })).await;
    }

    /// What axe finds, each with the places.
    pub async fn audit(&self) -> Vec<String> {
        self.scripts_run(true).await;
        if self.text_of("return String('axe' in window)").await == "false" {
            self.execute(AXE, vec![]).await.expect("axe");
        }
        let found = self.execute_async(RUN, vec![]).await.expect("findings");
        serde_json::from_value(found).expect("a list of texts")
    }

    async fn picture(&self, name: &str) {
        let taken = self.cdp("Page.captureScreenshot", json!({})).await;
        save(name, &taken["data"]).expect("a picture in a file");
    }
}

/// Base64 as the driver gives it, into a file.
pub fn save(name: &str, picture: &Value) -> std::io::Result<()> {
    let picture = STANDARD.decode(picture.as_str().unwrap_or_default());
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/browser");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(format!("{name}.png")), picture.map_err(std::io::Error::other)?)
}

const STICKS_OUT: &str = "return String(document.documentElement.scrollWidth > innerWidth)";
