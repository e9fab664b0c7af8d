//! What belongs to the installation, whoever uses it.

use super::Table;

/// The tables, in the order in which rows can be inserted.
pub const TABLES: &[Table] = &[
    Table::of_installation(
        "installation",
        "one",
        "one:int generation:id seal_key:bytes home:text seal_fingerprint:text former_key:bytes former_until:int",
        "it names the generation and the key of this record",
    ),
    Table::of_installation(
        "nodes",
        "id",
        "id:id started_at:int seen_at:int visitors:text",
        "it lists the programs that serve this record; of companies it has only how many visitors are connected, until a node leaves",
    ),
    Table::of_installation("feed_positions", "name", "name:text generation:id transaction_id:int pos:int", "it is how far the followers of this feed have got"),
    Table::of_installation(
        "spent_puzzles",
        "puzzle",
        "puzzle:bytes expires_at:int",
        "puzzles are solved before anybody says which company they want; they expire within minutes",
    ),
    Table::of_installation(
        "transfers",
        "company_id",
        "company_id:id kind:text slug:text begun_at:int node_id:id",
        "it lists the companies on their way, and only until they are there or gone",
    ),
    Table::of_installation(
        "operator_keys",
        "token_hash",
        "token_hash:bytes kind:text created_at:int expires_at:int",
        "with them whoever runs the installation signs in, who is of no company",
    ),
    Table::of_installation(
        "backups",
        "id",
        "id:id begun_at:int ended_at:int place:text bytes:int is_sealed:int failure:text",
        "it lists the backups of the whole installation",
    ),
    Table::of_installation("moving", "one", "one:int generation:id begun_at:int", "it says that a record is being moved into this one"),
];
