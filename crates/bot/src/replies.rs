//! The bot's own phrases. Sentences are short; Chinese addresses the customer as 您.

use crate::text::Lang;

/// The occasions for a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phrase {
    DidYouMean,
    NoAnswer,
    NothingSaid,
    Greeting,
    HowAreYou,
    Thanks,
    Goodbye,
    Name,
    Robot,
    Ability,
    Understood,
    Praise,
    Complaint,
}

/// The phrase for an occasion.
pub(crate) fn say(phrase: Phrase, lang: Lang) -> &'static str {
    let (zh, en) = match phrase {
        Phrase::DidYouMean => ("您想问的是下面哪一个？", "Which of these do you mean?"),
        Phrase::NoAnswer => (
            "这个我没有可靠的答案，不想乱猜。我记下来了，会去学。您可以换个说法，也可以找人工。",
            "I have no reliable answer to this, and I would rather not guess. I have noted it and will learn it. You can put it another way or talk to a person.",
        ),
        Phrase::NothingSaid => ("请写下您想问的事，一句话就行。", "Write what you would like to know. One sentence is enough."),
        Phrase::Greeting => ("您好。说说您想问的事，一句话就行。", "Hello. Tell me what you need, one sentence is enough."),
        Phrase::HowAreYou => ("我在，随时能答。您想问什么？", "I am here and ready. What would you like to know?"),
        Phrase::Thanks => ("不客气。还有别的事，直接说。", "You are welcome. If there is anything else, just say it."),
        Phrase::Goodbye => ("再见。有事随时回来。", "Goodbye. Come back any time."),
        Phrase::Name => {
            ("我是这里的智能助手，能查、能答，不确定会直说。", "I am the AI assistant here. I look things up and answer, and I say so when I am not sure.")
        }
        Phrase::Robot => {
            ("我是智能助手，不是真人。想和人说话，随时告诉我。", "I am an AI assistant, not a person. Say so any time you would rather talk to one.")
        }
        Phrase::Ability => (
            "我能答办事、订单和售后的问题，也能查商品参数、价格和有没有货。答不了的，可以找人工。",
            "I answer questions about the services, orders and after-sales here, and look up a product's data, price and stock. For anything else there is a person.",
        ),
        Phrase::Understood => ("好的。还有别的事，直接说。", "All right. If there is anything else, just say it."),
        Phrase::Praise => ("谢谢您。还有别的事，直接说。", "Thank you. If there is anything else, just say it."),
        Phrase::Complaint => {
            ("我没帮上忙。您可以换个说法，或者现在就找人工。", "I have not helped so far. You can put it another way, or talk to a person now.")
        }
    };
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
