//! The thread of a conversation: what the bot has to remember from one turn to the next. It is small and bounded, the caller stores it with the conversation and
//! passes it with the next line; the bot itself keeps nothing.

use serde::{Deserialize, Serialize};

use crate::grams::hash;
use crate::graph::choice::Choice;
use crate::text::{Lang, list, says, tokens};

/// The most ids of each kind that are remembered.
const MOST_IDS: usize = 8;
/// The most answers that are remembered by their digest.
const MOST_SAID: usize = 12;
/// Numbers of so many digits belong to somebody.
const LONG_NUMBER: usize = 7;
/// The most characters of a line that are remembered.
const MOST_CHARS: usize = 160;

/// How something was shown to choose from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Showing {
    /// Nothing was, or there is no telling.
    #[default]
    Nothing,
    /// The bot asks which is meant.
    Asked,
    /// Related questions, if there are any, stand below an answer.
    Beside,
    /// An answer lists them.
    Listed,
    /// Something was, before a word of courtesy.
    Before,
}

/// What the bot remembers of a conversation. An unknown or broken one is as good as none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thread {
    /// The product or plan on the page when the last line was written.
    pub(crate) page: Option<String>,
    /// The last line that said what is wanted of goods or plans.
    pub(crate) line: String,
    /// The goods and plans that the last answer about some was about.
    pub(crate) focus: Vec<String>,
    /// The goods and plans that were listed or compared last.
    pub(crate) list: Vec<String>,
    /// The goods and plans that were spoken of, the latest first.
    pub(crate) recent: Vec<String>,
    /// The entries that were answered with, the latest first.
    pub(crate) entries: Vec<String>,
    /// Whether the latest entries were only offered.
    pub(crate) offered: bool,
    /// The question that the last answer answered, in the customer's words.
    pub(crate) question: String,
    /// Whether an entry was answered with since goods or plans were spoken of: then those are no longer what "it" is.
    pub(crate) parted: bool,
    /// Whether the line that an entry is about to answer names goods or plans itself.
    #[serde(skip)]
    pub(crate) names_own: bool,
    /// Whether the last answer was about goods or plans, and not an entry.
    pub(crate) last_was_items: bool,
    /// Digests of what was said, the latest first.
    pub(crate) said: Vec<u64>,
    /// How often in a row what was answered did not help.
    pub(crate) in_vain: u8,
    /// How far a guided choice has come.
    pub(crate) choice: Option<Choice>,
    /// The ids of what the customer was last shown to choose from, in their order: options, related questions, or the items of a list.
    pub(crate) shown: Vec<String>,
    /// How they were shown.
    pub(crate) showing: Showing,
    /// What the last pick was made from.
    pub(crate) passed: Vec<String>,
    /// Whether a file has come.
    pub(crate) has_files: bool,
}

impl Thread {
    /// Notes that a file has come. Returns whether it is the first.
    pub fn notes_a_file(&mut self) -> bool {
        !std::mem::replace(&mut self.has_files, true)
    }

    /// Notes what was said.
    pub(crate) fn note_said(&mut self, text: &str) {
        let digest = digest(text);
        self.said.retain(|known| *known != digest);
        self.said.insert(0, digest);
        self.said.truncate(MOST_SAID);
    }

    /// Whether these very words were said last.
    pub(crate) fn has_just_said(&self, text: &str) -> bool {
        self.said.first().is_some_and(|last| *last == digest(text))
    }

    /// Whether these very words were said before.
    pub(crate) fn has_said(&self, text: &str) -> bool {
        self.said.contains(&digest(text))
    }

    /// Whether the last answer was that of an entry: neither several that were offered, nor goods or plans.
    pub(crate) fn last_was_entry(&self) -> bool {
        !self.entries.is_empty() && !self.offered && !self.last_was_items
    }

    /// Notes what the customer is shown to choose from, and how; nothing if it is what was shown before.
    pub(crate) fn note_shown(&mut self, ids: Option<Vec<String>>, showing: Showing) {
        self.shown = ids.unwrap_or_else(|| std::mem::take(&mut self.shown));
        self.shown.truncate(MOST_IDS);
        self.showing = showing;
    }

