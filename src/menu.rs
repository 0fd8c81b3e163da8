//! The menu of office pages: who sees which entry, with counts of what is waiting.

use std::sync::Arc;

use entity::role_grant::Role;

use crate::{
    accounts::{Action, Actor, Menu, MenuSource, desk::Boxed, policy},
    foundation::{
        context::Context,
        error::Result,
        ui::{Entry, Group},
    },
};

/// An entry before it is known who looks: label, path, and what one must be allowed to do.
type Line = (&'static str, &'static str, Action);

/// What the secretariat and the groups see, in the order shown; the first has no title.
const DESK: &[(&str, &[Line])] = &[
    ("", &[("待办", "/home", Action::Home)]),
    (
        "专家组",
        &[
            ("咨询申请", "/consultations", Action::HandleConsultation),
            ("匹配专家", "/panels", Action::ReadPanels),
            ("匹配与审批", "/runs", Action::ReadPanels),
            ("邀请与答复", "/invitations", Action::ReadPanels),
        ],
    ),
    (
        "专家库",
        &[
            ("专家", "/experts", Action::ReadExperts),
            ("推荐审批", "/recommendations", Action::ReadPanels),
            ("成员单位", "/units", Action::ReadUnits),
        ],
    ),
    (
        "培训与活动",
        &[("报名与签到", "/registrations", Action::ReadRegistrations)],
    ),
    (
        "运行",
        &[
            ("邮件发送记录", "/mails", Action::ReadOperations),
            ("定时任务", "/schedule", Action::ReadOperations),
        ],
    ),
    (
        "管理",
        &[
            ("理事会届次", "/terms", Action::ManageUnits),
            ("职责分工", "/roles", Action::ManageRoles),
            ("操作记录", "/audit", Action::ReadAudit),
        ],
    ),
];

/// What the contacts of a unit see.
const UNIT: &[(&str, &[Line])] = &[
    ("", &[("待我处理", "/home", Action::Home)]),
    (
        "本单位",
        &[
            ("咨询申请", "/consultations", Action::FileConsultation),
            ("推荐专家", "/nominations", Action::RecommendExpert),
            ("报名", "/registrations", Action::EnrolPeople),
            ("联络员", "/my/contacts", Action::ManageContacts),
        ],
    ),
];

/// What an expert sees who came by a mailed link.
const EXPERT: &[(&str, &[Line])] = &[("", &[("我的页面", "/my", Action::OwnExpertPage)])];

/// The menu of this service.
#[derive(Debug)]
pub struct OfficeMenu;

impl OfficeMenu {
    /// The menu in the form that handlers are given.
    pub fn shared() -> Menu {
        Menu(Arc::new(Self))
    }
}

impl MenuSource for OfficeMenu {
    fn groups<'a>(
        &'a self,
        _ctx: &'a Context,
        actor: &'a Actor,
        path: &'a str,
    ) -> Boxed<'a, Result<Vec<Group>>> {
        Box::pin(async move {
            let mut groups = Vec::new();
            let desk = DESK
                .iter()
                .filter(|_| !actor.has(Role::Contact) || actor.is_secretariat());
            let unit = UNIT.iter().filter(|_| actor.has(Role::Contact));
            let expert = EXPERT.iter().filter(|_| actor.has(Role::Expert));
            for (title, lines) in desk.chain(unit).chain(expert) {
                let entries: Vec<_> = lines
                    .iter()
                    .filter(|(_, _, action)| policy::may_enter(actor, *action))
                    .map(|(label, href, _)| Entry {
                        label,
                        href,
                        count: None,
                        current: path == *href || path.starts_with(&format!("{href}/")),
                    })
                    .collect();
                if !entries.is_empty() {
                    groups.push(Group { title, entries });
                }
            }
            Ok(groups)
        })
    }

    fn role<'a>(&'a self, _ctx: &'a Context, actor: &'a Actor) -> Boxed<'a, Result<String>> {
        Box::pin(async move {
            let handler = actor.has(Role::Handler);
            let approver = actor.has(Role::Approver);
            Ok(match (handler, approver) {
                (true, true) => "秘书处 · 经办、审批",
                (true, false) => "秘书处 · 经办",
                (false, true) => "秘书处 · 审批",
                (false, false) if actor.has(Role::Contact) => "联络员",
                (false, false) if actor.has(Role::Training) => "培训工作组",
                (false, false) if actor.has(Role::Exchange) => "交流工作组",
                (false, false) if actor.has(Role::Committee) => "委员会负责人",
                (false, false) => "专家",
            }
            .to_owned())
        })
    }
}
