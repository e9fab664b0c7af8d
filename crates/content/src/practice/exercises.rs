//! The exercises: what the customers say, and what has to be done.

use super::{Act, Exercise, Line, Step, Words};

/// How long a customer takes for a short line, and for a longer one.
const SOON: i64 = 4_000;
const LATER: i64 = 8_000;
/// How long a customer has to be given who falls silent.
const QUIET: i64 = 20_000;

/// A step that has nothing to follow but lines of the customer.
const fn step(act: Act, lines: usize, zh: &'static str, en: &'static str) -> Step {
    Step { words: Words { zh, en }, act, lines, follows: None, quiet_ms: 0 }
}

/// What opens the conversation.
const fn opening(zh: &'static str, en: &'static str) -> Line {
    Line { after: &[], pause_ms: 0, words: Words { zh, en } }
}

const fn line(after: &'static [Act], pause_ms: i64, zh: &'static str, en: &'static str) -> Line {
    Line { after, pause_ms, words: Words { zh, en } }
}

/// All exercises, the easiest first.
pub const EXERCISES: &[Exercise] = &[BILL, COMPLAINT, HOLD, SECRET, TRANSFER, SILENT];

const BILL: Exercise = Exercise {
    key: "bill",
    name: Words { zh: "账单多了三十元", en: "A bill that is too high" },
    about: Words {
        zh: "客户来问账单。答复、说清楚、贴标签、结束：一次完整的服务。",
        en: "A customer asks about their bill. Reply, explain, label and resolve: service from beginning to end.",
    },
    lines: &[
        opening("你好，我这个月的账单比上个月多了 30 元，是怎么回事？", "Hello, my bill is 30 yuan higher than last month. Why is that?"),
        line(&[Act::Reply], LATER, "套餐我没动过。是不是流量用超了？", "I haven't changed my plan. Did I go over my data allowance?"),
        line(&[Act::Reply], SOON, "明白了，谢谢。", "I see, thank you."),
    ],
    steps: &[
        step(Act::Reply, 1, "问好，并说明会去查账单", "Say hello, and that you will look at the bill"),
        step(Act::Reply, 2, "说清楚多出来的是什么费用", "Explain what the extra charge is for"),
        step(Act::Label, 1, "给对话贴一个标签，说明它是关于什么的", "Give the conversation a label that says what it is about"),
        step(Act::Resolve, 3, "客户没有别的问题了，结束对话", "The customer has no more questions: resolve it"),
    ],
};

const COMPLAINT: Exercise = Exercise {
    key: "complaint",
    name: Words { zh: "要投诉的客户", en: "A customer who wants to complain" },
    about: Words {
        zh: "客户很生气。先听，再说会怎么处理、什么时候有结果，并记下来给同事。",
        en: "A customer is angry. Listen first, then say what will be done and by when, and leave a note for colleagues.",
    },
    lines: &[
        opening(
            "你们的宽带三天断了四次，打电话也没人管，我要投诉。",
            "My broadband has gone down four times in three days, and nobody picks up the phone. I want to complain.",
        ),
        line(
            &[Act::Reply],
            LATER,
            "每次都说会处理，结果呢？我只想知道什么时候能修好。",
            "You always say you'll deal with it, and then nothing happens. When will it be fixed?",
        ),
        line(&[Act::Reply], LATER, "行，那我等你们的电话。别让我再催一次。", "Fine, I'll wait for your call. Don't make me chase you again."),
    ],
    steps: &[
        step(Act::Reply, 1, "先回应客户遇到的麻烦，再问情况", "Acknowledge what went wrong before you ask anything"),
        step(Act::Reply, 2, "说清楚接下来做什么、什么时候有结果", "Say what happens next, and by when"),
        step(Act::Note, 1, "写一条备注，让接手的同事知道答应了什么", "Write a note so that colleagues know what you promised"),
        step(Act::Resolve, 3, "结束对话", "Resolve the conversation"),
    ],
};