    /// Notes a line that said what is wanted of goods or plans.
    pub(crate) fn note_line(&mut self, line: &str) {
        self.line = beginning_of(line);
    }

    /// Notes an entry that was answered with.
    pub(crate) fn note_entry(&mut self, id: &str, question: &str) {
        remember(&mut self.entries, id);
        self.entries.truncate(4);
        self.question = beginning_of(question);
        self.last_was_items = false;
        self.parted = !std::mem::take(&mut self.names_own);
        self.offered = false;
    }

    /// Notes items that an answer was about; `listed` if it lists or compares several.
    pub(crate) fn note_items(&mut self, ids: &[&str], listed: bool, line: Option<&str>) {
        self.focus = ids.iter().take(MOST_IDS).map(|id| (*id).to_owned()).collect();
        if listed || ids.len() > 1 || ids.iter().any(|id| !self.list.iter().any(|known| known == id)) {
            self.list.clone_from(&self.focus);
        }
        for id in ids.iter().take(MOST_IDS).rev() {
            remember(&mut self.recent, id);
        }
        self.recent.truncate(MOST_IDS);
        if let Some(line) = line {
            self.line = beginning_of(line);
        }
        self.last_was_items = true;
        self.parted = false;
    }
}

fn remember(ids: &mut Vec<String>, id: &str) {
    ids.retain(|known| known != id);
    ids.insert(0, id.to_owned());
}

/// The beginning of a line, without the digits of long numbers: a telephone number helps nobody to understand what follows.
fn beginning_of(text: &str) -> String {
    let short: Vec<char> = text.chars().take(MOST_CHARS).collect();
    let run = |at: usize| {
        let back = short[..at].iter().rev().take_while(|c| c.is_ascii_digit()).count();
        back + short[at..].iter().take_while(|c| c.is_ascii_digit()).count()
    };
    short.iter().enumerate().map(|(at, c)| if c.is_ascii_digit() && run(at) >= LONG_NUMBER { '#' } else { *c }).collect()
}

fn digest(text: &str) -> u64 {
    hash(b'd', &[text])
}

/// How a line stands to what was said before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// It is short for a question: "那流量呢", "and Thailand?".
    pub elliptic: bool,
    /// It begins or ends as what goes on does: "那…", "…呢", "and …".
    pub goes_on: bool,
    /// It points: "它", "is it in stock".
    pub points: bool,
    /// It points at several: "它俩", "both".
    pub points_at_several: bool,
    /// It says that something was of no use.
    pub in_vain: bool,
    /// It asks something.
    pub asks: bool,
    /// It has the form of a question that changes one thing: "美国呢", "and Japan?".
    pub changes_one_thing: bool,
    /// It says so in words that leave no doubt.
    pub surely_in_vain: bool,
}

const ELLIPTIC_START_ZH: &str = "那|还有|要是|换成|如果|如果是|换|改成|再|同样|一样|对了|另外|而|至于|还是说|说回|说到|就|行|好|嗯|哦";
const ELLIPTIC_END_ZH: &str = "呢|咧|捏|又如何|又怎样|也是吗|也一样吗|也行吗|也可以吗|多少";
const POINTS_ZH: &str = "它|这个|这款|这台|这部|这件|这种|那款|那台|那个|那部|那件|这东西|那东西|这玩意|该款|此款|这套餐|这个套餐|那个套餐|那套餐|这手机|那手机|刚才|上面|前面|这俩|那俩";
const SEVERAL_ZH: &str = "它俩|它们|这两|那两|这俩|那俩|两个|两款|俩|都|三个|三款|这几|那几|哪个|谁|差";
const IN_VAIN_ZH: &str = "还是不|还不|还没|还是没|还是一|还是这|没用|不管用|不好使|没效果|试过|试了|都试|弄过|弄了|照样|照掉|依旧|依然|仍然|仍旧|仍|不起作用|没解决|没好|也不行|也没用|都不行|不顶用|无效|白搭|重启了|重启过|查过了|看过了|\
找过了|翻了|都问了|问过了|又来了|还在|还卡|还慢|也慢|也没|都没|没反应|按你说的|照你说的|照做了|做了|做过|不灵|没变化|没有变化|一样的|老样子|不成|没成|说过了|没动静|也不|都不|正常的|不是这|不是过期|早就|已经|不对啊|没戏|没辙|然并卵|白弄|白费";
const ASKS_ZH: &str =
    "吗|呢|么|多少|几|怎么|咋|啥|什么|哪|能不能|可不可以|行不|要不要|是不是|有没有|如何|是否|为何|为什么|谁|?|收费不|要钱不|多久|多大|多长|多重";

