//! 标准化专家库: each council unit recommends two experts, the alliance engages them; guest experts
//! (特邀专家) stand beside the pool. This body knows who an expert is and when one may serve; what
//! experts are asked for is the business of `panels`.

mod pool;
mod told_below;

pub use pool::{PoolExpert, by_ids, by_name, get, lock, pool};
pub use told_below::ToldBelow;
