//! Hides what people tell of themselves in words: names, addresses of houses, and secrets such as passwords and codes; rather too much than too little.

use normal::text::folded;

use super::{HIDDEN, masked};

/// The text without names, addresses of houses, passwords and codes, long numbers and e-mail addresses: each replaced by [`HIDDEN`]. If some of it is only found
/// in the normal form of the text, because it is written in traditional or wide characters or with characters that nobody sees, the text is given in that form.
pub fn anonymous(text: &str) -> String {
    let hidden = without_found(text);
    let normal = without_found(&folded(&hidden));
    let count = |text: &str| text.matches(HIDDEN).count();
    if count(&normal) > count(&hidden) { normal } else { hidden }
}

fn without_found(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut hidden = vec![false; chars.len()];
    for find in [secrets, chinese_names, chinese_addresses, english_names, english_addresses] {
        for (from, to) in find(&chars) {
            hidden[from..to].fill(true);
        }
    }
    let mut out = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate() {
        match (hidden[at], at > 0 && hidden[at - 1]) {
            (false, _) => out.push(*c),
            (true, false) => out.push_str(HIDDEN),
            (true, true) => {}
        }
    }
    masked(&out)
}

/// From where and up to where something is to be hidden.
type Found = Vec<(usize, usize)>;

/// Where a phrase that begins here ends; without regard to case.
fn end_of(chars: &[char], at: usize, phrase: &str) -> Option<usize> {
    let mut end = at;
    for expected in phrase.chars() {
        if !chars.get(end)?.eq_ignore_ascii_case(&expected) {
            return None;
        }
        end += 1;
    }
    Some(end)
}

/// Where the longest of these phrases that begins here ends.
fn end_of_any(chars: &[char], at: usize, phrases: &str) -> Option<usize> {
    phrases.split('|').filter_map(|phrase| end_of(chars, at, phrase)).max()
}

const fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

fn skip(chars: &[char], mut at: usize, is_skipped: impl Fn(char) -> bool) -> usize {
    while chars.get(at).is_some_and(|c| is_skipped(*c)) {
        at += 1;
    }
    at
}

fn is_among(c: char, set: &str) -> bool {
    set.contains(c)
}

const CHINESE_SECRETS: &str = "密码|口令|验证码|校验码|动态码|取件码|取货码|提货码|兑换码|激活码|授权码|安全码|卡密|暗号";
const ENGLISH_SECRETS: &str = "password|passcode|passphrase|passwd|pwd|pin|puk|otp|cvv|cvc|code|token|secret";
/// Codes that everybody knows.
const PUBLIC_CODES: &str = "error|status|country|area|response|exit|dress";
/// So many characters before a code are looked at.
const LONGEST_BEFORE: usize = 12;
/// What is said of a password instead of the password.
const NOT_PASSWORDS: &str = "wrong|incorrect|correct|right|required|needed|invalid|valid|not|no|too|the|a|an|set|reset|changed|sent|in|on|at|my|your|always|never|also|shown|ok|okay|\
                             expired|weak|strong|short|long|empty|missing|different|same|safe|secure|case|being|only|still|now|used|unknown|lost|forgotten|hidden|stored";

/// Passwords and codes, after the word that says what they are.
fn secrets(chars: &[char]) -> Found {
    (0..chars.len()).filter_map(|at| secret(chars, at)).collect()
}

