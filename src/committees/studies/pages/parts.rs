//! Parts that both pages of a study show: its milestones and what was filed for them.

use entity::{file, study_milestone, study_report};

use super::super::{report::report_files, rules, store};
use crate::{
    foundation::{
        context::Context,
        error::Result,
        files,
        texts::Label,
        ui::{FileLink, Tag, dates, lines},
    },
    people,
};
use entity::ids::StudyId;

/// A milestone with its versions.
#[derive(Clone, Debug)]
pub(super) struct MilestoneView {
    pub name: &'static str,
    pub due: String,
    pub tag: Tag,
    pub current: bool,
    /// Newest first.
    pub versions: Vec<VersionView>,
}

impl MilestoneView {
    /// Versions before the newest.
    pub fn former(&self) -> &[VersionView] {
        self.versions.get(1..).unwrap_or_default()
    }
}

/// A version that was filed.
#[derive(Clone, Debug)]
pub(super) struct VersionView {
    pub version: i32,
    pub name: String,
    pub sample: bool,
    pub when: String,
    pub lines: Vec<String>,
    pub files: Vec<FileLink>,
}

/// The milestones of a study; files below the page `base`.
pub(super) async fn milestones(
    ctx: &Context,
    id: StudyId,
    goes_on: bool,
    base: &str,
) -> Result<Vec<MilestoneView>> {
    let db = ctx.store.read();
    let milestones = store::milestones(db, id).await?;
    let reports = store::reports(db, id).await?;
    let ids: Vec<_> = reports.iter().map(|report| report.person_id).collect();
    let people = people::by_ids(db, &ids).await?;
    let current = rules::current(&milestones)
        .filter(|_| goes_on)
        .map(|one| one.kind);
    let mut views = Vec::new();
    for milestone in &milestones {
        let mut versions = Vec::new();
        for report in reports.iter().filter(|one| one.kind == milestone.kind) {
            let files = files::list(db, report_files(report.id)).await?;
            let person = people.get(&report.person_id);
            versions.push(VersionView {
                name: person.map(|one| one.name.clone()).unwrap_or_default(),
                sample: person.is_some_and(|one| one.sample),
                ..version(ctx, report, &files, base)
            });
        }
        views.push(MilestoneView {
            name: milestone.kind.zh(),
            due: dates::day_and_weekday(milestone.due_on),
            tag: tag(ctx, milestone, &versions, current == Some(milestone.kind)),
            current: current == Some(milestone.kind),
            versions,
        });
    }
    Ok(views)
}

fn version(
    ctx: &Context,
    report: &study_report::Model,
    files: &[file::Model],
    base: &str,
) -> VersionView {
    VersionView {
        version: report.version,
        name: String::new(),
        sample: false,
        when: dates::moment(report.filed_at, ctx.zone()),
        lines: lines(&report.text),
        files: FileLink::all(files, base),
    }
}

fn tag(
    ctx: &Context,
    milestone: &study_milestone::Model,
    versions: &[VersionView],
    current: bool,
) -> Tag {
    let late = milestone.due_on < ctx.today();
    let (class, word) = match (milestone.done_at.is_some(), current, versions.is_empty()) {
        (true, ..) => ("ok", "已通过"),
        (false, true, _) if late => ("bad", "逾期"),
        (false, true, false) => ("wait", "已提交"),
        (false, true, true) => ("info", "进行中"),
        (false, false, _) => ("", "未开始"),
    };
    Tag { class, word }
}
