//! Visits of the demonstration: offers and wishes, one visit that both units have approved, one that
//! waits, and the rest for the pairing page; a joint project; a forum.

use chrono::Days;
use entity::ids::{PersonId, UnitId};

use super::{Row, cell, contact, list, rows};
use crate::{
    exchange::{
        cooperation::{self, Due, Filing},
        forums,
        visits::{self, OfferFiling, ProposedPair, Side, WishFiling},
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        ui::Fields,
    },
    units,
};

const VISITS: &str = include_str!("../sample/visits.csv");

/// Files everything, and lets `group` propose the first two pairs.
pub(super) async fn add(ctx: &Context, group: PersonId) -> Result<()> {
    for row in rows(VISITS)? {
        let unit = units::by_name(ctx.store.read(), cell(&row, "unit"))
            .await?
            .ok_or_else(|| Error::internal(format!("no unit {}", cell(&row, "unit"))))?;
        let by = contact(ctx, unit.id).await?.unwrap_or(group);
        file(ctx, unit.id, by, &row).await?;
    }
    let facts = visits::facts(ctx).await?;
    let config = &ctx.config;
    let pairing = visits::pair(
        &facts,
        ctx.today(),
        &ctx.calendar(),
        &config.exchange,
        &config.matching,
    )?;
    for (number, proposal) in pairing.proposals.iter().take(2).enumerate() {
        let (wish, offer) = (
            &facts.wishes[proposal.wish].row,
            &facts.offers[proposal.offer].row,
        );
        let pair = ProposedPair {
            offer: offer.id,
            wish: wish.id,
            reasons: visits::why(&facts, proposal, config.exchange.balance_years),
        };
        let made = visits::propose(ctx, group, &[pair]).await?;
        let sides = [(Side::Sending, wish.unit_id), (Side::Host, offer.unit_id)];
        for (side, unit) in sides.into_iter().take(2 - number) {
            let by = contact(ctx, unit).await?.unwrap_or(group);
            visits::approve(ctx, made[0], side, by, 1).await?;
        }
    }
    add_project(ctx, group).await?;
    add_forum(ctx, group).await
}

/// A forum that is published, with two talks that look for a speaker.
async fn add_forum(ctx: &Context, group: PersonId) -> Result<()> {
    let day = |days| (ctx.today() + Days::new(days)).to_string();
    let fields = Fields::default()
        .with("kind", "forum")
        .with("title", "团体标准实施与评价论坛")
        .with(
            "summary",
            "交流团体标准怎样落地、怎样评价效果，请专家和成员单位各讲一段，下午分组讨论。",
        )
        .with("domains", "01.120；标准实施；效果评价；标准数字化")
        .with("on_date", day(45))
        .with("closes_on", day(35))
        .with("place", "北京市海淀区示例路 8 号会议中心")
        .with("capacity", "80")
        .with("per_unit", "4")
        .with("contact_name", "柳闻莺（示例）")
        .with("contact_phone", "010-0000 0000")
        .with(
            "programme",
            "09:00-09:20，致辞，彭望舒（示例）\n09:20-10:00，团体标准实施效果评价方法，邀请专家\n10:00-10:20，茶歇\n10:20-11:00，标准数字化的做法，邀请专家\n11:00-12:00，成员单位经验交流，各成员单位\n14:00-16:30，分组讨论",
        );
    let mut errors = FieldErrors::default();
    let filing = forums::Filing::read(&fields, ctx.today(), &mut errors);
    errors.into_result(())?;
    let id = forums::file(ctx, group, &filing).await?;
    forums::publish(ctx, id, group).await
}

/// A project of three units; one of the two that were asked has joined.
async fn add_project(ctx: &Context, group: PersonId) -> Result<()> {
    let mut carrying = Vec::new();
    for name in ["中国电子学会", "中国制冷学会", "中国水利学会"] {
        let unit = units::by_name(ctx.store.read(), name)
            .await?
            .ok_or_else(|| Error::internal(format!("no unit {name}")))?;
        let by = contact(ctx, unit.id).await?.unwrap_or(group);
        carrying.push((unit.id, by));
    }
    let [(lead, by), (joins, joined_by), (asked, _)] = carrying[..] else {
        return Err(Error::internal("three units carry the sample project"));
    };
    let day = |days| ctx.today() + Days::new(days);
    let due = |title: &str, unit, days| Due {
        title: title.to_owned(),
        unit,
        on: day(days),
    };
    let filing = Filing {
        title: "团体标准实施效果评价方法联合研究".to_owned(),
        goal: "选三项已发布的团体标准，调研实施情况，形成一套可操作的评价指标。".to_owned(),
        from: day(7),
        to: day(300),
        partners: vec![
            (joins, "冷链领域调研".to_owned()),
            (asked, "水利领域调研".to_owned()),
        ],
        due: vec![
            due("调研提纲", lead, 30),
            due("冷链领域调研报告", joins, 120),
            due("评价指标草案", lead, 240),
        ],
    };
    let id = cooperation::file(ctx, lead, by, &filing).await?;
    cooperation::answer(ctx, id, joins, joined_by, true, "").await
}

async fn file(ctx: &Context, unit: UnitId, by: PersonId, row: &Row) -> Result<()> {
    let day = |name: &str| -> Result<String> {
        let days = cell(row, name).parse().map_err(Error::internal)?;
        Ok((ctx.today() + Days::new(days)).to_string())
    };
    let mut domains = list(row, "domains");
    domains.extend(list(row, "keywords"));
    let mut fields = Fields::default()
        .with("domains", domains.join("；"))
        .with("from_date", day("from_days")?)
        .with("to_date", day("to_days")?)
        .with("mentor_name", cell(row, "mentor"))
        .with("group_name", cell(row, "group"))
        .with("people", cell(row, "people").replace("\\n", "\n"));
    for name in [
        "title",
        "description",
        "days",
        "rounds",
        "places",
        "place",
        "cost",
        "insurance",
        "secrecy",
    ] {
        fields = fields.with(name, cell(row, name));
    }
    let mut errors = FieldErrors::default();
    if cell(row, "kind") == "offer" {
        let filing = OfferFiling::read(&fields, ctx.today(), &mut errors);
        errors.into_result(())?;
        visits::file_offer(ctx, unit, by, &filing).await?;
    } else {
        let filing = WishFiling::read(&fields, ctx.today(), &mut errors);
        errors.into_result(())?;
        visits::file_wish(ctx, unit, by, &filing).await?;
    }
    Ok(())
}
