//! A company that is being exported, imported or erased by this process: one at a time, so that none is erased while it is exported.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is done with a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferKind {
    /// It is written into an archive.
    Export,
    /// It comes from an archive.
    Import,
    /// It is erased.
    Erase,
}

impl TransferKind {
    /// What is going on, in words.
    const fn as_words(self) -> &'static str {
        match self {
            Self::Export => "exported",
            Self::Import => "imported",
            Self::Erase => "erased",
        }
    }
}

/// How it is going, or how it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is done.
    pub kind: TransferKind,
    /// With which company: its short name.
    pub company: String,
    /// What is being written or deleted now: the name of a table, `files` or another place.
    pub step: String,
    /// How many rows or files of it are done.
    pub done: u64,
    /// How it ended; `None` while it goes on.
    pub ended: Option<Ended>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// It is done; the report.
    Done(Value),
    /// It failed; nothing was changed, or what was changed is being undone.
    Failed(String),
}

/// The one that goes on or went last.
#[derive(Debug, Default)]
pub struct Transfer(Mutex<Option<Progress>>);

impl Transfer {
    fn now(&self) -> std::sync::MutexGuard<'_, Option<Progress>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it is going; `None` if there was none since the start.
    pub fn progress(&self) -> Option<Progress> {
        self.now().clone()
    }

    /// Says why the one that ended just now failed.
    pub fn fail(&self, why: String) {
        if let Some(progress) = &mut *self.now() {
            progress.ended = Some(Ended::Failed(why));
        }
    }

    /// Begins one, unless another goes on: then why not. It ends when the guard is dropped, at the latest.
    pub fn begin(self: &Arc<Self>, kind: TransferKind, company: &str) -> Result<InTransfer, String> {
        let mut now = self.now();
        if let Some(Progress { kind, company, ended: None, .. }) = &*now {
            return Err(format!("the company {company} is being {}: wait until that is done", kind.as_words()));
        }
        *now = Some(Progress { kind, company: company.to_owned(), step: String::new(), done: 0, ended: None });
        Ok(InTransfer(self.clone()))
    }
}

/// Held while it goes on.
#[derive(Debug)]
pub struct InTransfer(Arc<Transfer>);

impl InTransfer {
    /// Says what is being done now, and how much of it is.
    pub fn step(&self, step: &str, done: u64) {
        if let Some(progress) = &mut *self.0.now() {
            step.clone_into(&mut progress.step);
            progress.done = done;
        }
    }
    /// Ends it.
    pub fn end(self, ended: Ended) {
        if let Some(progress) = &mut *self.0.now() {
            progress.ended = Some(ended);
        }
    }
}

impl Drop for InTransfer {
    fn drop(&mut self) {
        if let Some(progress) = &mut *self.0.now()
            && progress.ended.is_none()
        {
            progress.ended = Some(Ended::Failed("it was interrupted; it goes on, or is undone, within a minute".to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_company_is_erased_while_one_is_exported() {
        let transfer = Arc::<Transfer>::default();
        let export = transfer.begin(TransferKind::Export, "alpha").unwrap();
        let refused = transfer.begin(TransferKind::Erase, "alpha").unwrap_err();
        assert_eq!(refused, "the company alpha is being exported: wait until that is done");
        export.step("visitors", 3);
        let progress = transfer.progress().unwrap();
        assert_eq!((progress.step.as_str(), progress.done, progress.ended), ("visitors", 3, None));
        export.end(Ended::Done(Value::Null));
        let erase = transfer.begin(TransferKind::Erase, "alpha").unwrap();
        drop(erase);
        assert!(matches!(transfer.progress().unwrap().ended, Some(Ended::Failed(_))));
    }
}
