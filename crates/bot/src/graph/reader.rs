//! Reads a line as a question about goods and plans.

pub(super) mod asking;
mod bounds;
mod open;
mod orders;
mod refused;

use self::asking::{Asked, Tokens};
use self::bounds::measures_in;
use self::refused::Refusals;
use utterance::{
    amounts::{with_amounts, with_digits},
    stem::stem,
};

use crate::grams::Grammar;
use crate::graph::Graph;
use crate::graph::facts::Item;
use crate::graph::names::Mention;
use crate::graph::reading::{Aim, Bound, Limit, Reading};
use crate::text::{Lang, is_han, list, normalise, tokens};

const COUNTS_ZH: &str = "几款|多少款|几种|多少种|几个套餐|多少个套餐|几台|多少台|几部|多少部|几样|多少样|几件|几档|多少档|几个型号|多少个型号|几类|一共几|总共几|共几|有几个|多少个|几只|几块手表|几块表|几副";
const LISTS_ZH: &str = "有哪些|有哪几|哪些|哪几|都有什么|有什么|有啥|有没有|列一下|列出|列|报给我|报一下|有谁|都有谁|有木有|推荐|全部|所有|哪样|找|想要|想买|想找|要个|要一|来个|来一|有吗|的有|找个|买个|有无|都有|对吧|对不对|是吧|是哪|哪个|哪款|哪台|哪种|哪部|哪一";
const COMPARES_ZH: &str = "区别|不同|差别|差异|对比|比较|相比|比一比|差多少|差在哪|差几|差了|不一样|一样吗|vs|pk|还是|比起|哪个好|哪个更|谁更|哪款更|哪个强|怎么选|咋选|选哪|买哪|少啥|多啥|少什么|多什么|贵多少|便宜多少|多多少|少多少|重多少|轻多少|大多少|差价|差";
const WORTH_ZH: &str = "划算|性价比|值不值|值得|合算|更值|划得来|值";
const ADVICE_ZH: &str = "推荐|想买|买哪|选哪|买什么|买啥|选什么|怎么选|挑|帮我选|想要|想换|想入|求推荐|哪个好|哪款好|买个|买台|买部|换个|换台|换部|要买|打算买|准备买|选购|选一|介绍几|有什么好";
const WHETHER_ZH: &str = "吗|支持|有没有|能不能|可不可以|是否|是不是|能否|带不带|有无|么|不|没|吧|可以|能";
const NEGATION_ZH: &str = "无需|不需|不必|不要|不带|没有|不含|无|不签|不用|别带|非|不是|不需要|免|没|不绑";

const COUNTS_EN: &str = "how many|number of|count of|how many different|how many kinds|how many models";
const LISTS_EN: &str = "which|what|list|show|any|all|have you got|do you have|do you sell|got any|looking for|i want|i need|give me|find|recommend|name";
const COMPARES_EN: &str = "difference|differ|different|compare|compared|comparing|comparison|versus|vs|against|side by side|or|better|same|differences|how much more|how much less|which one|apart|pick|choose|torn|between|how do they|more than|less than|cheaper than|than";
const WORTH_EN: &str = "better value|best value|good value|value for money|worth|better deal|best deal|most for my money|bang for";
const ADVICE_EN: &str = "should i buy|should i get|should i choose|recommend|which one should|looking for|looking to buy|want to buy|help me choose|help me pick|suggest|thinking of buying|need a new|want a new|in the market|shopping for|buy a|get a new|advise|choose a|pick a|help choosing|i need a|i want a|advice";
const NEGATION_EN: &str = "without|no|not|don't|isn't|non|free of";

