//! The lists of a settlement, to be taken along.

use super::{
    certificates::Standing,
    settle::{NeedLine, Settlement, UnitLine, wait_words},
};
use crate::foundation::{sheets::Table, texts::Label};

/// One of the lists of a settlement, by the name it has in addresses.
pub(super) fn table(settlement: &Settlement, name: &str) -> Option<Table> {
    let (title, heads, rows): (_, &[&str], Vec<Vec<String>>) = match name {
        "people" => (
            "学员",
            PEOPLE,
            settlement.people.iter().map(person).collect(),
        ),
        "units" => ("单位", UNITS, settlement.units.iter().map(unit).collect()),
        "needs" => ("需求", NEEDS, settlement.needs.iter().map(need).collect()),
        _ => return None,
    };
    Some(Table {
        name: title.to_owned(),
        headers: heads.iter().map(|head| (*head).to_owned()).collect(),
        rows,
    })
}

const PEOPLE: &[&str] = &[
    "姓名",
    "单位",
    "职务",
    "手机",
    "出勤学时",
    "应到学时",
    "缺席",
    "候补等待",
    "成绩",
    "结论",
    "证书编号",
    "证书状态",
];
const UNITS: &[&str] = &["单位", "人数", "未到", "学时", "证书"];
const NEEDS: &[&str] = &["需求", "单位", "需要人数", "到课人数", "未满足"];

fn person(one: &Standing) -> Vec<String> {
    let certificate = one.certificate.as_ref();
    vec![
        one.who.name.clone(),
        one.who.unit_name.clone(),
        one.who.position.clone(),
        one.who.phone.clone(),
        one.hours.to_string(),
        one.total.to_string(),
        if one.hours == 0 { "是" } else { "" }.to_owned(),
        one.who.waited.map(wait_words).unwrap_or_default(),
        one.mark.map(|mark| mark.to_string()).unwrap_or_default(),
        one.verdict.zh().to_owned(),
        certificate
            .map(|row| row.number.clone())
            .unwrap_or_default(),
        certificate.map_or("", |row| row.state.zh()).to_owned(),
    ]
}

fn unit(line: &UnitLine) -> Vec<String> {
    vec![
        line.name.clone(),
        line.people.to_string(),
        line.absent.to_string(),
        line.hours.to_string(),
        line.certificates.to_string(),
    ]
}

fn need(line: &NeedLine) -> Vec<String> {
    vec![
        line.topic.clone(),
        line.unit.clone(),
        line.wanted.to_string(),
        line.came.to_string(),
        line.missing().to_string(),
    ]
}
