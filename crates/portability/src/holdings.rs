//! Every table of the record, and every other place in which something of a company is kept: whose the rows are, whether a company takes them along, what in them
//! is bound to this installation, and in which order they can be inserted. A test compares the list with the schema of both engines, so that a migration without
//! an entry here fails.
//!
//! The rows of a company are erased by its column, table by table, in the reverse order.

mod catalogue;
mod conversations;
mod customers;
mod installation;
mod integrations;
mod knowledge;
pub mod persons;
mod staff;

pub use db::cells::Kind;

/// A table of the record.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Whose its rows are.
    pub owner: Owner,
    /// The columns of its primary key, which is the order in which it is read.
    key: &'static str,
    /// Its columns, each with its kind. Those that only PostgreSQL has (`xid`) are not among them: their values mean something in one database only.
    columns: &'static str,
    /// Whether a company that leaves takes its rows along. An installation that moves takes all rows of all tables.
    pub leaves: Leaves,
    /// The columns that are of use with the key of this installation only.
    pub bound: &'static [(&'static str, Bound)],
}

/// Whose the rows of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A company's: this column has its id.
    Company(&'static str),
    /// The installation's, because of this.
    Installation(&'static str),
}

/// Whether a company that leaves takes the rows of a table along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaves {
    /// It takes them along.
    Along,
    /// They stay, and are erased with the company, because of this.
    Stays(&'static str),
}

/// How a column is bound to the key of this installation, and thereby what happens to it on the way to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// It is sealed for a purpose: opened for the archive, and sealed again on arrival.
    Sealed(Purpose),
    /// A keyed digest of what is sealed in this column: computed again on arrival.
    DigestOf(&'static str),
    /// A keyed digest of what nobody knows any more: empty in the archive.
    Digest,
    /// The body of an entry; that of an audit's has sealed details and is chained by a keyed digest: opened, and sealed and chained again.
    Audit,
    /// A signature: made again on arrival.
    Signature,
}

/// The purpose that a column is sealed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The name of a customer.
    CustomerName,
    /// An identifier that a customer signs in with.
    CustomerIdentifier,
    /// What a site says of its customer.
    SaidBySite,
    /// What staff noted of a customer.
    FactsOfCustomer,
    /// A key with which a site signs.
    SiteSecret,
    /// The secret that signs requests to an endpoint.
    Webhook,
    /// The secret of the app of a member's second step.
    SecondStep,
    /// The secret at the identity provider.
    SingleSignOn,
    /// The company's own key. What that seals leaves as it is, and opens on arrival.
    CompanyKey,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
}

impl Table {
    /// A table of companies' rows, which leave with the company.
    const fn of_company(name: &'static str, key: &'static str, columns: &'static str) -> Self {
        Self { name, owner: Owner::Company("tenant_id"), key, columns, leaves: Leaves::Along, bound: &[] }
    }
    /// A table of the installation's own rows, because of this.
    const fn of_installation(name: &'static str, key: &'static str, columns: &'static str, because: &'static str) -> Self {
        Self { name, owner: Owner::Installation(because), key, columns, leaves: Leaves::Stays("it is not the company's"), bound: &[] }
    }
    /// The same table, whose rows name their company in another column.
    const fn by(self, column: &'static str) -> Self {
        Self { owner: Owner::Company(column), ..self }
    }
    /// The same table, whose rows do not leave with the company because of this.
    const fn stays(self, because: &'static str) -> Self {
        Self { leaves: Leaves::Stays(because), ..self }
    }
    /// The same table, some of whose columns are bound to the installation.
    const fn bound(self, bound: &'static [(&'static str, Bound)]) -> Self {
        Self { bound, ..self }
    }

    /// What becomes of one person's rows in it when the person is erased; `None` if nobody has said that.
    pub fn person(&self) -> Option<persons::Person> {
        persons::PERSONS.iter().find(|(name, _)| *name == self.name).map(|(_, person)| *person)
    }

    /// The columns of its primary key, in their order.
    pub fn key(&self) -> Vec<Column> {
        let columns: Vec<Column> = self.columns().collect();
        self.key.split(' ').filter_map(|name| columns.iter().find(|column| column.name == name).copied()).collect()
    }

    /// Its columns.
    pub fn columns(&self) -> impl Iterator<Item = Column> + use<> {
        self.columns.split(' ').map(|column| match column.split_once(':') {
            Some((name, "id")) => Column { name, kind: Kind::Id },
            Some((name, "bytes")) => Column { name, kind: Kind::Bytes },
            Some((name, "int")) => Column { name, kind: Kind::Int },
            Some((name, _)) => Column { name, kind: Kind::Text },
            None => Column { name: column, kind: Kind::Text },
        })
    }

    /// The column that has the company's id, unless its rows are the installation's.
    pub const fn company_column(&self) -> Option<&'static str> {
        match self.owner {
            Owner::Company(column) => Some(column),
            Owner::Installation(_) => None,
        }
    }
}

