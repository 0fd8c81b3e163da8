//! The arrows between the rooms of `src/`: each knows only rooms below it, and `matching` is reached
//! from few. Cargo holds the same between crates.

mod references;

use std::{
    fs,
    path::{Path, PathBuf},
};

use references::{Target, references};

/// The rooms, upper to lower. A room knows those on lower lines; those on one line do not know each
/// other.
const HOUSE: &[&[&str]] = &[
    &["operations"],
    &["overview"],
    &["personal_data"],
    &["consultations"],
    &["committees", "training", "exchange"],
    &["registration"],
    &["panels"],
    &["experts"],
    &["units"],
    &["accounts"],
    &["people"],
    &["foundation"],
    &["foundation::ui"],
    &["foundation::api"],
    &["foundation::documents"],
    &["foundation::mail"],
    &["foundation::schedule"],
    &["foundation::sheets"],
    &["foundation::context"],
    &["foundation::calendar"],
    &["foundation::classification"],
    &[
        "foundation::search",
        "foundation::files",
        "foundation::links",
        "foundation::numbers",
        "foundation::texts",
    ],
    &["foundation::store"],
    &["foundation::platform"],
    &["foundation::telemetry"],
    &["foundation::config"],
    &["foundation::error"],
    // A type of `foundation/mod.rs` itself.
    &["foundation::context::Boxed"],
];

/// What puts the rooms together: it may know them all, and none of them knows it.
const ROOF: &[&str] = &["", "main", "router", "menu", "cli"];

/// Who reaches the crate `matching`.
const MATCHING_FROM: &[&str] = &["panels", "training", "exchange", "cli"];

/// The room that a path from the root lies in: its first segment, and the second within `foundation`.
fn room(path: &[String]) -> String {
    let depth = if path.first().is_some_and(|first| first == "foundation") {
        2
    } else {
        1
    };
    path.iter()
        .take(depth)
        .cloned()
        .collect::<Vec<_>>()
        .join("::")
}

fn floor(room: &str) -> Option<usize> {
    HOUSE.iter().position(|line| line.contains(&room))
}

/// Why no file may lie at `module`, if so.
fn misplaced(module: &[String]) -> Option<String> {
    let room = room(module);
    let known = floor(&room).is_some() || ROOF.contains(&room.as_str());
    (!known).then(|| {
        format!("{room} is no room of the house: give it a line in tests/it/architecture.rs")
    })
}

/// Why `module` may not name `target`, if so.
fn objection(module: &[String], target: &Target) -> Option<String> {
    let own = room(module);
    let Target::Own(path) = target else {
        let may = MATCHING_FROM.contains(&own.as_str());
        return (!may).then(|| {
            format!(
                "{own} names matching, which is for {}",
                MATCHING_FROM.join(", ")
            )
        });
    };
    let other = room(path);
    let written = path.join("::");
    if own == other || ROOF.contains(&own.as_str()) {
        return None;
    }
    match (floor(&own), floor(&other)) {
        (_, None) => Some(format!(
            "{own} names crate::{written}, which is in no room below it"
        )),
        (Some(own_floor), Some(floor)) if own_floor == floor => Some(format!(
            "{own} names crate::{written}, but neighbours do not know each other"
        )),
        (Some(own_floor), Some(floor)) if own_floor > floor => {
            Some(format!("{own} names crate::{written}, which is above it"))
        }
        // A file that is not in a room is for `misplaced` to name.
        _ => None,
    }
}

/// The module that a file under `src/` is.
fn module_of(file: &Path) -> Vec<String> {
    let path = file.with_extension("");
    let mut module: Vec<String> = path
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    module.pop_if(|last| matches!(last.as_str(), "mod" | "lib"));
    module
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// All objections to a file, `file` being its path under `src/`.
fn objections(file: &Path, source: &str) -> Vec<String> {
    let module = module_of(file);
    let misplaced = misplaced(&module).map(|why| format!("src/{}: {why}", file.display()));
    let named = references(&module, source)
        .into_iter()
        .filter_map(|(line, target)| {
            Some(format!(
                "src/{}:{line}: {}",
                file.display(),
                objection(&module, &target)?
            ))
        });
    misplaced.into_iter().chain(named).collect()
}

#[test]
fn arrows_point_down_the_house() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&src);
    assert!(
        files.contains(&src.join("lib.rs")),
        "{} is not the source",
        src.display()
    );
    let objections: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let source = fs::read_to_string(file).expect("the file can be read");
            objections(file.strip_prefix(&src).expect("it lies in src"), &source)
        })
        .collect();
    assert!(objections.is_empty(), "\n{}\n", objections.join("\n"));
}

mod tests {
    use super::*;

    /// What the rule says of a file with this content, without the file's name.
    fn said(file: &str, source: &str) -> Vec<String> {
        let prefix = format!("src/{file}:");
        objections(Path::new(file), source)
            .iter()
            .map(|objection| objection.strip_prefix(&prefix).unwrap().trim().to_owned())
            .collect()
    }

