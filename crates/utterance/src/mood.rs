//! What the words of a customer say beside their question: their mood, and yes or no to an offer.

use crate::declined::{is_only_that, names_somebody};
use crate::text::{Lang, detect, list, normal_of, skeleton, tokens};

/// The mood that a line shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mood {
    /// Nothing to be seen.
    #[default]
    Calm,
    /// Displeased.
    Cross,
    /// Angry.
    Angry,
}

/// Words in which anger is certain, in Chinese.
const ANGRY_ZH: &str = "垃圾公司|垃圾客服|垃圾套餐|垃圾信号|真垃圾|太垃圾|你们是骗子|你们就是骗|一群骗子|骗人的吧|骗钱|坑人|坑爹|坑钱|坑我|乱扣费|乱扣我|乱收费|乱扣钱|偷扣|气死我|气炸|气疯|火大|什么玩意|什么破|\
我要投诉|要投诉你|投诉你们|投诉到|去投诉|工信部|12315|12300|消协|消费者协会|找律师|起诉|打官司|曝光|媒体曝|黑心|无耻|不要脸|滚蛋|快滚|滚吧|滚开|傻逼|傻x|妈的|他妈|我操|操你|草泥马|混蛋|王八蛋|忽悠人|忽悠我|耍我|耍人|\
霸王条款|太过分|过分了吧|欺人太甚|忍无可忍|受够|恶心人|恶心死|强盗|抢钱|流氓|店大欺客|退网|砸了你|去你的|有病吧|脑子有病";
/// Words in which a customer may only be displeased.
const CROSS_ZH: &str = "失望|无语|服了你|真服了|我服了|好烦|烦死|烦人|烦不烦|搞什么|搞毛|到底行不行|到底能不能|到底怎么|还是不行|还是没用|根本没用|一点用都没有|慢死|离谱|差劲|太差|很差|真差|生气|郁闷|答非所问|听不懂人话|等了半天|等半天|说了半天|\
浪费时间|浪费我|有完没完|不满意|敷衍|推来推去|踢皮球|没人管|几遍了|第几次|问了三遍|说了三遍|又来了|糊弄|太坑|真坑|太贵了吧|凭什么|什么意思啊|能不能好好|靠谱吗|不靠谱|没诚意|扯淡|呵呵|火了|急死|崩溃|垃圾";
/// What holds such a word and means nothing by it, in Chinese.
const HARMLESS_ZH: &str =
    "垃圾短信|垃圾电话|垃圾邮件|垃圾箱|垃圾分类|垃圾信息|清理垃圾|骗子电话|诈骗|怎么投诉|如何投诉|投诉电话|投诉渠道|投诉进度|投诉怎么|骚扰电话";

const ANGRY_EN: &str = "rip off|ripped off|ripoff|ripping me off|scammers|you scam|daylight robbery|robbed|ridiculous|disgusting|disgusted|disgrace|disgraceful|outrageous|furious|livid|sick of|fed up|worst|bunch of liars|liars|thieves|\
stealing my money|stealing from me|stole my money|my lawyer|lawyers|sue you|legal action|ofcom|ombudsman|the regulator|trading standards|consumer protection|go to the press|fuck|fucking|shit|shitty|bullshit|wtf|goddamn|damn you|arse|unacceptable|\
appalling|shambles|pathetic|had enough|i want to complain|i'm going to complain|i will complain|make a complaint|file a complaint|formal complaint|how dare you|shame on you|screw you|go to hell|cancel everything|absolute joke|complete joke";
const CROSS_EN: &str = "annoyed|annoying|disappointed|disappointing|frustrated|frustrating|useless|waste of time|wasting my time|still not|still doesn't|still isn't|terrible|awful|hopeless|rubbish|garbage|nonsense|come on|seriously|not good enough|angry|mad|upset|\
for the third time|third time|again and again|over and over|going round in circles|going in circles|what a joke|makes no sense|you don't listen|not listening|nobody cares|no one cares|unhappy|not happy|hate|stupid|idiot|idiots|crap|dumb|bloody|poor service|bad service|let down|kept waiting|been waiting for hours|lost patience|no help";
const HARMLESS_EN: &str = "spam|scam text|scam call|junk mail|how do i complain|how can i complain|how to complain|complaints number|complaint status";