fn secret(chars: &[char], at: usize) -> Option<(usize, usize)> {
    let starts_word = at == 0 || !chars[at - 1].is_ascii_alphanumeric();
    let english = || {
        let end = end_of_any(chars, at, ENGLISH_SECRETS).filter(|end| starts_word && !chars.get(*end).is_some_and(char::is_ascii_alphabetic))?;
        let before = chars[at.saturating_sub(LONGEST_BEFORE)..at].iter().collect::<String>().to_lowercase();
        let is_public = before.split_whitespace().next_back().is_some_and(|word| is_listed(PUBLIC_CODES, word));
        (!is_public).then_some(end)
    };
    let chinese = end_of_any(chars, at, CHINESE_SECRETS);
    let end = chinese.or_else(english)?;
    let (from, is_told) = after_link(chars, end);
    let mut to = skip(chars, from, |c| c.is_ascii_graphic() && !is_among(c, "\"'()[]<>"));
    while to > from && is_among(chars[to - 1], ".,;:") {
        to -= 1;
    }
    let token: String = chars[from..to].iter().collect();
    let has_digit = token.bytes().any(|b| b.is_ascii_digit());
    // So many digits or letters, or so many times.
    let is_amount = chars.get(to).is_some_and(|c| is_among(*c, "位个次分秒天元"));
    let is_word = is_told && !is_listed(NOT_PASSWORDS, &token.to_lowercase());
    let is_code = chinese.is_none() && end_of(chars, at, "code") == Some(end);
    (token.len() >= 3 && !is_amount && (has_digit || is_word && !is_code)).then_some((from, to))
}

/// Where what is told begins, after words like "is", and whether there are any.
fn after_link(chars: &[char], end: usize) -> (usize, bool) {
    let (mut at, mut is_told) = (end, false);
    for _ in 0..2 {
        at = skip(chars, at, char::is_whitespace);
        if let Some(next) = end_of_any(chars, at, "就是|设成了|设成|设为|改成了|改成|改为|变成|给您|给你|是|为|：|:|=") {
            (at, is_told) = (next, true);
        } else if let Some(next) = end_of_any(chars, at, "is|was").filter(|next| chars.get(*next).is_some_and(|c| c.is_whitespace() || *c == ':')) {
            (at, is_told) = (next, true);
        } else if let Some(next) = end_of(chars, at, "to").filter(|next| chars.get(*next).is_some_and(|c| c.is_whitespace())) {
            at = next;
        }
    }
    at = skip(chars, at, |c| c.is_whitespace() || is_among(c, "“”\"'‘「『（(【["));
    (at, is_told)
}

/// Common surnames; those that are more often a part of something else are left out.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔崔康毛邱秦江\
                        史顾侯邵孟龙万段雷钱汤尹黎易武乔贺赖龚庞樊兰殷施陶洪翟颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦";
const LONG_SURNAMES: &str = "欧阳|司马|上官|诸葛|司徒|东方|慕容|令狐|皇甫|尉迟|公孙|夏侯";
/// Characters with which no given name goes on.
const NOT_IN_NAMES: &str = "的了吗呢吧啊在要想和与请把被给到从是有没不就也都很又还能会可先女您你我他她它们这那什怎么哪谁打来去说问";

/// How many characters the surname has that begins here.
fn surname(chars: &[char], at: usize) -> Option<usize> {
    if end_of_any(chars, at, LONG_SURNAMES).is_some() {
        return Some(2);
    }
    chars.get(at).is_some_and(|c| is_among(*c, SURNAMES)).then_some(1)
}

/// Where the full name that begins here ends.
fn full_name(chars: &[char], at: usize) -> Option<usize> {
    let given = at + surname(chars, at)?;
    let end = (given..given + 2).take_while(|at| chars.get(*at).is_some_and(|c| is_han(*c) && !is_among(*c, NOT_IN_NAMES))).count() + given;
    (end > given).then_some(end)
}

