//! Marks, certificates, and checking them.

use entity::{
    certificate::{self, CertificateState},
    ids::CourseRunId,
    signing_key,
};
use expert_pool::training::certificates;
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::support::{
    app::TestApp,
    databases::databases,
    held::{held, people},
    outbox::{link, mails},
    training::{GROUP, School, refused},
};

async fn issued(school: &School, run: CourseRunId) -> Vec<certificate::Model> {
    certificate::Entity::find()
        .filter(certificate::Column::RunId.eq(run))
        .order_by_asc(certificate::Column::Number)
        .all(school.app.ctx.store.read())
        .await
        .unwrap()
}

/// Types marks for the first three: two pass, one does not.
async fn mark(school: &School, run: CourseRunId) {
    school
        .browser(GROUP)
        .await
        .submit(
            &format!("/trainings/{run}/marks"),
            &[("list", "学员乙 86\n学员丙 60\n学员丁 59")],
        )
        .await;
}

#[tokio::test]
async fn whoever_came_and_passed_gets_a_certificate_that_anybody_can_check() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let run = held(&school).await;
        mark(&school, run).await;
        let group = school.browser(GROUP).await;
        let page = format!("/trainings/{run}/certificates");
        let text = group.read(&page).await;
        for said in ["达到要求", "成绩不够", "出勤不够", "发给 2 人证书", "4 / 8"]
        {
            assert!(text.contains(said), "{said} in {text}");
        }
        group.submit(&page, &[]).await;
        let text = refused(group.post(&page, &[]).await).await;
        assert!(text.contains("没有可以发证的学员"), "{text}");
        let rows = issued(&school, run).await;
        let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["学员乙", "学员丙"]);
        assert!(rows[0].number.starts_with("TBL-PX-2026-0001-0001-"));
        assert!(rows[1].number.starts_with("TBL-PX-2026-0001-0002-"));
        assert!(
            rows[0].body.contains("完成 8 学时，考核合格"),
            "{}",
            rows[0].body
        );

        let app = &school.app;
        let address = "trainee1@example.org";
        assert_eq!(mails(app, "training.certificate", address).await.len(), 1);
        let own = link(app, "training.certificate", address).await;
        let visitor = app.visitor();
        let text = visitor.read(&own).await;
        assert!(text.contains("证书有效") && text.contains(&rows[0].number));
        let paper = visitor.read(&format!("{own}/print")).await;
        let (_, sheet) = paper.split_once("<main id=\"main\">").expect("a paper");
        let (sheet, _) = sheet.split_once("</main>").expect("a whole page");
        let (before, picture) = sheet.split_once("<svg").expect("a picture");
        let (_, after) = picture.split_once("</svg>").expect("a whole picture");
        insta::assert_snapshot!("certificate", format!("{before}…{after}").trim());
        let all = group.read(&format!("{page}/print")).await;
        assert_eq!(all.matches("<article class=\"sheet cert\">").count(), 2);

        let number = rows[0].number.clone();
        let fields = [("number", number.as_str()), ("name", "学员乙")];
        let answer = visitor.post("/verify", &fields).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let text = answer.text().await.unwrap();
        for said in ["相符：证书有效", "团体标准编写与审查实务", "8 学时"] {
            assert!(text.contains(said), "{said} in {text}");
        }
        let text = visitor.read(&format!("/verify/{}", rows[0].payload)).await;
        assert!(text.contains("学**") && !text.contains("学员乙"), "{text}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_said_and_tries_end() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let run = held(&school).await;
        mark(&school, run).await;
        let page = format!("/trainings/{run}/certificates");
        school.browser(GROUP).await.submit(&page, &[]).await;
        let row = issued(&school, run).await.remove(0);
        let visitor = school.app.visitor();
        let check = async |number: &str, name: &str| {
            let answer = visitor
                .post("/verify", &[("number", number), ("name", name)])
                .await;
            refused(answer).await
        };
        let swapped = row.number.replace("-0001-0001-", "-0001-0010-");
        assert!(check(&swapped, &row.name).await.contains("校验码对不上"));
        assert!(
            check("PX-2026-001", &row.name)
                .await
                .contains("证书编号的格式")
        );
        let text = check(&row.number, "").await;
        assert!(
            text.contains("姓名") && text.contains(&row.number),
            "{text}"
        );
        let forged = format!("{}A", &row.payload[..row.payload.len() - 2]);
        for payload in [forged.as_str(), "AAAA", "…"] {
            let answer = visitor.get(&format!("/verify/{payload}")).await;
            assert!(refused(answer).await.contains("不是本联盟签发的"));
        }
        let tries = school.app.ctx.config.accounts.sign_in_tries;
        for _ in 0..tries {
            let text = check(&row.number, "学员丙").await;
            assert!(text.contains("没有查到编号和姓名都相符的证书"), "{text}");
        }
        let text = check(&row.number, &row.name).await;
        assert!(text.contains("分钟后再试"), "{text}");
        let wait = school.app.ctx.config.accounts.sign_in_wait_minutes;
        school.app.advance(chrono::Duration::minutes(wait + 1));
        let fields = [("number", row.number.as_str()), ("name", row.name.as_str())];
        let answer = visitor.post("/verify", &fields).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn a_mistake_is_mended_by_another_certificate_and_both_are_found_for_ever() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let run = held(&school).await;
        mark(&school, run).await;
        let group = school.browser(GROUP).await;
        let page = format!("/trainings/{run}/certificates");
        group.submit(&page, &[]).await;
        let rows = issued(&school, run).await;
        let (first, second) = (&rows[0], &rows[1]);

        let path = format!("/certificates/{}/reissue", first.id);
        let fields = [("cert_name", "学员一"), ("cert_unit", "甲单位")];
        let text = refused(group.post(&path, &fields).await).await;
        assert!(text.contains("value=\"学员一\""), "{text}");
        let fields = [
            ("cert_name", "学员一"),
            ("cert_unit", "甲单位"),
            ("reissue_reason", "姓名写错"),
        ];
        group.submit(&path, &fields).await;
        refused(group.post(&path, &fields).await).await;
        let path = format!("/certificates/{}/revoke", second.id);
        group.submit(&path, &[("revoke_reason", "替考")]).await;
        let address = "trainee2@example.org";
        let told = mails(&school.app, "training.certificate_revoked", address).await;
        assert_eq!(told.len(), 1);

        let rows = issued(&school, run).await;
        let states: Vec<_> = rows.iter().map(|row| row.state).collect();
        assert_eq!(
            states,
            [
                CertificateState::Replaced,
                CertificateState::Revoked,
                CertificateState::Valid
            ]
        );
        assert!(rows[2].number.starts_with("TBL-PX-2026-0001-0003-"));
        assert_eq!(
            (rows[2].replaces, rows[2].name.as_str()),
            (Some(first.id), "学员一")
        );
        let text = group.read(&format!("/certificates/{}", rows[2].id)).await;
        assert!(
            text.contains("历次证书") && text.contains(&first.number),
            "{text}"
        );
        // Whose certificate was revoked gets none by issuing again.
        refused(group.post(&page, &[]).await).await;

        let visitor = school.app.visitor();
        for (row, said) in [(first, "换发"), (second, "撤销")] {
            let fields = [("number", row.number.as_str()), ("name", row.name.as_str())];
            let answer = visitor.post("/verify", &fields).await;
            assert_eq!(answer.status(), StatusCode::OK);
            let text = answer.text().await.unwrap();
            assert!(text.contains(said) && !text.contains("相符："), "{text}");
            let text = visitor.read(&format!("/verify/{}", row.payload)).await;
            assert!(text.contains(said), "{text}");
        }
        let keys = signing_key::Entity::find()
            .all(school.app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(keys.len(), 1);
        assert!(rows.iter().all(|row| row.key_id == keys[0].id));
    }
}

