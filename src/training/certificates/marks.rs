//! Marks: typed one by one, or from a list with names. A list is taken as a whole or not at all.

use std::collections::BTreeMap;

use entity::{
    ids::{CourseRunId, EnrolmentId, MarkId, PersonId},
    run_mark,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{roster, roster::Standing, rules, store};
use crate::{
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        search::normalise,
        sheets::{self, Column, Limits},
        ui::Fields,
    },
    training::{events, store as training},
};

/// Columns of a list.
const COLUMNS: &[Column] = &[
    Column {
        key: "name",
        names: &["姓名", "学员"],
        required: true,
    },
    Column {
        key: "phone",
        names: &["手机号", "手机", "手机号码", "联系电话", "电话"],
        required: false,
    },
    Column {
        key: "mark",
        names: &["成绩", "分数", "考核成绩", "得分"],
        required: true,
    },
];

/// A line of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Line {
    number: usize,
    name: String,
    phone: String,
    mark: String,
}

/// Marks by enrolment; none takes a mark back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(pub BTreeMap<EnrolmentId, Option<i32>>);

impl Marks {
    /// Reads the fields of the page, and then the pasted or uploaded list, which goes before them.
    ///
    /// # Errors
    /// Everything that is wrong: marks at the field of the person, lines at `list`.
    pub(in super::super) fn read(
        fields: &Fields,
        file: Option<&[u8]>,
        roster: &[Standing],
    ) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let mut marks = Self::default();
        for one in roster {
            let field = field_of(one.who.enrolment);
            let typed = fields.text(&field);
            if fields.iter().all(|(name, _)| name != field) {
                continue;
            }
            if typed.is_empty() {
                marks.0.insert(one.who.enrolment, None);
                continue;
            }
            match rules::read_mark(typed) {
                Ok(mark) => {
                    marks.0.insert(one.who.enrolment, Some(mark));
                }
                Err(refusal) => errors.add(field, refusal),
            }
        }
        match lines(fields.raw("list"), file) {
            Ok(lines) => marks.take(&lines, roster, &mut errors),
            Err(refusal) => errors.add("list", refusal),
        }
        errors.into_result(marks)
    }

    fn take(&mut self, lines: &[Line], roster: &[Standing], errors: &mut FieldErrors) {
        for line in lines {
            let fits = |one: &&Standing| {
                normalise(&one.who.name) == normalise(&line.name)
                    && (line.phone.is_empty() || one.who.phone.ends_with(&line.phone))
            };
            let found: Vec<_> = roster.iter().filter(fits).collect();
            let refuse = |code| {
                Refusal::new(code)
                    .with("line", line.number)
                    .with("name", &line.name)
            };
            let mark = rules::read_mark(&line.mark)
                .map_err(|_| refuse("certificate.list_mark").with("value", &line.mark));
            match (found.as_slice(), mark) {
                (_, Err(refusal)) => errors.add("list", refusal),
                ([], _) => errors.add("list", refuse("certificate.list_unknown")),
                ([one], Ok(mark)) => {
                    self.0.insert(one.who.enrolment, Some(mark));
                }
                _ => errors.add("list", refuse("certificate.list_double")),
            }
        }
    }
}

/// Name of the field of somebody's mark.
pub(in super::super) fn field_of(enrolment: EnrolmentId) -> String {
    format!("mark_{enrolment}")
}

fn lines(pasted: &str, file: Option<&[u8]>) -> Result<Vec<Line>, Refusal> {
    if let Some(bytes) = file {
        return from_sheet(bytes);
    }
    let first = pasted.lines().find(|line| !line.trim().is_empty());
    if first.is_some_and(|line| cells(line).iter().any(|cell| normalise(cell) == "姓名")) {
        return from_sheet(pasted.as_bytes());
    }
    Ok(pasted
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| by_place(at + 1, &cells(line)))
        .collect())
}

