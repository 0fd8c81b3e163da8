//! What people are told who took part in a run.

use entity::{certificate, course_run, ids::PersonId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{RunMatter, about};
use crate::{
    foundation::{
        error::Result,
        links::Target,
        mail::{Letter, LetterDesk, Options, Recipient, Template, outbox},
        store::WriteTx,
    },
    registration::Participant,
    training::{certificates, feedback, store},
};

/// What a letter about a certificate names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Paper {
    pub(super) run: RunMatter,
    pub(super) subject: Uuid,
    pub(super) person: PersonId,
    pub(super) title: String,
    pub(super) number: String,
    pub(super) name: String,
}

impl Paper {
    fn target(&self) -> Target {
        certificates::link(self.subject, self.person)
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("证书", self.title.clone()),
            ("编号", self.number.clone()),
            ("姓名", self.name.clone()),
            ("培训班", self.run.name()),
            ("时间", self.run.when.clone()),
        ]
    }
}

/// A certificate was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct CertificateIssued {
    pub(super) paper: Paper,
    /// It takes the place of one with a mistake.
    pub(super) again: bool,
}

impl Template for CertificateIssued {
    const KIND: &'static str = "training.certificate";
    const LABEL: &'static str = "发给证书";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = if self.again {
            "您的证书已换发，原证书不再使用。请核对姓名等内容，有误请联系秘书处。"
        } else {
            "您已完成培训，达到结业要求，证书已发给。请核对姓名等内容，有误请联系秘书处换发。"
        };
        Letter::new(
            format!("您的证书：{}", self.paper.run.short()),
            format!("{}，您好！", desk.recipient),
        )
        .text(text)
        .facts(self.paper.facts())
        .action("查看并打印证书", desk.links.url(&self.paper.target()))
    }
}

/// A certificate was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct CertificateRevoked {
    pub(super) paper: Paper,
    pub(super) reason: String,
}

impl Template for CertificateRevoked {
    const KIND: &'static str = "training.certificate_revoked";
    const LABEL: &'static str = "撤销证书";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("证书已撤销：{}", self.paper.run.short()),
            format!("{}，您好！", desk.recipient),
        )
        .text(format!(
            "这份证书已撤销，原因是：{}。查验时会显示“已撤销”。有疑问请联系秘书处。",
            self.reason.trim_end_matches('。')
        ))
        .facts(self.paper.facts())
        .action("查看证书状态", desk.links.url(&self.paper.target()))
    }
}

async fn paper(tx: &WriteTx, run: &course_run::Model, row: &certificate::Model) -> Result<Paper> {
    Ok(Paper {
        run: RunMatter::of(tx.db(), run).await?,
        subject: row.id.0,
        person: row.person_id,
        title: row.title.clone(),
        number: row.number.clone(),
        name: row.name.clone(),
    })
}

/// Writes to whoever holds `row`. Without an address nothing is written: the unit hands the paper on.
async fn tell<T: Template>(
    tx: &WriteTx,
    row: &certificate::Model,
    email: Option<String>,
    mail: &T,
) -> Result<()> {
    if email.is_none() {
        return Ok(());
    }
    let to = Recipient {
        person: Some(row.person_id),
        name: row.name.clone(),
        address: email,
    };
    let about = about(row.id.0, T::LABEL, &row.number);
    outbox::enqueue(tx, &to, &about, Options::default(), mail).await?;
    Ok(())
}

/// Somebody gets a certificate, for the first time or in the place of one with a mistake.
pub(in super::super) async fn certificate_issued(
    tx: &WriteTx,
    run: &course_run::Model,
    row: &certificate::Model,
    email: Option<String>,
) -> Result<()> {
    let mail = CertificateIssued {
        paper: paper(tx, run, row).await?,
        again: row.replaces.is_some(),
    };
    tell(tx, row, email, &mail).await
}

/// Somebody's certificate was revoked.
pub(in super::super) async fn certificate_revoked(
    tx: &WriteTx,
    run: &course_run::Model,
    row: &certificate::Model,
    email: Option<String>,
) -> Result<()> {
    let mail = CertificateRevoked {
        paper: paper(tx, run, row).await?,
        reason: row.reason.clone(),
    };
    tell(tx, row, email, &mail).await
}

/// Somebody is asked what they thought of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct FeedbackAsked {
    pub(super) run: RunMatter,
    pub(super) subject: Uuid,
    pub(super) person: PersonId,
    pub(super) generation: i32,
}

impl Template for FeedbackAsked {
    const KIND: &'static str = "training.feedback";
    const LABEL: &'static str = "培训评价";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let target = feedback::link(self.subject, self.person, self.generation);
        Letter::new(
            format!("请评价：{}", self.run.short()),
            format!("{}，您好！", desk.recipient),
        )
        .text("感谢您参加培训。请花两分钟评价各节课的内容和讲授，帮助我们改进。结果只看合计，不显示是谁填的；结班以前可以修改。")
        .facts(self.run.facts())
        .action("填写评价", desk.links.url(&target))
    }
}

/// Asks everybody of `people` who has an address, each once.
pub(in super::super) async fn ask_for_feedback(
    tx: &WriteTx,
    run: &course_run::Model,
    people: Vec<Participant>,
) -> Result<()> {
    let matter = RunMatter::of(tx.db(), run).await?;
    for who in feedback::asked(people) {
        if who.email.is_none() {
            continue;
        }
        let row = store::enrolment(tx.db(), who.enrolment).await?;
        let mail = FeedbackAsked {
            run: matter.clone(),
            subject: row.id.0,
            person: row.person_id,
            generation: row.generation,
        };
        let to = Recipient {
            person: Some(who.person),
            name: who.name,
            address: who.email,
        };
        let about = about(row.id.0, FeedbackAsked::LABEL, &run.number);
        outbox::enqueue(tx, &to, &about, Options::default(), &mail).await?;
    }
    Ok(())
}
