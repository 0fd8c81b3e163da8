//! What a source file names, read from its tokens, so that macros are covered and comments and texts
//! are not.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What a place in the source names.
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// Something in this crate: segments from its root.
    Own(Vec<String>),
    /// The crate `matching`.
    Matching,
}

/// What the source of `module` names, with the line.
pub fn references(module: &[String], source: &str) -> Vec<(usize, Target)> {
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
