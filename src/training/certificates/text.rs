//! What a certificate says: title, issuer and body with placeholders that are known when they are
//! saved, so that none is ever printed as `{…}`.

use entity::{
    certificate_text, course,
    ids::{CourseId, PersonId},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};
use serde_json::json;

use super::store;
use crate::{
    accounts::audit,
    foundation::{
        config::OfficeConfig,
        context::Context,
        error::{FieldErrors, Refusal, Result},
        ui::Fields,
    },
};

/// Something that differs from certificate to certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// 姓名
    Name,
    /// 单位
    Unit,
    /// 课程
    Course,
    /// 第×期
    Ordinal,
    /// Days of the run.
    Days,
    /// 学时
    Hours,
    /// 成绩
    Mark,
    /// Date of the certificate.
    Date,
}

/// All placeholders with the word between the braces and an example.
pub const PLACEHOLDERS: [(Placeholder, &str, &str); 8] = [
    (Placeholder::Name, "姓名", "周叙白"),
    (Placeholder::Unit, "单位", "示例单位"),
    (Placeholder::Course, "课程", "课程名称"),
    (Placeholder::Ordinal, "期", "3"),
    (Placeholder::Days, "时间", "2026年10月20日至10月21日"),
    (Placeholder::Hours, "学时", "8"),
    (Placeholder::Mark, "成绩", "86"),
    (Placeholder::Date, "日期", "2026年10月22日"),
];

/// What stands in a place of an example.
pub fn example(slot: Placeholder) -> String {
    PLACEHOLDERS
        .iter()
        .find(|(known, _, _)| *known == slot)
        .map(|(_, _, example)| (*example).to_owned())
        .unwrap_or_default()
}

/// A text with placeholders, as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(Placeholder),
}

impl Pattern {
    /// Reads a text.
    ///
    /// # Errors
    /// `certificate.placeholder` for one that is not known, `certificate.brace` for a brace without its
    /// counterpart.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let brace = || Refusal::new("certificate.brace");
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (word, behind) = after.split_once('}').ok_or_else(brace)?;
            if before.contains('}') || word.contains('{') {
                return Err(brace());
            }
            let slot = PLACEHOLDERS
                .iter()
                .find(|(_, known, _)| *known == word.trim())
                .map(|(slot, _, _)| *slot)
                .ok_or_else(|| Refusal::new("certificate.placeholder").with("word", word.trim()))?;
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Slot(slot));
            rest = behind;
        }
        if rest.contains('}') {
            return Err(brace());
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Self(pieces))
    }

    /// Whether it has a place for this.
    pub fn names(&self, slot: Placeholder) -> bool {
        self.0.contains(&Piece::Slot(slot))
    }

    /// The text with its places filled. Brackets around a place that stayed empty go with it: not
    /// everybody has a unit.
    pub fn fill(&self, value: impl Fn(Placeholder) -> String) -> String {
        let text: String = self
            .0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Slot(slot) => value(*slot),
            })
            .collect();
        text.replace("（）", "")
    }
}

/// The wording of the certificates of a course, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// Title.
    pub title: String,
    /// Issuer.
    pub issuer: String,
    /// Body.
    pub body: String,
}

impl Wording {
    /// What is printed where nobody wrote anything else.
    pub fn usual(office: &OfficeConfig, examined: bool) -> Self {
        let ground = if examined {
            "考核合格"
        } else {
            "出勤符合要求"
        };
        Self {
            title: "结业证书".to_owned(),
            issuer: office.issuer.clone(),
            body: format!(
                "{{姓名}}（{{单位}}）于{{时间}}参加“{{课程}}”第 {{期}} 期培训，完成 {{学时}} 学时，{ground}，准予结业。\n特发此证。"
            ),
        }
    }

