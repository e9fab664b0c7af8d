//! E-mail over SMTP, encrypted.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message as Mail, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use serde::{Deserialize, Serialize};

use crate::message::{Failure, Message, one_line};

/// The time limit for an exchange with the server.
const WITHIN: Duration = Duration::from_secs(20);

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// Encrypted from the first byte (RFC 8314, usually port 465).
    #[default]
    Tls,
    /// Encrypted by STARTTLS, or not sent at all (RFC 3207, usually port 587).
    Starttls,
    /// Not encrypted. For a server on this machine.
    None,
}

/// The server to which mail is submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The host name of the server.
    pub host: String,
    /// The port of the server.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// The user name and the password; `None` to submit mail without signing in.
    pub credentials: Option<(String, String)>,
    /// The sender of the mail, e.g. `Linkong Telecom <service@example.com>`.
    pub from: String,
}

/// Submits mail to a server. Cheap to clone.
#[derive(Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// Creates a sender; fails if the sender address is invalid, or the server has no name that can be verified.
    pub fn new(server: &Server) -> Result<Self, Failure> {
        let from = server.from.parse().map_err(|error| Failure::Refused(format!("`from`: {error}")))?;
        let parameters = || TlsParameters::new(server.host.clone()).map_err(|error| Failure::Refused(format!("`host`: {error}")));
        let tls = match server.encryption {
            Encryption::Tls => Tls::Wrapper(parameters()?),
            Encryption::Starttls => Tls::Required(parameters()?),
            Encryption::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host).port(server.port).tls(tls).timeout(Some(WITHIN));
        if let Some((name, password)) = &server.credentials {
            builder = builder.credentials(Credentials::new(name.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build(), from })
    }

    /// Submits a message.
    pub async fn send(&self, message: &Message) -> Result<(), Failure> {
        let mail = compose(&self.from, message)?;
        match self.transport.send(mail).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(Failure::Refused(error.to_string())),
            Err(error) => Err(Failure::NotNow(error.to_string())),
        }
    }
}

/// The mail as it is submitted: plain text in UTF-8.
fn compose(from: &Mailbox, message: &Message) -> Result<Mail, Failure> {
    let refused = |error: &dyn std::fmt::Display| Failure::Refused(error.to_string());
    let to: Mailbox = message.to.parse().map_err(|error| refused(&error))?;
    Mail::builder()
        .from(from.clone())
        .to(to)
        .subject(one_line(&message.subject))
        .header(ContentType::TEXT_PLAIN)
        .body(message.text.clone())
        .map_err(|error| refused(&error))
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
        net::TcpListener,
    };

    use super::*;

    fn message(to: &str) -> Message {
        Message { to: to.to_owned(), subject: "验证码\r\nBcc: eve@example.com".to_owned(), text: "您的验证码是 123456".to_owned() }
    }
    fn server(port: u16) -> Server {
        let from = "临空通信 <service@example.com>".to_owned();
        Server { host: "127.0.0.1".to_owned(), port, encryption: Encryption::None, credentials: None, from }
    }

    #[test]
    fn a_line_break_in_a_subject_adds_no_header() {
        let mail = compose(&"service@example.com".parse().unwrap(), &message("ada@example.com")).unwrap();
        let text = String::from_utf8(mail.formatted()).unwrap();
        assert!(!text.contains("\r\nBcc") && text.contains("To: ada@example.com") && text.contains("charset=utf-8"), "{text}");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert!(matches!(compose(&"a@example.com".parse().unwrap(), &message("nobody")), Err(Failure::Refused(_))));
        assert!(matches!(Smtp::new(&Server { from: "nobody".to_owned(), ..server(25) }), Err(Failure::Refused(_))));
    }

    /// Accepts one mail; answers RCPT with `verdict`.
    async fn take_one(listener: TcpListener, verdict: &'static str) -> String {
        let (mut socket, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = socket.split();
        let (mut lines, mut taken, mut in_data) = (BufReader::new(reader).lines(), String::new(), false);
        writer.write_all(b"220 test\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            taken.push_str(&line);
            taken.push('\n');
            let answer = match &line[..] {
                "." => {
                    in_data = false;
                    "250 taken\r\n"
                }
                _ if in_data => continue,
                "DATA" => {
                    in_data = true;
                    "354 go on\r\n"
                }
                "QUIT" => break,
                line if line.starts_with("RCPT") => verdict,
                _ => "250 fine\r\n",
            };
            writer.write_all(answer.as_bytes()).await.unwrap();
        }
        taken
    }

    #[tokio::test]
    async fn mail_is_handed_in_and_a_refusal_is_told_from_a_bad_moment() {
        for (verdict, fine, refused) in [("250 fine\r\n", true, false), ("550 no such person\r\n", false, true), ("451 later\r\n", false, false)] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let smtp = Smtp::new(&server(listener.local_addr().unwrap().port())).unwrap();
            let message = message("ada@example.com");
            let (taken, sent) = tokio::join!(take_one(listener, verdict), async {
                let sent = smtp.send(&message).await;
                smtp.transport.shutdown().await;
                sent
            });
            assert_eq!((sent.is_ok(), matches!(sent, Err(Failure::Refused(_)))), (fine, refused), "{verdict} {sent:?}");
            assert!(taken.contains("RCPT TO:<ada@example.com>"), "{taken}");
        }
    }
}
