//! Measures how long a bot with a large knowledge takes to answer: the figures that `yingda bot bench` prints.
//!
//! The knowledge is made up from lists of words by a fixed seed, in both languages, so that figures of different days and machines are about the same bot.

use std::collections::BTreeSet;
use std::time::Instant;

use bot::text::list;
use bot::{Bilingual, Bot, Entry, Knowledge, Lang, Turn, Wordings};
use serde::Serialize;

use crate::timing::time_of;

/// The most entries that can be made up.
pub const MOST_FAQS: usize = 50_000;
/// How many lines are asked.
const LINES: usize = 2000;
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// The measured figures. Times are of the wall clock, those of a line the best of three.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The entries of the knowledge.
    pub faqs: usize,
    /// The lines that were asked, half of them in Chinese.
    pub lines: usize,
    /// The time to train in seconds.
    pub train_seconds: f64,
    /// The median time to answer a line, in microseconds.
    pub p50_us: f64,
    /// The 99th percentile of the time to answer a line, in microseconds.
    pub p99_us: f64,
}

/// Why nothing was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} entries cannot be made up; give a number from 1 to {MOST_FAQS}")]
pub struct BenchError(usize);

/// Trains a bot on `faqs` made-up entries and asks it.
///
/// # Errors
/// For no entries, or more than [`MOST_FAQS`].
pub fn run(faqs: usize) -> Result<Report, BenchError> {
    if faqs == 0 || faqs > MOST_FAQS {
        return Err(BenchError(faqs));
    }
    let knowledge = knowledge(faqs);
    let questions = questions(&knowledge);
    let begin = Instant::now();
    let bot = Bot::train(knowledge);
    let train_seconds = begin.elapsed().as_secs_f64();
    let mut times: Vec<f64> = Vec::with_capacity(questions.len());
    for (text, lang) in &questions {
        let (_, took) = time_of(|| bot.answer(&Turn { text, lang_hint: *lang, product: None, thread: None }));
        times.push(took);
    }
    times.sort_unstable_by(f64::total_cmp);
    let at = |share: usize| times.get((times.len() * share).div_ceil(100).saturating_sub(1)).copied().unwrap_or(0.0);
    Ok(Report { faqs, lines: times.len(), train_seconds, p50_us: at(50), p99_us: at(99) })
}

const VERBS: &str = "activate|cancel|change|check|renew|return|repair|upgrade|transfer|register|unlock|pause|restart|insure|replace|track|exchange|\
                     verify|extend|share|\
                     export|delete|combine|split|order|reserve|collect|pay for|complain about|find";
const VERBS_ZH: &str =
    "开通|取消|修改|查询|续订|退还|维修|升级|转让|注册|解锁|暂停|重启|投保|更换|跟踪|兑换|验证|延长|共享|导出|删除|合并|拆分|订购|预约|领取|支付|投诉|找到";
const THINGS: &str = "plan|invoice|parcel|warranty|router|handset|charger|voucher|membership|password|contract|refund|address|card|balance|\
                      roaming pass|discount|deposit|\
                      appointment|subscription|number|receipt|delivery|headset|watch|tablet|camera|screen|battery|keyboard|loan|points|gift|ticket|\
                      account|statement|\
                      limit|permit|certificate|coupon";
const THINGS_ZH: &str = "套餐|发票|包裹|保修|路由器|手机|充电器|代金券|会员|密码|合约|退款|地址|银行卡|余额|漫游包|折扣|押金|预约单|订阅|号码|收据|配送|耳机|手表|平板|相机|屏幕|电池|键盘|\
                         贷款|积分|礼品|车票|账户|账单|额度|许可证|证书|优惠券";
const CASES: &str = "for my family|before the due date|after moving house|from abroad|without the app|for a company|at the weekend|as a student|\
                     during the trial|by phone|in a \
                     shop|with a different name|on two devices|after a failed payment|for a minor|by bank transfer|without a receipt|\
                     on a public holiday|after an \
                     accident|in the first month|for an older model|when it is lost|in instalments|with a foreign passport|after thirty days|\
                     for a colleague|when nobody \
                     is home|on the website|during maintenance|with a new card|after the merger|for a short time|in a rural area|under the old terms|\
                     when it arrives \
                     damaged|with two addresses|as a new customer|from a different city|for an event|at night|before travelling|after the upgrade";
const CASES_ZH: &str = "给家人用|在到期之前|搬家以后|在国外|不用应用|以公司名义|在周末|作为学生|在试用期|打电话|在门店|换了姓名|在两台设备上|付款失败后|给未成年人|用银行转账|没有收据|在节假日|\
                        出事故以后|在首月|对旧型号|丢失的时候|分期付款|用外国护照|三十天以后|替同事|家里没人时|在网站上|维护期间|用新卡|合并以后|短时间内|在农村|按旧条款|送到时已损坏|有两个地址|\
                        作为新客户|从外地|为一场活动|在夜里|出行之前|升级以后";

