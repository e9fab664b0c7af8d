//! E-mail over SMTP, encrypted.

use std::time::{Duration, SystemTime};

use domain::mail_address::MailAddress;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message as Mail, Tokio1Executor,
    message::{
        Attachment as AttachedPart, Mailbox, MultiPart, MultiPartBuilder, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
        extension::ClientId,
    },
};
use serde::{Deserialize, Serialize};

use crate::message::{Attachment, Failure, Message, Stamp, one_line};

/// The time limit for an exchange with the server.
const WITHIN: Duration = Duration::from_secs(20);

/// Says that a program sent the mail by itself (RFC 3834), so that nothing answers it by itself.
const AUTO_SUBMITTED: (HeaderName, &str) = (HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated");
/// The same for Exchange, which does not look at the other.
const SUPPRESS: (HeaderName, &str) = (HeaderName::new_from_ascii_str("X-Auto-Response-Suppress"), "All");

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
    sender: Sender,
}

/// In whose name mail is sent.
#[derive(Clone)]
struct Sender {
    from: Mailbox,
    host: String,
}

impl Smtp {
    /// Creates a sender that introduces itself as `own_host`: the name by which this installation is known, or its address in brackets. Fails if the sender
    /// address is invalid, or the server has no name that can be verified.
    pub fn new(server: &Server, own_host: &str) -> Result<Self, Failure> {
        let from = server.from.parse().map_err(|error| Failure::Refused(format!("`from`: {error}")))?;
        let parameters = || TlsParameters::new(server.host.clone()).map_err(|error| Failure::Refused(format!("`host`: {error}")));
        let tls = match server.encryption {
            Encryption::Tls => Tls::Wrapper(parameters()?),
            Encryption::Starttls => Tls::Required(parameters()?),
            Encryption::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host).port(server.port).tls(tls).timeout(Some(WITHIN));
        builder = builder.hello_name(ClientId::Domain(own_host.to_owned()));
        if let Some((name, password)) = &server.credentials {
            builder = builder.credentials(Credentials::new(name.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build(), sender: Sender { from, host: own_host.to_owned() } })
    }

    /// Submits a message.
    pub async fn send(&self, stamp: &Stamp, message: &Message) -> Result<(), Failure> {
        let mail = compose(&self.sender, stamp, message)?;
        match self.transport.send(mail).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(Failure::Refused(error.to_string())),
            Err(error) => Err(Failure::NotNow(error.to_string())),
        }
    }
}

/// The mail as it is submitted, in UTF-8: byte for byte the same at each attempt.
fn compose(sender: &Sender, stamp: &Stamp, message: &Message) -> Result<Mail, Failure> {
    message.attachments_fit()?;
    let refused = |error: &dyn std::fmt::Display| Failure::Refused(error.to_string());
    // Hosts are known to each other by their names in ASCII.
    let address = MailAddress::parse(&message.to);
    let to = address.as_ref().and_then(MailAddress::wire).unwrap_or(&message.to);
    let to: Mailbox = to.parse().map_err(|error| refused(&error))?;
    let mut mail = Mail::builder()
        .from(sender.from.clone())
        .to(to)
        .subject(one_line(&message.subject))
        .date(SystemTime::UNIX_EPOCH + Duration::from_millis(stamp.asked_at.0.max(0).unsigned_abs()))
        .message_id(Some(format!("<{}@{}>", stamp.id, sender.host)));
    for (name, value) in [AUTO_SUBMITTED, SUPPRESS] {
        mail = mail.raw_header(HeaderValue::new(name, value.to_owned()));
    }
    let page = message.html.as_ref().map(|html| SinglePart::html(html.clone()));
    let words = page.map(|page| with_boundary(MultiPart::alternative(), "words", stamp).singlepart(plain(&message.text)).singlepart(page));
    let composed = match (words, &message.attachments[..]) {
        (None, []) => mail.singlepart(plain(&message.text)),
        (Some(words), []) => mail.multipart(words),
        (words, attachments) => {
            let all = with_boundary(MultiPart::mixed(), "all", stamp);
            let mut all = match words {
                Some(words) => all.multipart(words),
                None => all.singlepart(plain(&message.text)),
            };
            for attachment in attachments {
                all = all.singlepart(attachment_part(attachment)?);
            }
            mail.multipart(all)
        }
    };
    composed.map_err(|error| refused(&error))
}

/// Parts with a boundary that is the same at each attempt and that nobody else knows.
fn with_boundary(parts: MultiPartBuilder, which: &str, stamp: &Stamp) -> MultiPartBuilder {
    parts.boundary(format!("{which}-{}", stamp.id))
}

fn plain(text: &str) -> SinglePart {
    SinglePart::plain(text.to_owned())
}

fn attachment_part(Attachment { name, media_type, bytes }: &Attachment) -> Result<SinglePart, Failure> {
    let media_type = ContentType::parse(media_type).map_err(|_| Failure::Refused("an attachment's media type is malformed".to_owned()))?;
    Ok(AttachedPart::new(one_line(name)).body(bytes.clone(), media_type))
}

#[cfg(test)]
mod tests {
    use domain::time::Ts;
    use tokio::{
        io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
        net::TcpListener,
    };

    use super::*;
    use crate::message::MAX_ATTACHED;

