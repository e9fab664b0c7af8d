//! The bot's own phrases. Sentences are short; Chinese addresses the customer as 您.

use crate::text::Lang;

/// The occasions for a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phrase {
    DidYouMean,
    DidYouMeanThis,
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
    Unclear,
    UnclearOfAnswer,
    OfferPerson,
    InVain,
    InVainWithMore,
    InVainAgain,
    InVainStill,
    SameAnswer,
    WhichFirst,
    OtherLeft,
    WhichOne,
    NoneOfThese,
    NoAnswerAgain,
    DidYouMeanAgain,
}

/// The phrase for an occasion.
pub(crate) fn say(phrase: Phrase, lang: Lang) -> &'static str {
    let (zh, en) = match phrase {
        Phrase::DidYouMean => ("您想问的是下面哪一个？", "Which of these do you mean?"),
        Phrase::DidYouMeanThis => ("您想问的是这个吗？", "Is this what you mean?"),
        Phrase::NoAnswer => (
            "这个问题我没有可靠的答案，不想乱猜。我已经记下，会反馈给同事。您可以换个说法，也可以找人工。",
            "I have no reliable answer to this, and I would rather not guess. I have noted it for my colleagues. You can put it another way or talk to a person.",
        ),
        Phrase::NothingSaid => ("写下您想问的事，一句话就行。", "Write what you would like to know. One sentence is enough."),
        Phrase::Greeting => ("您好。说说您想问的事，一句话就行。", "Hello. Tell me what you need; one sentence is enough."),
        Phrase::HowAreYou => ("我在，随时为您解答。您想问什么？", "I am here and ready. What would you like to know?"),
        Phrase::Thanks => ("不客气。还有别的事，直接说就行。", "You are welcome. If there is anything else, just ask."),
        Phrase::Goodbye => ("再见。有事随时回来。", "Goodbye. Come back any time."),
        Phrase::Name => {
            ("我是智能助手，能帮您查询和解答，不确定的会直说。", "I am the AI assistant here. I look things up and answer, and I say so when I am not sure.")
        }
        Phrase::Robot => {
            ("我是智能助手，不是真人。想找真人，随时告诉我。", "I am an AI assistant, not a person. Say so any time you would rather talk to one.")
        }
        Phrase::Ability => (
            "办业务、订单和售后的问题都可以问我，我也能查商品参数、价格和库存。答不了的，可以找人工。",
            "I answer questions about services, orders and after-sales, and look up a product's data, price and stock. A person can help with the rest.",
        ),
        Phrase::Understood => ("好的。还有别的事，直接说就行。", "All right. If there is anything else, just ask."),
        Phrase::Praise => ("谢谢您。还有别的事，直接说就行。", "Thank you. If there is anything else, just ask."),
        Phrase::Unclear => {
            ("抱歉，是我没说清楚。您想问的是哪件事？写一句话就行。", "I am sorry, I was not clear. What would you like to know? One sentence is enough.")
        }
        Phrase::UnclearOfAnswer => ("还有哪一句不清楚？把那句发给我就行。", "Which part is still unclear? Just send me those words."),
        Phrase::OfferPerson => (
            "要不要我帮您转人工？点下面就行，前面说过的不用再讲；也可以换个说法，我再查查。",
            "Shall I get a person for you? Press the button below; you will not have to repeat anything. Or put it another way, and I will look again.",
        ),
        Phrase::InVain => (
            "看来刚才的办法没有解决，我这里也没有更多的办法。转人工接着查吧，点下面就行，前面说过的不用再讲。",
            "It looks as if that did not solve it, and I have nothing more to suggest. A person can look into it: press the button below; you will not have to repeat anything.",
        ),
        Phrase::InVainWithMore => (
            "看来刚才的办法没有解决。下面几条也许有关；要是都试过了，点下面转人工，前面说过的不用再讲。",
            "It looks as if that did not solve it. One of these may help; if you have tried them, press the button below for a person. You will not have to repeat anything.",
        ),
        Phrase::InVainAgain => (
            "还没解决，很抱歉。这件事需要人工来查，点下面就能转接，前面的对话一并带过去。",
            "I am sorry that this is still not solved. A person has to look into it: press the button below, and they will see the conversation so far.",
        ),
        Phrase::InVainStill => (
            "我能想到的都说过了，再让您试下去没有意义。请点下面找人工，由客服替您处理。",
            "I have told you everything I know, and more attempts would only waste your time. Please press the button below and let a person take over.",
        ),
        Phrase::NoAnswerAgain => (
            "这个我也没有可靠的答案，也记下了。您可以找人工问，前面说过的不用再讲。",
            "I have no reliable answer to this either, and have noted it too. A person can help; you will not have to repeat anything.",
        ),
        Phrase::DidYouMeanAgain => ("是不是下面这几条里的一条？", "Is it one of these?"),
        Phrase::WhichFirst => ("您问了不止一件事，先看哪一件？", "You are asking about more than one thing. Which one first?"),
        Phrase::OtherLeft => ("您还问了另一件，是下面这一条吗？", "You asked about something else, too. Is it this?"),
        Phrase::WhichOne => (
            "是下面哪一个？点一下，或者说“第几个”；都不是也可以直接说。",
            "Which one is it? Press it, or say \"the second one\". If it is something else, just say so.",
        ),
        Phrase::NoneOfThese => (
            "那就不是这几个。您可以换个说法，多说两句，我再查查；要找人工，点下面就行，前面说过的不用再讲。",
            "None of these, then. Put it another way, and I will look again; or press the button below for a person. You will not have to repeat anything.",
        ),
        Phrase::SameAnswer => ("答案在这一条里：", "This is where the answer is:"),
        Phrase::Complaint => {
            ("没能帮上您。您可以换个说法，也可以现在就找人工。", "I have not helped so far. You can put it another way, or talk to a person now.")
        }
    };
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
