//! Trains the recognition of a wish for a person and of danger, from the lines and the patterns in `training/`.
//!
//! A line of a `.tsv` begins with `+` and a tab if it means what is to be recognised, and with `-` and a tab if it holds the same words and does not. The lines of
//! `ordinary.*.txt` are what customers say all day. A pattern, in the other files, holds choices `(a|b|)` and names of lists `<ask>`, whose choices are the lines
//! `@ask: a|b`. It begins with `-` if it means something else, and with a number if it counts for more than one. What comes after `#` is a remark.

use std::collections::HashMap;

use bot::fitting;
use bot::human::{Meaning, asks, may_be_a_wish, places};
use bot::text::{detect, normalise, tokens};
use bot::{Knowledge, Lang, hash, small_talk};

/// The sentences that are made of a pattern.
const EACH: usize = 120;
/// How often a line counts, and how often one of the `wish` files does.
const OTHERS: usize = 5;
const WISHES: usize = 25;
/// The number of weights of a model: danger comes in more words, and shared weights cost it more.
const fn weights(meaning: Meaning) -> usize {
    match meaning {
        Meaning::Person => 1 << 17,
        Meaning::Danger => 1 << 20,
    }
}
const ROUNDS: usize = 12;
/// How strongly weights are pulled to zero.
const PULL: f32 = 3e-5;
/// The share of sentences with a slip of the hand in them.
const SLIPS: usize = 5;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % sides.max(1) as u64) as usize
    }
}

/// A model of what is meant, as it comes with the program: how `examples/recognisers.rs` makes it from the demo's knowledge.
pub fn train(meaning: Meaning, lang: Lang, knowledge: &Knowledge) -> Vec<u8> {
    let count = weights(meaning);
    let rows: Vec<_> = sentences(meaning, lang, knowledge).iter().map(|(text, means)| (places(text, lang, count), *means)).collect();
    fit(&rows, count)
}

/// A digest of everything a model is learned from: it changes with every sentence, and with what is read out of one. It is kept beside the models, so that a test
/// notices when they were not learned anew.
pub fn digest(meaning: Meaning, lang: Lang, knowledge: &Knowledge) -> u64 {
    let count = weights(meaning);
    let mut digest = hash(b'd', &[&format!("{count} {ROUNDS} {PULL}")]);
    for (at, (text, means)) in sentences(meaning, lang, knowledge).into_iter().enumerate() {
        digest = digest.rotate_left(7) ^ hash(u8::from(means), &[&text]);
        // The features of a few show how all are read.
        if at % 32 == 0 {
            digest = places(&text, lang, count).into_iter().fold(digest, |digest, place| digest.rotate_left(7) ^ place as u64);
        }
    }
    digest
}

/// A sentence to learn from, and whether it means what is to be recognised.
type Sentence = (String, bool);

