//! How types of `domain` are stored: in columns, and those that are records in the tables of another crate. All in one place, because each crate of the store may
//! say so only of its own types.

use db::bulk::Value;
use domain::{
    board::Tile,
    canned_reply::{CannedReply, Shortcode},
    customer::IdentifierKind,
    goods::GoodsState,
    graph::{Addition, GraphItem, GraphUnit},
    id::{CannedReplyId, SynonymsId},
    knowledge::{Expected, RunOf},
    opening_hours::OpeningHours,
    plan::Plan,
    single_sign_on::GroupRole,
    site::SiteState,
    staff::{AgentState, Role},
    synonyms::Synonyms,
    text::{Bilingual, Lang},
    time::Ts,
    webhook::{DeliveryState, EventType, WebhookState},
};

use crate::{
    Result, table,
    table::{Cells, Column, corrupt, json_columns, parsed_columns, text_columns},
};

text_columns!(AgentState, DeliveryState, GoodsState, IdentifierKind, Role, RunOf, SiteState, WebhookState);
parsed_columns!(Expected, Shortcode);
json_columns!(Addition, OpeningHours, Plan, Vec<GroupRole>, Vec<String>, Vec<Tile>);

/// Their names, separated by spaces.
impl Column for Vec<EventType> {
    fn read(cells: &dyn Cells, columns: &[&str]) -> Result<Option<Self>> {
        let Some(names) = cells.text(columns[0])? else { return Ok(None) };
        names.split(' ').map(|name| EventType::parse(name).ok_or_else(|| corrupt(columns, name))).collect::<Result<_>>().map(Some)
    }
    fn write<'a>(value: Option<&'a Self>, into: &mut Vec<Value<'a>>) -> Result<()> {
        into.push(Value::Owned(value.map(|events| events.iter().map(|event| event.as_str()).collect::<Vec<_>>().join(" "))));
        Ok(())
    }
}

table! {
    CannedReply in "canned_replies" of tenant [tenant_id] {
        key { id: CannedReplyId [id] }
        changing { shortcode: Shortcode [shortcode], title: String [title], body: Bilingual [body_zh, body_en], updated_at: Ts [updated_at] }
    }
}
table! {
    Synonyms in "synonyms" {
        key { id: SynonymsId [id] }
        fixed { lang: Lang [lang], position: i64 [position] }
        changing { words: Vec<String> [words], updated_at: Ts [updated_at] }
    }
}
table! {
    GraphItem in "graph_items" {
        key { id: String [id] }
        changing { addition: Addition [document], updated_at: Ts [updated_at] }
    }
}
table! {
    GraphUnit in "graph_units" {
        key { id: String [id] }
        changing { unit: String [unit], updated_at: Ts [updated_at] }
    }
}
