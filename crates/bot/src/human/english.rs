//! Requests for a person in English.

use crate::text::list;

/// Words that ask for somebody.
const ASKING: &str = "connected|transferred|forwarded|routed|talk|speak|chat|talking|speaking|connect|transfer|put|get|give|find|want|need|like|prefer|contact|reach|switch|escalate|call|\
    summon|ask|request|message|route|redirect|forward|send|pass|hand|bring|let|have|any|there|see|demand|require|take|use|page|discuss|patch|wanna|\
    gimme|fetch";

/// Words that ask to speak with somebody.
const SPEAKING: &str = "connected|transferred|talk|speak|chat|talking|speaking|connect|transfer|put|escalate|pass|hand|wanna|patch|switch";

/// Names for a person that nobody mentions without wanting one.
const ALWAYS: &str = "live chat|live agent|live agents|live person|live human|live operator|live representative|human agent|human agents|human being|\
    human support|human operator|human representative|real person|real human|real people|real agent|actual person|actual human|customer service representative|\
    customer service agent|customer service rep|someone real|somebody real|a real one";

/// Names for a person that are a request after any word of asking.
const STRONG: &str = "real human being|actual human being|human being|human agent|human agents|human support|human help|human operator|\
    human representative|real human|actual human|live human|human|humans|live agent|live person|live operator|live support|live representative|\
    live rep|live chat|real person|real people|actual person|actual people|real agent|living person|support agent|customer service agent|\
    customer service representative|customer service rep|customer service|customer support|customer care|customer representative|representative|\
    representatives|rep|agent|agents|service desk|help desk|helpdesk|real operator";

/// Names for a person that are a request only after a word of speaking.
const WEAK: &str = "member of your team|member of the team|someone|somebody|anyone|anybody|a person|person|people|manager|supervisor|operator|staff|advisor|adviser|specialist|consultant|\
    colleague|clerk|expert|support|member of staff|boss|employee|assistant manager|team leader|guy|your team|the team|support team|support staff|\
    real one|man|woman|lady|technician|officer|attendant";

/// Words that refuse.
const NEGATION: &str = "don't|dont|not|no|without|never|needn't|won't|isn't|wouldn't|rather|stop|cancel|nobody|instead";

/// Words after a person that make it a topic: "the agent said", "agent fee", "human rights".
const ABOUT: &str = "said|told|says|promised|was|were|called|fee|fees|rights|error|resources|body|insulted|ignored|rude|finish|hours|start|cost|\
    number|numbers|phone|email|address|hotline|job|jobs|salary|code|id|did|didn't|hung|refused|gave|sold|asked|made|mistake|verification|history|who|\
    attitude|commission|string|readable|sign|many|rating|survey|review|rate|training|work|works|working|complaint|complain|export|chats|ear|eye|\
    nature|keeps|wrote|sent|signed|charged|installed|came|visited";

/// Words that do not change the meaning.
const FILLERS: &str = "please|pls|plz|now|a|an|the|hi|hello|hey|ok|okay|just|asap|thanks|thank|you|i|want|need|to|me|get|give|some|right|immediately|\
    help|for|only|first|my|then|ugh";

/// What a person may be asked to do.
const HELPS: &str = "help|answer|look|reply|call|contact|assist|handle|take|check|explain|fix|deal";

/// What can come between the word of asking and the person.
const BETWEEN: &str = "me|us|to|with|a|an|the|my|your|this|it|some|real|live|actual|through|over|on|one|of|for|up|directly|in|touch|hold|another|\
    different|proper|good|english|speaking|senior|customer|support|service|available|can|i|any|them|somebody|person|there|just|please|right|now|with|\
    talk|speak|chat|back|onto";

/// Whether the tokens of a normalised line ask for a person.
pub(super) fn asks(words: &[&str]) -> bool {
    let joined = words.concat();
    if joined == "rengong" || list("zhuanrengong|rengongkefu|zhaokefu").any(|word| joined.contains(word)) {
        return true;
    }
    if among("who can i talk to|who do i talk to|who can i speak to|who do i speak to|who should i talk to|who can i speak with", &words.join(" ")) {
        return true;
    }
    let bare: Vec<&str> = words.iter().copied().filter(|word| !among(FILLERS, word)).collect();
    let bare = bare.join(" ");
    let short = words.len() <= 4 && among("person|operator|someone|somebody|supervisor|manager", &bare);
    if short || among(STRONG, &bare) || among("escalate|escalate this|escalate it", &bare) {
        return !words.iter().any(|word| among(NEGATION, word));
    }
    if against_robots(words) {
        return true;
    }
    if !words.is_empty() && words.iter().all(|word| among("agent|human|person|representative|operator|please", word)) {
        return true;
    }
    let refused = words.iter().any(|word| among(NEGATION, word));
    let about_the_bot = words.windows(2).any(|pair| matches!(pair, ["are" | "aren't", "you"] | ["you", "are"] | ["is" | "isn't", "this"] | ["am", "i"]));
    if !refused && !about_the_bot && list(ALWAYS).any(|name| named_apart(words, name)) {
        return true;
    }
    [(STRONG, true), (WEAK, false)].into_iter().any(|(names, strong)| {
        list(names).any(|name| {
            let name: Vec<&str> = name.split(' ').collect();
            let mut places = words.windows(name.len()).enumerate().filter(|(_, window)| *window == name.as_slice());
            places.any(|(at, _)| asked_for(&words[..at], &words[at + name.len()..], strong))
        })
    })
}

