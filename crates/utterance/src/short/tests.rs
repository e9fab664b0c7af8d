//! Short answers, and lines that only look like one.

use super::*;
use crate::text::normalise;

fn said(text: &str) -> Option<Short> {
    read(&normalise(text))
}

fn picks(at: &[usize]) -> Vec<Seat> {
    at.iter().copied().map(Seat::At).collect()
}

#[test]
fn numbers_and_ordinals_pick() {
    for (texts, at) in [
        (
            "1|①|１|❶|1️⃣|(1)|1.|1)|1、|第一个|第一条|第1个|第①个|选1|选第一个|就第一个吧|我要第一个|一|1号|一号|前者|头一个|最上面那个|第一个，谢谢|the first one|first|1st|the 1st|no. 1|No 1|#1|number one|option 1|one|one please|the former|ok, the first|I mean the first one|the top one|is the first one",
            0,
        ),
        (
            "2|②|第二个|第二条|第2个呢|那就第二个|我想问的是第二个|好像是第二个|the second one|second|2nd|the 2nd one, please|number 2|option two|two|yes, the second|I'd like the second one|let's go with the second",
            1,
        ),
        ("3|③|第三项|我选3|the third|3rd|third one thanks|show me the third", 2),
    ] {
        for text in texts.split('|') {
            let found = said(text);
            assert!(matches!(&found, Some(Short::Picks { seats, .. }) if *seats == picks(&[at])), "{text}: {found:?}");
        }
    }
    for text in "最后一个|最后那个吧|最后一条|后者|最下面那个|the last one|last|the latter|the bottom one, please|倒数第一个".split('|')
    {
        assert!(matches!(said(text), Some(Short::Picks { seats, .. }) if seats == [Seat::FromEnd(0)]), "{text}");
    }
    assert!(matches!(said("倒数第二个"), Some(Short::Picks { seats, .. }) if seats == [Seat::FromEnd(1)]));
    assert!(matches!(said("中间那个"), Some(Short::Picks { seats, .. }) if seats == [Seat::Middle]));
    for (text, at) in [("1和3", [0, 2]), ("第一个和第三个", [0, 2]), ("the first and the third", [0, 2]), ("1, 2", [0, 1])] {
        assert!(matches!(said(text), Some(Short::Picks { seats, .. }) if seats == picks(&at)), "{text}");
    }
}

#[test]
fn a_pick_may_correct_or_go_on_with_another() {
    for (text, goes_on) in [
        ("不对，第二个", true),
        ("不是第一个，是第二个", true),
        ("那第二个呢", true),
        ("no, the second one", true),
        ("what about the second", true),
        ("not the first, the second", true),
        ("第二个", false),
        ("好的，第二个", false),
        ("yes the second one", false),
    ] {
        assert_eq!(said(text), Some(Short::Picks { seats: picks(&[1]), goes_on }), "{text}");
    }
}

#[test]
fn refusals_are_told_from_a_no_and_from_letting_it_drop() {
    for text in "都不是|都不对|一个都不是|没一个是|没有一个对|哪个都不是|两个都不是|三个都不对|不是这些|不是这几个|不是这个|这些都不是|以上都不是|上面的都不是|都没有|没有我要的|没有我想问的|不是我要的|不是我想问的|我问的不是这些|好像都不是|应该都不是吧|都不太对|都不像|跟这些没关系|我想问的不是这个|都不要|不，都不是|都不是啊，谢谢|都不行|全都不是|这几条都不相关|\
neither|neither of them|none|none of these|none of those, thanks|none of the above|not these|not any of these|no, none of them|it's not one of those|these are not what I meant|not what I meant|that's not what i asked|nope, none|sorry, none of these|neither, sorry|none apply|not this|both are wrong|nothing to do with these|something else"
        .split('|')
    {
        assert_eq!(said(text), Some(Short::NoneOfThem), "{text}");
    }
    for text in "不|不是|不对|没有|不是的|no|nope|nah|No.|not really|wrong|no, sorry".split('|') {
        assert_eq!(said(text), Some(Short::No), "{text}");
    }
    for text in "算了|算了吧|不用了|不用了，谢谢|没事了|不问了|先这样吧|都不是，算了|不用了，我自己看看|no thanks|No, thank you|never mind|nevermind|forget it|not now|maybe later|none of these, never mind".split('|') {
        let found = said(text);
        assert!(found == Some(Short::Drop) || text == "No, thank you" && found == Some(Short::No), "{text}: {found:?}");
    }
    for (text, at) in
        [("不是第一个", vec![0]), ("第一个不对", vec![0]), ("not the second", vec![1]), ("the second is wrong", vec![1]), ("第一个和第二个都不是", vec![0, 1])]
    {
        assert_eq!(said(text), Some(Short::Not(picks(&at))), "{text}");
    }
}