/// Names after a word that introduces them, before a title, and in front of a greeting.
fn chinese_names(chars: &[char]) -> Found {
    let mut found = Vec::new();
    for at in 0..chars.len() {
        if let Some(end) = end_of_any(chars, at, "我叫|名字叫|名字是|名叫|姓名|收件人|收货人|联系人|户主|机主|持卡人|开户人|经办人|本人")
        {
            let from = skip(chars, end, |c| c.is_whitespace() || is_among(c, "是为叫：:"));
            found.extend(full_name(chars, from).map(|to| (from, to)));
        }
        let is_after = |end: usize| chars.get(end).is_none_or(|c| !is_han(*c) && !c.is_alphanumeric());
        if let Some(from) = end_of(chars, at, "我是") {
            found.extend(full_name(chars, from).filter(|to| is_after(*to)).map(|to| (from, to)));
        }
        if end_of_any(chars, at, "先生|女士|小姐|太太").is_some() {
            let is_name = |from: &usize| surname(chars, *from).is_some_and(|length| from + length <= at) && chars[*from..at].iter().all(|c| is_han(*c));
            found.extend((at.saturating_sub(3)..at).find(is_name).map(|from| (from, at)));
        }
        if end_of_any(chars, at, "师傅|经理|老师").is_some() && at > 0 && surname(chars, at - 1) == Some(1) {
            found.push((at - 1, at));
        }
        let begins = at == 0 || !is_han(chars[at - 1]) && !chars[at - 1].is_alphanumeric();
        if begins && let Some(to) = full_name(chars, at).filter(|to| end_of_any(chars, *to, "您好|你好|，您|,您|，你|,你").is_some()) {
            found.push((at, to));
        }
    }
    found
}

/// What a number in an address counts.
const UNITS: &str = "号楼|号|栋|幢|弄|座|室|单元|楼|层|户";
/// How the name of a street or of a place with houses ends.
const PLACES: &str = "路街巷弄村苑园庄";
const LONG_PLACES: &str = "小区|大厦|公寓|大道|街道|胡同|广场|社区";
/// With what no such name goes on backwards.
const NOT_IN_PLACES: &str = "到在是寄送住至往去从于给发为来我您你";
/// The longest part of an address before its number.
const LONGEST_PLACE: usize = 20;

const fn is_number(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '#' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '零')
}

/// Streets with the number of the house, and houses with the number of the flat.
fn chinese_addresses(chars: &[char]) -> Found {
    let mut found = Vec::new();
    for at in 1..chars.len() {
        let is_place = is_among(chars[at - 1], PLACES) || at > 1 && end_of_any(chars, at - 2, LONG_PLACES) == Some(at);
        let Some(mut end) = unit(chars, at).filter(|_| is_place) else { continue };
        while let Some(next) = unit(chars, end) {
            end = next;
        }
        end = skip(chars, end, |c| c.is_ascii_digit() || c == '-');
        let is_named = |at: &usize| is_han(chars[*at]) && !is_among(chars[*at], NOT_IN_PLACES) || chars[*at].is_ascii_alphanumeric();
        let length = (0..at).rev().take(LONGEST_PLACE).take_while(is_named).count();
        if length > 1 {
            found.push((at - length, end));
        }
    }
    found
}

/// Where a number with its unit that begins here ends.
fn unit(chars: &[char], at: usize) -> Option<usize> {
    let number = skip(chars, at, is_number);
    if number == at { None } else { end_of_any(chars, number, UNITS) }
}

/// A word with its place.
struct Word {
    from: usize,
    to: usize,
    lower: String,
    is_capital: bool,
}

/// The words of a text: what stands between spaces, without punctuation at its ends.
fn words(chars: &[char]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let from = skip(chars, at, |c| !c.is_ascii_alphanumeric() && c != '#');
        let mut to = skip(chars, from, |c| c.is_ascii_alphanumeric() || is_among(c, "#'’-"));
        at = to.max(at + 1);
        while to > from && is_among(chars[to - 1], "'’-") {
            to -= 1;
        }
        if to > from {
            let word = &chars[from..to];
            let is_capital = word[0].is_ascii_uppercase() && word.iter().skip(1).any(char::is_ascii_lowercase);
            words.push(Word { from, to, lower: word.iter().collect::<String>().to_lowercase(), is_capital });
        }
    }
    words
}

