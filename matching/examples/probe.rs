use matching::assign::{Options, solve, verify};
use matching::files::generate::{Instance, Recipe};
use std::time::Instant;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let p = |i: usize, d: u64| a.get(i).map_or(d, |s| s.parse().unwrap());
    let mode = a[5].clone();
    let recipe = Recipe {
        experts: p(1, 0) as usize,
        requests: p(2, 0) as usize,
        demand: p(3, 0) as u32,
        capacity: p(4, 0) as u32,
        sparse: mode.starts_with("sparse"),
        skew: mode.ends_with("skew"),
        topics: p(6, 32),
        keep: p(7, 5),
        seed: p(8, 42),
    };
    let inst = Instance::new(recipe);
    for u in [3000u32, 1] {
        let problem = inst.problem(u);
        let t = Instant::now();
        let s = solve(&problem, &Options::default()).unwrap();
        let dt = t.elapsed();
        let t = Instant::now();
        let c = s.choice();
        let v = verify(&problem, &c, &s.certificate);
        println!(
            "{} edges u={u} total {} unfilled {} solve {:?} verify {:?} {:?}",
            problem.pairs.len(),
            s.total,
            s.unfilled.iter().sum::<u32>(),
            dt,
            t.elapsed(),
            v
        );
    }
}