impl Graph {
    /// Reads a line; `grammar` corrects misspelt words that are not part of a name, `about` are the items that the thread is about.
    pub(crate) fn read(&self, text: &str, lang: Lang, grammar: &Grammar, about: &[Item]) -> Reading {
        let lexicon = &self.lexicons[lang as usize];
        let normal = self.with_spelt_names(&with_amounts(&with_digits(&normalise(text), lang), self.currency, lang), lang);
        let raw = tokens(&normal);
        let line: Vec<String> = raw
            .iter()
            .map(|&word| {
                if lang == Lang::Zh {
                    return word.to_owned();
                }
                let own = stem(word);
                let known = self.names.knows(&own, lang) || lexicon.knows(&own);
                if known { own } else { stem(grammar.mend(word)) }
            })
            .collect();
        let mut reading = Reading { length: line.len(), ..Reading::default() };
        let measured = measures_in(&raw, self.currency);
        let mut refusals = Refusals::of(&normal, &raw, lang);
        let wanted = refusals.blanked(&line);
        let kin = self.kin_named(&line, lang);
        reading.mentions = self.names.find(
            &wanted,
            &measured.iter().map(Option::is_some).collect::<Vec<_>>(),
            lang,
            about,
            &kin,
            &lexicon.properties.spans(&line).iter().map(|span| (span.start, span.end)).collect::<Vec<_>>(),
        );
        let phrases = lexicon.properties.spans(&line);
        reading.mentions.retain(|mention| {
            !phrases.iter().any(|span| span.start <= mention.start && mention.end <= span.end && span.end - span.start > mention.end - mention.start)
        });
        refusals.settle(!reading.named_items().is_empty());
        let mut explained = vec![false; line.len()];
        let in_name = |explained: &mut Vec<bool>, mentions: &[Mention]| mentions.iter().for_each(|mention| explained[mention.start..mention.end].fill(true));
        in_name(&mut explained, &reading.mentions);
        let gap = if lang == Lang::Zh { "" } else { " " };
        reading.without_names = raw.iter().zip(&explained).filter(|(_, done)| !**done).map(|(word, _)| *word).collect::<Vec<_>>().join(gap);
        let masked: Vec<&str> = line.iter().zip(&explained).map(|(word, done)| if *done { "" } else { word.as_str() }).collect();
        let unrefused: Vec<&str> = masked.iter().zip(&refusals.said).map(|(word, said)| if *said { "" } else { *word }).collect();
        reading.elsewhere = !lexicon.elsewhere.spans(&unrefused).is_empty();
        self.read_refused(&mut reading, &refusals, &line, lang);
        self.read_properties(&mut reading, &masked, &refusals, &mut explained, lang);
        let before_bounds = explained.clone();
        let words = Words { raw: &raw, line: &line, masked: &masked, normal: &normal, refusals: &refusals, lang };
        self.read_bounds(&mut reading, &words, &measured, &mut explained);
        if !has_alternatives(&normal, &raw, lang) {
            settle_limits(&mut reading.bounds);
        }
        let bounds: Vec<bool> = explained.iter().zip(&before_bounds).map(|(now, before)| *now && !*before).collect();
        let asked_about = normal.replace("what about", "").replace("how about", "");
        let has =
            |phrases: &'static str| list(phrases).any(|phrase| if lang == Lang::Zh { normal.contains(phrase) } else { contains_words(&asked_about, phrase) });
        let [counts, lists, compares, worth, advice] = match lang {
            Lang::Zh => [COUNTS_ZH, LISTS_ZH, COMPARES_ZH, WORTH_ZH, ADVICE_ZH],
            Lang::En => [COUNTS_EN, LISTS_EN, COMPARES_EN, WORTH_EN, ADVICE_EN],
        };
        (reading.counts, reading.lists, reading.compares, reading.worth, reading.wants_advice) =
            (has(counts), has(lists), has(compares), has(worth), has(advice));
        reading.whether = match lang {
            Lang::Zh => has(WHETHER_ZH),
            Lang::En => raw.iter().any(|first| list("does|is|can|has|do|are|will|did|could").any(|word| word == *first)),
        };
        self.read_orders(&mut reading, &words, &bounds, &mut explained);
        let fillers = lexicon.fillers.spans(&masked);
        let mut core = explained.clone();
        self.read_units(&mut reading, &words, &mut explained);
        let unheld: Vec<&str> = masked.iter().zip(&explained).map(|(word, done)| if *done && !word.is_empty() { "" } else { *word }).collect();
        let mut group_spans: Vec<(usize, usize)> = Vec::new();
        for span in lexicon.groups.spans(&masked) {
            let inside = phrases.iter().any(|phrase| phrase.start <= span.start && span.end <= phrase.end && phrase.end - phrase.start > span.end - span.start);
            if inside || refusals.holds(span.start, span.end) {
                explained[span.start..span.end].fill(true);
                continue;
            }
            let within_property = (span.start..span.end).all(|at| unheld[at].is_empty());
            for group in span.groups {
                let kind = self.groups[*group as usize].is_a_kind();
                let general = self.groups[*group as usize].is_everything() && !reading.groups.is_empty();
                if !reading.groups.contains(group) && (kind || !within_property) && !general {
                    reading.groups.push(*group);
                }
            }
            explained[span.start..span.end].fill(true);
            core[span.start..span.end].fill(true);
            group_spans.push((span.start, span.end));
        }
        for span in fillers {
            explained[span.start..span.end].fill(true);
        }
        explained.iter_mut().zip(&refusals.said).for_each(|(done, said)| *done |= said);
        let whole_kinds = group_spans.iter().any(|(start, end)| if lang == Lang::Zh { *end == line.len() && normal.contains('的') } else { *start == 0 });
        // "有桌子吗"
        let is_offered = |&(start, end): &(usize, usize)| {
            start > 0 && raw[start - 1] == "有" && end + 1 == raw.len() && matches!(raw[end], "吗" | "么" | "嘛" | "没" | "不")
        };
        reading.lists |= group_spans.iter().any(is_offered);
        reading.lists |=
            whole_kinds && reading.groups.iter().map(|group| &self.groups[*group as usize]).any(|group| group.is_one_kind() || group.is_everything());
        reading.only = if lang == Lang::Zh { list("只|仅|光").any(|word| normal.contains(word)) } else { contains_words(&normal, "only") };
        reading.rest = count_unexplained(&normal, &raw, &explained, &core);
        reading.pieces = pieces(&line, &explained, lang);
        self.read_open(&mut reading, &words, &explained);
        self.read_aim(&mut reading, &words, &Tokens { explained: &explained, core: &core, bounds: &bounds });
        reading
    }

