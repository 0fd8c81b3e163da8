//! Sign-in, role grants, the policy, sessions. A visitor reaches a page as an [`Actor`]; what the
//! actor may do is decided by one pure function, [`policy::allows`].

mod actor;
pub mod address;
pub mod audit;
mod change_address;
pub mod desk;
pub mod digest;
mod expert_link;
pub mod faces;
pub mod grants;
mod invite;
pub mod jobs;
pub mod limits;
pub mod mails;
pub mod pages;
mod password;
mod password_rules;
mod passwords;
pub mod policy;
pub mod roles;
mod sessions;
mod sign_in;
mod store;
pub mod table;
pub mod tickets;

pub use actor::{Actor, Grant};
pub use desk::{Desk, Menu, MenuSource, Visitor};
pub use faces::{Due, ExpertDirectory, Faces, HomeSource, Inviter, Standing, Waiting};
pub use invite::invite;
pub use passwords::Passwords;
pub use policy::{Action, Owner};
pub use sessions::{VisitorAddress, cookie_name, end_sessions_of, load, start};
pub use table::{Guard, Routes};
