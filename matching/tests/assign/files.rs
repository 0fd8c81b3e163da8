//! The command line's files: what is read, what is refused and where, and a whole run.

use std::fs;
use std::path::{Path, PathBuf};

use matching::assign::draw;
use matching::files::commands::{Assign, CommandError, Mode, Source, assign, check, replay};
use matching::files::generate::{Instance, Recipe};
use matching::files::input::Pool;
use matching::files::table::Table;

/// A folder of its own for each test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const EXPERTS: &str = "\u{feff}unit,id,kind,capacity,keywords,works\n\
甲,张,技术,1,电动汽车;充电,\"标准一\n标准二\"\n甲,李,标准化,2,,\n乙,王,technical,1,电池,\n";
const REQUESTS: &str = "id,demand,unit,min_technical,recused,priority\n\
R1,2,丙,1,,1\nR2,1,乙,,李,2\n";
const EDGES: &str = "request,score,expert\nR1,900000,张\nR1,800000,李\nR1,700000,王\nR2,950000,张\n\
R2,500000,李\nR2,990000,王\n";

fn source(folder: &Folder) -> Source {
    Source::Edges {
        experts: folder.file("experts.csv", EXPERTS),
        requests: folder.file("requests.csv", REQUESTS),
        edges: folder.file("edges.csv", EDGES),
    }
}

fn command(folder: &Folder, mode: Mode) -> Assign {
    Assign {
        max_per_unit: Some(1),
        mode,
        seed: 5,
        out: folder.0.join("assignment.csv"),
        certificate: Some(folder.0.join("certificate.json")),
        report: Some(folder.0.join("report.json")),
    }
}

#[test]
fn a_run_writes_what_the_check_proves() {
    let folder = Folder::new("files_run");
    let (source, command) = (source(&folder), command(&folder, Mode::Best));
    let report = assign(&source, &command, &Default::default()).unwrap();
    // R2 may have neither its own unit's 王 nor the recused 李, so 张 goes there.
    let written = fs::read_to_string(&command.out).unwrap();
    assert_eq!(
        written,
        "request,expert,score\nR1,李,800000\nR1,王,700000\nR2,张,950000\n"
    );
    assert_eq!(
        (report.summary.total, report.summary.unfilled),
        (2_450_000, 0)
    );
    let certificate = command.certificate.clone().unwrap();
    let proved = check(&source, Some(1), &command.out, &certificate);
    assert_eq!(proved, Ok(2_450_000));
    let json = fs::read_to_string(command.report.unwrap()).unwrap();
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["worst"], serde_json::json!([1, 950_000]));

    let changed = written.replace("R1,李,800000", "R1,张,900000");
    fs::write(&command.out, changed).unwrap();
    let refused = check(&source, Some(1), &command.out, &certificate);
    let Err(CommandError::Violation(reason)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(reason, "expert “张”: 2 places, capacity 1");
}

/// Two experts with texts of their own, and two requests of which each fits one of them better.
fn texts(folder: &Folder) -> Source {
    let experts = "id,unit,capacity,domains,keywords,bio\n\
        张,甲,1,ics:29.180,配电变压器;绝缘老化,长期从事变压器试验\n\
        王,乙,1,ics:55.180,冷链物流;温度记录,从事冷链标准研究\n";
    let requests = "id,demand,title,body,domains\n\
        R1,1,冷库运输温度怎么记,冷链断链后如何追溯,\nR2,1,变压器过载,绝缘老化试验的方法,ics:29.180\n";
    Source::Texts {
        experts: folder.file("texts-experts.csv", experts),
        requests: folder.file("texts-requests.csv", requests),
    }
}

#[test]
fn texts_are_scored_solved_and_checked() {
    let folder = Folder::new("files_texts");
    let source = texts(&folder);
    for mode in [Mode::Best, Mode::Fair, Mode::Draw] {
        let command = command(&folder, mode);
        let report = assign(&source, &command, &Default::default()).unwrap();
        if mode == Mode::Draw {
            continue;
        }
        assert_eq!(report.summary.unfilled, 0);
        let written = fs::read_to_string(&command.out).unwrap();
        let pairs: Vec<&str> = written
            .lines()
            .map(|l| l.rsplit_once(',').unwrap().0)
            .collect();
        assert_eq!(pairs, ["request,expert", "R1,王", "R2,张"]);
        if mode == Mode::Best {
            let certificate = command.certificate.unwrap();
            let proved = check(&source, Some(1), &command.out, &certificate);
            assert_eq!(proved, Ok(report.summary.total));
        }
    }
}

#[test]
fn a_draw_by_file_is_replayed_from_its_report() {
    let folder = Folder::new("files_draw");
    let (source, command) = (source(&folder), command(&folder, Mode::Draw));
    let first = assign(&source, &command, &Default::default()).unwrap();
    let written = fs::read_to_string(&command.out).unwrap();
    let Source::Edges {
        experts,
        requests,
        edges,
    } = &source
    else {
        unreachable!()
    };
    let mut pool = Pool::read(experts, requests, 1).unwrap();
    pool.read_edges(edges).unwrap();
    let again = draw::replay(&pool.problem, &first.draw.unwrap()).unwrap();
    for (r, panel) in again.panels.iter().enumerate() {
        for &e in panel {
            let row = format!("{},{},", pool.requests[r], pool.experts[e]);
            assert!(written.contains(&row), "{row} is not in {written}");
        }
    }
    let record = command.certificate.unwrap();
    let file = replay(&record).unwrap();
    assert_eq!(file.requests.len(), 2);
    let forged = fs::read_to_string(&record).unwrap();
    fs::write(&record, forged.replacen("张", "李", 1)).unwrap();
    assert!(replay(&record).is_err());
}

