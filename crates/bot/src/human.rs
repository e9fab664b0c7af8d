//! Hears that the customer wants a person.
//!
//! A missed request is the worst thing the bot can do, so the rules are broad; what they must not hear is a
//! question about people ("is there a manual", "人工智能是什么"), a refusal ("不用人工"), a report ("the agent said …") or a
//! question about the bot itself ("are you human?").

use crate::text::{Lang, tokens};

/// Whether the normalised line asks for a person, in either language.
pub(crate) fn wants_human(normal: &str) -> bool {
    let words = tokens(normal);
    match crate::text::detect(normal) {
        Some(Lang::Zh) => chinese(&words.concat()),
        Some(Lang::En) => english(&words),
        None => false,
    }
}

/// Words that contain a trigger and mean something else; they are blanked out before anything is looked for.
const NOT_PEOPLE_ZH: [&str; 46] = [
    "人工智能", "人工费", "人工成本", "人工降雨", "人工呼吸", "人工湖", "人工审核", "人工授精", "人工关节", "人工草", "人工安装",
    "人工检测", "人工收费", "人工核", "人工复", "客服电话", "客服热线", "客服号码", "客服邮箱", "客服中心在哪", "客服微信",
    "真人秀", "真人照片", "真人模特", "真人游戏", "自称客服", "冒充客服", "假客服", "客服说", "客服讲", "客服告诉", "客服答应",
    "客服骂", "客服态度", "客服太", "客服服务态度", "客服不理", "客服推销", "投诉客服", "和客服的聊天记录", "跟客服的聊天记录",
    "客服聊天记录", "客服记录", "经理办公会", "客服人员说", "人工说",
];

/// People one can ask for by name of their work.
const PEOPLE_ZH: [&str; 29] = [
    "人工客服", "人工坐席", "人工座席", "人工服务", "人工", "真人客服", "真人", "活人", "大活人", "客服人员", "在线客服", "客服代表",
    "客服专员", "客服小姐姐", "客服小哥", "客服", "工作人员", "话务员", "接线员", "坐席", "座席", "专员", "业务员", "营业员", "你们经理",
    "你们主管", "你们领导", "值班经理", "主管",
];

/// Words of asking that go before the person: "转人工", "叫你们经理".
const ASKING_ZH: [&str; 52] = [
    "转接到", "转接给", "转接", "转到", "转给", "转去", "转下", "转一下", "转个", "转", "接入", "接通", "接到", "接一下", "接个", "接",
    "找一下", "找一个", "找个", "找下", "找你们", "找", "要个", "要一个", "要找", "要", "换成", "换个", "换一个", "换", "叫个", "叫一下",
    "叫一个", "叫", "喊个", "喊", "来个", "来一个", "来位", "派个", "派", "呼叫", "联系", "联络", "请", "让", "给我", "想和", "想跟", "进入", "安排", "需要",
];

/// Whole requests without a named person.
const PHRASES_ZH: [&str; 60] = [
    "找个人", "找人", "换个人", "换人来", "换人吧", "转人", "叫个人", "叫人来", "来个人", "来人啊", "来人呀", "有人吗", "有人在吗", "有没有人",
    "有活人吗", "没人吗", "没有人吗", "有人理我", "有人管吗", "跟人说", "和人说", "跟人聊", "和人聊", "跟人讲", "和人讲", "跟人沟通", "和人沟通",
    "跟人对话", "和人对话", "人来回答", "人来回复", "人来处理", "人来跟我", "人来和我", "人来帮我", "人帮我看", "安排人", "安排个人", "安排一个人", "派个人跟我", "不要机器", "不想跟机器",
    "不想和机器", "不跟机器", "不和机器", "别让机器", "别用机器", "不要跟机器", "不要和机器", "不需要机器", "不要智能", "不要ai", "不要自动回复", "别自动回复", "机器人走开",
    "机器人滚", "叫你们负责人", "找你们负责人", "zhuanrengong", "rengongkefu",
];

