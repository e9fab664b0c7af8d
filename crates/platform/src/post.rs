//! The post: sends mail and text messages to people outside our pages, each once; trying again is the business of the job that sends it.

use std::{path::PathBuf, sync::Arc};

use domain::{customer::IdentifierKind, id::TenantId, time::Ts};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use letters::{
    mail::Smtp,
    message::{Failure, Message, Stamp},
    outbox,
    sms::Template,
};
use url::{Host, Url};

use crate::{
    egress::{Egress, Purpose, Target},
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
        outbox::forget(&self.0.outbox, |name| name.split_once('-').and_then(|(at, _)| at.parse().ok()).is_some_and(|at: i64| at <= before.0)).await
    }

    /// Sends a message once.
    pub async fn send(&self, tenant: TenantId, kind: IdentifierKind, stamp: &Stamp, message: &Message) -> Result<(), Failure> {
        let file = format!("{:013}-{}-{}", stamp.asked_at.0, stamp.id, kind.as_str());
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
    use super::*;

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
