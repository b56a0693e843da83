//! Mail that goes out, where an SMTP server is set. Never inside a transaction: mail that is sent
//! can't be rolled back.

use std::sync::Arc;
use std::time::Duration;

use lettre::message::{Mailbox, header};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The way out for mail, if there is one.
#[derive(Clone, Default)]
pub enum Mailer {
    /// No server is set: what would be sent is told instead.
    #[default]
    Off,
    Smtp(Arc<Smtp>),
}

pub struct Smtp {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// One mail, to one or several.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Name and address.
    pub to: Vec<(String, String)>,
    pub subject: String,
    pub text: String,
}

/// Why a mail did not go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsent {
    /// The server said no to this one.
    Refused,
    /// The server can't be reached, or doesn't let us in: no other mail goes out either.
    Unreachable,
}

impl Mailer {
    /// With the server's address as `smtps://user:password@host`, or `smtp://host?tls=required`
    /// for STARTTLS, and the address that mail comes from.
    pub fn smtp(url: &str, from: &str) -> Result<Mailer, String> {
        // What lettre says may hold the password.
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| "smtp:// or smtps:// and a host are expected".to_string())?;
        let from = from.parse().map_err(|_| "a mail address is expected".to_string())?;
        let server = builder.timeout(Some(PATIENCE)).build();
        Ok(Mailer::Smtp(Arc::new(Smtp { server, from })))
    }

    pub fn is_on(&self) -> bool {
        matches!(self, Mailer::Smtp(_))
    }

    pub async fn send(&self, mail: &Mail) -> Result<(), Unsent> {
        let Mailer::Smtp(smtp) = self else { return Err(Unsent::Unreachable) };
        let message = smtp.message(mail).ok_or(Unsent::Refused)?;
        match smtp.server.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => {
                // Without its text, in which the address stands.
                let status = error.status().map(|code| code.to_string());
                tracing::warn!(status, timeout = error.is_timeout(), "a mail was not sent");
                let said_no = error.is_permanent() || error.is_transient();
                Err(if said_no { Unsent::Refused } else { Unsent::Unreachable })
            }
        }
    }
}

impl Smtp {
    fn message(&self, mail: &Mail) -> Option<Message> {
        let mut message = Message::builder().from(self.from.clone());
        for (name, address) in &mail.to {
            let address: Address = address.parse().ok()?;
            message = message.to(Mailbox::new(Some(name.clone()), address));
        }
        let message = message.subject(mail.subject.clone()).header(header::ContentType::TEXT_PLAIN);
        message.body(mail.text.clone()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_and_a_sender_are_needed() {
        let from = "Maaltal <maaltal@example.dk>";
        for url in ["smtp://localhost:25", "smtps://user:secret@mail.example.dk"] {
            assert!(Mailer::smtp(url, from).is_ok(), "{url}");
        }
        for (url, from) in [("http://localhost", from), ("", from), ("smtp://localhost", "nobody")]
        {
            assert!(Mailer::smtp(url, from).is_err(), "{url} {from}");
        }
        let wrong = Mailer::smtp("https://user:secret@mail.example.dk", from).err();
        assert!(!wrong.expect("a refusal").contains("secret"));
    }
}
