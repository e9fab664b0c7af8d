//! `GET /api/v1/knowledge/synonyms-export.csv` and `POST /api/v1/knowledge/synonyms-import`

use std::collections::HashMap;

use axum::{Json, extract::State, response::Response};
use content::synonyms::{self, MAX_GROUPS, Synonyms, Uses};
use domain::{id::SynonymsId, policy::Permission, refusal::Code, revision::Revision, text::Lang};
use http_kit::{
    App,
    auth::StaffActor,
    extract::{ValidQuery, WholeBody},
    problem::{Problem, Problems},
    raw_bytes::RawBytes,
};
use normal::text;

use crate::{
    draft::{
        table::{Record, records},
        view::DraftState,
    },
    file::{self, ApplyFile, FileView, Planned},
    sheet, teach,
};

const COLUMNS: [&str; 3] = ["id", "lang", "words"];

/// Exports the groups of synonyms as a CSV file: UTF-8 with a byte order mark, one row per group, one word per line of a cell.
#[utoipa::path(get, path = "/knowledge/synonyms-export.csv", tag = "knowledge", security(("staff" = [])),
    responses((status = 200, description = "The groups, a row for each", body = String, content_type = "text/csv"), Problems))]
pub async fn export_synonyms(State(app): State<App>, actor: StaffActor) -> Result<Response, Problem> {
    actor.require(Permission::CurateKnowledge)?.note(&app).await?;
    let groups = store_knowledge::synonyms::list(&mut app.db().read_of(actor.tenant()).await?, actor.tenant()).await?;
    file::download("synonyms.csv", &COLUMNS, groups.into_iter().map(|group| vec![group.id.to_string(), group.lang.tag().to_owned(), group.words.join("\n")]))
}

/// The words of a cell: one per line, or separated by commas or semicolons.
fn words(cell: &str) -> Vec<String> {
    synonyms::tidied(cell.split(['\n', ',', ';', '，', '；', '、']).map(str::to_owned).collect())
}

/// What the rows of a file would store. A row with an id is about that group; one without is about the group with the same words, or else about a new one.
fn plan(rows: Vec<Record>, groups: &[Synonyms], app: &App) -> Vec<Planned<Synonyms>> {
    let (now, mut next) = (app.env().now(), groups.last().map_or(0, |last| last.position + 1));
    let by_id: HashMap<String, &Synonyms> = groups.iter().map(|group| (group.id.to_string(), group)).collect();
    let (mut uses, mut lines) = (Uses::of(groups), HashMap::new());
    let mut planned = Vec::new();
    for row in rows {
        let (id, lang) = (row.cell("id").unwrap_or_default(), row.cell("lang").unwrap_or_default());
        let given = words(row.cell("words").unwrap_or_default());
        let tag = match text::name(lang).as_str() {
            "zh-cn" | "zh" | "中文" => Some(Lang::Zh),
            "en" | "english" | "英文" => Some(Lang::En),
            _ => None,
        };
        let alike = |group: &&Synonyms| Some(group.lang) == tag && group.words == given;
        let before = if id.is_empty() { groups.iter().find(alike) } else { by_id.get(id).copied() };
        let new = || Synonyms { id: SynonymsId::new(app.env().uuid()), lang: tag.unwrap_or_default(), words: Vec::new(), position: next, updated_at: now };
        let mut value = before.cloned().unwrap_or_else(new);
        let change = match before {
            None => DraftState::New,
            // What was stored before words were tidied says the same.
            Some(before) if synonyms::tidied(before.words.clone()) == given => DraftState::Same,
            Some(_) => DraftState::Changed,
        };
        value.words = given;
        let mut plan = Planned { line: row.line, name: value.words.join(" · "), change, elsewhere: Vec::new(), errors: row.errors.clone(), value };
        if !id.is_empty() && before.is_none() {
            plan.wrong("id", "id", "no group has this id; leave it empty to add one");
        }
        if tag.is_none() && (before.is_none() || !lang.is_empty()) || before.is_some_and(|before| tag.is_some_and(|tag| tag != before.lang)) {
            plan.wrong("lang", "language", "write zh-CN or en; the language of a group does not change");
        }
        if let Err(error) = synonyms::check(plan.value.lang, &plan.value.words) {
            plan.wrong("words", error.code(), error);
        }
        if let Some(line) = lines.insert(plan.value.id, row.line) {
            plan.wrong("id", "twice", format!("line {line} has the same group"));
        }
        if change != DraftState::Same {
            let had = before.map(|before| before.words.iter().map(|word| synonyms::key(word)).collect::<Vec<_>>()).unwrap_or_default();
            let added: Vec<String> = plan.value.words.iter().filter(|word| !had.contains(&synonyms::key(word))).cloned().collect();
            plan.elsewhere = uses.beyond(0, plan.value.lang, &added);
            uses.add(plan.value.lang, &added);
        }
        next += i64::from(before.is_none());
        planned.push(plan);
    }
    planned
}