#[test]
fn yes_all_and_any_are_heard() {
    for (texts, short) in [
        ("是|是的|对|对的|没错|yes|yeah|yep|exactly|that's it|yes please", Short::Yes),
        ("都要|两个都要|都想知道|全部|both|both please|all of them|all three", Short::All),
        ("随便|都行|哪个都行|any|either|any of them", Short::Any),
        ("另一个|剩下那个|the other one", Short::Other),
    ] {
        for text in texts.split('|') {
            assert_eq!(said(text), Some(short.clone()), "{text}");
        }
    }
}

#[test]
fn what_says_more_is_no_short_answer() {
    for text in "5G套餐多少钱|1元流量包怎么办|2年合约吗|第一个月怎么收费|一个月多少钱|3GB够用吗|第二个怎么办理|第一次充值有优惠吗|12|59|10086|1.5|两个号码能合并吗|都有哪些套餐|不能上网|没有信号|没有验证码|不是会员能积分吗|还是不行|试过了|好的|谢谢|你好|没问题|怎么办|最后两个|是不是|要不要|有没有|\
5g plan price|1 gb costs what|2 year contract|first month charge|how much is the first month|one question|not working|no signal|no invoice came|i have none of the papers|help|ok|thanks|hello|3 phones under 2000|second hand phones|not the bill, the invoice|wait a second|what|how|no problem|all right|last month's bill"
        .split('|')
    {
        assert_eq!(said(text), None, "{text}");
    }
}

#[test]
fn what_follows_a_short_answer_is_found() {
    for (text, short, rest) in [
        ("都不是，我想问发票", Short::NoneOfThem, "我想问发票"),
        ("不，是宽带断了", Short::No, "是宽带断了"),
        ("neither, i want to return a phone", Short::NoneOfThem, "i want to return a phone"),
        ("no. my router is offline", Short::No, "my router is offline"),
    ] {
        assert_eq!(opening(text), Some((short, rest)), "{text}");
    }
    assert_eq!(opening("怎么充话费，都不是"), None);
    let contrasts = |text: &'static str| contrast(text).map(|found| (found.not.trim(), found.rest, found.is_plain));
    let is = |not: &'static str, rest: &'static str, is_plain: bool| Some((not, rest, is_plain));
    assert_eq!(contrasts("不是账单，是发票"), is("账单", "发票", true));
    assert_eq!(contrasts("不是账单是发票"), is("账单", "发票", true));
    assert_eq!(contrasts("我家早装好了，不是要新装，是宽带太慢"), is("新装", "宽带太慢", false));
    assert_eq!(contrasts("not a new line!! i want to cancel the broadband i have"), is("new line", "i want to cancel the broadband i have", true));
    assert_eq!(contrasts("not turn on, i want roaming off"), is("turn on", "i want roaming off", false));
    assert_eq!(contrasts("no, not the bill but the invoice"), is("bill", "the invoice", true));
    assert_eq!(contrasts("not working"), is("working", "", false));
    assert_eq!(contrasts("not the bill, the invoice"), is("bill", "the invoice", true));
    assert_eq!(contrast("nothing else"), None);
    assert_eq!(after_number("2. how do i check my bill"), Some("how do i check my bill"));
    assert_eq!(after_number("5g套餐多少钱"), None);
    assert_eq!(seat_within("第二个怎么办理"), Some((Seat::At(1), false)));
    assert_eq!(seat_within("第一个月怎么收费"), None);
    assert_eq!(seat_within("how does the second one work"), Some((Seat::At(1), false)));
    assert_eq!(seat_within("i have one question"), None);
}