    #[test]
    fn a_wrong_arrow_is_found_however_it_is_written() {
        let upward = |line: usize, written: &str| {
            vec![format!(
                "{line}: units names crate::{written}, which is above it"
            )]
        };
        for (source, line, written) in [
            ("use crate::experts::Expert;", 1, "experts::Expert"),
            (
                "use crate::{foundation::error::Error,\n panels::{self, rules}};",
                2,
                "panels",
            ),
            ("use super::super::panels::*;", 1, "panels::*"),
            ("use super::{list, super::panels as p};", 1, "panels"),
            ("use self::super::super::panels;", 1, "panels"),
            (
                "fn f() { x(&[crate::panels::seats()]) }",
                1,
                "panels::seats",
            ),
            (
                "fn f() -> Vec<crate::panels::Seat> { vec![] }",
                1,
                "panels::Seat",
            ),
            (
                "fn f() {\n assert!(crate::panels::open::<u8>());\n}",
                2,
                "panels::open",
            ),
            (
                "#[cfg(test)] mod tests { use super::super::super::panels::Seat; }",
                1,
                "panels::Seat",
            ),
            (
                "macro_rules! m { () => { $crate::panels::Seat } }",
                1,
                "panels::Seat",
            ),
            ("pub(crate) use crate::panels::Seat;", 1, "panels::Seat"),
        ] {
            let said = said("units/store.rs", source);
            assert_eq!(
                said.first().map(std::slice::from_ref),
                Some(&*upward(line, written)),
                "{source}: {said:?}"
            );
        }
        assert_eq!(
            said("training/enrol.rs", "use crate::committees::Study;"),
            ["1: training names crate::committees::Study, but neighbours do not know each other"]
        );
        assert_eq!(
            said(
                "foundation/store/mod.rs",
                "use super::{error::Error, mail::Outbox};"
            ),
            ["1: foundation::store names crate::foundation::mail::Outbox, which is above it"]
        );
        assert_eq!(
            said("foundation/mail/mod.rs", "use crate::people::Person;"),
            ["1: foundation::mail names crate::people::Person, which is above it"]
        );
        assert_eq!(
            said("foundation/mod.rs", "pub use crate::people::Person;"),
            ["1: foundation names crate::people::Person, which is above it"]
        );
        assert_eq!(
            said("foundation/store/mod.rs", "use crate::foundation::{self};"),
            ["1: foundation::store names crate::foundation, which is above it"]
        );
        for (source, written) in [
            ("use crate::App;", "App"),
            ("use crate::*;", "*"),
            ("use crate as root;", ""),
            ("use crate::router;", "router"),
            ("use crate::foundation::*;", "foundation::*"),
        ] {
            assert_eq!(
                said("people/mod.rs", source),
                [format!(
                    "1: people names crate::{written}, which is in no room below it"
                )]
            );
        }
        assert_eq!(
            said(
                "experts/mod.rs",
                "use matching::assign;\nfn f() { ::matching::rank() }"
            ),
            ["1", "2"].map(|line| format!(
                "{line}: experts names matching, which is for panels, training, exchange, cli"
            ))
        );
        assert_eq!(
            said("kitchen/mod.rs", ""),
            ["kitchen is no room of the house: give it a line in tests/it/architecture.rs"]
        );
    }

    #[test]
    fn a_right_arrow_is_let_pass() {
        for (file, source) in [
            (
                "units/store.rs",
                "use crate::{accounts::Actor, foundation::{error::Error, store::WriteTx}};",
            ),
            (
                "units/mod.rs",
                "pub mod store; pub(super) fn f() {} pub(in crate::units) fn g() {}",
            ),
            (
                "units/rules.rs",
                "// crate::panels::Seat\n/// See [`crate::panels`].\nconst X: &str = \"crate::panels::Seat\";",
            ),
            (
                "units/rules.rs",
                "fn f(matching: u8) -> u8 { self::g(matching) + super::h(super::matching::x()) }",
            ),
            (
                "units/rules.rs",
                "#[cfg(test)] mod tests { use super::*; use super::super::store; use crate::units::store; }",
            ),
            (
                "foundation/ui/page.rs",
                "use crate::foundation::texts::Language; use super::super::error::Error;",
            ),
            (
                "foundation/mod.rs",
                "pub mod ui; pub use self::store::Store;",
            ),
            ("panels/solve.rs", "use matching::assign::{Model, solve};"),
            ("cli/assign.rs", "use crate::panels; use matching::assign;"),
            (
                "lib.rs",
                "pub mod units; use crate::panels::Owner; use self::training::Run;",
            ),
            ("main.rs", "use expert_pool::cli;"),
        ] {
            assert_eq!(said(file, source), Vec::<String>::new(), "{file}: {source}");
        }
    }
}