/// Whole lines, after fillers are taken off.
const LINES_ZH: [&str; 25] = [
    "人工", "人工客服", "人工服务", "人工台", "人工坐席", "人工座席", "真人", "真人客服", "客服", "客服人员", "在线客服", "活人", "人工在线",
    "客服在线", "人工热线", "坐席", "经理", "主管", "人工在", "客服在", "有客服", "有人工", "有真人", "人呢", "客服呢",
];

/// Signs that a person is named but not asked for.
const REFUSING_ZH: [&str; 26] = [
    "不用转", "不要转", "别转", "不转", "不必转", "先不", "不需要人工", "不用人工", "不要人工", "不想转", "不想找", "不找人", "不找客服", "不用找", "不用客服", "无需人工", "无需转",
    "不需要客服", "不需要转", "不必人工", "不想要人工", "别给我转", "取消转", "不要客服", "不用真人", "不想人工",
];

/// Questions about the person, the bot or the service, not requests.
const ASKING_ABOUT_ZH: [&str; 44] = [
    "几点上班", "几点下班", "上班时间", "下班时间", "工作时间", "服务时间", "几点到几点", "你是人工", "你是真人", "你是不是人工", "你是不是真人", "是真人吗", "是人工吗", "是人工还是", "是真人还是",
    "是机器人还是", "什么意思", "是什么", "有什么区别", "哪个好", "收费吗", "要钱吗", "多少钱", "工资", "招聘", "应聘", "评价", "打分", "满意度", "说过", "刚才说", "昨天说", "上次",
    "没给我回", "怎么评价", "态度", "骂", "推销", "诈骗", "骗", "聊天记录", "记录", "导出", "手语",
];

const FILLERS_ZH: [&str; 40] = [
    "请问一下", "请问", "麻烦您", "麻烦你", "麻烦", "你好", "您好", "喂", "给我", "帮我", "我想要", "我想", "我要", "我需要", "想要", "一下", "谢谢", "可以吗", "行吗", "好吗",
    "能不能", "能", "可以", "赶紧", "快点", "快", "马上", "立刻", "直接", "现在", "吧", "啊", "呀", "呢", "了", "吗", "嘛", "请", "么", "哦",
];

fn chinese(line: &str) -> bool {
    let mut line = line.to_owned();
    for phrase in NOT_PEOPLE_ZH {
        if line.contains(phrase) {
            line = line.replace(phrase, "，");
        }
    }
    let bare = strip(&line, &FILLERS_ZH);
    if LINES_ZH.contains(&bare.as_str()) {
        return true;
    }
    let against_robots = ["不要机器", "不想跟机器", "不想和机器", "别让机器", "不是机器", "不要智能", "不要ai"]
        .iter()
        .any(|phrase| line.contains(phrase));
    if !against_robots && REFUSING_ZH.iter().any(|phrase| line.contains(phrase)) {
        return false;
    }
    let about = ASKING_ABOUT_ZH.iter().any(|phrase| line.contains(phrase));
    if !about && PHRASES_ZH.iter().any(|phrase| follows_request(&line, phrase)) {
        return true;
    }
    if about && !line.contains("转人工") && !line.contains("转客服") {
        return false;
    }
    PEOPLE_ZH.iter().any(|person| {
        line.match_indices(person).any(|(at, _)| {
            let before = &line[..at];
            let after = &line[at + person.len()..];
            asked_before(before) || asked_after(before, after, person)
        })
    })
}

