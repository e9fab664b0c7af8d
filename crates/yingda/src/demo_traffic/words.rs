//! What the simulated people say.

use std::sync::Arc;

use domain::text::{Bilingual, Lang};
use serde::Deserialize;

use super::{Stage, wire::Server};

const WORDS: &str = include_str!("../../../../demo/traffic.json");
const KNOWLEDGE: [&str; 2] = [include_str!("../../../../demo/knowledge-1.jsonl"), include_str!("../../../../demo/knowledge-2.jsonl")];

/// Sentences in both languages, and the questions and goods to ask about.
pub struct Words {
    sentences: Sentences,
    questions: Vec<(Lang, String)>,
    goods: Vec<Goods>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentences {
    greetings: Vec<Bilingual>,
    answers: Vec<Bilingual>,
    farewells: Vec<Bilingual>,
    follow_ups: Vec<Bilingual>,
    thanks: Vec<Bilingual>,
    about_goods: Vec<Bilingual>,
    unknown: Vec<Bilingual>,
    comments: Vec<Bilingual>,
}

#[derive(Deserialize)]
struct Knowledge {
    question: Bilingual,
    similar: Similar,
}
#[derive(Deserialize)]
struct Similar {
    zh: Vec<String>,
    en: Vec<String>,
}
#[derive(Deserialize)]
struct Catalogue {
    goods: Vec<Goods>,
}

/// A product on sale.
#[derive(Debug, Clone, Deserialize)]
pub struct Goods {
    /// The id.
    pub id: String,
    /// The name.
    pub name: Bilingual,
}

/// A kind of sentence.
#[derive(Debug, Clone, Copy)]
pub enum Sort {
    /// An agent's first message.
    Greeting,
    /// An agent's later messages.
    Answer,
    /// An agent's last message.
    Farewell,
    /// A customer's reply to an agent.
    FollowUp,
    /// A customer's last message.
    Thanks,
    /// A comment on a rating.
    Comment,
}

impl Words {
    /// Loads the built-in sentences and questions, and the goods the server has on sale.
    pub async fn load(server: &Server) -> anyhow::Result<Self> {
        let sentences: Sentences = serde_json::from_str(WORDS)?;
        let mut questions = Vec::new();
        for line in KNOWLEDGE.iter().flat_map(|file| file.lines()).filter(|line| !line.trim().is_empty()) {
            let Knowledge { question, similar } = serde_json::from_str(line)?;
            questions.extend(similar.zh.into_iter().chain([question.zh]).map(|text| (Lang::Zh, text)));
            questions.extend(similar.en.into_iter().chain([question.en]).map(|text| (Lang::En, text)));
        }
        let site = server.site().await?;
        let catalogue: Catalogue = server.get(&format!("/api/v1/sites/{site}/catalogue")).await?;
        Ok(Self { sentences, questions, goods: catalogue.goods })
    }

    /// A product the visitor may look at.
    pub fn goods(self: &Arc<Self>, stage: &Stage) -> Option<Goods> {
        stage.pick(&self.goods).cloned()
    }

    /// A question to the bot: usually one it can answer, sometimes one it cannot.
    pub fn question(&self, stage: &Stage, lang: Lang, goods: Option<&Goods>) -> String {
        if let Some(goods) = goods
            && stage.chance(70)
            && let Some(about) = stage.pick(&self.sentences.about_goods)
        {
            return about.get(lang).replace("{}", goods.name.get(lang));
        }
        if stage.chance(8)
            && let Some(unknown) = stage.pick(&self.sentences.unknown)
        {
            return unknown.get(lang).to_owned();
        }
        let known: Vec<&String> = self.questions.iter().filter(|(of, _)| *of == lang).map(|(_, text)| text).collect();
        stage.pick(&known).map(|text| (*text).clone()).unwrap_or_default()
    }

    /// A sentence of this kind.
    pub fn sentence(&self, stage: &Stage, sort: Sort, lang: Lang) -> String {
        let all = match sort {
            Sort::Greeting => &self.sentences.greetings,
            Sort::Answer => &self.sentences.answers,
            Sort::Farewell => &self.sentences.farewells,
            Sort::FollowUp => &self.sentences.follow_ups,
            Sort::Thanks => &self.sentences.thanks,
            Sort::Comment => &self.sentences.comments,
        };
        stage.pick(all).map(|sentence| sentence.get(lang).to_owned()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_has_words_in_both_languages() {
        let Sentences { greetings, answers, farewells, follow_ups, thanks, about_goods, unknown, comments } = serde_json::from_str(WORDS).unwrap();
        for sort in [&greetings, &answers, &farewells, &follow_ups, &thanks, &about_goods, &unknown, &comments] {
            assert!(!sort.is_empty() && sort.iter().all(|s| !s.zh.is_empty() && !s.en.is_empty()));
        }
        assert!(about_goods.iter().all(|s| s.zh.contains("{}") && s.en.contains("{}")));
    }
}
