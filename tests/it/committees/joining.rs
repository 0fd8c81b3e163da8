use entity::role_grant::Role;
use reqwest::StatusCode;

use super::{chair, found, named, told, unit};
use crate::support::{
    databases::databases,
    requests::{Office, refused},
};

#[tokio::test]
async fn a_member_applies_is_admitted_by_an_officer_and_may_leave() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let app = &office.stage.app;
        let id = named(&office, "标准应用委员会").await;
        found(&office, id).await;
        let officer = chair(&office, id).await;
        let joining = unit(&office, 9).await;
        let (person, _) = app
            .add_account("陆深", "joining@example.org", Role::Contact, Some(joining))
            .await;
        office.stage.add_contact(joining, person).await;
        let contact = app.signed_in("joining@example.org").await;
        let join = format!("/committees/{id}/join");
        let page = refused(contact.post(&join, &[("reason", "")]).await).await;
        assert!(page.contains("id=\"reason\""));
        contact
            .submit(&join, &[("reason", "关心标准的评价认证")])
            .await;
        assert_eq!(
            told(&office, "committees.applied").await,
            ["chair@example.org"]
        );
        let again = refused(contact.post(&join, &[("reason", "再申请")]).await).await;
        assert!(again.contains("正等审核"));
        assert!(officer.read("/home").await.contains("1 个单位申请参加"));
        let page = officer.read(&format!("/committees/{id}")).await;
        assert!(page.contains("关心标准的评价认证"));
        let decide = application(&page);

        // Officers act for their own committee only.
        let other = named(&office, "奖励委员会").await;
        let foreign = decide.replace(&id.to_string(), &other.to_string());
        for path in [&foreign, &format!("/committees/{other}/people/new")] {
            let answer = officer.post(path, &[("do", "admit")]).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        }
        let answer = contact.post(&decide, &[("do", "admit")]).await;
        assert_eq!(
            answer.status(),
            StatusCode::NOT_FOUND,
            "nobody admits the own unit"
        );
        let missing = refused(officer.post(&decide, &[("do", "refuse")]).await).await;
        assert!(missing.contains("不接纳"));
        officer.submit(&decide, &[("do", "admit")]).await;
        assert_eq!(
            told(&office, "committees.admitted").await,
            ["joining@example.org"]
        );
        let twice = refused(officer.post(&decide, &[("do", "admit")]).await).await;
        assert!(twice.contains("已审核过"));
        assert!(contact.read("/committees").await.contains("本单位参加"));

        contact
            .submit(&format!("/committees/{id}/leave"), &[])
            .await;
        let page = contact.read(&format!("/committees/{id}")).await;
        assert!(page.contains("申请参加…") && page.contains("单位自行退出"));
        contact.submit(&join, &[("reason", "再来")]).await;
        // Those who run it do not leave by themselves.
        let lead = office.unit().await;
        let page = refused(lead.post(&format!("/committees/{id}/leave"), &[]).await).await;
        assert!(page.contains("不能自行退出"));
    }
}

#[tokio::test]
async fn there_is_one_chair_and_an_office_ends_with_its_term() {
    for database in databases().await {
        let office = Office::open(database, 0).await;
        let id = named(&office, "良好行为委员会").await;
        found(&office, id).await;
        let officer = chair(&office, id).await;
        let unit = unit(&office, 1).await.to_string();
        let path = format!("/committees/{id}/people/new");
        let fields = |office: &'static str, email: &'static str| {
            [
                ("name", "苏合"),
                ("office", office),
                ("unit", unit.as_str()),
                ("email", email),
                ("from", "2026-09-14"),
                ("to", "2026-10-14"),
            ]
        };
        let page = refused(
            officer
                .post(&path, &fields("chair", "su@example.org"))
                .await,
        )
        .await;
        assert!(page.contains("已有主任委员林岚") && page.contains("苏合"));
        let page = refused(officer.post(&path, &fields("secretary", "")).await).await;
        assert!(page.contains("id=\"email\""), "who acts needs an address");
        officer.submit(&path, &fields("member", "")).await;
        officer
            .submit(
                &path,
                &[
                    ("name", "秦川"),
                    ("office", "secretary"),
                    ("unit", unit.as_str()),
                    ("email", "qin@example.org"),
                    ("from", "2026-09-14"),
                    ("to", "2026-10-14"),
                ],
            )
            .await;
        assert_eq!(
            told(&office, "committees.appointed").await,
            ["", "chair@example.org", "qin@example.org"]
        );
        office.stage.app.set_time("2026-10-14 10:00");
        assert_eq!(office.run("committees.end_dated").await, 0);
        office.stage.app.set_time("2026-10-15 10:00");
        assert_eq!(office.run("committees.end_dated").await, 2);
        assert_eq!(office.run("committees.end_dated").await, 0);
        let page = office.desk().await.read(&format!("/committees/{id}")).await;
        assert!(page.contains("row\">林岚") && !page.contains("row\">秦川"));
    }
}

/// The path by which the first application on a page is decided.
fn application(page: &str) -> String {
    page.split("action=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .find(|path| path.contains("/applications/"))
        .expect("an application")
        .to_owned()
}
