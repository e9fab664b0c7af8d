//! The words of a letter as a page for mail programs: the company's name, the paragraphs, and a code or a link set apart. It refers to nothing that would have
//! to be fetched, and sets no colours of text or ground, so that it is as readable on a dark ground as on a light one.

use std::fmt::Write as _;

use domain::text::Lang;

/// What is set apart from the words around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart<'a> {
    /// A code to type, which the text contains; it is shown large above the text, too.
    Code(&'a str),
    /// An address to open, which the text contains. If it is a paragraph of its own, it has a frame.
    Link(&'a str),
}

const FONT: &str = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif";
/// A grey with enough contrast to black and to white.
const FRAME: &str = "border:1px solid #808080;border-radius:8px;padding:12px 16px";

/// The page. `text` consists of paragraphs with an empty line between them.
pub fn page(lang: Lang, company: &str, subject: &str, text: &str, apart: Option<Apart<'_>>) -> String {
    let (tag, company, subject) = (lang.tag(), escaped(company), escaped(subject));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>{subject}</title>\n</head>\n\
         <body style=\"margin:0;padding:24px 16px;color-scheme:light dark\">\n\
         <div lang=\"{tag}\" style=\"max-width:560px;margin:0 auto;font-size:16px;line-height:1.6;{FONT}\">\n\
         <p dir=\"auto\" style=\"margin:0 0 24px;font-size:18px;font-weight:600\">{company}</p>\n"
    );
    // Writing to a string does not fail.
    if let Some(Apart::Code(code)) = apart {
        let code = escaped(code);
        let _ = writeln!(page, "<p style=\"margin:0 0 24px;{FRAME};font-size:28px;font-weight:600;letter-spacing:4px;text-align:center\">{code}</p>");
    }
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        let style = if apart == Some(Apart::Link(paragraph)) { format!(";{FRAME};word-break:break-all") } else { String::new() };
        let _ = writeln!(page, "<p dir=\"auto\" style=\"margin:0 0 16px{style}\">{}</p>", with_link(paragraph, apart));
    }
    page + "</div>\n</body>\n</html>\n"
}

/// A paragraph in which the address can be opened.
fn with_link(paragraph: &str, apart: Option<Apart<'_>>) -> String {
    let lines = |text: &str| escaped(text).replace('\n', "<br>\n");
    match apart {
        Some(Apart::Link(link)) if link.starts_with("https://") || link.starts_with("http://") => {
            let shown = escaped(link);
            let anchor = format!("<a href=\"{shown}\">{shown}</a>");
            paragraph.split(link).map(lines).collect::<Vec<_>>().join(&anchor)
        }
        _ => lines(paragraph),
    }
}

/// Text in which nothing is markup, neither between tags nor in a value in quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_shown_large_and_the_words_are_those_of_the_text() {
        let page = page(Lang::Zh, "临空通信", "临空通信验证码 123456", "您的验证码是 123456。\n\n如非本人操作，\n忽略即可。", Some(Apart::Code("123456")));
        assert!(page.contains("letter-spacing:4px;text-align:center\">123456</p>"), "{page}");
        assert!(page.contains(">您的验证码是 123456。</p>") && page.contains(">如非本人操作，<br>\n忽略即可。</p>"), "{page}");
        assert!(page.starts_with("<!doctype html>\n<html lang=\"zh-CN\">") && page.contains("<title>临空通信验证码 123456</title>"), "{page}");
    }

    #[test]
    fn a_link_of_its_own_has_a_frame_and_one_among_words_has_none() {
        let link = "https://example.com/reset#a&b";
        let anchor = "<a href=\"https://example.com/reset#a&amp;b\">https://example.com/reset#a&amp;b</a>";
        let own = page(Lang::En, "Linkong", "New password", &format!("Open this link:\n\n{link}\n\nIt works once."), Some(Apart::Link(link)));
        assert!(own.contains(&format!("word-break:break-all\">{anchor}</p>")), "{own}");
        let among = page(Lang::En, "Linkong", "Account", &format!("Sign in here: {link} ."), Some(Apart::Link(link)));
        assert!(among.contains(&format!("<p dir=\"auto\" style=\"margin:0 0 16px\">Sign in here: {anchor} .</p>")), "{among}");
    }

    #[test]
    fn what_people_wrote_is_text_everywhere() {
        let bad = "</title><script>alert(1)</script><img src=x onerror='y'>\"&";
        for apart in [None, Some(Apart::Code(bad)), Some(Apart::Link(bad)), Some(Apart::Link("javascript:alert(1)"))] {
            let page = page(Lang::En, bad, bad, &format!("{bad} javascript:alert(1)"), apart);
            assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("href"), "{page}");
            assert_eq!(page.matches("<title>").count() + page.matches("</title>").count(), 2, "{page}");
        }
        let quoted = "https://example.com/\"onmouseover=\"x";
        assert!(page(Lang::En, "L", "S", quoted, Some(Apart::Link(quoted))).contains("href=\"https://example.com/&quot;onmouseover=&quot;x\""));
    }

    #[test]
    fn nothing_is_fetched_and_no_colour_is_set_that_a_dark_ground_would_swallow() {
        let page = page(Lang::En, "Linkong", "Code", "Your code is 123456.", Some(Apart::Code("123456")));
        for fetched in ["src=", "url(", "<link", "@import", "<script", "<style", "background"] {
            assert!(!page.contains(fetched), "{fetched}: {page}");
        }
        assert!(page.contains("name=\"color-scheme\" content=\"light dark\"") && !page.replace("color-scheme", "").contains("color:"), "{page}");
    }
}
