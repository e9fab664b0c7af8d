//! The guided choice: at most three questions that split what there is best, then at most three that fit, each with a reason.

use serde::{Deserialize, Serialize};

use crate::graph::Graph;
use crate::graph::facts::Item;
use crate::graph::found::{Found, Sort};
use crate::graph::reading::{Bound, Limit, Reading};
use crate::graph::render::within;
use crate::short::{self, Short};
use crate::text::{Lang, says};

/// The most questions that are asked.
const MOST_QUESTIONS: u8 = 3;
/// The most items that are recommended.
const MOST_FITS: usize = 3;

/// What a question of the choice is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Topic {
    /// How much it may cost.
    Budget,
    /// What for: one of these tags.
    Use(Vec<String>),
    /// One property that some have and others do not, or more or less of: its key.
    Must(String),
}

/// How far a choice has come.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Choice {
    /// The group that is chosen from: `kind:phone`.
    pub group: String,
    /// What was asked last.
    pub asking: Option<Topic>,
    /// The topics that were asked about.
    pub asked: u8,
    /// The keys of tags and properties that were asked about or refused.
    pub settled: Vec<String>,
    /// The least and the most it may cost, in the company's currency.
    pub budget: Option<(f64, f64)>,
    /// The tags that are wanted.
    pub tags: Vec<String>,
    /// The properties that are wanted, and the least of them.
    pub musts: Vec<(String, f64)>,
}

const NO_MATTER_ZH: &str =
    "随便|都行|都可以|无所谓|没要求|没有要求|不限|不知道|不清楚|看着办|你定|没有|没|跳过|不用|都好|没想好|你推荐|直接推荐|没啥|不挑|没特别";
const NO_MATTER_EN: &str = "whatever|any|anything|don't mind|dont mind|don't care|dont care|no preference|not sure|skip|doesn't matter|doesnt matter|either|no idea|don't know|dont know|you choose|you decide|no|none|nothing special|just recommend|up to you|all fine|not really";

impl Graph {
    /// Begins a choice among the items of a group, with what the line says already; `None` if there are too few to choose from.
    pub(crate) fn begin_choice(&self, reading: &Reading) -> Option<Choice> {
        let group = reading.groups.iter().map(|group| &self.groups[*group as usize]).find(|group| group.is_a_kind())?;
        if group.items.len() < 3 {
            return None;
        }
        let mut choice = Choice { group: group.key.clone(), ..Choice::default() };
        self.take_up(&mut choice, reading);
        Some(choice)
    }

    /// Begins a choice among things of the kind of this one, for somebody who wants another than this; `None` if there are too few to choose from.
    pub(crate) fn begin_choice_beside(&self, item: Item) -> Option<Choice> {
        let group = self.groups.iter().position(|group| group.is_one_kind() && group.items.contains(&item))?;
        self.begin_choice(&Reading { groups: vec![group as u32], ..Reading::default() })
    }

    /// Reads the answer to the last question of a choice. Returns whether the line was one.
    pub(crate) fn continue_choice(&self, choice: &mut Choice, reading: &Reading, normal: &str, lang: Lang) -> bool {
        let phrases = if lang == Lang::Zh { NO_MATTER_ZH } else { NO_MATTER_EN };
        let short = short::read(normal);
        let mut no_matter = says(normal, lang, phrases) || matches!(short, Some(Short::NoneOfThem | Short::Any));
        let numbers: Vec<f64> = crate::text::tokens(&utterance::amounts::with_digits(normal, lang)).iter().filter_map(|word| word.parse().ok()).collect();
        let before = choice.clone();
        self.take_up(choice, reading);
        let mut understood = *choice != before;
        if let (Some(Topic::Use(tags)), Some(Short::Picks { seats, .. })) = (&before.asking, &short) {
            let picked: Vec<&String> = seats.iter().filter_map(|seat| tags.get(seat.among(tags.len())?)).filter(|tag| !choice.tags.contains(tag)).collect();
            understood |= !picked.is_empty();
            choice.tags.extend(picked.into_iter().cloned());
        }
        if choice.asking == Some(Topic::Budget) && choice.budget.is_none() {
            match numbers.as_slice() {
                [most] => choice.budget = Some((0.0, *most * 1.1)),
                [low, high, ..] if low < high => choice.budget = Some((*low, *high)),
                _ => {}
            }
            understood |= choice.budget.is_some();
        }
        if let Some(Topic::Must(key)) = &choice.asking {
            let (yes, no) = match lang {
                Lang::Zh => ("要|是|需要|必须|对|有|好", "不"),
                Lang::En => ("yes|yeah|must|need|please|sure|important", "no|not|don't|dont|doesn't|doesnt|isn't|isnt"),
            };
            let (yes, no) = (says(normal, lang, yes), says(normal, lang, no));
            no_matter |= no;
            if yes && !no_matter {
                let key = key.clone();
                let least = self.typical(&self.choice_items(choice), &key);
                if !choice.musts.iter().any(|(known, _)| *known == key) {
                    choice.musts.extend(least.map(|least| (key, least)));
                }
                understood = true;
            }
        }
        let short = crate::text::tokens(normal).len() <= 6;
        let is_answer = understood || no_matter && short;
        if is_answer {
            choice.asking = None;
        }
        is_answer
    }

