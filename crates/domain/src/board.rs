//! Boards: numbers that members of staff put together for themselves or for their company.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    dimension::Dimension,
    id::{AgentId, BoardId, TenantId},
    line,
    refusal::Code,
    staff::DECEPTIVE,
    time::Ts,
};

/// The most boards that a company may have, private ones included.
pub const MAX_BOARDS: i64 = 200;
/// The most boards that a member keeps for themselves.
pub const MAX_OWN_BOARDS: i64 = 50;
/// The most tiles of a board.
pub const MAX_TILES: usize = 12;
/// The longest name of a board, in characters.
pub const MAX_NAME: usize = 60;
/// The longest value of a part, in characters.
pub const MAX_PART: usize = 200;

/// A board of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The id of the board.
    pub id: BoardId,
    /// The company it belongs to.
    pub tenant: TenantId,
    /// The member of staff who created it; only they see it while it is private, and only they make it private again.
    pub owner: AgentId,
    /// Its name, 1 to 60 characters.
    pub name: String,
    /// Whether everybody in the company who may see the panels sees it, and may change it.
    pub shared: bool,
    /// What is on it, in the order in which it is read.
    pub tiles: Vec<Tile>,
    /// When it was last changed; an editor sends it back, so that two people do not overwrite each other's changes.
    pub updated_at: Ts,
}

/// One number on a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tile {
    /// The key of the indicator.
    pub indicator: String,
    /// How it is shown.
    pub form: Form,
    /// The days it covers.
    pub range: Range,
    /// How it is split, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<Dimension>,
    /// The only part that is shown; empty for what belongs to no part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Whether it is twice as wide.
    #[serde(default)]
    pub wide: bool,
}

/// How a tile shows its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BoardForm)]
pub enum Form {
    /// The number, with its change.
    Number,
    /// A line over time.
    Line,
    /// A bar for each part.
    Bars,
    /// A table of days, or of parts.
    Table,
}

/// The days that a tile covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BoardRange)]
pub enum Range {
    /// Today, up to now.
    Today,
    /// The seven days before today.
    #[serde(rename = "days_7")]
    Days7,
    /// The thirty days before today.
    #[serde(rename = "days_30")]
    Days30,
}

/// Why a board was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BoardError {
    /// The name is empty, too long or not on one line.
    #[error("a board's name must have 1 to {MAX_NAME} characters on one line")]
    Name,
    /// The name is deceptive: a reader could take it for a different one.
    #[error("{DECEPTIVE}")]
    Deceptive,
    /// There are too many tiles.
    #[error("a board can have at most {MAX_TILES} tiles")]
    Tiles,
    /// The tile at this position names no indicator.
    #[error("tile {} names no indicator; GET /indicators lists them", .0 + 1)]
    Indicator(usize),
    /// The tile at this position needs a split, or is split although its form shows one number.
    #[error("tile {}: bars need `split`, and a single number that is split needs `part`", .0 + 1)]
    Split(usize),
    /// The tile at this position has a part without a split, with bars, or one that is too long.
    #[error("tile {}: `part` needs `split`, does not go with bars, and has at most {MAX_PART} characters", .0 + 1)]
    Part(usize),
}

impl BoardError {
    /// The field of the request that the error is about.
    pub fn field(self) -> String {
        match self {
            Self::Name | Self::Deceptive => "name".to_owned(),
            Self::Tiles => "tiles".to_owned(),
            Self::Indicator(at) => format!("tiles[{at}].indicator"),
            Self::Split(at) => format!("tiles[{at}].split"),
            Self::Part(at) => format!("tiles[{at}].part"),
        }
    }
    /// The code that pages translate.
    pub const fn code(self) -> Code {
        match self {
            Self::Deceptive => Code::NameDeceptive,
            _ => Code::InvalidValue,
        }
    }
}

