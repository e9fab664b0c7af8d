//! Boards: numbers that members of staff put together, for themselves or for their company.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod update;
pub mod view;

use db::Tx;
use domain::{
    board::{Board, MAX_BOARDS, MAX_OWN_BOARDS},
    id::{AgentId, BoardId, TenantId},
    refusal::Code,
};
use http_kit::{App, fault::Fault, problem::Problem};
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

/// Refuses a board for which there is no room, among those that are shared or among those that its owner keeps for themselves.
async fn has_room(tx: &mut Tx, board: &Board) -> Result<(), Fault> {
    let (count, most, whose) = match board.shared {
        true => (store::boards::count_shared(tx, board.tenant).await?, MAX_BOARDS, "a company can share"),
        false => (store::boards::count_private(tx, board.tenant, board.owner).await?, MAX_OWN_BOARDS, "a member can keep"),
    };
    if count < most {
        return Ok(());
    }
    Err(Problem::conflict(Code::TooManyBoards, format!("{whose} at most {most} boards; delete one first")).into())
}