    fn take_up(&self, choice: &mut Choice, reading: &Reading) {
        for Bound { keys, limit, .. } in reading.bounds.iter().filter(|bound| !bound.refused) {
            if keys.first().is_some_and(|key| key == "@price") {
                choice.budget = Some(match *limit {
                    Limit::Most(most) | Limit::Under(most) => (0.0, most),
                    Limit::Least(least) | Limit::Over(least) => (least, f64::MAX),
                    Limit::About(about) | Limit::Exactly(about) => (about * 0.5, about * 1.3),
                    Limit::Between(low, high) => (low, high),
                });
            }
        }
        for group in &reading.groups {
            let group = &self.groups[*group as usize];
            if !group.is_a_kind() && !choice.tags.contains(&group.key) {
                choice.tags.push(group.key.clone());
            }
        }
        let items = self.choice_items(choice);
        for groups in &reading.asked {
            let key = groups.iter().flat_map(|group| self.keys(*group).iter()).find(|key| items.iter().any(|item| self.node(*item).number(key).is_some()));
            if let Some(key) = key.filter(|key| !key.starts_with("@price") && !key.starts_with("@over"))
                && !choice.musts.iter().any(|(known, _)| known == key)
                && let Some(least) = self.typical(&items, key)
            {
                choice.musts.push((key.clone(), least));
            }
        }
        choice.tags.truncate(4);
        choice.musts.truncate(4);
    }

    /// A good value of a property among items: what the better half has.
    fn typical(&self, items: &[Item], key: &str) -> Option<f64> {
        let mut numbers: Vec<f64> = items.iter().filter_map(|item| self.node(*item).number(key)).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.get(numbers.len() / 2).copied()
    }

    fn choice_items(&self, choice: &Choice) -> Vec<Item> {
        self.groups.iter().find(|group| group.key == choice.group).map(|group| group.items.clone()).unwrap_or_default()
    }

    /// The next question, or what fits; updates what was asked.
    pub(crate) fn step_choice(&self, choice: &mut Choice, lang: Lang) -> (Found, bool) {
        let items = self.choice_items(choice);
        let left = self.fitting(choice, &items);
        if choice.asked < MOST_QUESTIONS
            && left.len() > MOST_FITS
            && let Some(topic) = self.next_topic(choice, &left)
        {
            choice.asked += 1;
            let text = self.question(&topic, &left, lang);
            match &topic {
                Topic::Budget => choice.settled.push("@price".to_owned()),
                Topic::Use(tags) => choice.settled.extend(tags.iter().cloned()),
                Topic::Must(key) => choice.settled.push(key.clone()),
            }
            choice.settled.truncate(12);
            choice.asking = Some(topic);
            return (Found { sort: Sort::Which, text, items: Vec::new(), used: 0 }, false);
        }
        (self.recommendation(choice, &items, lang), true)
    }

    fn fitting(&self, choice: &Choice, items: &[Item]) -> Vec<Item> {
        let mut left: Vec<Item> = items.iter().copied().filter(|item| self.node(*item).available).collect();
        let mut keep = |test: &dyn Fn(&Item) -> bool| {
            let fitting: Vec<Item> = left.iter().copied().filter(|item| test(item)).collect();
            if !fitting.is_empty() {
                left = fitting;
            }
        };
        if let Some((low, high)) = choice.budget {
            keep(&|item| (low..=high).contains(&(self.node(*item).price_fen as f64 / 100.0)));
        }
        for tag in &choice.tags {
            keep(&|item| self.groups.iter().any(|group| group.key == *tag && group.items.contains(item)));
        }
        for (key, least) in &choice.musts {
            keep(&|item| self.node(*item).number(key).is_some_and(|number| if lower_is_better(key) { number <= *least } else { number >= *least }));
        }
        left
    }

    fn next_topic(&self, choice: &Choice, left: &[Item]) -> Option<Topic> {
        if choice.budget.is_none() && !choice.settled.iter().any(|key| key == "@price") {
            return Some(Topic::Budget);
        }
        let open = |key: &str| !choice.settled.iter().any(|known| known == key);
        // a tag that about half of them have splits best
        let share = |items: &[Item]| left.iter().filter(|item| items.contains(item)).count();
        let mut tags: Vec<(usize, &str)> = self
            .groups
            .iter()
            .filter(|group| !group.is_a_kind() && open(&group.key) && !choice.tags.contains(&group.key))
            .map(|group| (share(&group.items), group.key.as_str()))
            .filter(|(count, _)| *count > 0 && *count < left.len())
            .collect();
        tags.sort_by_key(|(count, _)| count.abs_diff(left.len() / 2));
        if choice.tags.is_empty() && !choice.settled.iter().any(|key| key.starts_with("tag:")) && tags.len() >= 2 {
            return Some(Topic::Use(tags.into_iter().take(4).map(|(_, key)| key.to_owned()).collect()));
        }
        let mut keys: Vec<(usize, &str)> = Vec::new();
        for fact in left.iter().flat_map(|item| &self.node(*item).facts) {
            let listed = !matches!(fact.key.as_str(), "@price" | "@stock" | "warranty" | "@sms" | "@free_cards") && fact.number.is_some();
            if listed && open(&fact.key) && !choice.musts.iter().any(|(key, _)| *key == fact.key) && !keys.iter().any(|(_, key)| *key == fact.key) {
                let mut numbers: Vec<i64> = left.iter().filter_map(|item| self.node(*item).number(&fact.key)).map(|number| (number * 100.0) as i64).collect();
                numbers.sort_unstable();
                numbers.dedup();
                keys.push((numbers.len(), &fact.key));
            }
        }
        keys.into_iter().filter(|(distinct, _)| *distinct > 1).max_by_key(|(distinct, _)| *distinct).map(|(_, key)| Topic::Must(key.to_owned()))
    }

