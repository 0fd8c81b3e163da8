//! How well an expert fits a request: one integer in millionths per pair, with its reasons.
//!
//! ```
//! use matching::relevance::{ExpertText, Index, RequestText, Synonyms, Weights};
//!
//! let experts = [
//!     ExpertText { keywords: vec!["配电变压器".into(), "过载保护".into()], ..ExpertText::default() },
//!     ExpertText { keywords: vec!["冷链物流".into(), "温度记录".into()], ..ExpertText::default() },
//! ];
//! let index = Index::build(&experts, &Weights::default(), &Synonyms::starting());
//! let request = RequestText { title: "小区变压器过载怎么办".into(), ..RequestText::default() };
//! let ranked = index.rank(&request, usize::MAX);
//! assert_eq!(ranked[0].expert, 0);
//! ```

mod clusters;
mod codes;
mod domains;
mod index;
mod keywords;
mod lists;
mod model;
mod query;
mod ranking;
mod score;
mod sentences;
mod synonyms;
mod vectors;
mod weights;

pub use clusters::{Cluster, clusters};
pub use codes::{Code, NotACode, SAME_CODE, SAME_FIELD, SAME_GROUP, Scheme};
pub use index::Index;
pub use model::{ExpertText, Factors, MatchedCode, RequestText, Scored};
pub use ranking::write_ranking;
pub use sentences::{Factor, Language};
pub use synonyms::{Synonyms, SynonymsError};
pub use weights::Weights;
