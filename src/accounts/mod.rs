//! Sign-in, role grants, the policy, sessions. A visitor reaches a page as an [`Actor`]; what the
//! actor may do is decided by one pure function, [`policy::allows`].

mod actor;
pub mod audit;
pub mod desk;
pub mod pages;
mod passwords;
pub mod policy;
mod sessions;
mod sign_in;
mod store;
pub mod table;
pub mod tickets;

pub use actor::{Actor, Grant};
pub use desk::{Desk, Menu, MenuSource, Visitor};
pub use passwords::Passwords;
pub use policy::{Action, Owner};
pub use sessions::{cookie_name, end_sessions_of, load, start};
pub use table::{Guard, Routes};
