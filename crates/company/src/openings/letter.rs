//! The letter with the code that opens a company.

use domain::{customer::IdentifierKind, id::TenantId, text::Lang, time::Ts};
use http_kit::{App, problem::Problem};
use letters::{
    html::{self, Apart},
    message::Message,
    posted::Posted,
};
use platform::post;
use store::jobs::NewJob;

/// The job that sends the code, in the name of the company at the root.
pub async fn job(app: &App, tenant: TenantId, to: &str, lang: Lang, code: &str, until: Ts) -> Result<NewJob, Problem> {
    let sender = store::tenants::get(&mut app.db().read_of(tenant).await?, tenant).await?.name;
    let (subject, text) = words(lang, code);
    let html = html::page(lang, sender.get(lang), &subject, &text, Some(Apart::Code(code)));
    let message = Message { html: Some(html), ..Message::new(to, subject, text) };
    let posted = Posted { kind: IdentifierKind::Email.as_str().to_owned(), message, until: Some(until), is_sent: true };
    post::job(app.env(), &app.sealer(), app.env().uuid().as_bytes().to_vec(), &posted).map_err(|error| Problem::internal(&error))
}

fn words(lang: Lang, code: &str) -> (String, String) {
    match lang {
        Lang::Zh => (
            "开通公司的验证码".to_owned(),
            format!("验证码：\n\n{code}\n\n30 分钟内有效。填到开通页面上，你的公司就建好了。\n\n如非本人操作，忽略即可，不会开通任何东西。"),
        ),
        Lang::En => (
            "Your code to open a company".to_owned(),
            format!(
                "Your code:\n\n{code}\n\nIt works for 30 minutes. Enter it on the page, and your company is there.\n\nIf this was not you, ignore this message. Nothing is opened."
            ),
        ),
    }
}