/// The name of a board, in the form in which it is stored.
pub fn name(raw: &str) -> Result<String, BoardError> {
    let name = raw.trim();
    let fits = (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if !fits {
        return Err(BoardError::Name);
    }
    if line::deceives(name) { Err(BoardError::Deceptive) } else { Ok(name.to_owned()) }
}

/// Checks tiles; `is_known` says whether there is an indicator with this key.
pub fn check_tiles(tiles: &[Tile], is_known: impl Fn(&str) -> bool) -> Result<(), BoardError> {
    if tiles.len() > MAX_TILES {
        return Err(BoardError::Tiles);
    }
    for (at, tile) in tiles.iter().enumerate() {
        let Tile { indicator, form, range: _, split, part, wide: _ } = tile;
        if !is_known(indicator) {
            return Err(BoardError::Indicator(at));
        }
        let fits = part.as_ref().is_none_or(|part| part.chars().count() <= MAX_PART && !part.chars().any(char::is_control));
        if !fits || part.is_some() && (split.is_none() || *form == Form::Bars) {
            return Err(BoardError::Part(at));
        }
        let is_whole = match form {
            Form::Number => split.is_none() || part.is_some(),
            Form::Bars => split.is_some(),
            Form::Line | Form::Table => true,
        };
        if !is_whole {
            return Err(BoardError::Split(at));
        }
    }
    Ok(())
}

impl Board {
    /// Whether a member of staff who may see the panels sees it.
    pub fn is_seen_by(&self, member: AgentId) -> bool {
        self.shared || self.owner == member
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(form: Form, split: Option<Dimension>, part: Option<&str>) -> Tile {
        Tile { indicator: "dialogue".to_owned(), form, range: Range::Days7, split, part: part.map(str::to_owned), wide: false }
    }
    fn check(tiles: &[Tile]) -> Result<(), BoardError> {
        check_tiles(tiles, |key| key == "dialogue")
    }

    #[test]
    fn each_form_says_what_it_needs() {
        let queue = Some(Dimension::Queue);
        for (form, split, part, expected) in [
            (Form::Number, None, None, Ok(())),
            (Form::Number, queue, None, Err(BoardError::Split(0))),
            (Form::Number, queue, Some("que_1"), Ok(())),
            (Form::Number, queue, Some(""), Ok(())),
            (Form::Number, None, Some("que_1"), Err(BoardError::Part(0))),
            (Form::Line, None, None, Ok(())),
            (Form::Line, queue, None, Ok(())),
            (Form::Line, queue, Some("que_1"), Ok(())),
            (Form::Bars, None, None, Err(BoardError::Split(0))),
            (Form::Bars, queue, None, Ok(())),
            (Form::Bars, queue, Some("que_1"), Err(BoardError::Part(0))),
            (Form::Table, None, None, Ok(())),
            (Form::Table, queue, Some("a\u{0}b"), Err(BoardError::Part(0))),
            (Form::Table, queue, Some(&"x".repeat(MAX_PART + 1)), Err(BoardError::Part(0))),
        ] {
            assert_eq!(check(&[tile(form, split, part)]), expected, "{form:?} {split:?} {part:?}");
        }
    }

    #[test]
    fn an_error_names_the_tile_and_its_field() {
        let mut tiles = vec![tile(Form::Number, None, None); MAX_TILES];
        assert_eq!(check(&tiles), Ok(()));
        tiles[3].indicator = "nothing".to_owned();
        let error = check(&tiles).unwrap_err();
        assert_eq!((error.field().as_str(), error.to_string().as_str()), ("tiles[3].indicator", "tile 4 names no indicator; GET /indicators lists them"));
        tiles.push(tile(Form::Number, None, None));
        assert_eq!(check(&tiles).unwrap_err().field(), "tiles");
    }

    #[test]
    fn a_name_is_short_and_on_one_line() {
        assert_eq!(name("  Night shift "), Ok("Night shift".to_owned()));
        for bad in ["", "  ", "a\nb", &"x".repeat(MAX_NAME + 1)] {
            assert_eq!(name(bad), Err(BoardError::Name), "{bad:?}");
        }
        assert_eq!(name("a\u{202e}b"), Err(BoardError::Deceptive));
    }

    #[test]
    fn a_tile_stays_readable_as_it_was_stored() {
        let stored = r#"{"indicator":"dialogue","form":"bars","range":"days_30","split":"queue","wide":true}"#;
        let tile: Tile = serde_json::from_str(stored).unwrap();
        assert_eq!(serde_json::to_string(&tile).unwrap(), stored);
        assert_eq!(tile, Tile { range: Range::Days30, wide: true, ..super::tests::tile(Form::Bars, Some(Dimension::Queue), None) });
    }
}