    fn message(to: &str) -> Message {
        Message::new(to, "验证码\r\nBcc: eve@example.com", "您的验证码是 123456")
    }
    fn stamp() -> Stamp {
        Stamp { id: "0190a1b2".to_owned(), asked_at: Ts(1_784_000_000_000) }
    }
    fn sender() -> Sender {
        Sender { from: "service@example.com".parse().unwrap(), host: "care.example.com".to_owned() }
    }
    /// The mail as it is submitted, with the line ends of its encoding taken away.
    fn formatted(message: &Message) -> String {
        String::from_utf8(compose(&sender(), &stamp(), message).unwrap().formatted()).unwrap().replace("=\r\n", "").replace("\r\n", "\n")
    }
    fn server(port: u16) -> Server {
        let from = "临空通信 <service@example.com>".to_owned();
        Server { host: "127.0.0.1".to_owned(), port, encryption: Encryption::None, credentials: None, from }
    }

    #[test]
    fn a_line_break_in_a_subject_adds_no_header() {
        let text = formatted(&message("ada@example.com"));
        assert!(!text.contains("\nBcc") && text.contains("To: ada@example.com") && text.contains("charset=utf-8"), "{text}");
    }

    #[test]
    fn a_host_is_named_in_ascii() {
        for to in ["bob@bücher.example", "bob@xn--bcher-kva.example"] {
            let mail = compose(&sender(), &stamp(), &message(to)).unwrap();
            let to: Vec<String> = mail.envelope().to().iter().map(ToString::to_string).collect();
            assert_eq!(to, ["bob@xn--bcher-kva.example"]);
            assert!(String::from_utf8(mail.formatted()).unwrap().contains("To: bob@xn--bcher-kva.example"));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert!(matches!(compose(&sender(), &stamp(), &message("nobody")), Err(Failure::Refused(_))));
        assert!(matches!(Smtp::new(&Server { from: "nobody".to_owned(), ..server(25) }, "care.example.com"), Err(Failure::Refused(_))));
    }

    #[test]
    fn a_mail_says_what_it_is_and_is_the_same_at_each_attempt() {
        let mut message = Message::new("ada@example.com", "Your code", "Your code is 123456.");
        message.html = Some("<p>Your code is 123456.</p>".to_owned());
        message.attach(Attachment { name: "a.txt".to_owned(), media_type: "text/plain".to_owned(), bytes: b"a".to_vec() }).unwrap();
        let text = formatted(&message);
        for header in [
            "Message-ID: <0190a1b2@care.example.com>\n",
            "Date: Tue, 14 Jul 2026 03:33:20 +0000\n",
            "Auto-Submitted: auto-generated\n",
            "X-Auto-Response-Suppress: All\n",
        ] {
            assert!(text.contains(header), "{header}{text}");
        }
        assert!(!text.contains("\nList-"), "{text}");
        assert_eq!(formatted(&message), text);
    }

    #[test]
    fn the_text_comes_before_the_page_and_the_files_after_both() {
        let mut message = Message::new("ada@example.com", "Your bill", "It is attached.");
        message.html = Some("<p>It is attached.</p>".to_owned());
        let order = |text: &str, parts: &[&str]| {
            let at: Vec<usize> = parts.iter().map(|part| text.find(part).unwrap_or_else(|| panic!("{part} in {text}"))).collect();
            assert!(at.is_sorted(), "{text}");
        };
        let words = ["multipart/alternative", "text/plain", "\nIt is attached.", "text/html", "<p>It is attached.</p>"];
        let text = formatted(&message);
        order(&text, &words);
        assert!(!text.contains("multipart/mixed"));
        message.attach(Attachment { name: "账单\r\nX: y.pdf".to_owned(), media_type: "application/pdf".to_owned(), bytes: vec![0xff; 3] }).unwrap();
        let text = formatted(&message);
        order(&text, &["multipart/mixed", words[0], words[1], words[3], words[4], "Content-Disposition: attachment", "application/pdf", "\n////"]);
        assert!(!text.contains("\nX: y"), "{text}");
        message.html = None;
        let text = formatted(&message);
        order(&text, &["multipart/mixed", "text/plain", "\nIt is attached.", "application/pdf"]);
        assert!(!text.contains("multipart/alternative"));
    }

    #[test]
    fn attachments_that_are_too_large_or_of_no_type_are_refused() {
        let file = |media_type: &str, bytes: usize| Attachment { name: "a".to_owned(), media_type: media_type.to_owned(), bytes: vec![0; bytes] };
        for (attachment, says) in [(file("application/pdf", MAX_ATTACHED + 1), "at most 10485760"), (file("pdf", 1), "media type")] {
            let message = Message { attachments: vec![attachment], ..message("ada@example.com") };
            let refused = compose(&sender(), &stamp(), &message).unwrap_err();
            assert!(matches!(&refused, Failure::Refused(why) if why.contains(says)), "{refused}");
        }
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
            let smtp = Smtp::new(&server(listener.local_addr().unwrap().port()), "care.example.com").unwrap();
            let message = message("ada@example.com");
            let (taken, sent) = tokio::join!(take_one(listener, verdict), async {
                let sent = smtp.send(&stamp(), &message).await;
                smtp.transport.shutdown().await;
                sent
            });
            assert_eq!((sent.is_ok(), matches!(sent, Err(Failure::Refused(_)))), (fine, refused), "{verdict} {sent:?}");
            assert!(taken.starts_with("EHLO care.example.com\n") && taken.contains("RCPT TO:<ada@example.com>"), "{taken}");
        }
    }
}