/// "找人" in "找人代付" or "有人" in "有人冒充" are no requests: the phrase must end the thought or lead to speaking.
fn follows_request(line: &str, phrase: &str) -> bool {
    let Some(at) = line.find(phrase) else { return false };
    let open = ["找人", "找个人", "转人", "换个人", "有没有人", "叫个人", "有人吗", "来个人"].contains(&phrase);
    if !open {
        return true;
    }
    let after = strip(&line[at + phrase.len()..], &FILLERS_ZH);
    const GOES_ON: [&str; 31] = [
        "，", "来", "跟我", "和我", "说", "聊", "谈", "沟通", "回", "接", "处理", "解决", "帮我", "帮忙", "工", "在", "问", "给我", "理", "管", "负责", "搭理", "听", "为我", "对话",
        "讲", "咨询", "客服", "服务", "人", "看看",
    ];
    after.is_empty() || GOES_ON.iter().any(|next| after.starts_with(next))
}

fn asked_before(before: &str) -> bool {
    let near: String = {
        let chars: Vec<char> = before.chars().collect();
        chars[chars.len().saturating_sub(9)..].iter().collect()
    };
    ASKING_ZH.iter().any(|verb| {
        near.rfind(verb).is_some_and(|at| {
            let between = &near[at + verb.len()..];
            let plain = strip(between, &["一下", "个", "位", "名", "到", "给", "我", "你们", "你", "您", "的", "入", "为", "成", "下", "能", "直接", "在线", "可以", "会说话", "真正", "真", "跟", "和", "与", "同", "客服", "人工", "值班", "一", "中文", "技术", "专业", "售后", "售前", "资深", "其他", "别"]);
            plain.is_empty() && !near[..at].ends_with(['不', '别', '没', '主', '只', '重', '需'])
        })
    })
}

fn asked_after(before: &str, after: &str, person: &str) -> bool {
    const AFTER: [&str; 34] = [
        "在吗", "在不在", "在哪", "来", "出来", "接", "处理", "解决", "帮我", "帮忙", "回复", "回答我", "回答", "回我", "联系我", "介入", "跟我", "和我", "给我", "快来", "怎么联系", "怎么找", "怎么转", "怎么进",
        "入口", "按几", "通道", "有吗", "在线吗", "能接", "可以接", "谢谢", "呢", "吗",
    ];
    let after = after.trim_start_matches(['，']);
    let speaking = ["说话", "说", "聊", "沟通", "谈", "讲", "对话", "交流", "通话", "咨询", "问"];
    let with = before.ends_with(['跟', '和', '与', '同', '向', '问']) || before.ends_with("有没有") || before.ends_with('有');
    (with && (speaking.iter().any(|verb| after.starts_with(verb)) || after.is_empty() || after == "吗" || after.starts_with("可以") || after.starts_with("能")))
        || (AFTER.iter().any(|next| after.starts_with(next)) && !is_report(before, person))
}

fn is_report(before: &str, person: &str) -> bool {
    let weak = ["客服", "专员", "工作人员", "业务员", "营业员", "主管"].contains(&person);
    weak && (before.ends_with("你们") || before.ends_with("那个") || before.ends_with("一个") || before.chars().count() > 4)
}

fn strip(line: &str, fillers: &[&str]) -> String {
    let mut line = line.to_owned();
    for filler in fillers {
        if line.contains(filler) {
            line = line.replace(filler, "");
        }
    }
    line
}

const ASKING_EN: [&str; 46] = [
    "talk", "speak", "chat", "talking", "speaking", "connect", "transfer", "put", "get", "give", "find", "want", "need", "like",
    "prefer", "contact", "reach", "switch", "escalate", "call", "summon", "ask", "request", "message", "route", "redirect",
    "forward", "send", "pass", "hand", "bring", "let", "have", "any", "there", "see", "demand", "require", "take", "use", "page",
    "discuss", "patch", "wanna", "gimme", "fetch",
];

const SPEAKING_EN: [&str; 13] =
    ["talk", "speak", "chat", "talking", "speaking", "connect", "transfer", "put", "escalate", "pass", "hand", "wanna", "patch"];