/// Endings that look like a question but are not.
const TELLS_ZH: &str = "还是没|也没|都没";

const SURELY_IN_VAIN_ZH: &str = "还是不|还不行|还是没|没用|不管用|不好使|没效果|试过|试了|都试|照样|照掉|依旧|依然|没解决|也不行|也没用|都不行|重启了|重启过|查过了|找过了|翻了|按你说的|照你说的|照做了|做了|还是一|老样子|也升了|白弄|都做过|全试|重输了|重发了";
const SURELY_IN_VAIN_EN: &str = "still|tried|doesn't help|doesnt help|didn't help|didnt help|does not help|did not help|no luck|already|did all|did that|did everything|done that|nothing happened|no difference|same problem|restarted|rebooted|retyped|told me that|told you|not help|no use|no change|no joy";

const ELLIPTIC_START_EN: &str = "and|what about|how about|or|then|same|same for|also|ok and|ok so|so|on|for|in|at|with|right|good|fine|now|what if|plus|but";
const POINTS_EN: &str = "it|its|it's|this|that|these|those|they|them|both|one|the one|there|he|she";
const SEVERAL_EN: &str = "both|these|those|them|they|the two|of two|between two|either|each|all|which";
const IN_VAIN_EN: &str = "still|doesn't help|doesnt help|didn't help|didnt help|does not help|did not help|doesn't work|doesnt work|didn't work|didnt work|does not work|did not work|not working|no luck|tried|already|no change|no use|nothing happens|nothing happened|\
same problem|same thing|no good|not help|not helping|again|did that|did all|done that|done all|no difference|no joy|nope|checked|restarted|rebooted|isn't|isnt|is not|wasn't|won't|wont|can't|cant|cannot|did everything|have done|i did|in vain|as before|\
no effect|didn't|didnt|retyped|told me that|told you|nothing|never|no answer|no reply|useless|keeps|expired|wrong too|is fine|are fine|is right|is on|is in|is off";
const ASKS_EN: &str = "what|whats|what's|how|which|when|where|who|why|can|could|does|do|is|are|did|will|would|should|may|has|have";

/// Openings of a question before a pronoun or a noun: "isn't that under warranty".
const ASKS_NEGATED_EN: &str =
    "isn't|isnt|aren't|arent|doesn't|doesnt|didn't|didnt|don't|dont|can't|cant|won't|wont|shouldn't|shouldnt|wasn't|wasnt|haven't|havent|hasn't|hasnt";

