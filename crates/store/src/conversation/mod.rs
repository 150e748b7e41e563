//! Conversations: rows ready to draw, and pages by key.

mod asked;
mod count;
mod listed;
mod order;
mod page;
mod row;
mod sight;
mod single;
mod write;

pub use asked::{Asked, Sort, View};
pub use count::{Counts, counts};
pub(crate) use count::{Place, count, place, uncount};
pub use listed::{Listed, listed_by_id, listed_by_ids};
pub(crate) use listed::{listed, with_names, with_tags};
pub(crate) use page::grouped;
pub use page::{PageError, count_asked, ids_asked, page, some_asked, statement};
pub(crate) use row::{COLUMNS, columns, from_row};
pub use sight::in_sight_of;
pub(crate) use sight::{FOUND, in_sight, reader};
pub use single::{by_number, by_reply_token, get, route, to_wake};
pub(crate) use write::prepare_numbers;
pub use write::{insert, next_number, update};