#[tokio::test]
async fn marks_out_of_range_and_unknown_names_change_nothing() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let run = held(&school).await;
        let group = school.browser(GROUP).await;
        let path = format!("/trainings/{run}/marks");
        let field = format!("mark_{}", people(&school, run).await[0].id);
        let fields = [
            (field.as_str(), "101"),
            ("list", "学员丙 88\n学员丁 优\n无此人 70"),
        ];
        let text = refused(group.post(&path, &fields).await).await;
        for said in [
            "您填了“101”",
            "第 2 行 学员丁 的成绩“优”",
            "第 3 行的“无此人”",
            "value=\"101\"",
            "学员丙 88",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        let page = format!("/trainings/{run}/certificates");
        let text = refused(group.post(&page, &[]).await).await;
        assert!(text.contains("没有可以发证的学员"), "{text}");
        group.submit(&path, &[(field.as_str(), "88")]).await;
        group.submit(&path, &[(field.as_str(), "")]).await;
        refused(group.post(&page, &[]).await).await;
    }
}

#[tokio::test]
async fn two_who_issue_at_once_give_nobody_two_certificates() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let run = held(&school).await;
        mark(&school, run).await;
        let ctx = &school.app.ctx;
        let by = issuer(&school).await;
        let once = || certificates::issue(ctx, run, by);
        let (one, other, third) = tokio::join!(once(), once(), once());
        let done = [one, other, third]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>();
        assert_eq!(done, [2]);
        assert_eq!(issued(&school, run).await.len(), 2);
    }
}

async fn issuer(school: &School) -> entity::ids::PersonId {
    use entity::person;
    person::Entity::find()
        .filter(person::Column::Email.eq(GROUP))
        .one(school.app.ctx.store.read())
        .await
        .unwrap()
        .unwrap()
        .id
}

#[tokio::test]
async fn the_wording_of_a_course_is_checked_when_it_is_saved() {
    for database in databases().await {
        let school = School::open(TestApp::start(database).await).await;
        let run = held(&school).await;
        mark(&school, run).await;
        let group = school.browser(GROUP).await;
        let course = school.run(run).await.course_id;
        let path = format!("/courses/{course}/certificate");
        assert!(group.read(&path).await.contains("印出来的样子"));
        let wrong = [
            ("cert_title", "培训证明"),
            ("cert_issuer", "中国标准化协会"),
            ("cert_body", "{姓名}，{身份证号}"),
        ];
        let text = refused(group.post(&path, &wrong).await).await;
        assert!(text.contains("没有“身份证号”这一项"), "{text}");
        let right = [
            ("cert_title", "培训证明"),
            ("cert_issuer", "中国标准化协会"),
            ("cert_body", "{姓名}得 {成绩} 分"),
        ];
        group.submit(&path, &right).await;
        let page = format!("/trainings/{run}/certificates");
        group.submit(&page, &[]).await;
        let row = issued(&school, run).await.remove(0);
        assert_eq!(row.body, "学员乙得 86 分");
        assert_eq!(
            (row.title.as_str(), row.issuer.as_str()),
            ("培训证明", "中国标准化协会")
        );
    }
}
