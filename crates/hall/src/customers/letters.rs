//! The text of the letters that are sent to customers.

use domain::{
    customer::{CODE_MS, Identifier, IdentifierKind},
    id::TenantId,
    text::Lang,
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
    /// A code to type.
    Code(String),
    /// A link with which to choose a new password.
    Reset(String),
    /// Somebody is registering with an address or number that already has an account.
    Already,
    /// The address or number that the customer signed in with has been replaced.
    Replaced,
}

impl Letter {
    /// How long the recipient can use it, in milliseconds; `None` if it says something that stays true.
    const fn lasts_ms(&self) -> Option<i64> {
        match self {
            Self::Code(_) | Self::Reset(_) => Some(CODE_MS),
            Self::Already | Self::Replaced => None,
        }
    }
}

/// The job that sends a letter in the company's name, or only seems to, to be stored with the change that the letter is about.
pub async fn job(app: &App, tenant: TenantId, to: &Identifier, lang: Lang, letter: Letter, is_sent: bool) -> Result<NewJob, Problem> {
    let until = letter.lasts_ms().map(|ms| app.env().now().plus(ms));
    let message = write(app, tenant, to, lang, letter).await?;
    let posted = Posted { kind: to.kind().as_str().to_owned(), message, until, is_sent };
    // What the same person gets arrives in order.
    post::job(app.env(), &app.sealer(), app.vault().lookup(tenant, to), &posted).map_err(|error| Problem::internal(&error))
}

/// Writes a letter in the company's name.
async fn write(app: &App, tenant: TenantId, to: &Identifier, lang: Lang, letter: Letter) -> Result<Message, Problem> {
    let company = store::tenants::get(&mut app.db().read_of(tenant).await?, tenant).await?.name;
    let (company, public_url) = (company.get(lang), &addressed::base(app));
    let (subject, text) = words(company, public_url, lang, &letter);
    Ok(match to.kind() {
        IdentifierKind::Email => {
            let sign_in = sign_in(public_url);
            let apart = match &letter {
                Letter::Code(code) => Some(Apart::Code(code)),
                Letter::Reset(link) => Some(Apart::Link(link)),
                Letter::Already => Some(Apart::Link(&sign_in)),
                Letter::Replaced => None,
            };
            let page = html::page(lang, company, &subject, &text, apart);
            Message { html: Some(page), ..Message::new(to.text(), subject, text) }
        }
        // Networks require the sender's name at the beginning.
        IdentifierKind::Mobile => Message::new(to.text(), "", if lang == Lang::Zh { format!("【{company}】{text}") } else { format!("[{company}] {text}") }),
    })
}

/// The address at which customers sign in.
fn sign_in(public_url: &str) -> String {
    format!("{public_url}/sign-in")
}

fn words(company: &str, public_url: &str, lang: Lang, letter: &Letter) -> (String, String) {
    match (lang, letter) {
        (Lang::Zh, Letter::Code(code)) => {
            (format!("{company}验证码 {code}"), format!("您的验证码是 {code}，15 分钟内有效。客服和智能助手都不会向您索要验证码；如非本人操作，忽略即可。"))
        }
        (Lang::En, Letter::Code(code)) => (
            format!("{code} is your {company} code"),
            format!(
                "Your code is {code}. It works for 15 minutes. No agent and no assistant will ever ask you for it. If this was not you, ignore this message."
            ),
        ),
        (Lang::Zh, Letter::Reset(link)) => (
            format!("重设您的{company}账号密码"),
            format!("打开下面的链接，设置新密码。链接 15 分钟内有效，只能用一次：\n\n{link}\n\n如非本人操作，忽略即可，密码不会变。"),
        ),
        (Lang::En, Letter::Reset(link)) => (
            format!("Choose a new {company} password"),
            format!(
                "Open this link to choose a new password. It works once, within 15 minutes:\n\n{link}\n\nIf this was not you, ignore this message. Your password stays as it is."
            ),
        ),
        (Lang::Zh, Letter::Already) => (
            format!("您已有{company}账号"),
            format!(
                "刚才有人用这个手机号或邮箱注册，但它已有账号，可以直接登录。忘了密码，就在登录页点“忘记密码”：{} 。如非本人操作，忽略即可。",
                sign_in(public_url)
            ),
        ),
        (Lang::En, Letter::Already) => (
            format!("You already have a {company} account"),
            format!(
                "Somebody just tried to register with this address or number, but it already has an account. Sign in, or choose \"Forgot your password?\", here: {} . If this was not you, ignore this message.",
                sign_in(public_url)
            ),
        ),
        (Lang::Zh, Letter::Replaced) => {
            (format!("您的{company}账号已更换登录方式"), "这个手机号或邮箱不能再登录您的账号，登录方式已换成新的。如非本人操作，马上联系客服。".to_owned())
        }
        (Lang::En, Letter::Replaced) => (
            format!("Your {company} sign-in has changed"),
            "This address or number was replaced and can no longer be used to sign in to your account. If this was not you, contact us right away.".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    use super::*;

    #[tokio::test]
    async fn mail_has_the_same_words_as_a_page_and_a_text_message_has_none() {
        let app = TestApp::new().await;
        let (tenant, address, number) = (app.company.tenant, Identifier::parse("ada@example.com").unwrap(), Identifier::parse("13800138000").unwrap());
        let link = "https://care.example.com/reset#1".to_owned();
        for (lang, letter, apart) in [
            (Lang::Zh, Letter::Code("123456".to_owned()), ">123456</p>".to_owned()),
            (Lang::En, Letter::Reset(link.clone()), format!("<a href=\"{link}\">{link}</a></p>")),
            (Lang::En, Letter::Already, "/sign-in</a> . If".to_owned()),
            (Lang::Zh, Letter::Replaced, "马上联系客服。</p>".to_owned()),
        ] {
            let mail = write(app.app(), tenant, &address, lang, letter.clone()).await.unwrap();
            let page = mail.html.unwrap();
            assert!(page.contains(&apart) && page.contains(&format!("<html lang=\"{}\">", lang.tag())), "{page}");
            let last = mail.text.rsplit("\n\n").next().unwrap().split("http").next().unwrap().replace('"', "&quot;");
            assert!(page.contains(&last), "{last} in {page}");
            let message = write(app.app(), tenant, &number, lang, letter).await.unwrap();
            assert_eq!((message.html, message.subject.as_str(), message.text.ends_with(&mail.text)), (None, "", true));
        }
    }
}