const YES_ZH: &str = "ok的|好的呢|接|接一下|接吧|叫|叫一下|叫人|叫吧|找|找吧|找人|安排|安排一下|安排吧|也行|也好|也可以|行啊|成吧|嗯呢|必须|必须的|当然|当然要|来吧|转人工|转人工吧|好好|好啊|好呀|好滴好滴|要的要的|可以可以|行行|中中|麻烦转接|麻烦转接一下|转接一下|帮我转接|帮我转接一下|给我转接|请转接|转过去|转过去吧|接人工|好|好的|好啊|好吧|好滴|好嘞|要|要的|是|是的|行|可以|可以的|嗯|嗯嗯|恩|对|对的|转|转吧|转接|转接吧|帮我转|帮我转吧|给我转|需要|需要的|那转吧|好转吧|快转|赶紧转|马上转|麻烦转一下|麻烦转|转一下|同意|没问题|成|中|ok|okay|yes|行吧|可以转|要转|那好|那好吧|就这样吧";
const NO_ZH: &str = "不用人工|不要人工|不需要人工|不找人工|不用人工客服|不用客服|不要客服|不需要客服|不用转人工|不要转人工|不转人工|别转人工|不用找人工|不想转人工|\
不要转|别转|不想转|不用转了|不需要转|不转了|不用麻烦|不用麻烦了|不麻烦了|不必了|先不要|先别|暂时不要|暂时不需要|暂时不|不了|先不了|先不|算了吧|还是算了|先算了|免了|不需要了|都不用|都不要|不用|不要|不用了|不要了|不需要|先不用|先不用了|暂时不用|暂时不用了|算了|不|别|不必|不转|不用转|先不转|no|没必要";
const YES_EN: &str = "if you must|sure thing|go on|go on then|go then|might as well|i guess so|guess so|i suppose so|suppose so|if you wouldn't mind|if you don't mind|lovely|that'd be lovely|that would be lovely|cool|good|good idea|do so|i'd appreciate that|i'd appreciate it|would appreciate it|fine by me|happy to|let's go|let's do it|lets do it|let's|yes then|for sure|right|right then|very well|k|kk|aye|mhm|mm|yh|yess|yup|rather|be good|be great|yea|ya|yes please do|that works|works for me|sounds great|sounds fine|sounds perfect|that'd be nice|that'd be good|that'd be helpful|that would be nice|that would be helpful|that would help|that'd help|why not|go for it|by all means|get someone|get somebody|\
get a person|connect me please|transfer me|i'd like that|i would like that|certainly|uh huh|affirmative|okey|okay then|ok then|alright then|if you could|if you can|perfect|great|yes|yeah|yep|yup|y|sure|ok|okay|please|please do|go ahead|do it|do that|that would be great|that would be good|that'd be great|fine|alright|all right|of course|definitely|absolutely|i would|i do|yes i would|yes i do|sounds good|let's do that|get one|get me one|connect me|put me through|好|好的|要";
const NO_EN: &str = "i'll pass|ill pass|i pass|you're alright|youre alright|you're all right|you're ok|no thanks|no thank you|nope thanks|not really|not right now|not today|maybe later|never mind|nevermind|nvm|forget it|don't bother|dont bother|please don't|don't want|dont want|don't need|dont need|do not want|do not need|no need for that|i'm ok|im ok|im fine|im good|\
i'm alright|rather not|i'd rather not|id rather not|leave it|skip it|negative|i can manage|i'll manage|not interested|not necessary|don't want a person|don't need a person|dont need a person|don't need an agent|don't want an agent|don't need a human|don't want a human|don't need anyone|don't want to talk to anyone|don't want to talk to a person|no person|no agent|no human|no|nope|nah|not now|not yet|no need|later|don't|not needed|i'm fine|i'm good|n|不用";
const POLITE: &str = "谢谢|谢谢你|谢谢您|多谢|麻烦了|麻烦你了|辛苦了|thanks|thank you|thx|cheers|please|now|快点|尽快|it's fine|its fine|that's fine|thats fine|it's ok|its ok|that's ok|thats ok|it's okay|that's okay|no worries|no problem";
/// What may stand beside yes or no, and says neither.
const BESIDE_ZH: &str = "麻烦你了|麻烦您了|那就麻烦你了|真人|人工|人工客服|客服|人|个人|个|位|来|过来|那好|吧那|唉|哎|哦|噢|好像|咱|咱们|那|那就|就|我|帮我|给我|请|麻烦|麻烦您|麻烦你|您|你|一下|先|还是|也|现在|帮|帮忙|给|吧|啊|呀|哈|嗯|啦|咯|哦|呢|谢谢|谢谢您|谢谢你|多谢|辛苦了|麻烦了|快点|尽快|马上|赶紧";
const BESIDE_EN: &str = "if|with|person|human|agent|someone|somebody|real|live|ah|hmm|um|uh|er|haha|mate|then|that|would|be|be great|i think|i guess|i suppose|as well|i|i'd|id|me|you|it|it's|its|that's|thats|a|an|the|and|then|well|just|so|oh|do|now|please|pls|plz|thanks|thank you|thank|thx|cheers|for|to|at the moment|it's fine|its fine|that's fine|thats fine|it's ok|its ok|that's ok|thats ok|it's okay|that's okay|really|very much|so much|kindly|ta";
/// Pictures that say no, and yes.
const GESTURES: [&str; 2] = ["👎❌✖🙅", "👍👌✅✔🆗🙆"];
const PARTICLES: &str = "啊呀吧呢哦哈啦嘛哟噢诶欸~";