/// The sentences of a language. Wordings of a knowledge and lines about everyday life mean neither, and what means the one does not mean the other.
fn sentences(meaning: Meaning, lang: Lang, knowledge: &Knowledge) -> Vec<Sentence> {
    let (wishes, dangers) = match lang {
        Lang::Zh => (include_str!("training/wish.zh.txt"), include_str!("training/danger.zh.txt")),
        Lang::En => (include_str!("training/wish.en.txt"), include_str!("training/danger.en.txt")),
    };
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut all = Vec::new();
    match meaning {
        Meaning::Person => {
            all.extend(make(wishes, EACH, lang, &mut dice));
            all.extend(make(dangers, EACH / 3, lang, &mut dice).into_iter().filter(|(_, danger)| !danger));
        }
        Meaning::Danger => {
            all.extend(make(dangers, EACH / 3, lang, &mut dice));
            all.extend(make(wishes, EACH / 3, lang, &mut dice).into_iter().map(|(text, _)| (text, false)));
        }
    }
    let wishes: Vec<_> = lines_of(include_str!("training/wish.tsv")).filter(|(text, _)| detect(&normalise(text)) == Some(lang)).collect();
    let wordings = knowledge.entries.iter().flat_map(|entry| entry.similar.side(lang).iter().map(String::as_str).chain([entry.question.side(lang)]));
    // One question of the demo is how to reach a person.
    let wordings = wordings.filter(|line| !line.is_empty() && !asks(&tokens(&normalise(line)), lang));
    let mut single: Vec<_> = fitting::elsewhere(lang).lines().chain(wordings).map(|line| (line, false)).collect();
    let (written, alarming, ordinary) = match lang {
        Lang::Zh => (include_str!("training/wish.zh.tsv"), include_str!("training/danger.zh.tsv"), include_str!("training/ordinary.zh.txt")),
        Lang::En => (include_str!("training/wish.en.tsv"), include_str!("training/danger.en.tsv"), include_str!("training/ordinary.en.txt")),
    };
    let ordinary = ordinary.lines().map(|line| (line, false));
    match meaning {
        // Nobody has judged the ordinary lines.
        Meaning::Person => single.extend(ordinary.filter(|(line, _)| !may_be_a_wish(line, lang))),
        Meaning::Danger => single.extend(
            wishes.iter().map(|&(text, _)| (text, false)).chain(lines_of(alarming)).chain(ordinary).chain(small_talk::lines(lang).map(|line| (line, false))),
        ),
    }
    let mut repeat = |lines: &mut dyn Iterator<Item = (&str, bool)>, times: usize| {
        for (text, means) in lines {
            all.extend(std::iter::repeat_with(|| (perhaps_slip(text, lang, &mut dice), means)).take(times));
        }
    };
    repeat(&mut single.into_iter(), OTHERS);
    if meaning == Meaning::Person {
        repeat(&mut wishes.into_iter().chain(lines_of(written)), WISHES);
    }
    all
}

/// The lines of a file, and whether each means what is to be recognised.
fn lines_of(lines: &str) -> impl Iterator<Item = (&str, bool)> {
    lines.lines().filter_map(|line| line.split_once('\t')).map(|(mark, text)| (text, mark == "+"))
}

/// Sentences made of patterns.
fn make(patterns: &str, each: usize, lang: Lang, dice: &mut Dice) -> Vec<Sentence> {
    let lists: HashMap<&str, &str> = patterns.lines().filter_map(|line| line.strip_prefix('@')?.split_once(": ")).collect();
    let mut all = Vec::new();
    for line in patterns.lines().filter(|line| !line.starts_with(['@', '#']) && !line.is_empty()) {
        let means = !line.starts_with('-');
        let line = line.trim_start_matches(['+', '-']);
        let (times, line) = line.split_once(' ').and_then(|(times, rest)| Some((times.parse::<usize>().ok()?, rest))).unwrap_or((1, line));
        for _ in 0..times * each {
            let text = grow(line, &lists, dice);
            all.push((perhaps_slip(&text, lang, dice), means));
        }
    }
    all
}

fn perhaps_slip(text: &str, lang: Lang, dice: &mut Dice) -> String {
    if dice.below(100) < SLIPS { slip(text, lang, dice) } else { text.to_owned() }
}

/// One sentence of a pattern.
fn grow(pattern: &str, lists: &HashMap<&str, &str>, dice: &mut Dice) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['(', '<']) {
        out.push_str(&rest[..at]);
        let (inner, after) = if rest[at..].starts_with('(') { group(&rest[at..]) } else { list_of(&rest[at..], lists) };
        let choices = choices(inner);
        out.push_str(&grow(choices[dice.below(choices.len())], lists, dice));
        rest = after;
    }
    out + rest
}

/// What is between the parentheses a text begins with, and what comes after them.
fn group(text: &str) -> (&str, &str) {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 {
            return (&text[1..at], &text[at + 1..]);
        }
    }
    (&text[1..], "")
}

fn list_of<'a>(text: &'a str, lists: &HashMap<&str, &'a str>) -> (&'a str, &'a str) {
    let (name, after) = text[1..].split_once('>').unwrap_or((&text[1..], ""));
    (lists.get(name).copied().unwrap_or_default(), after)
}

/// The parts between bars that are in no parentheses.
fn choices(text: &str) -> Vec<&str> {
    let (mut depth, mut from, mut out) = (0, 0, Vec::new());
    for (at, c) in text.char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if c == '|' && depth == 0 {
            out.push(&text[from..at]);
            from = at + 1;
        }
    }
    out.push(&text[from..]);
    out
}

