//! Recognises lines that need no knowledge: greetings, thanks, goodbyes, questions about the bot itself.

use crate::replies::Phrase;
use crate::text::{Lang, list, says, tokens};

const ZH: [(Phrase, &str); 11] = [
    (
        Phrase::Robot,
        "你是机器人吗|你是人吗|你是真人吗|你是人工吗|你是人工客服吗|你是ai吗|你是不是机器人|你是不是真人|你是不是人|你是不是人工|你是人工还是机器人|你是机器人还是人工|你是机器人还是真人|你是真人还是机器人|你是ai还是真人|你是人还是机器人|\
是机器人吗|是真人吗|是人工吗|你是活人吗|机器人|你是机器|您是机器人吗|您是真人吗|您是人工吗|是人工客服吗|你是机器人",
    ),
    (
        Phrase::Name,
        "你是谁|你叫什么|你叫什么名字|您是谁|您贵姓|你是哪位|介绍一下你自己|介绍下你自己|自我介绍|怎么称呼|怎么称呼你|你叫啥|你是干什么的|你是做什么的|你有名字吗|你谁",
    ),
    (
        Phrase::Ability,
        "你能做什么|你会什么|你会做什么|你有什么功能|能帮我什么|你能帮我什么|你能帮我做什么|你可以干什么|你可以做什么|你能干什么|你能干嘛|你会干嘛|怎么用你|帮助|功能|你都能做什么|你都会什么|能做什么|可以问你什么|我能问什么|可以问什么",
    ),
    (Phrase::HowAreYou, "你好吗|最近怎么样|最近好吗|吃了吗|你吃饭了吗|忙吗|你还好吗|在忙吗|在干嘛|你在干嘛"),
    (
        Phrase::Greeting,
        "你好|您好|嗨|哈喽|哈罗|早上好|下午好|晚上好|中午好|早安|在吗|在不在|你在吗|您在吗|在么|早|喂|你们好|大家好|hi|hello|hey|哈啰|有人么|亲|亲在吗|打扰了|打扰一下|你好你好|请问|请问一下|您好在吗|你好在吗",
    ),
    (Phrase::Thanks, "谢谢|谢谢你|谢谢您|多谢|感谢|非常感谢|太感谢了|辛苦了|辛苦|谢了|3q|thx|thanks|十分感谢|谢谢谢谢|麻烦你了|麻烦了|谢谢了|好的谢谢|好谢谢"),
    (
        Phrase::Goodbye,
        "再见|拜拜|拜|88|回头见|先这样|就这样|没事了|没有了|没别的了|不用了|没问题了|下次再聊|bye|晚安|那先这样|没其他问题了|没有其他问题了|没有别的问题了|不聊了|走了|拜拜了",
    ),
    (
        Phrase::Understood,
        "好的|好|嗯|嗯嗯|ok|知道了|我知道了|明白了|明白|懂了|收到|行|可以|了解|了解了|清楚了|好滴|好嘞|哦|噢|好吧|行吧|那好吧|是的|对|对的|原来如此|这样",
    ),
    (Phrase::Praise, "你真棒|真聪明|你真聪明|厉害|真厉害|好用|真好用|不错|你真好|太棒了|很好|非常好|赞|牛|你很聪明|回答得很好|解决了|问题解决了"),
    (
        Phrase::Complaint,
        "你真笨|真笨|好笨|太笨了|什么破机器人|破机器人|答非所问|听不懂人话|没用|真没用|垃圾|你听不懂|你没听懂|不是这个|不是这个意思|我不是问这个|说的什么|说的都是什么|牛头不对马嘴|废物|智障|什么玩意|胡说|你说错了|不对|错了|没解决|还是没解决|你没明白|你不懂|\
没有帮助|没帮助|一点用都没有|气死我了|烦死了|你傻吗|傻瓜|你是傻子吗",
    ),
    (Phrase::Greeting, "测试|test"),
];

