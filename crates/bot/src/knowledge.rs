//! The knowledge that a company's bot is trained on: questions with answers, everyday synonyms, goods and plans.
//!
//! The types have the shape of the demo content, so stored JSON can be deserialised as it is. Unknown fields are ignored here: refusing them is the task of the
//! code that accepts the content.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::graph::StoredGraph;
use crate::text::Lang;

/// One text in both languages of the product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// The text in `lang`, or in the other language if that side is empty.
    pub fn get(&self, lang: Lang) -> &str {
        let (own, other) = match lang {
            Lang::Zh => (&self.zh, &self.en),
            Lang::En => (&self.en, &self.zh),
        };
        if own.is_empty() { other } else { own }
    }

    /// The text in `lang` exactly; empty if it was not written.
    pub fn side(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Lists of texts in both languages; the two lists need not have equal lengths.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wordings {
    /// Chinese texts.
    #[serde(default)]
    pub zh: Vec<String>,
    /// English texts.
    #[serde(default)]
    pub en: Vec<String>,
}

impl Wordings {
    /// The list of `lang`.
    pub fn side(&self, lang: Lang) -> &[String] {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// One question that the company has answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Stable id, unique within the knowledge, such as `kb-002`.
    pub id: String,
    /// The key of the topic that the entry belongs to; entries of the same topic lend each other words.
    #[serde(default)]
    pub topic: String,
    /// The question as it is shown.
    pub question: Bilingual,
    /// Other wordings of the same question.
    #[serde(default)]
    pub similar: Wordings,
    /// The answer as it is sent.
    pub answer: Bilingual,
    /// Ids of entries worth reading next.
    #[serde(default)]
    pub related: Vec<String>,
    /// The key of the button under the answer. `human` offers a person.
    #[serde(default)]
    pub action: Option<String>,
}

impl Entry {
    /// All words by which it is known in a language: its question, its answer and its other wordings.
    pub(crate) fn texts(&self, lang: Lang) -> impl Iterator<Item = &str> {
        [self.question.side(lang), self.answer.side(lang)].into_iter().chain(self.similar.side(lang).iter().map(String::as_str))
    }
}

/// Groups of words and phrases that mean the same to a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thesaurus {
    /// Chinese groups.
    #[serde(default)]
    pub zh: Vec<Vec<String>>,
    /// English groups.
    #[serde(default)]
    pub en: Vec<Vec<String>>,
}

impl Thesaurus {
    /// The groups of `lang`.
    pub fn side(&self, lang: Lang) -> &[Vec<String>] {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// One line of a product's data sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// The machine name, such as `storage` or `weight_g`.
    pub key: String,
    /// The name as it is shown.
    pub label: Bilingual,
    /// The value as it is shown, without the unit.
    pub value: Bilingual,
    /// The unit; empty if the value needs none.
    #[serde(default)]
    pub unit: String,
}

/// One product on sale.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Stable id, such as `g-001`.
    pub id: String,
    /// The key of the category.
    #[serde(default)]
    pub category: String,
    /// Full name.
    pub name: Bilingual,
    /// Price in hundredths of the company's currency.
    #[serde(default)]
    pub price_fen: i64,
    /// Pieces that can be ordered now.
    #[serde(default)]
    pub stock: i64,
    /// The data sheet.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// A description in free text.
    #[serde(default)]
    pub description: Bilingual,
    /// Short sentences that advertise the product.
    #[serde(default)]
    pub selling_points: Wordings,
    /// The keys of its tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The key of the drawing; the bot does not use it.
    #[serde(default)]
    pub illustration: String,
}

/// What a plan includes abroad, per month.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Roaming {
    /// Data in GB.
    #[serde(default)]
    pub data_gb: f64,
    /// Voice in minutes.
    #[serde(default)]
    pub voice_min: u32,
    /// Number of destinations covered.
    #[serde(default)]
    pub destinations: u32,
}

/// Supplementary cards of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplementaryCards {
    /// The most cards that can be added.
    #[serde(default)]
    pub max: u32,
    /// How many of these cost nothing.
    #[serde(default)]
    pub free: u32,
}