/// Persons whose name alone is a request; the longest names first.
const STRONG_EN: [&[&str]; 45] = [
    &["real", "human", "being"], &["actual", "human", "being"], &["human", "being"], &["human", "agent"], &["human", "agents"],
    &["human", "support"], &["human", "help"], &["human", "operator"], &["human", "representative"], &["real", "human"],
    &["actual", "human"], &["live", "human"], &["human"], &["humans"], &["live", "agent"], &["live", "person"],
    &["live", "operator"], &["live", "support"], &["live", "representative"], &["live", "rep"], &["live", "chat"], &["real", "person"],
    &["real", "people"], &["actual", "person"], &["actual", "people"], &["real", "agent"], &["living", "person"], &["real", "someone"], &["support", "agent"],
    &["customer", "service", "agent"], &["customer", "service", "representative"], &["customer", "service", "rep"], &["customer", "service"],
    &["customer", "support"], &["customer", "care"], &["customer", "representative"], &["representative"], &["representatives"], &["rep"],
    &["agent"], &["agents"], &["service", "desk"], &["help", "desk"], &["helpdesk"], &["real", "operator"],
];

/// Persons who are asked for only with a word of speaking.
const WEAK_EN: [&[&str]; 36] = [
    &["someone"], &["somebody"], &["anyone"], &["anybody"], &["a", "person"], &["person"], &["people"], &["manager"], &["supervisor"],
    &["operator"], &["staff"], &["advisor"], &["adviser"], &["specialist"], &["consultant"], &["colleague"], &["clerk"], &["expert"],
    &["support"], &["member", "of", "staff"], &["boss"], &["employee"], &["assistant", "manager"], &["team", "leader"], &["guy"],
    &["your", "team"], &["the", "team"], &["support", "team"], &["support", "staff"], &["real", "one"], &["man"], &["woman"], &["lady"], &["technician"], &["officer"], &["attendant"],
];

const NEGATION_EN: [&str; 15] = [
    "don't", "dont", "not", "no", "without", "never", "needn't", "won't", "isn't", "wouldn't", "rather", "stop", "cancel", "nobody", "instead",
];

/// Words that turn a person into a topic: "the agent said", "agent fee", "human rights".
const ABOUT_EN: [&str; 73] = [
    "said", "told", "says", "promised", "was", "were", "called", "fee", "fees", "rights", "error", "resources", "body", "insulted",
    "ignored", "rude", "finish", "hours", "start", "cost", "number", "numbers", "phone", "email", "address", "hotline", "job", "jobs", "salary", "code", "id", "did", "didn't",
    "hung", "refused", "gave", "sold", "asked", "made", "mistake", "verification", "history", "who", "attitude", "commission", "string", "readable", "sign", "many", "rating", "survey", "review",
    "rate", "training", "work", "works", "working", "complaint", "complain", "export", "chats", "ear", "eye", "nature", "history's", "keeps", "wrote", "sent", "signed", "charged", "installed", "came", "visited",
];

fn english(words: &[&str]) -> bool {
    const FILLERS: [&str; 34] = [
        "please", "pls", "plz", "now", "a", "an", "the", "hi", "hello", "hey", "ok", "okay", "just", "asap", "thanks", "thank", "you", "i", "want", "need", "to", "me", "get", "give", "some", "right", "immediately", "help", "for", "only", "first", "my", "then", "ugh",
    ];
    let bare: Vec<&str> = words.iter().copied().filter(|word| !FILLERS.contains(word)).collect();
    let with_person_word = |list: &[&[&str]]| list.iter().any(|name| bare.as_slice() == *name);
    if with_person_word(&STRONG_EN) || ["person", "operator", "someone", "somebody", "supervisor", "manager"].contains(&bare.join(" ").as_str()) && bare.len() < words.len() + 1 && (words.len() <= 4) {
        return !words.iter().any(|word| NEGATION_EN.contains(word)) || words.first() == Some(&"no");
    }
    if against_robots(words) {
        return true;
    }
    for (list, verbs, strong) in [(&STRONG_EN[..], &ASKING_EN[..], true), (&WEAK_EN[..], &SPEAKING_EN[..], false)] {
        for name in list {
            for at in positions(words, name) {
                if asked_for(words, at, name.len(), verbs, strong) {
                    return true;
                }
            }
        }
    }
    false
}

