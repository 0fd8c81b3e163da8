//! What units put on the home page of the secretariat.

use entity::{ids::UnitId, unit_contact::ContactState};

use crate::{
    accounts::{Action, Actor, Due, HomeSource, Owner, Standing, policy},
    foundation::{context::Boxed, context::Context, error::Result, texts::Label, ui::dates},
};

use super::read;

/// Units without a contact, and a council term that ends soon.
#[derive(Clone, Copy, Debug)]
pub struct UnitsHome;

impl HomeSource for UnitsHome {
    fn due<'a>(&'a self, ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<Vec<Due>>> {
        Box::pin(async move {
            if !policy::allows(actor, Action::ManageUnits, &Owner::ALLIANCE) {
                return Ok(Vec::new());
            }
            let db = ctx.store.read();
            let mut due = Vec::new();
            let counts = read::contact_counts(db).await?;
            let alone = read::all(db)
                .await?
                .iter()
                .filter(|unit| unit.left_on.is_none() && !counts.contains_key(&unit.id))
                .count();
            if alone > 0 {
                due.push(Due {
                    title: format!("{alone} 个单位没有联络员"),
                    href: "/units?show=alone".to_owned(),
                    why: "登记联络员后，单位才能推荐专家、提交申请".to_owned(),
                    due: None,
                    late: false,
                });
            }
            let today = ctx.today();
            let term = read::current_term(db, today).await?;
            let ahead = ctx.config.pool.term_reminders_days.iter().max().copied();
            let followed = read::terms(db).await?.first() != Some(&term);
            if !followed && (term.to_date - today).num_days() <= ahead.unwrap_or(0) {
                due.push(Due {
                    title: format!("第 {} 届理事会换届", term.number),
                    href: "/terms".to_owned(),
                    why: format!("本届到{}止，请登记新一届", dates::full_day(term.to_date)),
                    due: None,
                    late: term.to_date < today,
                });
            }
            Ok(due)
        })
    }

    fn standing<'a>(
        &'a self,
        ctx: &'a Context,
        actor: &'a Actor,
        unit: UnitId,
    ) -> Boxed<'a, Result<Vec<Standing>>> {
        Box::pin(async move {
            if !policy::allows(actor, Action::ReadContacts, &Owner::unit(unit)) {
                return Ok(Vec::new());
            }
            let db = ctx.store.read();
            let row = read::get(db, unit).await?;
            let contacts = read::contacts(db, unit).await?;
            let invited = contacts
                .iter()
                .filter(|one| one.contact.state == ContactState::Invited)
                .count();
            let mut says = format!("{}，联络员 {} 位", row.tier.zh(), contacts.len());
            if invited > 0 {
                says.push_str(&format!("（{invited} 位还没有设置密码）"));
            }
            Ok(vec![Standing {
                title: row.name,
                href: "/my/contacts".to_owned(),
                says,
            }])
        })
    }
}
