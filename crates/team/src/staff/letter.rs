//! The letter that brings an invitation.

use domain::{
    customer::IdentifierKind,
    id::{AgentId, TenantId},
    job::JobKind,
    text::{Bilingual, Lang},
    time::Ts,
};
use http_kit::{App, problem::Problem};
use letters::{
    html::{self, Apart},
    message::Message,
    posted::Posted,
};
use platform::settings::MailRoute;
use store::jobs::NewJob;

/// Whether mail leaves this installation; otherwise links have to be handed over by other means.
pub fn is_mail_set_up(app: &App) -> bool {
    matches!(app.settings().mail, MailRoute::Smtp(_))
}

/// Who is invited, and by which link.
pub struct Invitee<'i> {
    /// The member; what one member gets arrives in order.
    pub agent: AgentId,
    /// The address.
    pub email: &'i str,
    /// The link.
    pub link: &'i str,
    /// Until when the link can be used.
    pub until: Ts,
}

/// The job that sends an invitation in the company's name, to be stored with the member.
pub async fn job(app: &App, tenant: TenantId, lang: Lang, to: Invitee<'_>) -> Result<NewJob, Problem> {
    let company = store::tenants::get(&mut app.db().read().await?, tenant).await?.name;
    let message = write(&company, lang, to.email, to.link);
    let id = app.env().uuid();
    let posted = Posted { kind: IdentifierKind::Email.as_str().to_owned(), message, until: Some(to.until), is_sent: true };
    let json = serde_json::to_vec(&posted).map_err(|error| Problem::internal(&error))?;
    let payload = app.sealer().seal(id.as_bytes(), &json).map_err(|error| Problem::internal(&error))?;
    Ok(NewJob { id, kind: JobKind::Letter, lane: to.agent.uuid().as_bytes().to_vec(), payload })
}

fn write(company: &Bilingual, lang: Lang, to: &str, link: &str) -> Message {
    let company = company.get(lang);
    let (subject, text) = match lang {
        Lang::Zh => (
            format!("{company}邀请你加入客服工作台"),
            format!(
                "{company}的同事邀请你使用客服工作台。打开下面的链接，设置密码后即可登录。链接 7 天内有效，只能用一次：\n\n{link}\n\n如果不认识邀请你的公司，忽略即可。"
            ),
        ),
        Lang::En => (
            format!("{company} invites you to its customer service console"),
            format!(
                "A colleague at {company} invites you to the customer service console. Open this link, choose a password, and you are signed in. It works once, \
                 within 7 days:\n\n{link}\n\nIf you do not know this company, ignore this message."
            ),
        ),
    };
    let html = html::page(lang, company, &subject, &text, Some(Apart::Link(link)));
    Message { html: Some(html), ..Message::new(to, subject, text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_names_the_company_in_the_readers_language_and_has_the_link_set_apart() {
        let company = Bilingual { zh: "临空".to_owned(), en: "Linkong".to_owned() };
        let link = "https://care.example.com/console/welcome#1";
        for (lang, named) in [(Lang::Zh, "临空邀请你"), (Lang::En, "Linkong invites you")] {
            let mail = write(&company, lang, "ada@example.com", link);
            assert!(mail.subject.contains(named) && mail.text.contains(link), "{mail:?}");
            assert!(mail.html.unwrap().contains(&format!("<a href=\"{link}\">")));
        }
    }
}