/// "I don't want to talk to a robot", "no bots", "stop the bot", "you are useless, robot" is not one.
fn against_robots(words: &[&str]) -> bool {
    let Some(at) = words.iter().position(|word| ["bot", "bots", "robot", "robots", "machine", "machines", "ai", "computer", "chatbot"].contains(word)) else {
        return false;
    };
    let before = &words[..at];
    let refuses = before.iter().any(|word| ["don't", "dont", "not", "no", "stop", "hate", "tired", "sick", "enough", "without"].contains(word));
    let talks = before.iter().any(|word| ["talk", "talking", "speak", "speaking", "chat", "chatting", "want", "wanna", "of", "no", "stop", "more"].contains(word));
    let about_the_bot = before.first().is_some_and(|word| ["are", "is", "am", "you're", "why"].contains(word));
    let shopping = words.iter().any(|word| ["vacuum", "buy", "sell", "washing"].contains(word));
    refuses && talks && !about_the_bot && !shopping
}

fn positions(words: &[&str], name: &[&str]) -> Vec<usize> {
    words.windows(name.len()).enumerate().filter(|(_, window)| *window == name).map(|(at, _)| at).collect()
}

fn asked_for(words: &[&str], at: usize, length: usize, verbs: &[&str], strong: bool) -> bool {
    let before = &words[..at];
    let after = &words[at + length..];
    if after.iter().take(3).any(|word| ABOUT_EN.contains(word)) || before.iter().any(|word| ["many", "who", "travel", "estate", "user", "cleaning", "are", "complain", "said", "told"].contains(word) && !(*word == "are" && before.contains(&"there"))) {
        return false;
    }
    let Some(verb) = before.iter().rposition(|word| verbs.contains(word)) else { return false };
    let between = &before[verb + 1..];
    if between.len() > if strong { 6 } else { 5 } {
        return false;
    }
    let negated = before[..=verb].iter().enumerate().any(|(i, word)| {
        NEGATION_EN.contains(word) && verb - i <= 4 && !(["why", "can't"].contains(&before[0]) && *word != "no")
    });
    let negated = negated || between.iter().any(|word| ["no", "not", "without"].contains(word));
    if negated && !(before.contains(&"rather") && !before.iter().any(|w| ["not", "don't"].contains(w))) {
        return false;
    }
    match before[verb] {
        "get" | "give" | "want" | "need" | "have" | "use" | "see" | "take" | "like" | "let" if !strong => false,
        "put" => before[verb..].iter().any(|word| ["through", "on"].contains(word)),
        "hand" | "pass" | "send" | "forward" | "escalate" | "transfer" | "switch" => between.iter().any(|word| ["to", "over", "a", "an", "the", "me"].contains(word)) ,
        "talk" | "speak" | "chat" | "talking" | "speaking" | "wanna" => between.is_empty() || between.iter().any(|word| ["to", "with", "a", "an", "real", "talk", "speak"].contains(word)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalise;

    const LINES: &str = include_str!("../tests/data/human.tsv");

    #[test]
    fn requests_are_heard_and_nothing_else_is() {
        let (mut missed, mut false_alarms, mut positive, mut negative) = (Vec::new(), Vec::new(), 0, 0);
        for line in LINES.lines() {
            let Some((mark, text)) = line.split_once('\t') else { continue };
            let heard = wants_human(&normalise(text));
            if mark == "+" {
                positive += 1;
                if !heard {
                    missed.push(text);
                }
            } else {
                negative += 1;
                if heard {
                    false_alarms.push(text);
                }
            }
        }
        assert!(positive >= 150 && negative >= 150, "{positive} {negative}");
        assert!(missed.len() * 100 <= positive, "missed {missed:#?}");
        assert!(false_alarms.len() * 100 <= negative, "false alarms {false_alarms:#?}");
    }
}