/// Shows what a file would change in the synonyms, with each bad cell by line and column; with `apply`, makes the changes.
///
/// The file is CSV, or an .xlsx workbook. Groups that the file does not name stay as they are. Words that another group has are shown in the preview, and imported.
#[utoipa::path(post, path = "/knowledge/synonyms-import", tag = "knowledge", security(("staff" = [])), params(ApplyFile),
    request_body(content = inline(RawBytes), content_type = "application/octet-stream"), responses((status = 200, body = FileView), Problems))]
pub async fn import_synonyms(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(query): ValidQuery<ApplyFile>,
    WholeBody(body): WholeBody,
) -> Result<Json<FileView>, Problem> {
    let permitted = actor.require(Permission::CurateKnowledge)?;
    let tenant = actor.tenant();
    let table = sheet::read(&app, tenant, body.clone(), MAX_GROUPS).await?;
    let rows = records(table, &COLUMNS, &["words"]).map_err(sheet::unreadable)?;
    let groups = store_knowledge::synonyms::list(&mut app.db().read_of(tenant).await?, tenant).await?;
    let planned = plan(rows, &groups, &app);
    let view = file::view(&planned, query.apply)?;
    if !query.apply {
        return Ok(Json(view));
    }
    if groups.len() + view.new > MAX_GROUPS {
        return Err(Problem::conflict(Code::SynonymsFull, format!("at most {MAX_GROUPS} groups")));
    }
    let now = app.env().now();
    let write = permitted.of_upload(&body).write(&app, move |tx| {
        Box::pin(async move {
            teach(tx).await?;
            if store_knowledge::synonyms::list(tx, tenant).await? != groups {
                return Err(store::Error::Stale.into());
            }
            let (new, known): (Vec<_>, Vec<_>) =
                planned.into_iter().filter(|row| row.change != DraftState::Same).partition(|row| row.change == DraftState::New);
            for Planned { value, .. } in known {
                let seen = value.updated_at;
                store_knowledge::synonyms::update(tx, tenant, &Synonyms { updated_at: Revision(seen).next(now), ..value }, seen).await?;
            }
            let new: Vec<Synonyms> = new.into_iter().map(|row| row.value).collect();
            Ok(store_knowledge::synonyms::insert(tx, tenant, &new).await?)
        })
    });
    write.await?;
    Ok(Json(view))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    const PATH: &str = "/api/v1/knowledge/synonyms-import";

    #[tokio::test]
    async fn a_file_is_shown_row_by_row_and_applied_as_a_whole_or_not_at_all() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let made = ada.post("/api/v1/knowledge/synonyms", json!({"lang": "zh-CN", "words": ["便宜", "划算"]})).await.expect(201);
        let id = made["id"].as_str().unwrap();
        let bad = format!("id,lang,words\n{id},zh-CN,便宜\nsyn_x,en,\"bill, invoice\"\n,fr,\"note\nfacture\"\n");
        let shown = ada.upload(PATH, "text/csv", bad.clone().into_bytes()).await.expect(200);
        assert_eq!((&shown["bad"], &shown["applied"]), (&json!(3), &json!(false)));
        let errors: Vec<_> = (0..3).map(|at| (shown["rows"][at]["line"].clone(), shown["rows"][at]["errors"][0]["code"].clone())).collect();
        assert_eq!(errors, [(json!(2), json!("too_few")), (json!(3), json!("id")), (json!(4), json!("language"))]);
        ada.upload(&format!("{PATH}?apply=true"), "text/csv", bad.into_bytes()).await.problem_at(422, "knowledge_rows", "line 2");
        ada.upload(PATH, "text/csv", b"colour\nred\n".to_vec()).await.problem_at(422, "knowledge_file", "line 1");

        let good = format!("id,lang,words\n{id},zh-CN,\"便宜\n实惠\"\n,zh-CN,降档、便宜\n,en,\"bill, invoice\"\n");
        let shown = ada.upload(PATH, "text/csv", good.clone().into_bytes()).await.expect(200);
        assert_eq!((&shown["new"], &shown["changed"], &shown["bad"]), (&json!(2), &json!(1), &json!(0)));
        assert_eq!(shown["rows"][1]["elsewhere"], json!(["便宜"]));
        ada.upload(&format!("{PATH}?apply=true"), "text/csv", good.into_bytes()).await.expect(200);
        let exported = ada.get("/api/v1/knowledge/synonyms-export.csv").await;
        assert!(exported.header("content-disposition").contains("synonyms.csv"));
        let text = String::from_utf8(exported.body.to_vec()).unwrap();
        assert!(text.contains("\"便宜\n实惠\"") && text.contains("\"降档\n便宜\""), "{text}");
        // What was exported changes nothing.
        let again = ada.upload(PATH, "text/csv", exported.body.to_vec()).await.expect(200);
        assert_eq!((&again["same"], &again["rows"]), (&json!(3), &json!([])));
    }
}