    fn question(&self, topic: &Topic, left: &[Item], lang: Lang) -> String {
        let prices: Vec<i64> = left.iter().map(|item| self.node(*item).price_fen).collect();
        let (low, high) = (prices.iter().min().copied().unwrap_or_default(), prices.iter().max().copied().unwrap_or_default());
        let label = |key: &str| left.iter().find_map(|item| self.node(*item).fact(key)).map(|fact| fact.label.get(lang).to_owned()).unwrap_or_default();
        let shown = |tags: &[String]| -> Vec<String> {
            tags.iter().filter_map(|tag| self.groups.iter().find(|group| group.key == *tag)).map(|group| group.shown[lang as usize].clone()).collect()
        };
        match (topic, lang) {
            (Topic::Budget, Lang::Zh) => format!("帮您选。预算大概多少？现有的从 {} 到 {}。说“随便”也行。", self.money(low, lang), self.money(high, lang)),
            (Topic::Budget, Lang::En) => {
                format!("Let us find one. What is your budget? They range from {} to {}. \"Any\" is fine too.", self.money(low, lang), self.money(high, lang))
            }
            (Topic::Use(tags), Lang::Zh) => format!("主要看重哪一点：{}？没有偏好就说“随便”。", shown(tags).join("、")),
            (Topic::Use(tags), Lang::En) => format!(
                "What matters most: {}? Say \"any\" if nothing in particular.",
                shown(tags).iter().map(|tag| within(tag)).collect::<Vec<_>>().join(", ")
            ),
            (Topic::Must(key), Lang::Zh) => format!("您在意{}吗？在意就说“要”，我挑这方面好的；不在意就说“随便”。", label(key)),
            (Topic::Must(key), Lang::En) => {
                format!("Does {} matter to you? Say \"yes\" and I will look for the better ones, or \"any\" if not.", within(&label(key)))
            }
        }
    }

    fn recommendation(&self, choice: &Choice, items: &[Item], lang: Lang) -> Found {
        let mut fits = self.fitting(choice, items);
        let matches = |item: &Item| choice.tags.iter().filter(|tag| self.groups.iter().any(|group| group.key == **tag && group.items.contains(item))).count();
        let key = choice.musts.first().map(|(key, _)| key.clone());
        // what fits best first; of the same, the cheaper when no more is said, or the better one in what is wanted
        fits.sort_by(|a, b| {
            let number = |item: &Item| {
                let Some(key) = &key else { return 0.0 };
                self.node(*item).number(key).map_or(f64::NEG_INFINITY, |number| if lower_is_better(key) { -number } else { number })
            };
            matches(b).cmp(&matches(a)).then(number(b).total_cmp(&number(a))).then(self.node(*a).price_fen.cmp(&self.node(*b).price_fen))
        });
        if choice.budget.is_none() && key.is_none() && fits.len() > MOST_FITS {
            // without any wish: the cheapest, one in the middle, and the best
            fits.sort_by_key(|item| self.node(*item).price_fen);
            fits = vec![fits[0], fits[fits.len() / 2], fits[fits.len() - 1]];
        }
        fits.truncate(MOST_FITS);
        let mut lines = vec![if lang == Lang::Zh { "这几款合适：".to_owned() } else { "These fit:".to_owned() }];
        for item in &fits {
            let node = self.node(*item);
            let price = node.fact("@price").map(|fact| fact.shown.get(lang)).unwrap_or_default();
            let wanted = key.as_deref().and_then(|key| node.fact(key)).map(|fact| format!("{} {}", fact.label.get(lang), fact.shown.get(lang)));
            let reason = wanted.or_else(|| node.sentences[lang as usize].first().map(|text| text.trim_end_matches(['。', '.']).to_owned())).unwrap_or_default();
            lines.push(if lang == Lang::Zh {
                format!("• {}（{price}）：{reason}", node.name.zh)
            } else {
                format!("• {} ({price}): {reason}", node.name.en)
            });
        }
        Found { sort: Sort::Selection, text: lines.join("\n"), items: fits, used: 0 }
    }
}

fn lower_is_better(key: &str) -> bool {
    matches!(key, "weight_g" | "weight_kg" | "noise" | "power_year" | "energy" | "@contract")
}