    /// The items of the kinds that a line names.
    fn kin_named(&self, line: &[String], lang: Lang) -> Vec<Item> {
        let spans = self.lexicons[lang as usize].groups.spans(line);
        let groups = spans.iter().flat_map(|span| span.groups).map(|group| &self.groups[*group as usize]);
        groups.filter(|group| group.is_one_kind()).flat_map(|group| group.items.iter().copied()).collect()
    }

    /// Reads what the line wants of the properties that it names, or of its numbers if it names none; of several, those stay that are asked for.
    fn read_aim(&self, reading: &mut Reading, words: &Words<'_>, tokens: &Tokens<'_>) {
        let lexicon = &self.lexicons[words.lang as usize];
        let is = |groups: &[u32], key: &str| matches!(groups, [group] if self.keys(*group)[0] == key);
        let spans = lexicon.properties.spans(words.masked);
        let spans = spans.iter().filter(|span| !is(span.groups, "@overview"));
        let mut asked: Vec<Asked> = spans
            .map(|span| Asked {
                start: span.start,
                end: span.end,
                groups: span.groups.to_vec(),
                is_price: is(span.groups, "@price"),
                is_exposure: is(span.groups, "protection"),
            })
            .collect();
        if asked.iter().any(|property| !property.is_price) {
            asked.retain(|property| !property.is_price);
        }
        if asked.is_empty() {
            let of_number = |at: usize| tokens.bounds.get(at) == Some(&true);
            let starts = (0..tokens.bounds.len()).filter(|at| of_number(*at) && (*at == 0 || !of_number(*at - 1)));
            asked.extend(starts.map(|start| Asked {
                start,
                end: (start..).find(|at| !of_number(*at)).unwrap_or(start),
                groups: Vec::new(),
                is_price: false,
                is_exposure: false,
            }));
        }
        let aims = asking::aims(words, &lexicon.marks, &asked, tokens);
        let best = aims.iter().copied().max().unwrap_or_default();
        // "充一回能放几天" names one property twice, and asks for it; and what is told behind the question is only why it is asked
        let is_asked = |groups: &[u32]| asked.iter().zip(&aims).any(|(property, aim)| !groups.is_empty() && property.groups == groups && *aim >= Aim::Value);
        let question = asked.iter().zip(&aims).find(|(_, aim)| **aim >= Aim::Value).map_or(usize::MAX, |(property, _)| property.start);
        let tells = asked.iter().zip(&aims).any(|(property, aim)| *aim <= Aim::Else && property.start < question && !is_asked(&property.groups));
        // "屏幕坏了，保修多久": a line that tells of a fault may be one for the FAQ
        reading.aim = match best {
            Aim::Value if tells => Aim::Perhaps,
            Aim::Perhaps if tells => Aim::Else,
            aim => aim,
        };
        if best < Aim::Value {
            return;
        }
        let of = |groups: &[u32], least: Aim| asked.iter().zip(&aims).any(|(property, aim)| property.groups == groups && *aim >= least);
        let kept: Vec<bool> = reading.asked.iter().map(|groups| of(groups, Aim::Perhaps) || !of(groups, Aim::Told)).collect();
        let mut keep = kept.iter();
        reading.asked.retain(|_| keep.next() != Some(&false));
        let mut keep = kept.iter();
        reading.property_words.retain(|_| keep.next() != Some(&false));
    }

