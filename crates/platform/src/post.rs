//! The post: sends mail and text messages to people outside our pages, each once; trying again is the business of the job that sends it.

use std::{path::PathBuf, sync::Arc};

use domain::{customer::IdentifierKind, id::TenantId, job::JobKind, time::Ts};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use letters::{
    mail::Smtp,
    message::{Failure, Message, Stamp},
    outbox,
    posted::Posted,
    sms::Template,
};
use seal::{CannotSeal, Sealer};
use store::jobs::NewJob;
use url::{Host, Url};

use crate::{
    egress::{Egress, Purpose, Target},
    env::Env,
    settings::{MailRoute, Settings, SmsRoute},
};

enum Mail {
    File,
    Console,
    Smtp(Box<Smtp>),
}

enum Sms {
    File,
    Console,
    Gateway(Box<Gateway>),
}

struct Gateway {
    target: Target,
    template: Template,
    headers: HeaderMap,
}

struct Parts {
    mail: Mail,
    sms: Sms,
    outbox: PathBuf,
    egress: Egress,
}

/// The job that sends a letter, to be stored with the change that the letter is about. Letters in one lane arrive in order.
pub fn job(env: &Env, sealer: &Sealer, lane: Vec<u8>, letter: &Posted) -> Result<NewJob, CannotSeal> {
    let id = env.uuid();
    let json = serde_json::to_vec(letter).map_err(|_| CannotSeal)?;
    Ok(NewJob { id, kind: JobKind::Letter, lane, payload: sealer.seal(id.as_bytes(), &json)? })
}

/// Sends messages. Cheap to clone.
#[derive(Clone)]
pub struct Post(Arc<Parts>);

impl Post {
    /// Creates the post from the settings; an error names what is wrong with them.
    pub fn new(settings: &Settings, egress: Egress) -> Result<Self, Failure> {
        let mail = match &settings.mail {
            MailRoute::File => Mail::File,
            MailRoute::Console => Mail::Console,
            MailRoute::Smtp(server) => Mail::Smtp(Box::new(Smtp::new(server, &own_host(&settings.public_url))?)),
        };
        let sms = match &settings.sms {
            SmsRoute::File => Sms::File,
            SmsRoute::Console => Sms::Console,
            SmsRoute::Gateway { url, template, authorization } => {
                let target = egress.target(url).map_err(|error| Failure::Refused(format!("the gateway's address: {error}")))?;
                let mut headers = HeaderMap::new();
                if let Some(value) = authorization {
                    let value = HeaderValue::from_str(value).map_err(|_| Failure::Refused("`authorization` is not a valid header value".to_owned()))?;
                    headers.insert(header::AUTHORIZATION, value);
                }
                Sms::Gateway(Box::new(Gateway { target, template: Template::parse(template)?, headers }))
            }
        };
        Ok(Self(Arc::new(Parts { mail, sms, outbox: settings.data.join("outbox"), egress })))
    }

    /// Deletes message files that were written before a time.
    pub async fn forget(&self, before: Ts) -> std::io::Result<()> {
        outbox::forget(&self.0.outbox, |name| written_at(name).is_some_and(|at| at <= before)).await
    }

    /// Deletes the message files of a company. Those of earlier releases do not name theirs: they are deleted as they age.
    pub async fn forget_company(&self, tenant: TenantId) -> std::io::Result<()> {
        outbox::forget(&self.0.outbox, |name| is_of(name, tenant)).await
    }

    /// Deletes the message files to any of these recipients; returns how many there were.
    pub async fn forget_to(&self, recipients: &[String]) -> std::io::Result<u64> {
        outbox::forget_to(&self.0.outbox, recipients).await
    }