/// How a normalised line stands to what was said before.
pub(crate) fn standing(normal: &str, lang: Lang) -> Standing {
    let line = normal.trim();
    let words = tokens(line);
    let has = |phrases| says(line, lang, phrases);
    match lang {
        Lang::Zh => {
            let bare = line.trim_end_matches(|c: char| !c.is_alphanumeric());
            let starts = list(ELLIPTIC_START_ZH).any(|head| bare.starts_with(head));
            let ends = list(ELLIPTIC_END_ZH).any(|tail| bare.ends_with(tail));
            Standing {
                elliptic: words.len() <= 16 && (starts || ends) || words.len() <= 5,
                goes_on: starts || ends,
                points: has(POINTS_ZH),
                points_at_several: has(SEVERAL_ZH),
                in_vain: has(IN_VAIN_ZH),
                asks: has(ASKS_ZH) || bare.ends_with(['不', '没']) && !list(TELLS_ZH).any(|end| bare.ends_with(end)) || asks_either_or(bare),
                changes_one_thing: words.len() <= 10 && bare.ends_with(['呢', '咧'])
                    || words.len() <= 8 && starts && bare.starts_with(['那', '换', '要']) && !list("怎么|咋|哪|为什么|吗").any(|word| bare.contains(word))
                    || words.len() <= 3,
                surely_in_vain: has(SURELY_IN_VAIN_ZH),
            }
        }
        Lang::En => {
            let text = format!(" {} ", words.join(" "));
            let starts = list(ELLIPTIC_START_EN).any(|head| text.starts_with(&format!(" {head} ")));
            let opening = words
                .iter()
                .position(|word| !list("and|but|so|then|ok|okay|well|also|right|good|fine|hi|hello|now|please").any(|known| known == *word))
                .unwrap_or(0);
            let first = words.get(opening).copied().unwrap_or_default();
            let second = words.get(opening + 1).copied().unwrap_or_default();
            let about_somebody = list("you|i|we|he|she|they|it|my|the|your|this|that|these|those|anyone|someone|somebody|there|a|an|any|our|his|her|its")
                .any(|known| known == second);
            let told = matches!(first, "did" | "have" | "has" | "is" | "are") && !about_somebody;
            let negated = about_somebody && list(ASKS_NEGATED_EN).any(|known| known == first);
            let asks = negated
                || !told && (line.contains('?') || list(ASKS_EN).any(|known| known == first))
                || words.iter().any(|word| list("what|whats|what's|how|hows|which|when|where|who|why").any(|known| known == *word));
            Standing {
                elliptic: words.len() <= 10 && starts || words.len() <= 4,
                goes_on: starts,
                points: has(POINTS_EN),
                points_at_several: has(SEVERAL_EN),
                in_vain: has(IN_VAIN_EN),
                asks,
                changes_one_thing: words.len() <= 7
                    && (starts
                        && !list("so|right|good|fine|now|but").any(|head| text.starts_with(&format!(" {head} ")))
                        && !(words.len() > 4 && asks && opening == 1 && first != "what" && first != "how")
                        || words.last() == Some(&"then") && words.len() <= 3)
                    || words.len() <= 2,
                surely_in_vain: has(SURELY_IN_VAIN_EN),
            }
        }
    }
}

/// Whether a Chinese line asks in the form 赔不赔, 有没有.
fn asks_either_or(line: &str) -> bool {
    let letters: Vec<char> = line.chars().collect();
    letters.windows(3).any(|three| matches!(three[1], '不' | '没') && three[0] == three[2])
}

/// Which of a list a line picks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The one at this place, from 0.
    At(usize),
    /// The last.
    Last,
    /// The one in the middle.
    Middle,
    /// The one that was not spoken of.
    Other,
}

/// The place that a normalised line picks by counting.
pub(crate) fn place(normal: &str, lang: Lang) -> Option<Place> {
    match lang {
        Lang::Zh => {
            if list("另一个|另外一个|另外那个|另一款|另一台|另外一款|另外一台|剩下那个|另一档").any(|word| normal.contains(word))
            {
                return Some(Place::Other);
            }
            if list("后者|后一个|后一款|后面那个|后面那款|最后一个|最后那个|最后一款|后一台|后头那个").any(|word| normal.contains(word))
            {
                return Some(Place::Last);
            }
            if list("前者|前一个|前一款|前面那个|前面那款|前一台|前头那个|头一个|头一款").any(|word| normal.contains(word)) {
                return Some(Place::At(0));
            }
            if list("中间那|中间的|居中的").any(|word| normal.contains(word)) {
                return Some(Place::Middle);
            }
            let at = normal.find('第')?;
            let mut rest = normal[at + '第'.len_utf8()..].chars();
            let number = match rest.next()? {
                '一' | '1' => 0,
                '二' | '2' => 1,
                '三' | '3' => 2,
                '四' | '4' => 3,
                '五' | '5' => 4,
                '六' | '6' => 5,
                _ => return None,
            };
            let measured = matches!(rest.next(), Some('个' | '款' | '台' | '种' | '部' | '档' | '件' | '样') | None);
            // "第一个月" is a span of time
            let of_time = rest.next().is_some_and(|next| "月星礼小季学年周".contains(next));
            (measured && !of_time).then_some(Place::At(number))
        }
        Lang::En => {
            let words = tokens(normal);
            let has = |word: &str| words.contains(&word);
            let one = has("one") || words.len() <= 6 || has("the");
            if has("latter") || (has("last") && has("one")) {
                Some(Place::Last)
            } else if has("former") {
                Some(Place::At(0))
            } else if has("other") && has("one") {
                Some(Place::Other)
            } else if has("middle") {
                Some(Place::Middle)
            } else {
                let count = ["first", "second", "third", "fourth", "fifth"].iter().position(|word| has(word))?;
                let next = words.iter().position(|word| ["first", "second", "third", "fourth", "fifth"].contains(word)).and_then(|at| words.get(at + 1));
                // "the first month" is a span of time
                let of_time = next.is_some_and(|next| {
                    list("month|months|week|weeks|day|days|year|years|hour|hours|minute|minutes|time|times|bill|payment").any(|known| known == *next)
                });
                (one && !of_time).then_some(Place::At(count))
            }
        }
    }
}

