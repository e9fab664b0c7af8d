//! What a member of the staff may know of what customers asked and agents answered: what stands in conversations that the member may read, and what at least
//! three people said in the same words. What could identify somebody is hidden in both.

use std::collections::{BTreeSet, HashMap, HashSet};

use db::Tx;
use domain::{
    id::{ConversationId, TenantId},
    masking::anonymous,
    policy::{Staff, may_read_where_it_stands},
};
use store::people::People;
use store_knowledge::questions::{self, Origin};

/// How many people must have said the same before everybody who teaches the bot may read it.
pub const ENOUGH_PEOPLE: usize = 3;

/// The conversations from which something is shown, and the member to whom.
#[derive(Debug)]
pub enum Reach {
    /// The member may read all of them.
    Everything,
    /// The member may read some of them.
    Part {
        /// The member.
        reader: Staff,
        /// Where each of the conversations stands, and whose it is.
        origins: HashMap<ConversationId, Origin>,
    },
}

impl Reach {
    /// What a member may know of what was said in these conversations of the member's company.
    pub async fn of(tx: &mut Tx, reader: &Staff, conversations: impl IntoIterator<Item = ConversationId>) -> store::Result<Self> {
        if reader.reads_everything() {
            return Ok(Self::Everything);
        }
        let all: Vec<ConversationId> = conversations.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        Ok(Self::Part { reader: reader.clone(), origins: questions::origins(tx, reader.tenant, &all).await? })
    }

    /// Whether the member may read a conversation.
    pub fn may_read(&self, conversation: ConversationId) -> bool {
        match self {
            Self::Everything => true,
            Self::Part { reader, origins } => origins.get(&conversation).is_some_and(|origin| may_read_where_it_stands(reader, &origin.standing)),
        }
    }

    /// For each of these lines, whether the member may know it; each with the conversation in which it was said.
    pub fn are_shown<'a>(&self, said: impl Iterator<Item = (ConversationId, &'a str)>) -> Vec<bool> {
        let Self::Part { origins, .. } = self else { return said.map(|_| true).collect() };
        let said: Vec<(ConversationId, String)> = said.map(|(id, text)| (id, bot::text::skeleton(&anonymous(text)))).collect();
        let (mut people, mut by_words) = (People::default(), HashMap::<&str, HashSet<u32>>::new());
        for (id, words) in &said {
            if let Some(origin) = origins.get(id) {
                by_words.entry(words).or_default().insert(people.number(&origin.by));
            }
        }
        let is_common = |words: &str| !words.is_empty() && by_words.get(words).is_some_and(|people| people.len() >= ENOUGH_PEOPLE);
        said.iter().map(|(id, words)| self.may_read(*id) || is_common(words)).collect()
    }

    /// Keeps the lines that the member may know.
    pub fn retain<T>(&self, all: &mut Vec<T>, line: impl Fn(&T) -> (ConversationId, &str)) {
        let mut shown = self.are_shown(all.iter().map(line)).into_iter();
        all.retain(|_| shown.next().unwrap_or_default());
    }
}

/// How many different people said something in these conversations.
pub async fn count_people(tx: &mut Tx, tenant: TenantId, conversations: &[Vec<ConversationId>]) -> store::Result<Vec<usize>> {
    let all: Vec<ConversationId> = conversations.iter().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let origins = questions::origins(tx, tenant, &all).await?;
    let mut people = People::default();
    let mut count = |of: &Vec<ConversationId>| {
        let numbers: HashSet<u32> = of.iter().filter_map(|id| origins.get(id)).map(|origin| people.number(&origin.by)).collect();
        numbers.len()
    };
    Ok(conversations.iter().map(&mut count).collect())
}
