//! The subjects that the bots last spoke of.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{
    conversation::Conversation,
    id::{ConversationId, TenantId},
};

/// For how many conversations the subject is remembered; a forgotten one is asked for again.
const SUBJECTS: usize = 50_000;

/// The product or plan that a company's bot last spoke of in a conversation, for questions such as "and the battery?"; it is valid while the customer looks at
/// the same page, and until the conversation changes hands.
#[derive(Debug, Default)]
pub struct Subjects(Mutex<HashMap<(TenantId, ConversationId), Subject>>);

/// The epoch, what the customer is looking at, and what the bot spoke of.
type Subject = (i64, Option<String>, String);

impl Subjects {
    /// The last subject, if the bot has had the conversation since and the customer is still looking at the same product.
    pub fn get(&self, c: &Conversation) -> Option<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.get(&(c.tenant, c.id)).filter(|(epoch, product, _)| *epoch == c.epoch && *product == c.product);
        known.map(|(.., subject)| subject.clone())
    }
    /// Stores a new subject.
    pub fn put(&self, c: &Conversation, subject: String) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > SUBJECTS {
            all.clear();
        }
        all.insert((c.tenant, c.id), (c.epoch, c.product.clone(), subject));
    }
}