/// One tariff plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Stable id, such as `cloud-59`.
    pub id: String,
    /// Full name.
    pub name: Bilingual,
    /// Monthly fee in hundredths of the company's currency.
    #[serde(default)]
    pub monthly_fee_fen: i64,
    /// Data per month in GB.
    #[serde(default)]
    pub data_gb: f64,
    /// Voice per month in minutes.
    #[serde(default)]
    pub voice_min: u32,
    /// Text messages per month.
    #[serde(default)]
    pub sms: u32,
    /// What is included abroad.
    #[serde(default)]
    pub roaming: Roaming,
    /// The speed of the included home broadband in Mbps; 0 if there is none.
    #[serde(default)]
    pub broadband_mbps: u32,
    /// The length of the contract in months; 0 if there is none.
    #[serde(default)]
    pub contract_months: u32,
    /// The audience of the plan, a word of the demo's vocabulary; the notes express it in both languages.
    #[serde(default)]
    pub audience: String,
    /// Other information worth knowing.
    #[serde(default)]
    pub notes: Bilingual,
    /// Supplementary cards.
    #[serde(default)]
    pub supplementary_cards: SupplementaryCards,
}

/// Everything that a company's bot is trained on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Knowledge {
    /// Questions with answers.
    #[serde(default)]
    pub entries: Vec<Entry>,
    /// Everyday synonyms.
    #[serde(default)]
    pub thesaurus: Thesaurus,
    /// Goods on sale.
    #[serde(default)]
    pub products: Vec<Product>,
    /// Tariff plans.
    #[serde(default)]
    pub plans: Vec<Plan>,
    /// The currency of prices and fees, a code of ISO 4217; yuan if it is empty.
    #[serde(default)]
    pub currency: String,
    /// The keys of categories and tags with their names, as far as they are known.
    #[serde(default)]
    pub vocabulary: Vocabulary,
    /// What the company adds to its catalogue for the bot.
    #[serde(default)]
    pub graph: StoredGraph,
}

/// A key with the name that is shown for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The key, such as `phone`.
    pub id: String,
    /// The name.
    pub name: Bilingual,
}

/// The names of categories and tags.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// The categories.
    #[serde(default)]
    pub categories: Vec<Named>,
    /// The tags by key.
    #[serde(default)]
    pub tag_names: BTreeMap<String, Bilingual>,
}

/// Content that does not have the expected form; `line` counts from 1.
#[derive(Debug, thiserror::Error)]
#[error("{what}, line {line}: {source}")]
pub struct KnowledgeError {
    /// The part that was being read.
    pub what: &'static str,
    /// The line of the text.
    pub line: usize,
    /// What is wrong.
    pub source: serde_json::Error,
}

impl Knowledge {
    /// Reads the demo's files: entries as JSON lines, the thesaurus, `{"goods": […], "currency": …, "categories": […], "tag_names": {…}}` (the last three may be left out),
    /// `{"plans": […]}`, and the [graph](StoredGraph), which may be an empty text.
    ///
    /// # Errors
    /// The part and the line of the first text that is not JSON of the expected shape.
    pub fn parse(entries: &[&str], thesaurus: &str, goods: &str, plans: &str, graph: &str) -> Result<Self, KnowledgeError> {
        #[derive(Deserialize)]
        struct Goods {
            goods: Vec<Product>,
            #[serde(default)]
            currency: String,
            #[serde(flatten)]
            vocabulary: Vocabulary,
        }
        #[derive(Deserialize)]
        struct Plans {
            plans: Vec<Plan>,
        }
        let mut knowledge = Knowledge::default();
        for part in entries {
            for (index, line) in part.lines().enumerate() {
                if line.trim().is_empty() {
                    continue;
                }
                let entry = serde_json::from_str(line).map_err(|source| KnowledgeError { what: "entries", line: index + 1, source })?;
                knowledge.entries.push(entry);
            }
        }
        knowledge.thesaurus = read("thesaurus", thesaurus)?;
        let Goods { goods, currency, vocabulary } = read("goods", goods)?;
        (knowledge.products, knowledge.currency, knowledge.vocabulary) = (goods, currency, vocabulary);
        knowledge.plans = read::<Plans>("plans", plans)?.plans;
        if !graph.trim().is_empty() {
            knowledge.graph = read("graph", graph)?;
        }
        Ok(knowledge)
    }

    /// The positions of entries by id; if two entries have the same id, the first counts.
    pub(crate) fn positions(&self) -> BTreeMap<&str, usize> {
        let mut positions = BTreeMap::new();
        for (index, entry) in self.entries.iter().enumerate() {
            positions.entry(entry.id.as_str()).or_insert(index);
        }
        positions
    }
}

fn read<T: for<'a> Deserialize<'a>>(what: &'static str, text: &str) -> Result<T, KnowledgeError> {
    serde_json::from_str(text).map_err(|source| KnowledgeError { what, line: source.line(), source })
}