    /// The line with slips of the keyboard in names corrected: "X9 Pr0".
    fn with_spelt_names(&self, normal: &str, lang: Lang) -> String {
        let mut out = String::with_capacity(normal.len());
        let mut run = String::new();
        for c in normal.chars().chain(std::iter::once('\n')) {
            if c.is_ascii_alphanumeric() {
                run.push(c);
                continue;
            }
            if !run.is_empty() {
                let mixed = run.chars().any(|c| c.is_ascii_digit());
                let plain = !mixed && self.lexicons[lang as usize].fillers.knows(&run);
                let spelt = if plain || run.len() > 24 { None } else { self.names.spelt(&run, lang) };
                out.push_str(spelt.as_deref().unwrap_or(&run));
                run.clear();
            }
            if c != '\n' {
                out.push(c);
            }
        }
        out
    }

    fn read_properties(&self, reading: &mut Reading, masked: &[&str], refusals: &Refusals, explained: &mut [bool], lang: Lang) {
        let spans = self.lexicons[lang as usize].properties_in(masked);
        let first_key = |groups: &[u32]| groups.first().map_or("", |group| self.keys(*group)[0].as_str());
        let is = |groups: &[u32], key: &str| groups.len() == 1 && first_key(groups) == key;
        let weak = |start: usize, end: usize| lang == Lang::En && masked[start..end] == ["how", "much"];
        let gap = if lang == Lang::Zh { "" } else { " " };
        for span in &spans {
            explained[span.start..span.end].fill(true);
            let others = spans.iter().any(|other| !is(other.groups, "@price") && !is(other.groups, "@overview"));
            if is(span.groups, "@overview") && spans.len() > 1 {
                continue;
            }
            if is(span.groups, "@price") && others {
                reading.price_of_something |= !weak(span.start, span.end);
                continue;
            }
            let words = masked[span.start..span.end].join(gap);
            // "前置多少像素" asks for one camera
            if first_key(span.groups) == "camera" && spans.iter().any(|other| is(other.groups, "front_camera")) {
                continue;
            }
            if let Some(known) = reading.asked.iter().position(|groups| groups == span.groups) {
                if words.chars().any(|c| c.is_ascii_digit()) {
                    reading.property_words[known] = words;
                }
            } else {
                reading.asked.push(span.groups.to_vec());
                reading.property_words.push(words);
            }
            let negations = if lang == Lang::Zh { NEGATION_ZH } else { NEGATION_EN };
            let before = masked[span.start.saturating_sub(3)..span.start].join(gap);
            let refused = |word: &str| {
                (before.ends_with(word) || lang == Lang::Zh && word.chars().count() > 1 && before.contains(word))
                    && !before.ends_with("有没有")
                    && !before.ends_with("没有没有")
            };
            if refusals.holds(span.start, span.end) || list(negations).any(refused) {
                reading.negated.extend(span.groups.iter().flat_map(|group| self.keys(*group).iter().cloned()));
            }
        }
    }
}