const HOLD: Exercise = Exercise {
    key: "hold",
    name: Words { zh: "查一下退款", en: "Looking up a refund" },
    about: Words {
        zh: "要花点时间才能查到。让客户知道你在查，挂起，回来时说结果。",
        en: "It takes a while to find out. Tell the customer that you are looking, put them on hold, and come back with what you found.",
    },
    lines: &[
        opening("我上周退了一台路由器，退款到哪一步了？", "I returned a router last week. Where is my refund?"),
        line(&[Act::Hold, Act::Reply], SOON, "好的，那我再等两天。", "All right, I'll wait another two days."),
    ],
    steps: &[
        step(Act::Reply, 1, "告诉客户你去查，大概要多久", "Say that you will look it up, and how long it takes"),
        step(Act::Hold, 1, "挂起对话", "Put the conversation on hold"),
        Step { follows: Some(Act::Hold), ..step(Act::Reply, 1, "回来后先说查到了什么", "Come back, and say what you found") },
        step(Act::Resolve, 2, "结束对话", "Resolve the conversation"),
    ],
};

const SECRET: Exercise = Exercise {
    key: "secret",
    name: Words { zh: "把验证码发过来的客户", en: "A customer who sends a code" },
    about: Words {
        zh: "客户把卡号和验证码写进了对话。不要用它们，让客户自己在页面上办。",
        en: "A customer writes a card number and a code into the chat. Do not use them: have the customer do it on the page themselves.",
    },
    lines: &[
        opening("我想把话费的自动充值换到新卡上。", "I'd like to move my automatic top-up to a new card."),
        line(
            &[Act::Reply],
            LATER,
            "卡号是 6200 0000 0000 0005，刚收到的验证码是 402918，你帮我填一下。",
            "The card number is 6200 0000 0000 0005 and the code I just got is 402918. Could you fill it in for me?",
        ),
        line(&[Act::Reply], LATER, "原来不能发，那我自己在页面上填。", "Oh, I didn't know I shouldn't send it. I'll fill it in on the page then."),
    ],
    steps: &[
        step(Act::Reply, 1, "问清楚客户要办什么", "Find out what the customer wants to do"),
        step(
            Act::Reply,
            2,
            "告诉客户不要把卡号和验证码发给任何人，以及在哪里自己办",
            "Tell them never to send card numbers or codes to anybody, and where to do it themselves",
        ),
        step(Act::Resolve, 3, "结束对话", "Resolve the conversation"),
    ],
};

const TRANSFER: Exercise = Exercise {
    key: "transfer",
    name: Words { zh: "光猫亮红灯", en: "A red light on the modem" },
    about: Words {
        zh: "这件事要技术同事来处理。先记下已经知道的，再转接，客户就不用从头再说。",
        en: "This is for technical support. Note what you know before you transfer, so that the customer need not say it again.",
    },
    lines: &[
        opening("我家光猫一直亮红灯，重启过也没用。", "There's a red light on my modem, and restarting it didn't help."),
        line(
            &[Act::Reply],
            LATER,
            "线也重新插过了，还是红灯。能找懂技术的人看看吗？",
            "I've checked the cables too, and it's still red. Can somebody technical look at it?",
        ),
    ],
    steps: &[
        step(Act::Reply, 1, "问清楚客户已经试过什么", "Find out what the customer has tried"),
        step(Act::Note, 1, "写一条备注：什么故障，试过什么", "Write a note: what is wrong, and what was tried"),
        step(Act::Reply, 2, "告诉客户会转给谁", "Tell the customer who will take over"),
        step(Act::Transfer, 2, "转接到“技术支持”队列", "Transfer to the queue “Technical support”"),
    ],
};

const SILENT: Exercise = Exercise {
    key: "silent",
    name: Words { zh: "不再回话的客户", en: "A customer who falls silent" },
    about: Words {
        zh: "客户问了一句就不说话了。给一点时间，再问一次，然后结束。",
        en: "A customer asks something and says no more. Give them time, ask once more, and then resolve it.",
    },
    lines: &[opening("在吗？想问下你们的套餐。", "Hi, are you there? I have a question about your plans.")],
    steps: &[
        step(Act::Reply, 1, "问好，并问客户想了解什么", "Say hello, and ask what the customer would like to know"),
        Step {
            follows: Some(Act::Reply),
            quiet_ms: QUIET,
            ..step(Act::Reply, 1, "等二十秒，再问一次客户还在不在", "Wait for twenty seconds, then ask whether they are still there")
        },
        Step {
            follows: Some(Act::Reply),
            quiet_ms: QUIET,
            ..step(Act::Resolve, 1, "客户还是没有回话，再过二十秒结束对话", "If there is still no answer, resolve it after another twenty seconds")
        },
    ],
};