#[test]
fn a_fair_run_reports_its_loss() {
    let folder = Folder::new("files_fair");
    let (source, command) = (source(&folder), command(&folder, Mode::Fair));
    let report = assign(&source, &command, &Default::default()).unwrap();
    let fair = report.fair.unwrap();
    assert!(fair.proved);
    assert_eq!(
        (fair.worst, fair.worst_bound, fair.loss),
        (950_000, 950_000, 0)
    );
}

#[test]
fn wrong_files_are_refused_with_line_column_and_reason() {
    let folder = Folder::new("files_wrong");
    let experts = folder.file("experts.csv", EXPERTS);
    let requests = folder.file("requests.csv", REQUESTS);
    let said = |experts: &Path, requests: &Path, edges: Option<&Path>| {
        let pool = Pool::read(experts, requests, 1);
        let error = match (pool, edges) {
            (Ok(mut pool), Some(edges)) => pool.read_edges(edges).unwrap_err(),
            (pool, _) => pool.unwrap_err(),
        };
        let name = Path::new(&error.file)
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let column = error.column.unwrap_or_default();
        format!(
            "{name}:{}:{column}: {}",
            error.line.unwrap_or(0),
            error.reason
        )
    };
    let cases: [(&[u8], &str); 8] = [
        (
            "id,domains\na,ics:29.240;K4\n".as_bytes(),
            "w.csv:2:domains: not a code: \"K4\", expected a form like ics:29.240 or ccs:K04",
        ),
        (
            b"id,age\n",
            "w.csv:1:age: unknown column; known are id, unit, kind, capacity, domains, keywords, works, bio",
        ),
        (b"unit\n", "w.csv:1:id: the column is missing"),
        (b"id,id\n", "w.csv:1:id: the column is there twice"),
        (b"", "w.csv:0:: the file is empty"),
        (
            b"id,capacity\na,1\nb,-1\n",
            "w.csv:3:capacity: “-1” is not a whole number of the range allowed",
        ),
        (
            b"id,bio\na,\"x\ny\"\na,z\n",
            "w.csv:4:id: “a” is there twice",
        ),
        (b"id,bio\na,\xd6\xd0\n", "w.csv:2:: not UTF-8"),
    ];
    for (text, reason) in cases {
        let wrong = folder.file("w.csv", text);
        assert_eq!(said(&wrong, &requests, None), reason);
    }
    let cases = [
        ("id,demand\nR1\n", "w.csv:2:: 1 fields, the header has 2"),
        ("id,demand\nR1,\n", "w.csv:2:demand: must not be empty"),
        (
            "id,demand,recused\nR1,1,孙\n",
            "w.csv:2:recused: no expert “孙”",
        ),
        (
            "id,demand,min_technical\nR1,1,2\n",
            "w.csv:2:min_technical: the minimums are more than the demand",
        ),
        (
            "id,demand,priority\nR1,1,9\n",
            "w.csv:2:priority: must be from 1 (first) to 5",
        ),
    ];
    for (text, reason) in cases {
        let wrong = folder.file("w.csv", text);
        assert_eq!(said(&experts, &wrong, None), reason);
    }
    let cases = [
        (
            "request,expert,score\nR9,张,1\n",
            "w.csv:2:request: no request “R9”",
        ),
        (
            "request,expert,score\nR1,张,1.5\n",
            "w.csv:2:score: “1.5” is not a whole number of the range allowed",
        ),
        (
            "request,expert,score\nR1,张,1\nR1,张,2\n",
            "w.csv:3:expert: request “R1” and expert “张” are there twice",
        ),
    ];
    for (text, reason) in cases {
        let wrong = folder.file("w.csv", text);
        assert_eq!(said(&experts, &requests, Some(&wrong)), reason);
    }
}

/// `rows` lines of a table, made as they are read.
struct Lines {
    rows: usize,
    line: Vec<u8>,
    at: usize,
}

impl std::io::Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.line.len() {
            if self.rows == 0 {
                return Ok(0);
            }
            self.rows -= 1;
            self.line =
                format!("R{},E{},{}\n", self.rows % 5000, self.rows % 777, self.rows).into();
            self.at = 0;
        }
        let length = buffer.len().min(self.line.len() - self.at);
        buffer[..length].copy_from_slice(&self.line[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

#[test]
fn a_million_lines_are_read_as_they_come() {
    let lines = Lines {
        rows: 1_000_000,
        line: b"request,expert,score\n".to_vec(),
        at: 0,
    };
    let mut table = Table::read("edges", lines, &["request", "expert", "score"], 3).unwrap();
    let mut sum = 0;
    let mut rows = 0;
    while table.advance().unwrap() {
        rows += 1;
        sum += table.required::<u64>(2).unwrap();
    }
    assert_eq!((rows, sum), (1_000_000, 999_999 * 1_000_000 / 2));
    assert_eq!(table.error(2, "x").line, Some(1_000_001));
}

#[test]
fn a_generated_folder_reads_back_as_the_same_problem() {
    let folder = Folder::new("files_instance");
    let recipe = Recipe {
        experts: 60,
        requests: 90,
        demand: 3,
        capacity: 6,
        sparse: true,
        skew: true,
        topics: 8,
        keep: 5,
        seed: 42,
    };
    let instance = Instance::new(recipe);
    instance.write(&folder.0).unwrap();
    let pool = Pool::read_instance(&folder.0, 1).unwrap();
    assert_eq!(pool.problem.pairs, instance.problem(1).pairs);
    let bytes = fs::read(folder.0.join("edges.bin")).unwrap();
    fs::write(folder.0.join("edges.bin"), &bytes[..bytes.len() - 1]).unwrap();
    let refused = Pool::read_instance(&folder.0, 1).unwrap_err();
    assert_eq!(refused.reason, "not a whole number of triples");
}
