//! Units and contacts from tables.

use expert_pool::{
    foundation::{
        error::Error,
        sheets::{self, Limits, Sheet},
    },
    units::{
        self,
        import::{Matter, Report, import},
    },
};

use crate::support::{app::TestApp, databases::databases, outbox::mails};

fn sheet(text: &str) -> Sheet {
    sheets::read(text.as_bytes(), &Limits::default()).unwrap()
}

fn codes(report: &Report) -> Vec<(usize, String, &'static str)> {
    report
        .refused
        .iter()
        .flat_map(|(line, errors)| {
            errors
                .iter()
                .map(|(field, refusal)| (*line, field.to_owned(), refusal.code))
        })
        .collect()
}

const UNITS: &str = "\
单位全称,简称,层级,业务范围,统一社会信用代码,加入日期,备注
云岭标准化服务中心,云岭中心,普通成员单位,标准编写和培训,91350100M000100Y43,2026/9/1,
中国电子学会,电子学会,理事单位,,,,已有
澜湾智能装备有限公司,,会长单位,,,,层级不对
青禾检测认证有限公司,,,,91350100M000100Y44,,代码不对
,,普通成员单位,,,2026-09-31,空
云岭标准化服务中心,,,,,,重复
";

#[tokio::test]
async fn good_rows_of_units_are_kept_and_bad_ones_named() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let expected = [
            (4, "tier".to_owned(), "form.choose"),
            (5, "credit_code".to_owned(), "units.credit_code"),
            (6, "joined_on".to_owned(), "form.not_a_date"),
            (6, "name".to_owned(), "form.required"),
        ];
        let rehearsal = import(&app.ctx, Matter::Units, sheet(UNITS), true)
            .await
            .unwrap();
        assert_eq!(codes(&rehearsal), expected);
        assert_eq!(units::all(app.ctx.store.read()).await.unwrap().len(), 43);
        let report = import(&app.ctx, Matter::Units, sheet(UNITS), false)
            .await
            .unwrap();
        assert_eq!(report, rehearsal, "the rehearsal tells the truth");
        assert_eq!((report.taken, report.known), (1, 2));
        assert_eq!(report.unused, ["备注"]);
        let unit = units::by_name(app.ctx.store.read(), "云岭中心")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(unit.joined_on.unwrap().to_string(), "2026-09-01");
        let again = import(&app.ctx, Matter::Units, sheet(UNITS), false)
            .await
            .unwrap();
        assert_eq!((again.taken, again.known), (0, 3));
    }
}

const CONTACTS: &str = "\
单位,姓名,职务,邮箱,手机号
中国电子学会,周叙白,学术与标准部主管,zhou@example.org,13812345678
电子学会,高梓萱,秘书处,gao@example.org,
中国电子学汇,江雨桐,,jiang@example.org,
不存在的单位,江雨桐,,jiang@example.org,
中国水利学会,江雨桐,,,
中国水利学会,孔令媛,,zhou@example.org,
中国水利学会,黎景明,,li@example.org,1381234567
";

#[tokio::test]
async fn contacts_are_invited_row_by_row() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let rehearsal = import(&app.ctx, Matter::Contacts, sheet(CONTACTS), true)
            .await
            .unwrap();
        assert!(
            mails(&app, "accounts.invited", "zhou@example.org")
                .await
                .is_empty()
        );
        let report = import(&app.ctx, Matter::Contacts, sheet(CONTACTS), false)
            .await
            .unwrap();
        assert_eq!(report, rehearsal);
        assert_eq!(report.taken, 2);
        assert_eq!(
            codes(&report),
            [
                (4, "unit".to_owned(), "units.unknown_near"),
                (5, "unit".to_owned(), "units.unknown"),
                (6, "email".to_owned(), "form.required"),
                (7, "email".to_owned(), "people.email_of_other"),
                (8, "mobile".to_owned(), "form.not_a_mobile"),
            ]
        );
        let near = report.refused[0].1.of("unit").unwrap();
        assert!(near.facts.contains(&("name", "中国电子学会".to_owned())));
        assert_eq!(
            mails(&app, "accounts.invited", "zhou@example.org")
                .await
                .len(),
            1
        );
        let again = import(&app.ctx, Matter::Contacts, sheet(CONTACTS), false)
            .await
            .unwrap();
        assert_eq!((again.taken, again.known), (0, 2));
        assert_eq!(
            mails(&app, "accounts.invited", "zhou@example.org")
                .await
                .len(),
            1
        );
    }
}

#[tokio::test]
async fn a_table_without_its_columns_is_refused_as_a_whole() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let refused = import(&app.ctx, Matter::Contacts, sheet("单位,姓名\na,b\n"), false).await;
        assert!(
            matches!(refused, Err(Error::Refused(refusal)) if refusal.code == "sheets.missing_columns")
        );
    }
}
