//! The text of the letters that are sent to members of the staff.

use domain::{
    customer::IdentifierKind,
    id::{AgentId, TenantId},
    text::{Bilingual, Lang},
    time::Ts,
};
use http_kit::{App, addressed, problem::Problem};
use letters::{
    html::{self, Apart},
    message::Message,
    posted::Posted,
};
use platform::post;
use store::jobs::NewJob;

/// What a letter is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Letter {
    /// A link with which to choose a new password, in the language of the page on which it was asked for.
    Recovery(Lang, String),
    /// Somebody signed in from a network from which the member never did.
    NewNetwork {
        /// The address.
        from: String,
        /// When, in the company's time zone.
        at: String,
    },
}

/// To whom a letter goes.
pub struct Recipient {
    /// The member; what one member gets arrives in order.
    pub agent: AgentId,
    /// The address.
    pub email: String,
    /// Whether it is sent at all. What is done for a member is also done for a missing one, so that the time it takes reveals nothing.
    pub is_sent: bool,
}

/// The job that sends a letter in the company's name, to be stored with the change that the letter is about.
pub async fn job(app: &App, tenant: TenantId, to: Recipient, letter: Letter, until: Option<Ts>) -> Result<NewJob, Problem> {
    let company = store::tenants::get(&mut app.db().read_of(tenant).await?, tenant).await?.name;
    let message = write(&company, &addressed::base(app), to.email, &letter);
    let posted = Posted { kind: IdentifierKind::Email.as_str().to_owned(), message, until, is_sent: to.is_sent };
    post::job(app.env(), &app.sealer(), to.agent.uuid().as_bytes().to_vec(), &posted).map_err(|error| Problem::internal(&error))
}

fn write(company: &Bilingual, public_url: &str, to: String, letter: &Letter) -> Message {
    let page = format!("{public_url}/console/sessions");
    let (lang, apart, (subject, text)) = match letter {
        Letter::Recovery(lang, link) => (*lang, Apart::Link(link), recovery(company.get(*lang), *lang, link)),
        Letter::NewNetwork { from, at } => (Lang::Zh, Apart::Link(&page), new_network(company, from, at, &page)),
    };
    let html = html::page(lang, company.get(lang), &subject, &text, Some(apart));
    Message { html: Some(html), ..Message::new(to, subject, text) }
}

fn recovery(company: &str, lang: Lang, link: &str) -> (String, String) {
    match lang {
        Lang::Zh => (
            format!("重设你的{company}客服工作台密码"),
            format!("打开下面的链接，设置新密码。链接 1 小时内有效，只能用一次：\n\n{link}\n\n如非本人操作，忽略即可，密码不会变。"),
        ),
        Lang::En => (
            format!("Choose a new password for the {company} console"),
            format!(
                "Open this link to choose a new password. It works once, within one hour:\n\n{link}\n\nIf this was not you, ignore this message. Your password stays as it is."
            ),
        ),
    }
}

/// It is not known in which language the member reads, only in which somebody signed in.
fn new_network(company: &Bilingual, from: &str, at: &str, page: &str) -> (String, String) {
    let (zh, en) = (company.get(Lang::Zh), company.get(Lang::En));
    (
        format!("{zh}客服工作台有新的登录 / New sign-in to the {en} console"),
        format!(
            "你的账号于 {at} 从一个没有用过的网络（{from}）登录。是你本人就不用处理；不是你，马上退出那台设备并修改密码：\n\n\
             Your account was signed in to at {at} from a network it had not been used from before ({from}). If this was you, there is nothing to do. If not, \
             sign that device out and change your password right away:\n\n{page}"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_names_the_company_and_has_its_link_set_apart() {
        let company = Bilingual { zh: "临空".to_owned(), en: "Linkong".to_owned() };
        let link = "https://care.example.com/console/welcome#1";
        for (lang, named) in [(Lang::Zh, "重设你的临空客服工作台密码"), (Lang::En, "the Linkong console")] {
            let mail = write(&company, "https://care.example.com", "ada@example.com".to_owned(), &Letter::Recovery(lang, link.to_owned()));
            assert!(mail.subject.contains(named) && mail.text.contains(link), "{mail:?}");
            assert!(mail.html.unwrap().contains(&format!("<a href=\"{link}\">")));
        }
        let told = Letter::NewNetwork { from: "203.0.113.7".to_owned(), at: "2026-11-20 12:00".to_owned() };
        let mail = write(&company, "https://care.example.com", "ada@example.com".to_owned(), &told);
        for part in ["203.0.113.7", "2026-11-20 12:00", "https://care.example.com/console/sessions", "临空"] {
            assert!(format!("{} {}", mail.subject, mail.text).contains(part), "{part}");
        }
    }
}