#[test]
fn places_are_read_by_a_grammar() {
    let mut wrong: Vec<String> = Vec::new();
    for (texts, seat) in [
        (
            "最上边那条|最上面的那个问题|排第一的|排在最前面的那个|头一个|头条|首个|顶上那个|打头的那个|上面那个|第一位的|从上往下数第一个|弟一个|第一各|选a|麻烦看下最上面那条，谢谢|第壹个|the very first one|top one|the one at the top|teh first|frist one|option a|the 1st one pls|of those three options the first|first of the three|could you open the first one|hi, the topmost question please|number 1 of those",
            Seat::At(0),
        ),
        (
            "两|选两|第二各|第二格|弟二个|地二个|第而个|第②个|那就第二个呗|2号选项|应该是第二个吧|我觉得是第二条|帮我点开第二个链接呗|第二名|the secnd one|teh second|secound|2nd one thx|the 2th|option b|number 2 please mate|let me see the second question down there|can I have the second one",
            Seat::At(1),
        ),
        ("第三条问题，麻烦您了|看下三|third question down there|number 3 of the related ones, could you?|thrid one|the thirrd", Seat::At(2)),
        (
            "最底下那个|末一个|最末尾那条|排最后的|倒数第一|最后边那条|底下那个|尾部那个|收尾的那条|倒数一个|the bottom one|the very last one|the one at the end|last one on the list|lowest one",
            Seat::FromEnd(0),
        ),
        ("倒数第二条|从下往上数第二个|second from the bottom|the second to last one", Seat::FromEnd(1)),
        ("正中间那个|居中的那条|当中那个|the middle one|the one in the middle|middle question please", Seat::Middle),
    ] {
        for text in texts.split('|') {
            let found = said(text);
            let seats = match &found {
                Some(Short::Picks { seats, .. }) => Some(seats.clone()),
                _ => None,
            };
            if seats != Some(vec![seat]) {
                wrong.push(format!("{text}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_question_with_a_number_or_a_place_picks_nothing() {
    let mut wrong: Vec<String> = Vec::new();
    for text in "上一个|下一个月|一个|三个|换一个|第一张卡怎么办|最后一公里|头一回充值|最后还是没弄好|下面怎么办|上面写的不对啊怎么办|首月多少钱|前两个月没扣费|两百块|两张卡|第二天到吗|一号线|底下没信号|看不了|打不开|点不了|发不出去|12个|第一百个|a套餐|套餐b|中间断了两次|末次缴费|\
fifty|sixty|fist bump|forest|the letter|the fast one|seconds|thirty gb|a second|will it last|does the battery last|one moment|three options please|how long does the first month last|first aid|my last bill|the top of the phone is cracked|can you|what is this|i need a phone|can't open|story|the second phone i bought|two phones|two of them broke|is 5g one of them faster|middle of nowhere|last night"
        .split('|')
    {
        let found = said(text);
        if matches!(found, Some(Short::Picks { .. })) { wrong.push(format!("{text}: {found:?}")); }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_slip_is_corrected() {
    let mut wrong: Vec<String> = Vec::new();
    for text in "哦不好意思点错了 是第二个|不好意思，应该是第二个|啊选错了，第二个|其实是第二个|手滑了，第二个才对|我是说第二个|oh sorry I meant the second|whoops wrong one, should have been the second|oops, the 2nd|wait no the second one|actually the second one please|my bad, second"
        .split('|')
    {
        let found = said(text);
        if found != Some(Short::Picks { seats: picks(&[1]), goes_on: true }) { wrong.push(format!("{text}: {found:?}")); }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_did_not_help_is_refused() {
    for text in "这个没帮到我啊|没帮上忙|没有帮助|没回答我的问题|this did not help|that didn't help me|not helpful at all|it doesn't help".split('|')
    {
        assert_eq!(said(text), Some(Short::NoneOfThem), "{text}");
    }
}

#[test]
fn refusals_are_found_without_a_mark_behind_them() {
    for (text, rest) in [
        ("不是啊 我人已经在国外了 手机没网", "我人已经在国外了 手机没网"),
        ("没问这个 我流量莫名其妙就没了", "我流量莫名其妙就没了"),
        ("都不是我想查话费", "我想查话费"),
        ("no i want to cancel my broadband", "i want to cancel my broadband"),
        ("none of these my router is dead", "my router is dead"),
    ] {
        assert_eq!(opening(text).map(|(_, rest)| rest), Some(rest), "{text}");
    }
    for text in ["no signal at home", "no data since monday", "none of the papers arrived", "no 4g here", "不是本人能办吗"] {
        assert_eq!(opening(text), None, "{text}");
    }
}

#[test]
fn who_leaves_wants_nothing_more() {
    for text in ["我自己去营业厅吧", "我直接打电话好了", "我再等等看", "i'll just go to the shop", "i will call them myself"] {
        assert!(leaves(text), "{text}");
    }
    for text in ["我自己怎么办理", "我去营业厅要带什么", "我想开发票", "i'll need an invoice", "i'll go where exactly", "my phone is broken"]
    {
        assert!(!leaves(text), "{text}");
    }
}
