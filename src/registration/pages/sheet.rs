//! `/sittings/{id}/papers/sheet`: the sheet to be signed by hand, as a page and as a file.

use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::{ids::SittingId, registration, sitting};

use super::attendance::{Line, lines};
use crate::{
    accounts::Desk,
    foundation::{
        context::Context,
        documents::{Block, Column, Paper, Words},
        error::{Error, Result},
        ui::{AskedPaper, Printed},
    },
    registration::{Owners, access, facts, matter, store},
};

/// Blank rows for people who come without being on the list.
const SPARE: usize = 3;

/// `GET /sittings/{id}/papers/{paper}`: `sheet` or `sheet.docx`.
///
/// # Errors
/// [`Error::NotFound`] for others than those who manage the registration, and other papers.
pub async fn sheet(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path((id, part)): Path<(SittingId, String)>,
) -> Result<Response> {
    let sitting = store::sitting(ctx.store.read(), id).await?;
    let registration = store::get(ctx.store.read(), sitting.registration_id).await?;
    access::require_manager(&desk.actor, &owners, &registration)?;
    let asked = AskedPaper::read(&part);
    if asked.name != "sheet" {
        return Err(Error::NotFound);
    }
    let lines = lines(&ctx, &sitting).await?;
    let printed = Printed {
        title: "签到表",
        about: sitting.label.clone(),
        paper: paper(&registration, &sitting, &lines)?,
    };
    let back = format!("/sittings/{id}/list");
    printed.answer(asked, desk.shell, back, &format!("/sittings/{id}/papers"))
}

fn paper(
    registration: &registration::Model,
    sitting: &sitting::Model,
    lines: &[Line],
) -> Result<Paper> {
    let zone = facts::zone(registration)?;
    let mut rows: Vec<Vec<Words>> = lines
        .iter()
        .enumerate()
        .map(|(place, line)| {
            let name = Words::from(line.name.as_str());
            vec![
                (place + 1).to_string().as_str().into(),
                if line.sample { name.example() } else { name },
                line.unit.as_str().into(),
                line.position.as_str().into(),
                line.phone.as_str().into(),
                Words::default(),
            ]
        })
        .collect();
    for place in lines.len()..lines.len() + SPARE {
        let mut blank = vec![Words::default(); 6];
        blank[0] = (place + 1).to_string().as_str().into();
        rows.push(blank);
    }
    Ok(Paper {
        issuer: None,
        number: None,
        title: format!("{}\n签到表", registration.title).as_str().into(),
        blocks: vec![
            Block::Flat(format!("内容：{}", sitting.label).as_str().into()),
            Block::Flat(
                format!(
                    "时间：{}",
                    matter::span(sitting.from_at, sitting.to_at, zone)
                )
                .as_str()
                .into(),
            ),
            Block::Flat(format!("地点：{}", sitting.place).as_str().into()),
            Block::Table {
                label: "签到表".to_owned(),
                columns: vec![
                    Column::fixed("序号", 3),
                    Column::fixed("姓名", 5),
                    Column::free("单位"),
                    Column::fixed("职务", 7),
                    Column::fixed("手机号", 7),
                    Column::fixed("签名", 7),
                ],
                rows,
            },
        ],
    })
}