const EN: [(Phrase, &str); 10] = [
    (
        Phrase::Robot,
        "are you a robot|are you a bot|are you human|are you a human|are you real|are you a real person|are you a person|are you an ai|is this a bot|is this a robot|am i talking to a bot|am i talking to a robot|am i talking to a machine|am i talking to a human|\
am i talking to a person|am i speaking to a human|am i chatting with a bot|is this a real person|is this a human|are you a machine|are you a chatbot|you are a bot|are you a bot or a human|are you human or a bot|are you ai|bot",
    ),
    (
        Phrase::Name,
        "who are you|what is your name|what's your name|whats your name|what are you|who am i talking to|who is this|who's this|introduce yourself|tell me about yourself|do you have a name",
    ),
    (
        Phrase::Ability,
        "what can you do|what do you do|how can you help|how can you help me|what can you help with|what can you help me with|help|help me|what can i ask|what can i ask you|can you help me|can you help|i need help|i need some help|how do you work|what are you able to do",
    ),
    (
        Phrase::HowAreYou,
        "how are you|how are you doing|how's it going|how is it going|what's up|whats up|how do you do|are you there|you there|how are things|are you ok",
    ),
    (
        Phrase::Greeting,
        "hi|hello|hey|good morning|good afternoon|good evening|hi there|hello there|hey there|hiya|greetings|morning|afternoon|evening|howdy|yo|good day|hello hello|anybody home|excuse me|test|testing|hi hi|hello again",
    ),
    (
        Phrase::Thanks,
        "thanks|thank you|thank you very much|thanks a lot|many thanks|thx|ty|cheers|much appreciated|thank you so much|thanks so much|that helps|that helped|thanks for your help|thank you for your help|ok thanks|ok thank you|great thanks|thanks that's all|appreciate it|i appreciate it|perfect thanks",
    ),
    (
        Phrase::Goodbye,
        "bye|goodbye|bye bye|see you|see you later|that's all|thats all|that is all|nothing else|no thanks|no thank you|good night|have a nice day|have a good day|never mind|nevermind|cya|i'm done|i am done|that will be all|nope that's all|no that's all|see ya|take care",
    ),
    (
        Phrase::Understood,
        "ok|okay|yes|yep|i see|got it|understood|all right|alright|sure|fine|right|k|cool|makes sense|i understand|yeah|noted|ok got it|very well|no problem",
    ),
    (
        Phrase::Praise,
        "great|good bot|well done|nice|perfect|excellent|you are great|awesome|good job|amazing|you're great|very good|brilliant|wonderful|problem solved|it works now|you are smart|you're smart|that's great|solved|love it|super",
    ),
    (
        Phrase::Complaint,
        "you are stupid|stupid bot|useless|this is useless|you are useless|you're useless|that's wrong|that is wrong|not what i asked|that's not what i asked|that is not what i asked|you don't understand|you do not understand|rubbish|wrong|this doesn't help|that doesn't help|not helpful|that didn't help|\
you're stupid|dumb bot|you are dumb|that's not it|that is not it|no that's not it|you misunderstood|it didn't help|this is not helpful|that is not helpful|terrible|nonsense|still not solved|idiot|you are not helping|you're not helping|what a joke|that makes no sense|i mean something else",
    ),
];

/// Lines that only say that a question follows, in Chinese and English. The models of what is heard first learn nothing from them.
const OPENERS: [&str; 2] = [
    "我想问一下|想问一下|问一下|我问一下|问个问题|问个事|我想问个事|我想问个问题|想问个问题|有个问题|我有个问题|有个问题想问|有个问题想咨询|我有个问题想问|咨询一下|我想咨询一下|想咨询一下|我想咨询个事|想咨询个事|请教一下|想请教一下|有件事想问|我有件事想问|有事想问",
    "i have a question|i've got a question|ive got a question|i got a question|can i ask you something|can i ask something|can i ask a question|can i ask you a question|may i ask a question|quick question|one question|a question|question|i want to ask something|i'd like to ask something|i would like to ask something|just a question|just a quick question",
];

