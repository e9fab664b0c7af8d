//! The letters to members about what others do for them: an invitation, and another address to sign in with.

use domain::{
    customer::{Identifier, IdentifierKind},
    id::{AgentId, TenantId},
    job::JobKind,
    text::{Bilingual, Lang},
    time::{DAY, Ts},
};
use http_kit::{
    App,
    auth::{attempts::Limit, mailboxes, tally::Tally},
    problem::Problem,
};
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

/// Requests of a company by which letters are sent to people it names: whoever opened one must not have us write to the whole world.
const BY_MAIL: Limit = Limit { tries: 40, within_ms: DAY };

/// Counts a request that has letters sent, or refuses one too many.
pub async fn take_request(app: &App, tenant: TenantId) -> Result<(), Problem> {
    let letters = Tally::new("invitations by mail", &app.in_memory().invitations, app.cluster().redis());
    letters.take(&tenant.to_string(), BY_MAIL, app.env().now()).await.map_err(Problem::too_many)
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
///
/// # Errors
/// If too many letters go to this address.
pub async fn job(app: &App, tenant: TenantId, lang: Lang, to: Invitee<'_>) -> Result<NewJob, Problem> {
    mailboxes::take_letter_to(app, &Identifier::stored(to.email.to_owned())).await?;
    let company = store::tenants::get(&mut app.db().read_of(tenant).await?, tenant).await?.name;
    let message = write(&company, lang, to.email, to.link);
    letter_job(app, to.agent, message, Some(to.until))
}

/// The job that tells a member at their old address that they sign in with another one now.
///
/// # Errors
/// If the company has too many letters sent.
pub async fn job_of_new_address(app: &App, tenant: TenantId, agent: AgentId, old: &str, new: &str) -> Result<NewJob, Problem> {
    take_request(app, tenant).await?;
    let company = store::tenants::get(&mut app.db().read_of(tenant).await?, tenant).await?.name;
    letter_job(app, agent, of_new_address(&company, old, new), None)
}

fn letter_job(app: &App, agent: AgentId, message: Message, until: Option<Ts>) -> Result<NewJob, Problem> {
    let id = app.env().uuid();
    let posted = Posted { kind: IdentifierKind::Email.as_str().to_owned(), message, until, is_sent: true };
    let json = serde_json::to_vec(&posted).map_err(|error| Problem::internal(&error))?;
    let payload = app.sealer().seal(id.as_bytes(), &json).map_err(|error| Problem::internal(&error))?;
    Ok(NewJob { id, kind: JobKind::Letter, lane: agent.uuid().as_bytes().to_vec(), payload })
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

/// It is not known in which language the member reads.
fn of_new_address(company: &Bilingual, old: &str, new: &str) -> Message {
    let (zh, en) = (company.get(Lang::Zh), company.get(Lang::En));
    // Whoever reads the old mailbox now need not be the member.
    let new = Identifier::stored(new.to_owned()).masked();
    let subject = format!("{zh}客服工作台的登录邮箱已更改 / Your sign-in address for the {en} console has changed");
    let text = format!(
        "你登录{zh}客服工作台的邮箱已改为 {new}，以后用新邮箱登录。如果你不知道这次更改，马上联系公司的管理员。\n\n\
         The address with which you sign in to the {en} console is now {new}. Use it from now on. If you did not expect this, contact an administrator of your \
         company right away."
    );
    let html = html::page(Lang::Zh, zh, &subject, &text, None);
    Message { html: Some(html), ..Message::new(old, subject, text) }
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

    #[test]
    fn the_letter_about_a_new_address_names_it_masked_in_both_languages() {
        let company = Bilingual { zh: "临空".to_owned(), en: "Linkong".to_owned() };
        let mail = of_new_address(&company, "ada@example.com", "lovelace@example.com");
        assert_eq!(mail.text.matches("l***@example.com").count(), 2, "{mail:?}");
        assert!(mail.subject.contains("临空") && mail.subject.contains("Linkong") && !format!("{mail:?}").contains("lovelace"), "{mail:?}");
    }
}