/// Every table of the record, in an order in which rows can be inserted: what a foreign key refers to comes before.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    let all: [&'static [Table]; 7] =
        [installation::TABLES, staff::TABLES, catalogue::TABLES, knowledge::TABLES, customers::TABLES, conversations::TABLES, integrations::TABLES];
    all.into_iter().flatten()
}

/// The tables of which a company takes its rows along, in the order of [`tables`].
pub fn leaving() -> impl Iterator<Item = &'static Table> {
    tables().filter(|table| table.leaves == Leaves::Along)
}

/// A place outside the record in which something of a company is kept.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// What it is called in reports.
    pub name: &'static str,
    /// The files or the store.
    pub at: &'static str,
    /// What the names of these files and folders in the data folder begin with; none for what is not there.
    pub files: &'static [&'static str],
    /// Whether a company takes it along.
    pub leaves: Leaves,
    /// How what a company has there is erased.
    pub erased: &'static str,
}

/// Every kind of file, and every derived store.
pub const PLACES: &[Place] = &[
    Place {
        name: "files",
        at: "files/COMPANY/: uploads, and pictures of goods",
        files: &["files"],
        leaves: Leaves::Along,
        erased: "the company's folder is deleted",
    },
    Place {
        name: "panel",
        at: "panel.db and panel-N.db, or the schemas yingda_panel…",
        files: &["panel"],
        leaves: Leaves::Stays("it is computed again from the journal"),
        erased: "the company's rows are deleted from each edition (warehouse::erase)",
    },
    Place {
        name: "search",
        at: "search/: each node's index of what was said",
        files: &["search"],
        leaves: Leaves::Stays("it is made again from the journal"),
        erased: "the company's lines are taken out and the files written anew, on other nodes within an hour (search::Lines::keep_companies, purge)",
    },
    Place {
        name: "audit_ends",
        at: "audit-heads.json: the signed ends of audits, in ids and digests",
        files: &["audit-heads."],
        leaves: Leaves::Stays("an audit is signed again on arrival"),
        erased: "the company's end is taken out when the file is next written",
    },
    Place {
        name: "letters",
        at: "outbox/: messages of an installation without a mail server",
        files: &["outbox"],
        leaves: Leaves::Stays("they count as sent"),
        erased: "those whose names have the company's id are deleted; what an earlier release wrote is deleted as it ages",
    },
    Place {
        name: "first_sign_in",
        at: "first-sign-in.txt: a link for the first administrator of the installation",
        files: &["first-sign-in.txt"],
        leaves: Leaves::Stays("it signs in here only"),
        erased: "it is of no use once the member is erased",
    },
    Place {
        name: "events",
        at: "Kafka and what reads from it, if Flink computes the numbers",
        files: &[],
        leaves: Leaves::Stays("it knows customers by pseudonyms"),
        erased: "the ids that pseudonyms are made of are erased, so that they lead back to nobody; numbers stay",
    },
    Place {
        name: "memory",
        at: "what the nodes have at hand: bots, catalogues, sessions, rings of entries",
        files: &[],
        leaves: Leaves::Stays("it is read from the record"),
        erased: "it is dropped on the news that the company is gone",
    },
    Place {
        name: "backups",
        at: "the folders that `yingda backup` made",
        files: &[],
        leaves: Leaves::Stays("they are the installation's"),
        erased: "not: they are deleted as they age, and what erasures.jsonl names is erased again after a restore",
    },
];

/// What else is in the data folder: the record itself, and what says nothing of a company.
pub const OTHERS: [&str; 6] = ["yingda.db", "yingda.mark", "seal.key", "lock", "admin.sock", "erasures.jsonl"];
