//! Beside the filing page: whether the pool covers what is asked, and whether there is time.

use entity::ids::UnitId;

use crate::{
    consultations::{filing::Filing, panel_facts},
    foundation::{
        classification::DomainCode,
        context::Context,
        error::{Refusal, Result},
        ui::{Tag, dates},
    },
    panels::{self, Coverage, CoverageQuestion, Meeting, Verdict},
    units,
};

/// A domain with the experts who know it.
pub(super) struct CoverageRow {
    pub code: String,
    pub name: String,
    pub experts: usize,
}

/// The estimate in words.
pub(super) struct CoverageNote {
    pub rows: Vec<CoverageRow>,
    pub total: usize,
    pub kinds: String,
    pub left_out: String,
    pub tag: Option<Tag>,
    pub advice: String,
}

/// Estimates how the pool covers what `unit` asks so far.
pub(super) async fn estimate(ctx: &Context, unit: UnitId, filing: &Filing) -> Result<CoverageNote> {
    let all_units = units::all(ctx.store.read()).await?;
    let coverage = panels::coverage(
        ctx,
        &CoverageQuestion {
            title: filing.title.clone(),
            text: filing.description.clone(),
            domains: filing.domains.clone(),
            keywords: filing.keywords.clone(),
            demand: filing.demand,
            asking_unit: Some(unit),
            recusals: panel_facts::recusals(filing, &all_units),
            meeting: meeting_of(ctx, filing),
            wanted_by: filing.wanted_by,
        },
    )
    .await?;
    Ok(coverage_note(&coverage, filing.demand))
}

fn meeting_of(ctx: &Context, filing: &Filing) -> Option<Meeting> {
    let (day, half) = filing.meeting_date.zip(filing.meeting_half)?;
    Some(Meeting::new(day, half, ctx.zone()))
}

fn coverage_note(coverage: &Coverage, demand: i32) -> CoverageNote {
    let rows = coverage
        .domains
        .iter()
        .map(|domain| CoverageRow {
            code: domain
                .code
                .split_once(':')
                .map_or("", |(_, bare)| bare)
                .to_owned(),
            name: domain
                .code
                .parse::<DomainCode>()
                .map(|code| code.label())
                .unwrap_or_default(),
            experts: domain.experts.total(),
        })
        .collect();
    let (tag, advice) = match coverage.verdict {
        None => (None, "写了名称和要解决的问题，这里就有估计。".to_owned()),
        Some(Verdict::Ample) => (
            Some(Tag {
                class: "ok",
                word: "充足",
            }),
            format!("请 {} 人够用，有人不能参加时也来得及换。", demand.max(1)),
        ),
        Some(Verdict::Tight) => (
            Some(Tag {
                class: "wait",
                word: "偏紧",
            }),
            "刚够用；有人不能参加时，可能要另请特邀专家。".to_owned(),
        ),
        Some(Verdict::Short) => (
            Some(Tag {
                class: "bad",
                word: "不足",
            }),
            "库内合适的专家不够，可以减少人数，或由秘书处请特邀专家。".to_owned(),
        ),
    };
    let mut left_out = Vec::new();
    if coverage.recused > 0 {
        left_out.push(format!("{} 人须回避", coverage.recused));
    }
    if coverage.unavailable > 0 {
        left_out.push(format!("{} 人那天没有时间", coverage.unavailable));
    }
    CoverageNote {
        rows,
        total: coverage.suitable.total(),
        kinds: format!(
            "技术类 {} 人，标准化类 {} 人，来自 {} 个单位",
            coverage.suitable.technical, coverage.suitable.standardization, coverage.units
        ),
        left_out: left_out.join("，"),
        tag,
        advice,
    }
}

/// Whether there is time to ask, and to ask somebody else.
pub(super) fn time_note(ctx: &Context, filing: &Filing) -> Result<String> {
    let Some(day) = filing.meeting_date.or(filing.wanted_by) else {
        return Ok("填了日期，这里就有估计。".to_owned());
    };
    let calendar = ctx.calendar();
    let left = calendar.working_days_between(ctx.today(), day);
    let rounds = panels::rounds_before(ctx, meeting_of(ctx, filing), filing.wanted_by)?;
    let provisional = if left.provisional {
        "（暂定，放假安排公布后重算）"
    } else {
        ""
    };
    let again = match rounds {
        0 => "专家来不及答复，请改期".to_owned(),
        1 => "只来得及邀请一次".to_owned(),
        more => format!("来得及补邀 {} 轮", more - 1),
    };
    Ok(format!(
        "到{}还有 {} 个工作日{provisional}，{again}。",
        dates::day(day),
        left.value
    ))
}

/// Whether experts can still answer before the meeting, or before the day on which an answer is
/// wanted.
///
/// # Errors
/// `consultations.too_soon` with the earliest working day, for the field that says the day.
pub(super) fn check_time(
    ctx: &Context,
    filing: &Filing,
) -> Result<Option<(&'static str, Refusal)>> {
    let meeting = meeting_of(ctx, filing);
    let (field, day) = match (meeting, filing.wanted_by) {
        (Some(meeting), _) => ("meeting_date", meeting.date),
        (None, Some(wanted)) => ("wanted_by", wanted),
        (None, None) => return Ok(None),
    };
    let fits = |day| {
        let meeting = meeting.map(|meeting| Meeting::new(day, meeting.half, ctx.zone()));
        panels::rounds_before(ctx, meeting, Some(day)).map(|rounds| rounds > 0)
    };
    if fits(day)? {
        return Ok(None);
    }
    let calendar = ctx.calendar();
    let mut earliest = calendar.next_working_day(day).value;
    while !fits(earliest)? {
        earliest = calendar.next_working_day(earliest).value;
    }
    let refusal = Refusal::new("consultations.too_soon")
        .with("day", dates::day(day))
        .with("earliest", dates::day_and_weekday(earliest));
    Ok(Some((field, refusal)))
}
