//! Boards: numbers that members of staff put together, for themselves or for their company.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod update;
pub mod view;

use db::Tx;
use domain::{
    board::Board,
    id::{AgentId, BoardId, TenantId},
};
use http_kit::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this module.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list_boards, create::create_board)).routes(routes!(get::get_board, update::update_board, delete::delete_board))
}

/// A board that a member sees; a private board of somebody else is as good as none.
async fn seen_by(tx: &mut Tx, tenant: TenantId, member: AgentId, id: BoardId) -> store::Result<Board> {
    let board = store::boards::get(tx, tenant, id).await?;
    if board.is_seen_by(member) { Ok(board) } else { Err(store::Error::NotFound) }
}