    /// Reads what was typed.
    ///
    /// # Errors
    /// Everything that is wrong, at its field; `certificate.no_name` for a body without the name.
    pub fn read(fields: &Fields) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let wording = Self {
            title: fields.required("cert_title", 20, &mut errors),
            issuer: fields.required("cert_issuer", 60, &mut errors),
            body: fields.required("cert_body", 600, &mut errors),
        };
        for (field, text) in [
            ("cert_title", &wording.title),
            ("cert_issuer", &wording.issuer),
            ("cert_body", &wording.body),
        ] {
            match Pattern::read(text) {
                Err(refusal) => errors.add(field, refusal),
                Ok(pattern)
                    if field == "cert_body"
                        && !text.is_empty()
                        && !pattern.names(Placeholder::Name) =>
                {
                    errors.add(field, Refusal::new("certificate.no_name"));
                }
                Ok(_) => {}
            }
        }
        errors.into_result(wording)
    }

    /// The form that shows it.
    pub fn fields(&self) -> Fields {
        Fields::default()
            .with("cert_title", &self.title)
            .with("cert_issuer", &self.issuer)
            .with("cert_body", &self.body)
    }

    /// The texts with their places filled.
    ///
    /// # Errors
    /// When a kept text has an unknown placeholder.
    pub fn fill(&self, value: impl Fn(Placeholder) -> String) -> Result<Self, Refusal> {
        let filled = |text: &str| Ok(Pattern::read(text)?.fill(&value));
        Ok(Self {
            title: filled(&self.title)?,
            issuer: filled(&self.issuer)?,
            body: filled(&self.body)?,
        })
    }
}

/// The wording of a course.
///
/// # Errors
/// When the database fails.
pub async fn wording<C: ConnectionTrait>(
    db: &C,
    office: &OfficeConfig,
    course: &course::Model,
) -> Result<Wording> {
    Ok(match store::text(db, course.id).await? {
        Some(row) => Wording {
            title: row.title,
            issuer: row.issuer,
            body: row.body,
        },
        None => Wording::usual(office, course.min_mark.is_some()),
    })
}

/// Keeps the wording of a course; certificates that were issued stay as they are.
///
/// # Errors
/// When the database fails.
pub async fn save_wording(
    ctx: &Context,
    course: CourseId,
    by: PersonId,
    wording: &Wording,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    certificate_text::Entity::insert(certificate_text::ActiveModel {
        course_id: Set(course),
        title: Set(wording.title.clone()),
        issuer: Set(wording.issuer.clone()),
        body: Set(wording.body.clone()),
        by_person: Set(by),
        updated_at: Set(tx.now()),
    })
    .on_conflict(
        OnConflict::column(certificate_text::Column::CourseId)
            .update_columns([
                certificate_text::Column::Title,
                certificate_text::Column::Issuer,
                certificate_text::Column::Body,
                certificate_text::Column::ByPerson,
                certificate_text::Column::UpdatedAt,
            ])
            .to_owned(),
    )
    .exec_without_returning(tx.db())
    .await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(by),
            action: "certificate.worded",
            subject_kind: "course",
            subject_id: Some(course.0),
            details: json!({ "title": wording.title }),
        },
    )
    .await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str, unit: &str) -> String {
        Pattern::read(text).unwrap().fill(|slot| match slot {
            Placeholder::Name => "周叙白".to_owned(),
            Placeholder::Unit => unit.to_owned(),
            _ => "8".to_owned(),
        })
    }

    #[test]
    fn places_are_filled_and_empty_brackets_go() {
        let text = "{姓名}（{单位}）完成 {学时} 学时";
        assert_eq!(filled(text, "甲协会"), "周叙白（甲协会）完成 8 学时");
        assert_eq!(filled(text, ""), "周叙白完成 8 学时");
    }

    #[test]
    fn unknown_places_are_refused_when_they_are_saved() {
        let code = |text: &str| Pattern::read(text).unwrap_err().code;
        assert_eq!(code("{身份证号}"), "certificate.placeholder");
        assert_eq!(code("{姓名"), "certificate.brace");
        assert_eq!(code("姓名}"), "certificate.brace");
        assert_eq!(code("{姓{名}}"), "certificate.brace");
        let fields = Fields::default()
            .with("cert_title", "结业证书")
            .with("cert_issuer", "{联盟}")
            .with("cert_body", "完成 {学时} 学时");
        let errors = Wording::read(&fields)
            .unwrap_err()
            .into_form_errors()
            .unwrap();
        assert_eq!(
            errors.of("cert_issuer").unwrap().code,
            "certificate.placeholder"
        );
        assert_eq!(errors.of("cert_body").unwrap().code, "certificate.no_name");
    }
}