/// So many exclamation marks, or question marks, are a raised voice.
const SHOUTS: usize = 3;
const ASKS_LOUDLY: usize = 4;
/// A line in capitals is a raised voice from so many letters on.
const CAPITALS: usize = 12;

/// The mood of a line, from its words, its punctuation and its capitals.
pub fn mood(text: &str) -> Mood {
    let normal = normal_of(text);
    let Some(lang) = detect(&normal) else { return Mood::Calm };
    let (angry, cross, harmless) = match lang {
        Lang::Zh => (ANGRY_ZH, CROSS_ZH, HARMLESS_ZH),
        Lang::En => (ANGRY_EN, CROSS_EN, HARMLESS_EN),
    };
    let mut line = if lang == Lang::Zh { normal } else { format!(" {} ", tokens(&normal).join(" ")) };
    let spelt = |word: &str| if lang == Lang::Zh { word.to_owned() } else { format!(" {word} ") };
    for word in list(harmless) {
        line = line.replace(&spelt(word), " | ");
    }
    let holds = |words: &'static str| list(words).any(|word| line.contains(&spelt(word)));
    let level = if holds(angry) { 2 } else { usize::from(holds(cross)) };
    match level + usize::from(is_loud(text)) {
        0 => Mood::Calm,
        1 => Mood::Cross,
        _ => Mood::Angry,
    }
}

fn is_loud(text: &str) -> bool {
    let count = |marks: [char; 2]| text.chars().filter(|c| marks.contains(c)).count();
    let (exclaims, asks) = (count(['!', '！']), count(['?', '？']));
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    let small = text.chars().filter(char::is_ascii_lowercase).count();
    exclaims >= SHOUTS || asks >= ASKS_LOUDLY || exclaims > 0 && asks > 1 || letters >= CAPITALS && small == 0 && text.contains(' ')
}

/// Whether a line says yes or no to what was just offered; `None` if it says anything else as well.
pub fn agrees(text: &str) -> Option<bool> {
    let normal = normal_of(text);
    if !normal.chars().any(char::is_alphanumeric) {
        let gesture = text.chars().find_map(|c| GESTURES.iter().position(|signs| signs.contains(c)));
        return gesture.map(|says| says == 1);
    }
    if is_only_that(text) {
        return Some(false);
    }
    let is_one_of = |part: &str, words: &'static str| {
        let bare = skeleton(part);
        let bare = bare.trim_end_matches(|c| PARTICLES.contains(c));
        !bare.is_empty() && list(words).any(|word| skeleton(word) == bare)
    };
    let mut found = None;
    for part in normal.split([',', '。', '!', '?', '.', ';', '、', '\n', '~', '，', '！', '？']).filter(|part| part.chars().any(char::is_alphanumeric)) {
        let says = if is_one_of(part, NO_ZH) || is_one_of(part, NO_EN) {
            false
        } else if is_one_of(part, YES_ZH) || is_one_of(part, YES_EN) {
            true
        } else if is_one_of(part, POLITE) || ends_politely(part) {
            continue;
        } else {
            match says_among_others(part)? {
                Some(says) => says,
                None if names_somebody(part) => return None,
                None => continue,
            }
        };
        if found.is_some_and(|before| before != says) {
            return None;
        }
        found = Some(says);
    }
    found
}

/// Whether a line begins as one that only takes note: "哦哦，好的", "oh ok".
pub fn takes_note(text: &str) -> bool {
    let normal = normal_of(text);
    let line = normal.trim_start();
    line.starts_with(['哦', '噢', '喔']) || list("oh|ah|i see").any(|head| line.strip_prefix(head).is_some_and(|rest| rest.starts_with([' ', ','])))
}