const PARTICLES: &str = "啊呀吧呢哦哈啦嘛哟噢诶欸~的";

/// The result of reading a line as small talk.
pub(crate) enum Reading<'a> {
    /// The whole line is small talk; the phrase answers it.
    Whole(Phrase),
    /// The line opens with a greeting or thanks; this is what follows.
    Then(&'a str),
    /// The line is not small talk.
    No,
}

/// Reads a normalised line.
pub(crate) fn read(normal: &str, lang: Lang) -> Reading<'_> {
    if let Some(phrase) = clause(normal, lang) {
        return Reading::Whole(phrase);
    }
    if utterance::unclear::is_unclear(normal, lang) {
        return Reading::Whole(Phrase::Unclear);
    }
    let clauses: Vec<&str> =
        normal.split([',', '。', '!', '?', '.', ';', '、', '\n', '~', '…', '，']).filter(|part| part.chars().any(char::is_alphanumeric)).collect();
    let mut last = None;
    for (at, part) in clauses.iter().enumerate() {
        match clause(part, lang) {
            Some(phrase) => last = Some(phrase),
            None if at == 0 => return Reading::No,
            None => {
                let opening = matches!(last, Some(Phrase::Greeting | Phrase::Thanks | Phrase::Understood | Phrase::HowAreYou));
                let from = part.as_ptr() as usize - normal.as_ptr() as usize;
                return if opening { Reading::Then(&normal[from..]) } else { Reading::No };
            }
        }
    }
    last.map_or(Reading::No, Reading::Whole)
}

/// All lines that are known word for word.
pub fn lines(lang: Lang) -> impl Iterator<Item = &'static str> {
    let table = if lang == Lang::Zh { &ZH[..] } else { &EN[..] };
    table.iter().flat_map(|(_, phrases)| list(phrases))
}

