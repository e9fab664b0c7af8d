//! How types of `domain` are stored: in columns, and those that are records in the tables of another crate. All in one place, because each crate of the store may
//! say so only of its own types.

use std::borrow::Cow;

use content::{
    goods::GoodsState,
    graph::{Addition, GraphItem, GraphUnit},
    knowledge::{Expected, RunOf},
    plan::Plan,
    synonyms::Synonyms,
};
use db::bulk::Value;
use domain::{
    address_rules::AddressRules,
    api_token::{Holding, Range, Unusable},
    board::Tile,
    canned_reply::{CannedReply, Shortcode},
    customer::IdentifierKind,
    id::{AgentId, CannedReplyId, LabelId, MacroId, QuestionKindId, QueueId, SynonymsId},
    label::{Label, LabelColour},
    macros::{Macro, MacroAct},
    opening_hours::OpeningHours,
    policy::Grants,
    question_kind::{DetailField, QuestionKind},
    routing::rules::QueueRules,
    single_sign_on::GroupRole,
    site::SiteState,
    staff::{AgentState, Role},
    text::{Bilingual, Lang},
    time::Ts,
    webhook::{DeliveryState, EventType, WebhookState},
};

use crate::{
    Result, table,
    table::{Cells, Column, corrupt, json_columns, parsed_columns, text_columns},
};

text_columns!(AgentState, DeliveryState, GoodsState, IdentifierKind, LabelColour, RunOf, SiteState, Unusable, WebhookState);
parsed_columns!(Expected, Shortcode);
json_columns!(
    Addition,
    Vec<DetailField>,
    Vec<MacroAct>,
    AddressRules,
    Holding,
    OpeningHours,
    Plan,
    QueueRules,
    Vec<GroupRole>,
    Vec<Range>,
    Vec<String>,
    Vec<Tile>
);

/// The name of a built-in role, or the id of a composed one.
impl Column for Role {
    fn read(cells: &dyn Cells, columns: &[&str]) -> Result<Option<Self>> {
        let Some(text) = cells.text(columns[0])? else { return Ok(None) };
        Self::parse(&text).map(Some).ok_or_else(|| corrupt(columns, "no role"))
    }
    fn write<'a>(value: Option<&'a Self>, into: &mut Vec<Value<'a>>) -> Result<()> {
        into.push(match value.map(|role| role.text()) {
            Some(Cow::Borrowed(name)) => Value::Text(Some(name)),
            Some(Cow::Owned(id)) => Value::Owned(Some(id)),
            None => Value::Text(None),
        });
        Ok(())
    }
}

/// What a composed role holds, as JSON.
impl Column for Grants {
    fn read(cells: &dyn Cells, columns: &[&str]) -> Result<Option<Self>> {
        let Some(json) = cells.text(columns[0])? else { return Ok(None) };
        Self::from_stored(&json).map(Some).ok_or_else(|| corrupt(columns, "no grants"))
    }
    fn write<'a>(value: Option<&'a Self>, into: &mut Vec<Value<'a>>) -> Result<()> {
        into.push(Value::Owned(value.map(|grants| grants.to_stored())));
        Ok(())
    }
}

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
    Macro in "macros" {
        key { id: MacroId [id] }
        fixed { owner: Option<AgentId> [owner_id] }
        changing { name: Bilingual [name_zh, name_en], acts: Vec<MacroAct> [acts], updated_at: Ts [updated_at] }
    }
}
table! {
    QuestionKind in "question_kinds" {
        key { id: QuestionKindId [id] }
        changing {
            name: Bilingual [name_zh, name_en], queue: Option<QueueId> [queue_id], details: Vec<DetailField> [details], archived_at: Option<Ts> [archived_at],
            updated_at: Ts [updated_at]
        }
    }
}
table! {
    Label in "labels" of tenant [tenant_id] {
        key { id: LabelId [id] }
        changing { name: Bilingual [name_zh, name_en], colour: LabelColour [colour], archived_at: Option<Ts> [archived_at], updated_at: Ts [updated_at] }
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
