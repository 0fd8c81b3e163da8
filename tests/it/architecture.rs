//! The arrows between the rooms of `src/`: each knows only rooms below it, and `matching` is reached
//! from few. Cargo holds the same between crates.

use std::{
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The rooms, upper to lower. A room knows those on lower lines; those on one line do not know each
/// other.
const HOUSE: &[&[&str]] = &[
    &["operations"],
    &["overview"],
    &["personal_data"],
    &["consultations", "committees", "training", "exchange"],
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
    &["foundation::calendar"],
    &["foundation::classification"],
    &["foundation::context"],
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
];

/// What puts the rooms together: it may know them all, and none of them knows it.
const ROOF: &[&str] = &["", "main", "router", "cli"];

/// Who reaches the crate `matching`.
const MATCHING_FROM: &[&str] = &["panels", "training", "exchange", "cli"];

/// What a place in the source names.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// Something in this crate: segments from its root.
    Own(Vec<String>),
    /// The crate `matching`.
    Matching,
}

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

/// What the source of `module` names, with the line. Comments and texts name nothing.
fn references(module: &[String], source: &str) -> Vec<(usize, Target)> {
    let mut found = Vec::new();
    let tokens: TokenStream = source.parse().expect("the source is Rust");
    walk(tokens, module, &mut found);
    found
}

fn walk(stream: TokenStream, module: &[String], found: &mut Vec<(usize, Target)>) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let word = match token {
            TokenTree::Ident(word) => word.to_string(),
            TokenTree::Group(group) => {
                walk(group.stream(), module, found);
                at += 1;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        match (word.as_str(), tokens.get(at + 1), tokens.get(at + 2)) {
            // `mod tests { … }` lies one deeper.
            ("mod", Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) => {
                walk(
                    body.stream(),
                    &[module, &[name.to_string()]].concat(),
                    found,
                );
                at += 3;
            }
            // `pub(crate)` says who may look in, not what is looked at.
            ("pub", Some(TokenTree::Group(_)), _) => at += 2,
            _ => {
                let imported = at > 0 && is_word(&tokens[at - 1], "use");
                let mut paths = Vec::new();
                at = read_paths(&tokens, at, &[], &mut paths);
                // A lone `self` or `matching` is a variable, unless it is imported.
                paths.retain(|(_, path)| path.len() > 1 || imported);
                found.extend(
                    paths
                        .into_iter()
                        .filter_map(|(line, path)| Some((line, resolve(module, &path)?))),
                );
            }
        }
    }
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

fn is_punct(token: Option<&TokenTree>, punct: char) -> bool {
    matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == punct)
}

/// Reads `a::b::c`, or each path of `a::{b, c::*}`, from `at` on, as a continuation of `before`.
/// Returns where it ends.
fn read_paths(
    tokens: &[TokenTree],
    mut at: usize,
    before: &[String],
    paths: &mut Vec<(usize, Vec<String>)>,
) -> usize {
    let line = tokens[at].span().start().line;
    let mut path = before.to_vec();
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(segment)) => path.push(segment.to_string()),
            Some(TokenTree::Punct(star)) if star.as_char() == '*' => path.push("*".to_owned()),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                for branch in inner.split(|token| is_punct(Some(token), ',')) {
                    if !branch.is_empty() {
                        read_paths(branch, 0, &path, paths);
                    }
                }
                return at + 1;
            }
            // `collect::<Vec<_>>`
            _ => break,
        }
        at += 1;
        if !(is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')) {
            break;
        }
        at += 2;
    }
    paths.push((line, path));
    at
}

/// What a path written in `module` leads to; `None` for what is neither this crate's nor `matching`.
fn resolve(module: &[String], path: &[String]) -> Option<Target> {
    let mut absolute = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => module.to_vec(),
        "matching" => return Some(Target::Matching),
        _ => return None,
    };
    for segment in path {
        match segment.as_str() {
            "crate" | "self" => {}
            "super" => drop(absolute.pop()),
            name => absolute.push(name.to_owned()),
        }
    }
    Some(Target::Own(absolute))
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