/// Whether a line names several things of which each will do.
fn has_alternatives(normal: &str, raw: &[&str], lang: Lang) -> bool {
    match lang {
        Lang::Zh => normal.contains(['或', '和', '跟', '与']),
        Lang::En => raw.contains(&"or") || raw.contains(&"and"),
    }
}

/// Of two limits on one property that nothing can keep to, the first tells what is to be avoided: "超过200克的我拿不住，轻于200克的有哪些".
fn settle_limits(bounds: &mut Vec<Bound>) {
    let ends = |limit: Limit| match limit {
        Limit::Least(least) | Limit::Over(least) => (least, f64::MAX),
        Limit::Most(most) | Limit::Under(most) => (f64::MIN, most),
        Limit::About(_) | Limit::Exactly(_) | Limit::Between(..) => (f64::MIN, f64::MAX),
    };
    let part = |one: &Bound, other: &Bound| {
        let ((low, high), (from, to)) = (ends(one.limit), ends(other.limit));
        one.keys == other.keys && one.said && other.said && (high <= from || to <= low)
    };
    let told: Vec<bool> = (0..bounds.len()).map(|at| bounds[at + 1..].iter().any(|later| part(&bounds[at], later))).collect();
    let mut told = told.into_iter();
    bounds.retain(|_| told.next() != Some(true));
}

/// The number of unexplained tokens; those in clauses without anything of the `core` count a third.
fn count_unexplained(normal: &str, raw: &[&str], explained: &[bool], core: &[bool]) -> usize {
    let place = |word: &str| (word.as_ptr() as usize).saturating_sub(normal.as_ptr() as usize);
    let ends: Vec<usize> = normal.match_indices([',', '，', '。', '?', '!', ';', '；', '\n']).map(|(at, _)| at).collect();
    let clause = |at: usize| ends.iter().filter(|end| **end <= place(raw[at])).count();
    let cores: Vec<usize> = (0..raw.len()).filter(|at| core[*at]).map(clause).collect();
    let open = (0..raw.len()).filter(|at| !explained[*at]);
    let (within, aside): (Vec<usize>, Vec<usize>) = open.partition(|at| cores.is_empty() || cores.contains(&clause(*at)));
    within.len() + aside.len().div_ceil(3)
}

/// The words of a line in their several forms.
struct Words<'a> {
    /// As they are written.
    raw: &'a [&'a str],
    /// In the form in which they are compared.
    line: &'a [String],
    /// The same, without those of names.
    masked: &'a [&'a str],
    /// The whole line in its normal form.
    normal: &'a str,
    refusals: &'a Refusals,
    lang: Lang,
}

fn contains_words(normal: &str, phrase: &str) -> bool {
    normal.match_indices(phrase).any(|(at, _)| {
        let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '\'');
        !inside(normal[..at].chars().next_back()) && !inside(normal[at + phrase.len()..].chars().next())
    })
}

fn pieces(line: &[String], explained: &[bool], lang: Lang) -> Vec<String> {
    let mut out = Vec::new();
    let mut piece = String::new();
    for (word, done) in line.iter().map(String::as_str).zip(explained).chain(std::iter::once(("", &true))) {
        if !done && lang == Lang::Zh {
            if !piece.is_empty() && piece.chars().next_back().is_some_and(is_han) != word.chars().next().is_some_and(is_han) {
                out.push(std::mem::take(&mut piece));
            }
            piece.push_str(word);
        } else if !done {
            out.push(word.to_owned());
        } else if !piece.is_empty() {
            out.push(std::mem::take(&mut piece));
        }
    }
    out
}
