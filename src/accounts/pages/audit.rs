//! `/audit`: who did what, newest first.

use askama::Template;
use axum::{extract::State, response::Response};
use entity::audit_entry;
use serde_json::Value;

use crate::{
    accounts::{
        Action, Desk, Owner,
        audit::list::{Filter, PAGE, actions, list},
    },
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        texts::{Language, said},
        ui::{
            Fields, Form, Shell, dates,
            form::{Choice, choices},
            page,
        },
    },
    people,
};

#[derive(Template)]
#[template(path = "accounts/templates/audit.html")]
struct AuditPage {
    shell: Shell,
    form: Form,
    actions: Vec<Choice>,
    rows: Vec<Row>,
    total: u64,
    newer: Option<String>,
    older: Option<String>,
}

struct Row {
    at: String,
    who: String,
    sample: bool,
    what: String,
    facts: Vec<(String, String)>,
    address: String,
    sealed: bool,
}

/// `GET /audit`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who may not read it.
pub async fn show(State(ctx): State<Context>, desk: Desk, query: Fields) -> Result<Response> {
    desk.actor.require(Action::ReadAudit, &Owner::ALLIANCE)?;
    let db = ctx.store.read();
    let mut errors = FieldErrors::default();
    let filter = Filter {
        person: query.text("person").to_owned(),
        action: query.text("action").to_owned(),
        from: query.date("from", &mut errors),
        to: query.date("to", &mut errors),
    };
    let number = query.text("page").parse().unwrap_or(1).max(1);
    let (entries, total) = list(db, &filter, ctx.zone(), number).await?;
    let ids: Vec<_> = entries
        .iter()
        .filter_map(|entry| entry.actor_person)
        .collect();
    let people = people::by_ids(db, &ids).await?;
    let rows = entries
        .into_iter()
        .map(|entry| {
            let person = entry.actor_person.and_then(|id| people.get(&id));
            Row {
                at: dates::moment(entry.at, ctx.zone()),
                who: person.map_or_else(|| "系统".to_owned(), |person| person.name.clone()),
                sample: person.is_some_and(|person| person.sample),
                what: action_word(&entry.action),
                facts: facts(&entry),
                address: entry.address.unwrap_or_default(),
                sealed: entry.sequence.is_some(),
            }
        })
        .collect();
    let mut offered = vec![(String::new(), "全部".to_owned())];
    for code in actions(db).await? {
        let word = action_word(&code);
        offered.push((code, word));
    }
    Ok(page(&AuditPage {
        shell: desk.shell,
        newer: (number > 1).then(|| address_of(&query, number - 1)),
        older: (number * PAGE < total).then(|| address_of(&query, number + 1)),
        form: Form::refused(query, errors),
        actions: choices(offered),
        rows,
        total,
    }))
}

/// The same list at another page.
fn address_of(query: &Fields, number: u64) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for (name, value) in query
        .iter()
        .filter(|(name, value)| *name != "page" && !value.is_empty())
    {
        pairs.append_pair(name, value);
    }
    pairs.append_pair("page", &number.to_string());
    format!("/audit?{}", pairs.finish())
}

fn action_word(code: &str) -> String {
    said(code, Language::Chinese).unwrap_or(code).to_owned()
}

/// The details in words: known names are said, lists are joined. Keys of rows and whatever else has no
/// word are left out: they are for machines, and stay in the entry.
fn facts(entry: &audit_entry::Model) -> Vec<(String, String)> {
    let Some(Value::Object(details)) = &entry.details else {
        return Vec::new();
    };
    details
        .iter()
        .filter_map(|(name, value)| {
            let said = value.as_str().and_then(|text| fact_word(name, text));
            let value = said.map_or_else(|| fact(value), str::to_owned);
            Some((fact_name(name)?.to_owned(), value))
        })
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

fn fact(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "是".to_owned(),
        Value::Bool(false) => "否".to_owned(),
        Value::Array(items) => items.iter().map(fact).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    }
}

/// What a code of the database is called.
fn fact_word(name: &str, code: &str) -> Option<&'static str> {
    Some(match (name, code) {
        ("answer", "accept") => "能参加",
        ("answer", "decline") => "不能参加",
        ("reason", "time") => "时间冲突",
        ("reason", "field") => "专业不符",
        ("reason", "interest") => "需要回避",
        ("reason", "health") => "健康",
        ("reason", "other") => "其他",
        ("channel", "link") => "本人通过链接",
        ("channel", "phone") => "电话",
        ("channel", "paper") => "书面",
        ("state", "engaged") => "已聘任",
        ("state", "suspended") => "暂停",
        ("state", "ended") => "已结束",
        _ => return None,
    })
}

fn fact_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "name" => "姓名",
        "unit" => "单位",
        "role" => "职责",
        "reason" => "原因",
        "from" => "原为",
        "to" => "改为",
        "on" => "日期",
        "note" => "说明",
        "number" => "编号",
        "title" => "名称",
        "successor" => "接任",
        "count" => "数量",
        "version" => "版次",
        "state" => "状态",
        "answer" => "答复",
        "channel" => "方式",
        "accepts" => "接受",
        "wave" => "第几轮",
        "race" => "加急",
        "panels" => "专家组",
        "exception" => "例外理由",
        "days" => "天数",
        "until" => "覆盖到",
        "moved" => "顺延",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn details_are_read_as_people_say_them() {
        assert_eq!(fact(&json!(["甲", "乙"])), "甲、乙");
        assert_eq!(fact(&json!(null)), "");
        assert_eq!(fact(&json!(3)), "3");
        assert_eq!(fact_word("state", "engaged"), Some("已聘任"));
        assert_eq!(
            fact_name("assignments"),
            None,
            "keys of rows are for machines"
        );
        assert_eq!(
            address_of(
                &Fields::default()
                    .with("person", "周")
                    .with("page", 2)
                    .with("action", ""),
                3
            ),
            "/audit?person=%E5%91%A8&page=3"
        );
    }
}