/// Words after which a name follows for sure.
const INTRODUCTIONS: &str = "my name is|name is|my name's|i am called|i'm called";
/// Words after which a name may follow; it does if it begins with a capital letter.
const GREETINGS: &str = "dear|hi|hello|hey|mr|mrs|ms|miss|dr|thanks|thank you|regards|sincerely|cheers|recipient|i am|i'm|this is|name|contact|speak to|speaking to|speaking with|call me|named";
const NOT_NAMES: &str = "there|all|team|sir|madam|everyone|everybody|you|your|we|i|the|a|an|please|thanks|thank|hello|hi|good|yes|no|not|so|very|just|for|sorry|glad|happy|sure|afraid|\
                         looking|trying|still|customer|customers|service|support|and|but|or|in|on|at|is|was|from|with|my|our|it|that|this|what|how|why|when|where|can|could|do|does|to|of|wrong|\
                         spelled|misspelled|incorrect|required|again|in|here|now|monday|tuesday|wednesday|thursday|friday|saturday|sunday";
/// The most words of a name.
const NAME_WORDS: usize = 3;

fn is_listed(list: &str, word: &str) -> bool {
    list.split('|').any(|one| one == word)
}

/// Names after an introduction, a greeting or a title.
fn english_names(chars: &[char]) -> Found {
    let (words, mut found) = (words(chars), Vec::new());
    for at in 0..words.len() {
        let follows = |phrases: &str| {
            let ends = phrases.split('|').filter_map(|phrase| {
                let count = phrase.split(' ').count();
                let is_here = words.get(at..at + count).is_some_and(|here| here.iter().zip(phrase.split(' ')).all(|(word, expected)| word.lower == expected));
                is_here.then_some(at + count)
            });
            ends.max()
        };
        for (phrases, needs_capital) in [(INTRODUCTIONS, false), (GREETINGS, true)] {
            let Some(first) = follows(phrases) else { continue };
            let is_near = |word: &Word, before: &Word| chars[before.to..word.from].iter().all(|c| is_among(*c, " ,.:'\n"));
            let is_name = |next: &usize| {
                let (word, before) = (&words[*next], &words[*next - 1]);
                is_near(word, before)
                    && word.lower.chars().all(|c| c.is_alphabetic() || is_among(c, "'’-"))
                    && !is_listed(NOT_NAMES, &word.lower)
                    && (!needs_capital || word.is_capital)
            };
            let count = (first..words.len()).take(NAME_WORDS).take_while(is_name).count();
            if count > 0 {
                found.push((words[first].from, words[first + count - 1].to));
            }
        }
    }
    found
}

/// What streets are called; the latter mean other things, too.
const STREETS: &str = "street|road|avenue|lane|boulevard|terrace|crescent|rd|ave|blvd";
const MAYBE_STREETS: &str = "st|drive|dr|court|ct|way|square|place|pl|close|highway";
const NOT_IN_STREETS: &str =
    "on|the|of|in|a|an|is|are|to|for|and|at|or|by|from|days|day|minutes|hours|weeks|months|times|gb|mb|per|my|your|no|not|down|along|people|yuan|dollars";
/// The most words between the number of a house and the word for its street.
const STREET_WORDS: usize = 4;