/// A sentence with one character left out, doubled, exchanged with its neighbour, or written with another of the same sound.
fn slip(text: &str, lang: Lang, dice: &mut Dice) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    if chars.len() < 3 {
        return text.to_owned();
    }
    let at = dice.below(chars.len() - 1);
    match dice.below(if lang == Lang::Zh { 4 } else { 3 }) {
        0 => {
            chars.remove(at);
        }
        1 => chars.insert(at, chars[at]),
        2 => chars.swap(at, at + 1),
        _ => {
            let alike: Vec<char> = SAME_SOUND.iter().find(|group| group.contains(chars[at])).map(|group| group.chars().collect()).unwrap_or_default();
            if !alike.is_empty() {
                chars[at] = alike[dice.below(alike.len())];
            }
        }
    }
    chars.into_iter().collect()
}

const SAME_SOUND: [&str; 16] = [
    "人仁任认忍",
    "工公功攻宫",
    "转砖专赚传",
    "客克课刻",
    "服付复福",
    "真珍针镇",
    "找照着早",
    "接街节解",
    "换欢环",
    "帮邦棒",
    "机鸡几",
    "器气汽",
    "联连莲",
    "系细",
    "请清情",
    "坐座做作",
];

/// The probability of a wish that `weights` give to these features.
fn probability(weights: &[f32], constant: f32, features: &[usize]) -> f32 {
    1.0 / (1.0 + (-(constant + features.iter().map(|&at| weights[at]).sum::<f32>())).exp())
}

/// Fits a model with so many weights to those that sentences use, and to whether they belong, by stochastic gradient descent with a step for each weight (AdaGrad).
fn fit(rows: &[(Vec<usize>, bool)], count: usize) -> Vec<u8> {
    let (mut weights, mut slopes) = (vec![0.0f32; count], vec![1e-6f32; count]);
    let (mut constant, mut sum, mut constants) = (0.0f32, vec![0.0f32; count], 0.0f32);
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    for round in 0..ROUNDS {
        for at in (1..order.len()).rev() {
            order.swap(at, dice.below(at + 1));
        }
        let rate = 0.15 / (1.0 + round as f32);
        for &at in &order {
            let (features, belongs) = &rows[at];
            let miss = probability(&weights, constant, features) - f32::from(u8::from(*belongs));
            constant -= 0.01 * rate * miss;
            for &feature in features {
                let slope = miss + PULL * weights[feature] * rows.len() as f32 / 100.0;
                slopes[feature] += slope * slope;
                weights[feature] -= rate * slope / slopes[feature].sqrt();
            }
        }
        if round >= ROUNDS / 2 {
            sum.iter_mut().zip(&weights).for_each(|(sum, weight)| *sum += weight);
            constants += constant;
        }
    }
    let counted = (ROUNDS - ROUNDS / 2) as f32;
    let (weights, constant) = (sum.iter().map(|sum| sum / counted).collect::<Vec<f32>>(), constants / counted);
    let unit = weights.iter().fold(0.0f32, |most, weight| most.max(weight.abs())).max(1e-6) / 127.0;
    let mut out = Vec::with_capacity(count + 8);
    out.extend(constant.to_le_bytes());
    out.extend(unit.to_le_bytes());
    out.extend(weights.iter().map(|weight| (weight / unit).round() as i8 as u8));
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bot::text::skeleton;

    use super::*;

    #[test]
    fn no_line_is_taught_as_danger_and_as_harmless() {
        let files = [
            (Lang::Zh, include_str!("training/danger.zh.tsv"), include_str!("training/ordinary.zh.txt")),
            (Lang::En, include_str!("training/danger.en.tsv"), include_str!("training/ordinary.en.txt")),
        ];
        for (lang, alarming, ordinary) in files {
            let marked = |danger: bool| lines_of(alarming).filter(move |(_, means)| *means == danger).map(|(text, _)| text);
            let harmless: BTreeSet<String> = marked(false).chain(ordinary.lines()).chain(small_talk::lines(lang)).map(skeleton).collect();
            let both: Vec<&str> = marked(true).filter(|text| harmless.contains(&skeleton(text))).collect();
            assert!(both.is_empty(), "{both:?}");
        }
    }
}