/// The name first, the mark last, a number of seven digits or more between them is the phone.
fn by_place(number: usize, cells: &[&str]) -> Line {
    let phone = cells
        .iter()
        .skip(1)
        .find(|cell| cell.len() >= 7 && cell.bytes().all(|byte| byte.is_ascii_digit()));
    Line {
        number,
        name: cells.first().unwrap_or(&"").to_string(),
        phone: phone.unwrap_or(&"").to_string(),
        mark: match cells {
            [_, .., last] => (*last).to_owned(),
            _ => String::new(),
        },
    }
}

fn cells(line: &str) -> Vec<&str> {
    line.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | ';' | '；' | '、'))
        .filter(|cell| !cell.is_empty())
        .collect()
}

fn from_sheet(bytes: &[u8]) -> Result<Vec<Line>, Refusal> {
    let refuse = |error: sheets::SheetError| error.refusal();
    let records = sheets::read(bytes, &Limits::default())
        .map_err(refuse)?
        .records(COLUMNS)
        .map_err(refuse)?;
    if let Some(fault) = records.faults.first() {
        return Err(Refusal::new(fault.kind.code()).with("value", &fault.value));
    }
    Ok(records
        .iter()
        .map(|record| Line {
            number: record.line(),
            name: record.get("name").to_owned(),
            phone: record.get("phone").to_owned(),
            mark: record.get("mark").to_owned(),
        })
        .collect())
}

/// Notes marks. Certificates that were issued stay as they are.
///
/// # Errors
/// `training.not_now`.
pub async fn note_marks(ctx: &Context, id: CourseRunId, by: PersonId, marks: &Marks) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let run = training::lock_run(&tx, id).await?;
    rules::may_mark(run.state)?;
    let known = store::marks(tx.db(), id).await?;
    let mut changed = 0;
    for one in roster(tx.db(), &run, tx.now()).await? {
        let Some(mark) = marks.0.get(&one.who.enrolment) else {
            continue;
        };
        if *mark == one.mark {
            continue;
        }
        changed += 1;
        match (known.get(&one.who.enrolment), mark) {
            (Some(row), None) => {
                run_mark::Entity::delete_by_id(row.id).exec(tx.db()).await?;
            }
            (Some(row), Some(mark)) => {
                run_mark::Entity::update(run_mark::ActiveModel {
                    mark: Set(*mark),
                    by_person: Set(by),
                    updated_at: Set(tx.now()),
                    ..row.clone().into()
                })
                .exec(tx.db())
                .await?;
            }
            (None, Some(mark)) => {
                run_mark::Entity::insert(run_mark::ActiveModel {
                    id: Set(tx.id::<MarkId>()),
                    run_id: Set(id),
                    enrolment_id: Set(one.who.enrolment),
                    mark: Set(*mark),
                    by_person: Set(by),
                    updated_at: Set(tx.now()),
                })
                .exec_without_returning(tx.db())
                .await?;
            }
            (None, None) => {}
        }
    }
    if changed > 0 {
        let said = format!("{changed} 人");
        events::note(&tx, &run, Some(by), events::MARKS, &said).await?;
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_are_pasted() {
        let read = |text: &str| {
            lines(text, None)
                .unwrap()
                .into_iter()
                .map(|line| (line.name, line.phone, line.mark))
                .collect::<Vec<_>>()
        };
        let of = |name: &str, phone: &str, mark: &str| {
            (name.to_owned(), phone.to_owned(), mark.to_owned())
        };
        assert_eq!(
            read("周叙白 86\n\n石敬之，13900001234，72分\n王行远"),
            [
                of("周叙白", "", "86"),
                of("石敬之", "13900001234", "72分"),
                of("王行远", "", "")
            ]
        );
        assert_eq!(
            read("序号\t姓名\t成绩\n1\t周叙白\t86"),
            [of("周叙白", "", "86")]
        );
        assert_eq!(read(""), []);
    }
}