/// Streets with the number of the house, before or after.
fn english_addresses(chars: &[char]) -> Found {
    let (words, mut found) = (words(chars), Vec::new());
    let has_number = |word: &Word| word.lower.starts_with(|c: char| c.is_ascii_digit() || c == '#') && word.lower.len() <= 6;
    for (at, word) in words.iter().enumerate() {
        let is_maybe = is_listed(MAYBE_STREETS, &word.lower);
        if !is_maybe && !is_listed(STREETS, &word.lower) {
            continue;
        }
        let is_named = |word: &Word| !has_number(word) && !is_listed(NOT_IN_STREETS, &word.lower) && (!is_maybe || word.is_capital);
        let named = words[..at].iter().rev().take(STREET_WORDS).take_while(|word| is_named(word)).count();
        let first = at - named;
        if named > 0 && first > 0 && has_number(&words[first - 1]) {
            let is_flat = |next: usize| words.get(next).is_some_and(|word| is_listed("apt|apartment|flat|unit|suite", &word.lower));
            let last = if is_flat(at + 1) && words.get(at + 2).is_some_and(has_number) { at + 2 } else { at };
            found.push((words[first - 1].from, words[last].to));
        } else if at > 0 && words[at - 1].is_capital && words.get(at + 1).is_some_and(has_number) {
            found.push((words[at - 1].from, words[at + 1].to));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_addresses_and_secrets_are_hidden() {
        for (text, expected) in [
            ("我叫李雷，想换卡", "我叫•••，想换卡"),
            ("姓名：欧阳娜娜 想查询", "姓名：••• 想查询"),
            ("我是王小明，卡丢了", "我是•••，卡丢了"),
            // In another form.
            ("我叫張偉", "我叫•••"),
            ("新密碼是abc123", "新密码是•••"),
            ("密码是ａｂｃ１２３", "密码是•••"),
            ("密码是\u{200b}abc123", "密码是•••"),
            ("zhang＠qq．com", "•••"),
            ("张伟先生您好，卡已寄出", "•••先生您好，卡已寄出"),
            ("尊敬的韩女士", "尊敬的•••女士"),
            ("李雷您好，您的新卡已寄出", "•••您好，您的新卡已寄出"),
            ("联系王师傅上门", "联系•••师傅上门"),
            ("请寄到合肥市蜀山区望江西路99号3栋502室谢谢", "请寄到•••谢谢"),
            ("我住在幸福小区12号楼3单元301", "我住在•••"),
            ("家在人民路十八号", "家在•••"),
            ("新密码是abcDEF，登录后请修改", "新密码是•••，登录后请修改"),
            ("密码：Hunter2!", "密码：•••"),
            ("验证码 4821", "验证码 •••"),
            ("您的取件码为A-17-3", "您的取件码为•••"),
            ("My name is john smith and I moved", "My name is ••• and I moved"),
            ("Dear Anna Kowalski, your card is on its way", "Dear •••, your card is on its way"),
            ("Thanks, Peter", "Thanks, •••"),
            ("I'm Maria from Lisbon", "I'm ••• from Lisbon"),
            ("Mr. O'Brien called", "Mr. ••• called"),
            ("send it to 221b Baker Street, London", "send it to •••, London"),
            ("we sent it to 12 old mill lane apt 4", "we sent it to •••"),
            ("It is at Lindenallee Road 12", "It is at •••"),
            ("Your new password is sunshine", "Your new password is •••"),
            ("password: tr0ub4dor&3", "password: •••"),
            ("The code is 4821.", "The code is •••."),
            ("PIN 0420 and PUK: 11223344", "PIN ••• and PUK: •••"),
            ("call 138-0013-8000", "call •••"),
        ] {
            assert_eq!(anonymous(text), expected, "{text}");
        }
    }

    #[test]
    fn what_tells_of_nobody_stays() {
        for text in [
            "月球上目前没有信号，请在地面使用手机。",
            "带身份证到任何营业厅都可以换卡。",
            "密码是多少位", // no password
            "密码要8-16位，验证码收不到怎么办",
            "忘记密码怎么办，重置密码请拨10086",
            "路由器2号口不亮，换5号线",
            "联系人怎么改，机主是谁",
            "安排师傅上门，联系客服经理",
            "先生您好，小姐您好",
            "我叫不出来，我是老用户",
            "How do I reset my password? My password is wrong.",
            "error code 404 and status code 500",
            "Hi there, thanks for your help. I am sorry.",
            "This is the best way, 5 GB for 2 days on the way",
            "A code of conduct, the PIN is required",
            "",
        ] {
            assert_eq!(anonymous(text), text);
        }
    }

    #[test]
    fn a_long_text_takes_no_longer_than_its_length() {
        let long = "我叫李雷住人民路1号 my name is Jo at 1 Old Road ".repeat(600);
        assert!(!anonymous(&long).contains("李雷"));
    }
}
