//! The menu of office pages: who sees which entry, with counts of what is waiting.

use std::{collections::HashMap, sync::Arc};

use entity::role_grant::Role;

use crate::{
    accounts::{Action, Actor, HomeSource, Menu, MenuSource, desk::Boxed, policy},
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
            ("委员会和工作组", "/committees", Action::ReadCommittees),
            ("会议", "/meetings", Action::ReadMeetings),
            ("常务理事单位", "/standing-council", Action::ReadMeetings),
        ],
    ),
    (
        "交流",
        &[
            ("人才互访", "/exchange", Action::ReadExchange),
            ("人才合作", "/cooperations", Action::ReadExchange),
            ("论坛与活动", "/forums", Action::BrowseExchange),
        ],
    ),
    (
        "培训与活动",
        &[
            ("培训需求", "/needs", Action::ReadTraining),
            ("需求归并", "/demand", Action::ReadTraining),
            ("课程", "/courses", Action::ReadTraining),
            ("培训班", "/trainings", Action::ReadTraining),
            ("培训基地", "/bases", Action::ReadTraining),
            ("报名与签到", "/registrations", Action::ReadRegistrations),
        ],
    ),
    (
        "运行",
        &[
            ("工作总结", "/overview", Action::ReadOverview),
            ("邮件发送记录", "/mails", Action::ReadOperations),
            ("定时任务", "/schedule", Action::ReadOperations),
            ("工作日历", "/calendar", Action::ReadOperations),
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
    ("", &[("待办", "/home", Action::Home)]),
    (
        "本单位",
        &[
            ("咨询申请", "/consultations", Action::FileConsultation),
            ("推荐专家", "/nominations", Action::RecommendExpert),
            ("委员会和工作组", "/committees", Action::ReadCommittees),
            ("会议", "/meetings", Action::ReadMeetings),
            ("常务理事单位", "/standing-council", Action::ReadMeetings),
            ("人才互访", "/exchange", Action::FileExchange),
            ("人才合作", "/cooperations", Action::FileExchange),
            ("论坛与活动", "/forums", Action::FileExchange),
            ("培训需求", "/needs", Action::StateNeed),
            ("教室预订", "/bookings", Action::AnswerBooking),
            ("报名", "/registrations", Action::EnrolPeople),
            ("联络员", "/my/contacts", Action::ManageContacts),
        ],
    ),
];

/// What an expert sees who came by a mailed link.
const EXPERT: &[(&str, &[Line])] = &[("", &[("我的页面", "/my", Action::OwnExpertPage)])];

/// The menu of this service.
#[expect(missing_debug_implementations, reason = "sources print nothing useful")]
pub struct OfficeMenu {
    sources: Arc<[Arc<dyn HomeSource>]>,
}

impl OfficeMenu {
    /// The menu in the form that handlers are given; `sources` count what waits.
    pub fn shared(sources: Arc<[Arc<dyn HomeSource>]>) -> Menu {
        Menu(Arc::new(Self { sources }))
    }

    /// What waits for the actor, by path.
    async fn counts(&self, ctx: &Context, actor: &Actor) -> Result<HashMap<&'static str, u64>> {
        let mut counts = HashMap::new();
        for source in self.sources.iter() {
            for (path, count) in source.counts(ctx, actor).await? {
                *counts.entry(path).or_default() += count;
            }
        }
        counts.retain(|_, count| *count > 0);
        Ok(counts)
    }
}

impl MenuSource for OfficeMenu {
    fn groups<'a>(
        &'a self,
        ctx: &'a Context,
        actor: &'a Actor,
        path: &'a str,
    ) -> Boxed<'a, Result<Vec<Group>>> {
        Box::pin(async move {
            let counts = self.counts(ctx, actor).await?;
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
                        count: counts.get(href).copied(),
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