/// Splits a line that picks something by what it is like and asks about it: "带屏的那个 / 多少钱", "the outdoor one, / does it do wifi 6".
pub(crate) fn picked_and_asked(normal: &str, lang: Lang) -> Option<(&str, &str)> {
    match lang {
        Lang::Zh => {
            let marks = list("那个|那款|那台|那档|那部|那种|那只|那件|那块|那双|那一个|那一款|那本|的呢|那盏")
                .filter_map(|mark| normal.find(mark).map(|at| (at, at + mark.len())));
            let (at, end) = marks.min()?;
            (at > 0).then(|| (&normal[..end], &normal[end..]))
        }
        Lang::En => {
            let one = normal.find(" one").map(|at| at + 4).filter(|end| normal[*end..].chars().next().is_none_or(|c| !c.is_alphanumeric()));
            let of = [
                "of those",
                "of these",
                "of them",
                "of both",
                "of the two",
                "the bigger",
                "the smaller",
                "the cheaper",
                "the dearer",
                "the lighter",
                "the heavier",
                "the faster",
            ];
            let of = of.iter().filter_map(|mark| normal.find(mark).map(|at| at + mark.len())).min();
            let with = normal.starts_with("the one with").then(|| normal.find([',', '?', '.'])).flatten();
            let end = with.or(of.into_iter().chain(one).min())?;
            Some((&normal[..end], &normal[end..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_stays_small() {
        let mut thread = Thread::default();
        for number in 0..100 {
            let id = format!("item-{number}");
            thread.note_items(&[&id], false, Some(&"很长的话".repeat(100)));
            thread.note_entry(&id, &"q".repeat(1000));
            thread.note_said(&id);
        }
        assert!(serde_json::to_string(&thread).unwrap().len() < 3000);
        assert!(thread.has_said("item-99") && !thread.has_said("item-1"));
    }

    #[test]
    fn what_follows_up_is_told_from_what_stands_alone() {
        assert!(standing("那流量呢", Lang::Zh).elliptic);
        assert!(standing("and thailand?", Lang::En).elliptic);
        assert!(!standing("how do i change the owner of my number", Lang::En).elliptic);
        assert!(standing("还是不行", Lang::Zh).in_vain);
        assert!(standing("i tried that, still nothing", Lang::En).in_vain);
        assert!(standing("is it in stock", Lang::En).points);
    }

    #[test]
    fn places_in_a_list_are_counted() {
        assert_eq!(place("第二个多少钱", Lang::Zh), Some(Place::At(1)));
        assert_eq!(place("后者呢", Lang::Zh), Some(Place::Last));
        assert_eq!(place("the third one", Lang::En), Some(Place::At(2)));
        assert_eq!(place("第几天发货", Lang::Zh), None);
        assert_eq!(place("第一个月怎么收费", Lang::Zh), None);
        assert_eq!(place("how much is the first month", Lang::En), None);
    }
}