    /// Sends a message once.
    pub async fn send(&self, tenant: TenantId, kind: IdentifierKind, stamp: &Stamp, message: &Message) -> Result<(), Failure> {
        let file = file_name(tenant, stamp, kind);
        match kind {
            IdentifierKind::Email => match &self.0.mail {
                Mail::File => self.keep(&file, "mail", message).await,
                Mail::Console => {
                    show(message);
                    Ok(())
                }
                Mail::Smtp(smtp) => smtp.send(stamp, message).await,
            },
            IdentifierKind::Mobile => match &self.0.sms {
                Sms::File => self.keep(&file, "sms", message).await,
                Sms::Console => {
                    show(message);
                    Ok(())
                }
                Sms::Gateway(gateway) => self.hand_in(tenant, &gateway.target, gateway.headers.clone(), gateway.template.body(message)).await,
            },
        }
    }

    async fn hand_in(&self, tenant: TenantId, target: &Target, headers: HeaderMap, body: Vec<u8>) -> Result<(), Failure> {
        let reply = self.0.egress.post(tenant, Purpose::Sms, target, headers, body.into()).await;
        match reply.map_err(|failure| Failure::NotNow(failure.code().to_owned()))?.status {
            status if status.is_success() => Ok(()),
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => Err(Failure::NotNow(status.to_string())),
            status => Err(Failure::Refused(status.to_string())),
        }
    }

    async fn keep(&self, file: &str, section: &str, message: &Message) -> Result<(), Failure> {
        let path = outbox::write(&self.0.outbox, file, message).await?;
        tell(&format!("a message is in {} (set up [{section}] to have it sent)", path.display()));
        Ok(())
    }
}

/// The name of a message's file: when it was asked for, by which it is sorted, whose it is, which one it is, and what.
fn file_name(tenant: TenantId, stamp: &Stamp, kind: IdentifierKind) -> String {
    format!("{:013}-{}-{}-{}", stamp.asked_at.0, tenant.uuid().as_simple(), stamp.id, kind.as_str())
}

/// When the message in a file with this name was asked for.
fn written_at(name: &str) -> Option<Ts> {
    name.split_once('-').and_then(|(at, _)| at.parse().ok()).map(Ts)
}

/// Whether the message in a file with this name is from this company.
fn is_of(name: &str, tenant: TenantId) -> bool {
    name.split('-').nth(1) == Some(tenant.uuid().as_simple().to_string().as_str())
}

/// The host at which this installation is reached, as mail servers write it: a name, or an address in brackets (RFC 5321, 4.1.3).
fn own_host(public_url: &str) -> String {
    match Url::parse(public_url).ok().as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name.to_owned(),
        Some(Host::Ipv4(v4)) => format!("[{v4}]"),
        Some(Host::Ipv6(v6)) => format!("[IPv6:{v6}]"),
        None => "localhost".to_owned(),
    }
}

/// Prints the whole message on the console.
fn show(message: &Message) {
    tell(&format!("---\n{}---", outbox::readable(message)));
}

/// Prints a line for whoever watches the console. It bypasses the log, which is kept and read by others.
fn tell(line: &str) {
    use std::io::Write as _;
    // A missing console is no reason to stop.
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_name_of_a_file_says_whose_message_it_is_and_from_when() {
        let [one, another] = [1, 2].map(|n| TenantId::new(Uuid::from_u128(n)));
        let stamp = Stamp { id: Uuid::from_u128(3).as_simple().to_string(), asked_at: Ts(1_784_000_000_000) };
        let name = file_name(one, &stamp, IdentifierKind::Email);
        assert_eq!((written_at(&name), is_of(&name, one), is_of(&name, another)), (Some(stamp.asked_at), true, false));
        let earlier = format!("{:013}-{}-email", stamp.asked_at.0, stamp.id);
        assert_eq!((written_at(&earlier), is_of(&earlier, one)), (Some(stamp.asked_at), false));
        assert_eq!((written_at("notes"), is_of("notes", one)), (None, false));
    }

    #[test]
    fn the_own_host_is_the_one_of_the_public_address() {
        for (url, host) in [
            ("https://care.example.com/", "care.example.com"),
            ("https://例子.中国", "xn--fsqu00a.xn--fiqs8s"),
            ("http://127.0.0.1:8080", "[127.0.0.1]"),
            ("http://[::1]:8080", "[IPv6:::1]"),
            ("", "localhost"),
        ] {
            assert_eq!(own_host(url), host, "{url}");
        }
    }
}