fn find_in(table: &[(Phrase, &'static str)], line: &str) -> Option<Phrase> {
    table.iter().find(|(_, lines)| list(lines).any(|known| known == line)).map(|(phrase, _)| *phrase)
}

fn clause(text: &str, lang: Lang) -> Option<Phrase> {
    let words = tokens(text);
    if words.is_empty() || words.len() > 12 {
        return None;
    }
    let (table, line) = match lang {
        Lang::Zh => (&ZH[..], words.concat()),
        Lang::En => {
            (&EN[..], words.iter().filter(|word| !matches!(**word, "please" | "so" | "well" | "oh" | "um" | "dear")).copied().collect::<Vec<_>>().join(" "))
        }
    };
    let opens = |line: &str| list(OPENERS[lang as usize]).any(|known| known == line).then_some(Phrase::Greeting);
    let find = |line: &str| opens(line).or_else(|| find_in(table, line));
    find(&line).or_else(|| {
        let bare = line.trim_end_matches(|c| PARTICLES.contains(c));
        (lang == Lang::Zh && bare.len() < line.len() && !bare.is_empty()).then(|| find(bare)).flatten()
    })
}

/// Words of courtesy with the phrase that answers them, the most telling first.
const COURTESY_ZH: [(Phrase, &str); 5] = [
    (Phrase::Thanks, "谢|多谢|感谢|辛苦|么么哒|麻烦你了|麻烦您了|费心|感激|蟹蟹"),
    (Phrase::Goodbye, "再见|拜拜|回见|拜了|晚安|撒由那拉|下次再|改天|回头再|先这样|不打扰|溜了|告辞|走啦|快乐|祝你|祝您|先不聊"),
    (Phrase::Praise, "真棒|真好|不错|厉害|给力|赞|靠谱|好人|人好|贴心|牛|聪明|专业|比我想的|真快"),
    (Phrase::Understood, "懂了|明白|晓得|知道了|了解|收到|好滴|好嘞|好的|得嘞|嗯嗯|哦哦|噢噢|行吧|清楚|商量|考虑|想想|妥了"),
    (
        Phrase::Greeting,
        "你好|您好|哈喽|嗨|早上好|早啊|中午好|下午好|晚上好|新年好|吉祥|敲敲门|在不在|有人在|老师好|来问点|问点事|咨询一下|请教|打扰|hello|心情",
    ),
];
/// The same in English.
const COURTESY_EN: [(Phrase, &str); 5] = [
    (Phrase::Thanks, "thanks|thank you|thank u|ta|cheers|thx|tnx|ty|obliged|appreciated|appreciate|grateful|kind of you|nice of you|helpful"),
    (Phrase::Goodbye, "bye|goodbye|see you|see ya|good night|have a nice|have a good|have a great|take care|that's all|thats all|cya|talk later|ttyl|later"),
    (
        Phrase::Praise,
        "awesome|brilliant|lovely|wonderful|great|perfect|amazing|excellent|good bot|well done|quick|quicker|smart|cool|nice one|sweet|super|fantastic|neat|impressive|love it",
    ),
    (
        Phrase::Understood,
        "got it|all clear|understood|i see|ok|okay|okey|alright|noted|fair enough|makes sense|sounds good|right|will do|fine|good to know|let me think|think about it|ask my",
    ),
    (
        Phrase::Greeting,
        "hi|hello|hey|hiya|good morning|good afternoon|good evening|morning|evening|afternoon|happy new year|merry christmas|nice to meet you|greetings|howdy|yo|how are you|hi im|anybody there|anyone there",
    ),
];
/// Words beside those of courtesy that ask for nothing.
const IDLE_ZH: &str = "呀|啊|哈|哦|噢|嗯|呢|吧|啦|了|喽|嘞|哟|的|你|您|我|他|她|们|人|很|真|太|好|都|也|就|是|在|这|那|么|还|跟|和|先|再|有|天|天天|今天|晚|老师|老婆|老公|家里|下|一下|开心|事|点|来|问|想|快|比|哥|姐|帅哥|美女|亲|侬|咯|不|吗|小|新|年|给|行|中|对|话|多|回|去|说|看|挺|这么|心|情|错|朋友|客服|祝";
/// The same in English.
const IDLE_EN: &str = "a|an|the|you|u|ur|your|i|im|i'm|am|is|it|its|it's|that|that's|thats|this|so|very|really|much|a lot|lot|lots|for|of|to|and|my|me|with|then|all|again|there|here|day|one|was|were|are|be|been|have|has|nice|good|too|just|oh|wow|haha|lol|bot|robot|mate|friend|everyone|guys|than|brother|sister|wife|husband|mum|mom|dad|new|happy|year|kind|help|helping|time|now|we|our|will|what|how|up|well|dear|sir|madam|in|at|on|meet|name|faster|answer|answers|these|those|glad|hope|not|bad|as|always|way";

/// Words of courtesy beside one of these are no more than the way into a question.
const ASKS_EN: &str = "can|could|where|when|why|does|do|which|price|cost|need|want|how much|how many|how long|is there|are there|will i|should|the other|any";

/// Whether a line has a word of courtesy, whatever else it says.
pub(crate) fn is_polite(normal: &str, lang: Lang) -> bool {
    let table = if lang == Lang::Zh { COURTESY_ZH } else { COURTESY_EN };
    table.iter().any(|(_, phrases)| says(normal, lang, phrases))
}

/// The phrase that answers a line of courtesy in words of its own: "得嘞，回见", "awesome, you are quick". `None` if it asks for anything.
pub(crate) fn courtesy(normal: &str, lang: Lang) -> Option<Phrase> {
    let words = tokens(normal);
    match lang {
        Lang::Zh => {
            let line: String = words.concat();
            let asks = list("多少|几|怎么|咋|啥|什么|哪|能不能|吗|没有|不行|坏|慢|贵|退|换|错了|没用|投诉|办|开通|查|充|套餐|流量|手机|宽带|买")
                .any(|word| line.contains(word));
            if words.len() > 16 || asks && !line.contains("好吗") {
                return None;
            }
            let (phrase, _) = COURTESY_ZH.iter().find(|(_, phrases)| list(phrases).any(|word| line.contains(word)))?;
            let mut rest = line.clone();
            let mut known: Vec<&str> = COURTESY_ZH.iter().flat_map(|(_, phrases)| list(phrases)).chain(list(IDLE_ZH)).collect();
            known.sort_by_key(|word| std::cmp::Reverse(word.len()));
            for word in known {
                rest = rest.replace(word, "");
            }
            (rest.chars().count() <= 2).then_some(*phrase)
        }
        Lang::En => {
            if words.len() > 12 {
                return None;
            }
            let text = format!(" {} ", words.join(" "));
            let has = |phrase: &str| text.contains(&format!(" {phrase} "));
            let (phrase, _) = COURTESY_EN.iter().find(|(_, phrases)| list(phrases).any(has))?;
            let mut rest = text.clone();
            for word in COURTESY_EN.iter().flat_map(|(_, phrases)| list(phrases)).chain(list(IDLE_EN)) {
                rest = rest.replace(&format!(" {word} "), "  ");
                rest = rest.replace(&format!(" {word} "), "  ");
            }
            let left = rest.split_whitespace().count();
            let asks = list(ASKS_EN).any(has);
            (left <= 1 && !asks || left == 0).then_some(*phrase)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str, lang: Lang) -> Option<Phrase> {
        match read(&crate::text::normalise(text), lang) {
            Reading::Whole(phrase) => Some(phrase),
            _ => None,
        }
    }

    #[test]
    fn no_courtesy_is_taken_for_danger() {
        for phrase in lines(Lang::Zh).chain(lines(Lang::En)) {
            assert_ne!(crate::human::need(&crate::text::normalise(phrase)), crate::human::Need::Danger, "{phrase}");
        }
    }

    #[test]
    fn greetings_thanks_and_questions_about_the_bot_are_told_apart() {
        assert_eq!(whole("你好呀！", Lang::Zh), Some(Phrase::Greeting));
        assert_eq!(whole("好的，谢谢啦", Lang::Zh), Some(Phrase::Thanks));
        assert_eq!(whole("你是真人吗？", Lang::Zh), Some(Phrase::Robot));
        assert_eq!(whole("Hi! How are you?", Lang::En), Some(Phrase::HowAreYou));
        assert_eq!(whole("That's all, bye.", Lang::En), Some(Phrase::Goodbye));
        assert_eq!(whole("How do I top up?", Lang::En), None);
    }

    #[test]
    fn who_does_not_understand_is_told_from_who_is_not_understood_and_from_who_asks() {
        for (lang, lines) in [
            (
                Lang::Zh,
                ["我没听懂", "没太看懂", "不明白", "你说的什么意思？", "不好意思，我还是没明白", "能说得简单点吗", "什么意思啊", "说人话", "看不懂你说的"]
                    .as_slice(),
            ),
            (
                Lang::En,
                &[
                    "I don't understand",
                    "sorry, I still don't get it",
                    "what do you mean?",
                    "I'm confused",
                    "that's not clear to me",
                    "can you explain that again please",
                    "could you put it in simple words",
                    "pardon?",
                ],
            ),
        ] {
            for line in lines {
                assert_eq!(whole(line, lang), Some(Phrase::Unclear), "{line}");
            }
        }
        for (lang, lines) in [
            (Lang::Zh, ["你没听懂", "您还是不懂", "账单看不懂", "停机是什么意思", "套餐说明看不明白", "懂了"].as_slice()),
            (Lang::En, &["you don't understand", "I don't understand the charges listed", "what does roaming mean", "explain my bill", "I understand"]),
        ] {
            for line in lines {
                assert_ne!(whole(line, lang), Some(Phrase::Unclear), "{line}");
            }
        }
    }

    #[test]
    fn a_greeting_before_a_question_is_taken_off() {
        let Reading::Then(rest) = read("你好,怎么充话费", Lang::Zh) else { panic!("not an opening") };
        assert_eq!(rest, "怎么充话费");
    }
}
