//! Prints the evaluation of the default weights on the product's own labelled requests.

#[path = "../tests/support/mod.rs"]
mod support;

use matching::evaluate::evaluate;
use matching::relevance::{Synonyms, Weights};

fn main() -> std::io::Result<()> {
    let experts = support::experts();
    let sets = [
        ("development", support::development()),
        ("tuning half", support::half(true)),
        ("held-out half", support::half(false)),
        ("both halves", support::cases()),
        (
            "tuning half, with codes",
            support::with_domains(support::half(true)),
        ),
        (
            "held-out half, with codes",
            support::with_domains(support::half(false)),
        ),
    ];
    for (name, cases) in sets {
        println!("\n{name}");
        let report = evaluate(
            &experts,
            &cases,
            &Weights::default(),
            &Synonyms::starting(),
            1,
        );
        report.write(&mut std::io::stdout())?;
    }
    Ok(())
}
