//! Layout, components and assets of the pages. Knows nothing of bodies: a page hands it a plain
//! [`Shell`].

pub mod assets;
pub mod dates;
mod domains;
mod download;
mod failure;
pub mod fields;
pub mod form;
mod labels;
mod page;
mod parts;
mod printed;
pub mod proof;
mod qr;

pub use domains::{domain_labels, read_domains, short_labels, typed_domains};
pub use download::{DOCX, XLSX, download};
pub use failure::Unexplained;
pub use fields::{Fields, Submission};
pub use form::Form;
pub use page::{
    Entry, Failure, Group, Html, Notice, NoticeKind, Shell, Tag, Who, failure_page, page,
    page_with_status,
};
pub use parts::{FileLink, lines};
pub use printed::{AskedPaper, Printed};
pub use qr::qr;