/// Whether a part says yes or no in several words, "那就转吧", "yes please", or neither, "麻烦快点"; `None` if it says anything else.
fn says_among_others(part: &str) -> Option<Option<bool>> {
    let (bare, words) = (skeleton(part), tokens(part));
    let lang = detect(part)?;
    let lists: [(Option<bool>, &'static str); 3] = match lang {
        Lang::Zh => [(Some(false), NO_ZH), (Some(true), YES_ZH), (None, BESIDE_ZH)],
        Lang::En => [(Some(false), NO_EN), (Some(true), YES_EN), (None, BESIDE_EN)],
    };
    let known = || lists.iter().flat_map(|(says, phrases)| list(phrases).map(move |phrase| (*says, phrase)));
    let (mut yes, mut no) = (false, false);
    let mut note = |says: Option<bool>| {
        yes |= says == Some(true);
        no |= says == Some(false);
    };
    match lang {
        Lang::Zh => {
            let mut rest = bare.as_str();
            while !rest.is_empty() {
                let (says, phrase) = known().filter(|(_, phrase)| rest.starts_with(phrase)).max_by_key(|(_, phrase)| phrase.len())?;
                note(says);
                rest = &rest[phrase.len()..];
            }
        }
        Lang::En => {
            let mut at = 0;
            while at < words.len() {
                let begins = |phrase: &str| words[at..].starts_with(&tokens(phrase));
                let found = known().filter(|(_, phrase)| begins(phrase)).max_by_key(|(says, phrase)| (tokens(phrase).len(), says.is_none()));
                let (says, phrase) = found?;
                note(says);
                at += tokens(phrase).len().max(1);
            }
        }
    }
    (!yes || !no).then_some((yes || no).then_some(yes))
}

fn ends_politely(part: &str) -> bool {
    let words = tokens(part);
    matches!(words.as_slice(), ["thank", "you"] | ["thanks", ..]) && words.len() <= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mood_is_in_the_words_and_in_how_loud_they_are() {
        for (text, expected) in [
            ("怎么换套餐", Mood::Calm),
            ("你们这是乱扣费，我要投诉到工信部", Mood::Angry),
            ("真的很失望", Mood::Cross),
            ("真的很失望！！！", Mood::Angry),
            ("还是不行", Mood::Cross),
            ("垃圾短信怎么拦截", Mood::Calm),
            ("怎么投诉", Mood::Calm),
            ("接到诈骗电话怎么办", Mood::Calm),
            ("流量呢？？？？", Mood::Cross),
            ("滚动播放怎么关", Mood::Calm),
            ("怎么操作", Mood::Calm),
            ("this is ridiculous", Mood::Angry),
            ("I am disappointed", Mood::Cross),
            ("I AM STILL WAITING FOR MY PARCEL", Mood::Cross),
            ("WHY IS THIS USELESS THING SO SLOW", Mood::Angry),
            ("how do i complain", Mood::Calm),
            ("is madeira in the roaming zone", Mood::Calm),
            ("how do I block spam", Mood::Calm),
            ("😀!!", Mood::Calm),
            ("", Mood::Calm),
        ] {
            assert_eq!(mood(text), expected, "{text}");
        }
    }

    #[test]
    fn who_takes_note_is_told_from_who_agrees() {
        for (text, notes) in [("哦哦 好的", true), ("噢，行吧", true), ("oh ok", true), ("I see, fine", true), ("好的", false), ("ok", false), ("嗯", false)]
        {
            assert_eq!(takes_note(text), notes, "{text}");
        }
    }

    #[test]
    fn an_offer_is_accepted_or_declined_and_a_new_question_is_neither() {
        for text in [
            "好的",
            "好啊，谢谢",
            "要",
            "转吧！",
            "嗯嗯",
            "yes",
            "Yes please",
            "ok, thanks",
            "sure, go ahead",
            "please",
            "Yes, please do. Thank you",
            "好的好的",
            "那就转吧",
            "麻烦您转一下",
            "可以，转吧，谢谢",
            "嗯好",
            "yes yes",
            "that would be helpful, thanks",
            "sure, why not",
            "ok then",
            "👍",
        ] {
            assert_eq!(agrees(text), Some(true), "{text}");
        }
        for text in [
            "不用了",
            "算了，谢谢",
            "no",
            "No thanks",
            "not now, thank you",
            "不用了谢谢",
            "先不用了吧",
            "还是算了",
            "那就不用了",
            "我先不转",
            "不用转人工",
            "No, I'm fine",
            "no that's ok",
            "no, it's fine",
            "I don't need a person, thanks",
            "not right now",
            "maybe later",
            "👎",
        ] {
            assert_eq!(agrees(text), Some(false), "{text}");
        }
        for text in [
            "好的，那流量怎么算",
            "要多少钱",
            "yes but what about roaming",
            "可以转网吗",
            "不行",
            "",
            "谢谢",
            "好，不用",
            "要不要",
            "是不是",
            "不，我要人工",
            "算了，找人吧",
            "no, a person please",
            "no i need a person",
            "好了",
            "no, I want an invoice",
            "👍 流量怎么算",
        ] {
            assert_eq!(agrees(text), None, "{text}");
        }
    }
}
