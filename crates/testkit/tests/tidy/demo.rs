//! Everything that the demo tells its customers to do can be done today: it names no page that has not been built, and promises no action that nobody performs.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::tree::{root, texts};

/// Labels on devices or in their app, or words said to them: not pages of ours.
const ON_DEVICES: &[&str] = &[
    "移动网络",
    "数据漫游",
    "我的路由器→Wi-Fi 设置",
    "忘记网络",
    "5G",
    "双频合一",
    "黑名单",
    "信号源",
    "关于",
    "一键换机",
    "查找设备",
    "添加设备",
    "存储状态",
    "录制模式",
    "小栖小栖",
    "立即刷新",
    "家庭→邀请成员",
    "只看",
    "可控制",
    "删除设备",
    "添加路由→加入组网",
    "About",
    "Add device",
    "Hi Lynqee",
    "view",
    "control",
    "Source",
    "Refresh now",
    "My router",
    "Home",
];

/// Pages that an operator's customers look for and the hall does not have. A page is removed from this list when it is built.
const NOT_BUILT: &[&str] = &[
    "我的套餐",
    "我的订单",
    "我的工单",
    "我的宽带",
    "我的积分",
    "我的→",
    "账户中心",
    "企业中心",
    "号码管理",
    "卡服务",
    "副卡管理",
    "充值记录",
    "积分商城",
    "校园专区",
    "隐私中心",
    "我的账单",
    "用量”页",
    "公告”",
    "测速”",
    "My plan",
    "My orders",
    "My tickets",
    "My broadband",
    "My points",
    "My bill",
    "In Me,",
    "Account centre",
    "Company centre",
    "Business centre",
    "Number management",
    "SIM services",
    "Top-up records",
    "Points shop",
    "Privacy centre",
];

/// Actions that neither the bot nor the hall performs: things said, sent, uploaded or confirmed to a machine here.
const NO_SUCH_ACTS: &[&str] = &[
    "说“",
    "发送“",
    "我直接",
    "我帮您查",
    "也可以直接在这里",
    "也可在这里",
    "直接在这里",
    "人脸核验",
    "自助",
    "在线报障",
    "在线办理",
    "线上",
    "站内信",
    "站内消息",
    "上传",
    "通行密钥",
    "短信验证码确认",
    "say \"",
    "Say \"",
    "Texting \"",
    "text \"",
    "give me",
    "I will look",
    "send me the order",
    "start it here",
    "face check",
    "upload",
    "Upload",
    "in-hall message",
    "passkey",
];

/// A text of the demo in one language, and its location.
struct Told {
    at: String,
    text: String,
    lang: &'static str,
}

fn json(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(root().join(path)).unwrap()).unwrap()
}

fn entries() -> Vec<Value> {
    let files = ["demo/knowledge-1.jsonl", "demo/knowledge-2.jsonl"].map(|path| std::fs::read_to_string(root().join(path)).unwrap());
    files.iter().flat_map(|file| file.lines()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Collects every pair of texts below `value`, except the questions: those are the customer's words.
fn collect(at: &str, value: &Value, told: &mut Vec<Told>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(at, value, told)),
        Value::Object(fields) => {
            let at = value["id"].as_str().unwrap_or(at);
            for (name, value) in fields.iter().filter(|(name, _)| !["question", "similar"].contains(&name.as_str())) {
                match (name.as_str(), value) {
                    ("zh", Value::String(text)) => told.push(Told { at: at.to_owned(), text: text.clone(), lang: "zh-CN" }),
                    ("en", Value::String(text)) => told.push(Told { at: at.to_owned(), text: text.clone(), lang: "en" }),
                    _ => collect(at, value, told),
                }
            }
        }
        _ => {}
    }
}

fn told() -> Vec<Told> {
    let mut told = Vec::new();
    entries().iter().for_each(|entry| collect("", entry, &mut told));
    for file in ["site", "canned-replies", "goods", "plans"] {
        collect(file, &json(&format!("demo/{file}.json")), &mut told);
    }
    assert!(!told.is_empty(), "no text was found");
    told
}

/// The texts on the pages and in the chat, in one language.
fn on_our_pages(lang: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for package in ["hall", "widget"] {
        for (path, text) in texts(&format!("web/{package}/locales/{lang}"), &[".json"]) {
            let file: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
            words.extend(file.as_object().unwrap().values().filter_map(|word| word.as_str().map(str::to_owned)));
        }
    }
    assert!(!words.is_empty(), "no word on the pages in {lang}");
    words
}

/// The parts of a text between two marks.
fn between(text: &str, open: char, close: char) -> Vec<&str> {
    let parts = text.split(open).skip(1);
    if open == close { parts.step_by(2).collect() } else { parts.filter_map(|part| part.split_once(close).map(|(inside, _)| inside)).collect() }
}

/// The places that a text sends the reader to: the capitalised words after a verb that opens something.
fn opened(text: &str) -> Vec<String> {
    const VERBS: [&str; 8] = ["open", "Open", "tap", "Tap", "press", "Press", "under", "Under"];
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
    let named = |at: usize| words[at..].iter().take_while(|word| capital(word)).copied().collect::<Vec<_>>().join(" ");
    let found = (1..words.len()).filter(|at| VERBS.contains(&words[at - 1]) && capital(words[*at])).map(named);
    found.map(|name| name.split([',', '.', ':', ';']).next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_demo_names_only_pages_and_buttons_that_are_there() {
    let pages = ["zh-CN", "en"].map(|lang| (lang, on_our_pages(lang)));
    let there = |lang: &str, name: &str| ON_DEVICES.contains(&name) || pages.iter().any(|(of, words)| *of == lang && words.contains(name));
    let mut wrong = Vec::new();
    for Told { at, text, lang } in told() {
        let quoted = if lang == "en" { between(&text, '"', '"') } else { between(&text, '“', '”') };
        wrong.extend(quoted.iter().filter(|name| !there(lang, name)).map(|name| format!("{at}: there is no “{name}” to press or to open")));
        wrong.extend(opened(&text).iter().filter(|name| lang == "en" && !there(lang, name)).map(|name| format!("{at}: nothing called {name:?} can be opened")));
        wrong.extend(NOT_BUILT.iter().filter(|page| text.contains(**page)).map(|page| format!("{at}: {page} is not built")));
        let arrows = quoted.iter().map(|name| name.matches('→').count()).sum::<usize>();
        if text.matches('→').count() > arrows {
            wrong.push(format!("{at}: a way through pages: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_demo_promises_no_act_that_nobody_does() {
    let mut wrong = Vec::new();
    for Told { at, text, .. } in told() {
        // The phrase that wakes the speaker is said to the speaker.
        let text = text.replace("说“小栖小栖”", "").replace("Say \"Hi Lynqee\"", "");
        wrong.extend(NO_SUCH_ACTS.iter().filter(|act| text.contains(**act)).map(|act| format!("{at}: {act}: {text}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn who_is_told_to_ask_a_person_has_the_button_for_it() {
    for entry in entries() {
        let sent = ["找人工", "人工核查", "人工查", "给人工", "告诉人工", "请人工"].iter().any(|words| entry["answer"]["zh"].as_str().unwrap().contains(words));
        let expected = if sent { Value::from("human") } else { Value::Null };
        assert_eq!(entry["action"], expected, "{}: {}", entry["id"], entry["answer"]["zh"]);
    }
}
