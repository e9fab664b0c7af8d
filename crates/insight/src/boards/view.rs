//! A board on the wire.

use domain::{
    board::{self, Board, BoardError, Form, Range, Tile},
    dimension::Dimension,
    id::{AgentId, BoardId},
    time::Ts,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use warehouse::DEFINITIONS;

/// A board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Board)]
pub struct BoardView {
    /// The board's id.
    pub id: BoardId,
    /// Its name.
    pub name: String,
    /// Whether everybody in the company who may see the panels sees it, and may change it.
    pub shared: bool,
    /// Whether the caller created it.
    pub own: bool,
    /// What is on it, in the order in which it is read.
    pub tiles: Vec<TileView>,
    /// When it was last changed; send it back as `seen` with a change.
    pub updated_at: Ts,
}

/// One number on a board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BoardTile)]
pub struct TileView {
    /// The key of the indicator.
    pub indicator: String,
    /// How it is shown.
    pub form: Form,
    /// The days it covers.
    pub range: Range,
    /// How it is split; `null` if it is not.
    #[schema(required)]
    pub split: Option<Dimension>,
    /// The only part that is shown, empty for what belongs to no part; `null` if all of them are.
    #[schema(required)]
    pub part: Option<String>,
    /// Whether it is twice as wide.
    pub wide: bool,
}

/// A number to put on a board.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewBoardTile)]
pub struct NewTile {
    /// The key of an indicator.
    pub indicator: String,
    /// How to show it.
    pub form: Form,
    /// The days to cover.
    pub range: Range,
    /// How to split it: bars need this.
    #[serde(default)]
    pub split: Option<Dimension>,
    /// The only part to show, as a series of the metrics gives it; empty for what belongs to no part. A single number that is split needs this.
    #[serde(default)]
    pub part: Option<String>,
    /// Whether it is twice as wide.
    #[serde(default)]
    pub wide: bool,
}

/// The tiles of a request, checked.
pub fn tiles_of(new: Vec<NewTile>) -> Result<Vec<Tile>, BoardError> {
    let tile = |new: NewTile| {
        let NewTile { indicator, form, range, split, part, wide } = new;
        Tile { indicator, form, range, split, part, wide }
    };
    let tiles: Vec<Tile> = new.into_iter().map(tile).collect();
    board::check_tiles(&tiles, |key| DEFINITIONS.unit(key).is_some())?;
    Ok(tiles)
}

impl BoardView {
    /// The board as this member of staff sees it.
    pub fn to(member: AgentId, board: Board) -> Self {
        let Board { id, tenant: _, owner, name, shared, tiles, updated_at } = board;
        // An indicator that a later release no longer has is left out.
        let tiles = tiles.into_iter().filter(|tile| DEFINITIONS.unit(&tile.indicator).is_some()).map(TileView::from).collect();
        Self { id, name, shared, own: owner == member, tiles, updated_at }
    }
}

impl From<Tile> for TileView {
    fn from(tile: Tile) -> Self {
        let Tile { indicator, form, range, split, part, wide } = tile;
        Self { indicator, form, range, split, part, wide }
    }
}
