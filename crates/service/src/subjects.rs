//! The subjects that the bots last spoke of.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::id::{ConversationId, TenantId};

/// For how many conversations the subject is remembered; a forgotten one is asked for again.
const SUBJECTS: usize = 50_000;

/// The product or plan that a company's bot last spoke of in a conversation, for questions such as "and the battery?"; it is valid while the customer looks at
/// the same page.
#[derive(Debug, Default)]
pub struct Subjects(Mutex<HashMap<(TenantId, ConversationId), Subject>>);

/// What the customer is looking at, and what the bot spoke of.
type Subject = (Option<String>, String);

impl Subjects {
    /// The last subject, if the customer is still looking at this product.
    pub fn get(&self, id: (TenantId, ConversationId), looking_at: Option<&str>) -> Option<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&id).filter(|(product, _)| product.as_deref() == looking_at).map(|(_, subject)| subject.clone())
    }
    /// Stores a new subject.
    pub fn put(&self, id: (TenantId, ConversationId), looking_at: Option<&str>, subject: String) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > SUBJECTS {
            all.clear();
        }
        all.insert(id, (looking_at.map(str::to_owned), subject));
    }
}
