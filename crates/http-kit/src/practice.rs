//! What is served where the staff of a company practise: below the prefix [`PREFIX`] of its address is another company, made for that, in which each of them is a
//! member of their own. Its pages and endpoints are those of the console, of which some are left out.
//!
//! As no company finds anything of another one, nothing that is done there changes a number, a list or an alert of the company, or is told to anybody outside.

/// What the addresses begin with, after what names the company.
pub const PREFIX: &str = "/practice";

/// What is served below the prefix: the console, its endpoints, and its connections.
const SERVED: [&str; 4] = ["/console", "/api/v1/", "/ws", "/rt/"];

/// The address below the prefix, if something is served there.
pub(crate) fn within(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(PREFIX)?;
    SERVED.iter().any(|served| rest.starts_with(served)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_console_and_its_data_are_below_the_prefix_and_nothing_else() {
        for (path, found) in [
            ("/practice/console/inbox", Some("/console/inbox")),
            ("/practice/api/v1/me", Some("/api/v1/me")),
            ("/practice/ws", Some("/ws")),
            ("/practice/rt/send", Some("/rt/send")),
            ("/practice", None),
            ("/practice/goods", None),
            ("/practice/practice/console", None),
            ("/practices/console", None),
            ("/console/practice", None),
        ] {
            assert_eq!(within(path), found, "{path}");
        }
    }
}
