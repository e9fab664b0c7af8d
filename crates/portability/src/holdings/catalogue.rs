//! The sites of a company, and what it sells.

use super::{Bound, Purpose, Table};

/// The tables, in the order in which rows can be inserted.
pub const TABLES: &[Table] = &[
    Table::of_company("sites", "tenant_id id", "tenant_id:id id:id key:text settings:text queue_id:id created_at:int state:text updated_at:int"),
    Table::of_company(
        "site_secrets",
        "tenant_id site_id kid",
        "tenant_id:id site_id:id kid:text algorithm:text sealed:bytes made_at:int last_used_at:int valid_until:int",
    )
    .bound(&[("sealed", Bound::Sealed(Purpose::SiteSecret))]),
    Table::of_company("site_sightings", "tenant_id site_id page", "tenant_id:id site_id:id page:text loader:int first_at:int last_at:int"),
    Table::of_company("catalogues", "tenant_id", "tenant_id:id document:text updated_at:int"),
    Table::of_company("plans", "tenant_id id", "tenant_id:id id:text position:int document:text state:text updated_at:int deleted_at:int"),
    Table::of_company(
        "goods",
        "tenant_id id",
        "tenant_id:id id:text position:int document:text category:text state:text picture_id:id updated_at:int deleted_at:int",
    ),
    Table::of_company("goods_numbers", "tenant_id", "tenant_id:id last:int"),
    Table::of_company("goods_pictures", "tenant_id id", "tenant_id:id id:id mime:text created_at:int bytes:int"),
    Table::of_company(
        "goods_prices",
        "tenant_id goods_id id",
        "tenant_id:id goods_id:text id:id old_fen:int new_fen:int currency:text reason:text agent_id:id at:int",
    ),
    Table::of_company("goods_imports", "tenant_id id", "tenant_id:id id:id document:text created_at:int").stays("it waits for confirmation in an open page"),
    Table::of_company("graph_items", "tenant_id id", "tenant_id:id id:text document:text updated_at:int"),
    Table::of_company("graph_units", "tenant_id id", "tenant_id:id id:text unit:text updated_at:int"),
];