/// A made-up knowledge; entries differ in at least one word.
fn knowledge(faqs: usize) -> Knowledge {
    let pick = |words: &'static str| list(words).collect::<Vec<_>>();
    let [verbs, verbs_zh, things, things_zh, cases, cases_zh] = [VERBS, VERBS_ZH, THINGS, THINGS_ZH, CASES, CASES_ZH].map(pick);
    let mut dice = Dice(SEED);
    let mut taken = BTreeSet::new();
    let mut entries = Vec::with_capacity(faqs);
    while entries.len() < faqs {
        let (verb, thing, case) = (dice.roll(verbs.len()), dice.roll(things.len()), dice.roll(cases.len()));
        if !taken.insert((verb, thing, case)) {
            continue;
        }
        let [v, t, c] = [verbs[verb], things[thing], cases[case]];
        let [vz, tz, cz] = [verbs_zh[verb], things_zh[thing], cases_zh[case]];
        let name = dice.name();
        entries.push(Entry {
            id: format!("faq-{}", entries.len() + 1),
            topic: t.to_owned(),
            question: Bilingual { zh: format!("{cz}怎么{vz}{tz}？"), en: format!("How do I {v} my {t} {c}?") },
            similar: Wordings {
                zh: vec![format!("{tz}能{cz}{vz}吗"), format!("我想{vz}{tz}，{cz}，要通过{name}吗")],
                en: vec![format!("can a {t} be used to {v} {c}"), format!("{c} I want to {v} the {t} with {name}")],
            },
            answer: Bilingual {
                zh: format!("{cz}{vz}{tz}：打开{name}页面，选择{tz}，再按{vz}，两个工作日内生效。"),
                en: format!("To {v} the {t} {c}, open the page {name}, choose the {t} and confirm. It takes effect within two working days."),
            },
            ..Entry::default()
        });
    }
    Knowledge { entries, ..Knowledge::default() }
}

/// Lines to ask: wordings with a word left out or added, and now and then a line about something else.
fn questions(knowledge: &Knowledge) -> Vec<(String, Lang)> {
    let mut dice = Dice(!SEED);
    let mut lines = Vec::with_capacity(LINES);
    for at in 0..LINES {
        let entry = &knowledge.entries[dice.roll(knowledge.entries.len())];
        let lang = if at % 2 == 0 { Lang::Zh } else { Lang::En };
        let wordings = entry.similar.side(lang);
        let text = &wordings[dice.roll(wordings.len())];
        let text = match (at / 2 % 10, lang) {
            (0, Lang::Zh) => format!("附近哪里可以看{}的演出", dice.name()),
            (0, Lang::En) => format!("who won the {} match last night", dice.name()),
            (_, Lang::Zh) => {
                let left_out = dice.roll(text.chars().count());
                text.chars().enumerate().filter(|(place, _)| *place != left_out).map(|(_, c)| c).chain("麻烦看一下".chars()).collect()
            }
            (_, Lang::En) => {
                let words: Vec<&str> = text.split(' ').collect();
                let left_out = dice.roll(words.len());
                let kept: Vec<&str> = words.into_iter().enumerate().filter(|(place, _)| *place != left_out).map(|(_, word)| word).collect();
                format!("hello could you tell me {}", kept.join(" "))
            }
        };
        lines.push((text, lang));
    }
    lines
}

/// Repeatable pseudo-random numbers.
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 16) % sides.max(1) as u64) as usize
    }

    /// A made-up name of two to four syllables.
    fn name(&mut self) -> String {
        const SYLLABLES: [&str; 24] = [
            "ba", "cor", "del", "fin", "gra", "hol", "jen", "ka", "lum", "mer", "nor", "os", "pra", "quin", "rel", "sta", "tri", "ul", "ven", "wex", "xi",
            "yor", "zan", "plo",
        ];
        let count = 2 + self.roll(3);
        (0..count).map(|_| SYLLABLES[self.roll(SYLLABLES.len())]).collect()
    }
}

#[cfg(test)]
mod tests {
    use bot::Outcome;

    use super::*;

    #[test]
    fn lists_in_both_languages_have_equal_lengths() {
        for (en, zh) in [(VERBS, VERBS_ZH), (THINGS, THINGS_ZH), (CASES, CASES_ZH)] {
            assert_eq!(list(en).count(), list(zh).count(), "{en}");
            assert!(list(en).chain(list(zh)).all(|word| !word.is_empty() && !word.contains("  ")), "{en}");
        }
        assert!(list(VERBS).count() * list(THINGS).count() * list(CASES).count() > MOST_FAQS);
    }

    #[test]
    fn the_same_seed_makes_the_same_varied_knowledge() {
        let (one, two) = (knowledge(300), knowledge(300));
        assert_eq!(one, two);
        let questions: BTreeSet<&str> = one.entries.iter().map(|entry| entry.question.en.as_str()).collect();
        assert_eq!(questions.len(), 300);
    }

    #[test]
    fn the_bot_finds_most_entries_so_that_whole_turns_are_measured() {
        let knowledge = knowledge(200);
        let lines = questions(&knowledge);
        let bot = Bot::train(knowledge);
        let turns = lines.iter().take(200).map(|(text, lang)| bot.answer(&Turn { text, lang_hint: *lang, product: None, thread: None }));
        let found = turns.filter(|answer| matches!(answer.outcome, Outcome::Confident | Outcome::DidYouMean)).count();
        assert!(found >= 100, "{found} of 200");
    }

    #[test]
    fn numbers_that_cannot_be_made_up_are_refused() {
        assert!(run(0).unwrap_err().to_string().contains("from 1 to 50000"));
        assert!(run(MOST_FAQS + 1).is_err());
        let report = run(30).unwrap();
        assert!(report.faqs == 30 && report.p50_us <= report.p99_us && report.p99_us > 0.0);
    }
}