/// Whether the name occurs and what follows does not make it a topic.
fn named_apart(words: &[&str], name: &'static str) -> bool {
    let name: Vec<&str> = name.split(' ').collect();
    let mut places = words.windows(name.len()).enumerate().filter(|(_, window)| *window == name.as_slice());
    places.any(|(at, _)| {
        let (before, after) = (&words[..at], &words[at + name.len()..]);
        !after.iter().take(3).any(|word| among(ABOUT, word)) && !before.iter().any(|word| among("many|who|travel|estate|user|said|told|does|did", word))
    })
}

/// "I don't want to talk to a robot", "no bots", "stop the bot"; not "I am not a robot".
fn against_robots(words: &[&str]) -> bool {
    let Some(at) = words.iter().position(|word| among("bot|bots|robot|robots|machine|machines|ai|computer|chatbot", word)) else {
        return false;
    };
    let before = &words[..at];
    let refuses = before.iter().any(|word| among("don't|dont|not|no|stop|hate|tired|sick|enough|without", word));
    let speaks =
        before.first() == Some(&"not") || before.iter().any(|word| among("talk|talking|speak|speaking|chat|chatting|want|wanna|of|no|stop|more", word));
    let about_the_bot = before.first().is_some_and(|word| among("are|is|am|you're|why", word));
    let shopping = words.iter().any(|word| among("vacuum|buy|sell|washing", word));
    refuses && speaks && !about_the_bot && !shopping
}

fn asked_for(before: &[&str], after: &[&str], strong: bool) -> bool {
    let topic = after.iter().take(3).any(|word| among(ABOUT, word));
    let there_are = before.contains(&"there");
    let told = before.iter().any(|word| among("many|who|travel|estate|user|cleaning|complain|said|told", word));
    let present = after.first().is_some_and(|word| among("available|online|there|free|around", word));
    if topic || told || (before.contains(&"are") && !there_are && !present) {
        return false;
    }
    if strong && present && !before.contains(&"no") && !before.contains(&"you") {
        return true;
    }
    let refused = before.iter().any(|word| among(NEGATION, word));
    if !refused && (called_upon(before, after, strong) || talked_to(after)) {
        return true;
    }
    let verbs = if strong { ASKING } else { SPEAKING };
    let Some(verb) = before.iter().rposition(|word| among(verbs, word)) else { return false };
    let between = &before[verb + 1..];
    if between.len() > 6 || !between.iter().all(|word| among(BETWEEN, word)) {
        return false;
    }
    let negated = before[..=verb].iter().rev().take(5).any(|word| among(NEGATION, word));
    let impatient = matches!(before.first(), Some(&"why" | &"can't")) && !before.contains(&"no");
    let rather = before.contains(&"rather") && !before.iter().any(|word| among("not|don't", word));
    if negated && !impatient && !rather {
        return false;
    }
    match before[verb] {
        "put" => between.iter().chain(after.first()).any(|word| among("through|on|touch", word)),
        "connected" | "transferred" | "forwarded" | "routed" => before[..verb].iter().any(|word| among("be|get", word)),
        "hand" | "pass" | "send" | "forward" | "escalate" | "transfer" | "switch" => !between.is_empty(),
        "talk" | "speak" | "chat" | "talking" | "speaking" => between.is_empty() || between.iter().any(|word| among("to|with|a|an|real", word)),
        _ => true,
    }
}

/// "human please" after a complaint; "can an agent help me"; "can someone call me"; "I need someone to help me"; "I want a person".
fn called_upon(before: &[&str], after: &[&str], strong: bool) -> bool {
    let asked = before.iter().rev().take(4).any(|word| among("can|could|would|will|may|let|have", word));
    let wanted = before.iter().rev().take(4).any(|word| among("want|need|give|get|like", word));
    let to_me = after.get(1).is_none_or(|word| among("me|my|us|at|this|it|with|please", word));
    match after {
        [next, ..] if strong => among("please|pls|now", next) || (asked && among(HELPS, next)),
        ["to", next, ..] if wanted => among("help|call|contact|assist|look|explain|answer", next),
        [next, ..] if asked => among("help|call|contact|assist|look|check|explain|answer|reply", next) && to_me,
        ["on", "the", "line" | "phone", ..] => wanted,
        ["please" | "now" | "not"] | [] => wanted && before.last().is_some_and(|word| among("a|real|actual|live|another", word)),
        _ => false,
    }
}

/// "anyone there I can talk to", "a person to speak with".
fn talked_to(after: &[&str]) -> bool {
    let speaks = |pair: &[&str]| among("talk|speak|chat", pair[0]) && among("to|with", pair[1]);
    after.windows(2).take(5).any(speaks) && after.iter().take(4).any(|word| among("can|could|to|i", word))
}

fn among(words: &'static str, word: &str) -> bool {
    list(words).any(|known| known == word)
}
