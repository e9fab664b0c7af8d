//! What the bot says.

macro_rules! knowledge {
    ([$($known:tt)*] $($others:ident)*) => {
        join! { [$($known)*
            /// A different category already has this name.
            KnowledgeCategoryTaken,
            /// The category still has entries.
            KnowledgeCategoryInUse,
            /// The knowledge has as many entries as it may.
            KnowledgeFull,
            /// There is knowledge already.
            KnowledgeNotEmpty,
            /// The entry would be too much work to learn.
            KnowledgeEntryHeavy,
            /// All entries together would be too much work to learn.
            KnowledgeHeavy,
            /// The file of knowledge entries cannot be read.
            KnowledgeFile,
            /// Some rows of the file of knowledge entries are invalid.
            KnowledgeRows,
            /// The file changes too many knowledge entries.
            KnowledgeTooMany,
            /// The test set has as many sentences as it may.
            KnowledgeTestsFull,
            /// The test set already contains the sentence.
            KnowledgeTestTaken,
            /// There are no sentences to check.
            KnowledgeNoTests,
            /// A check is already running.
            KnowledgeCheckRunning,
            /// There is nothing to publish.
            KnowledgeUnchanged,
            /// An entry has no answer.
            KnowledgeIncomplete,
            /// The draft has not been checked.
            KnowledgeUnchecked,
            /// The draft gives worse answers than the live version.
            KnowledgeWorse,
            /// The version is already the live one.
            KnowledgeVersionLive,
            /// Another group of synonyms has one of the words.
            SynonymElsewhere,
            /// The company has as many groups of synonyms as it may.
            SynonymsFull,
        ] $($others)* }
    };
}
pub(super) use knowledge;
