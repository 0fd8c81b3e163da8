//! Experts who were engaged elsewhere.

use super::*;

#[tokio::test]
async fn good_rows_are_imported_and_bad_ones_told() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let names: Vec<_> = units::all(app.ctx.store.read())
            .await
            .unwrap()
            .into_iter()
            .map(|unit| unit.name)
            .collect();
        let (a, b) = (&names[17], &names[18]);
        let table = format!(
            "姓名,推荐单位,类别,手机,邮箱,领域,关键词,聘书编号,聘任日期,聘期至,状态\n\
             沈知行,{a},技术,19900000001,shen@example.org,29.240,输电；配电,团标联聘〔2026〕031号,2026/3/1,2028/2/29,已聘任\n\
             林岚,{a},标准化,,lin@example.org,K44,,团标联聘〔2026〕007号,2026年3月1日,,中止\n\
             高远图,{a},技术,,gao@example.org,29.240,,团标联聘〔2026〕032号,2026-03-01,,\n\
             方之涵,{b},技术,19900000001,fang@example.org,29.240,,团标联聘〔2026〕033号,2026-03-01,,\n\
             顾北辰,没有的单位,技术,,gu@example.org,29.240,,团标联聘〔2026〕034号,2026-03-01,,\n\
             卞学农,{b},专家,,不是邮箱,风机,,,去年,,退休\n\
             陆文钊,{b},技术,,lu@example.org,29.240,,团标联聘〔2026〕031号,2026-03-01,,\n\
             邵静怡,{b},技术,,shao@example.org,29.240,,团标联聘〔2026〕035号,2026-03-01,2025-03-01,\n"
        );
        let dry = import(&app.ctx, table.as_bytes(), true).await.unwrap();
        let count = expert::Entity::find()
            .count(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(count, 0, "a dry run keeps nothing");
        let report = import(&app.ctx, table.as_bytes(), false).await.unwrap();
        assert_eq!(dry, report, "a dry run says what the import says");
        let added: Vec<_> = report
            .added
            .iter()
            .map(|(line, name)| (*line, name.as_str()))
            .collect();
        assert_eq!(added, [(2, "沈知行"), (3, "林岚")]);
        let refused: Vec<(usize, Vec<&str>)> = report
            .refused
            .iter()
            .map(|(line, refusals)| (*line, refusals.iter().map(|refusal| refusal.code).collect()))
            .collect();
        assert_eq!(
            refused,
            [
                (4, vec!["experts.quota_full"]),
                (5, vec!["experts.duplicate"]),
                (6, vec!["experts.unknown_unit"]),
                (
                    7,
                    vec![
                        "experts.unknown_kind",
                        "form.not_an_address",
                        "experts.code_unknown",
                        "form.required",
                        "form.not_a_date",
                        "experts.unknown_state"
                    ]
                ),
                (8, vec!["experts.number_taken"]),
                (9, vec!["experts.bad_term_days"]),
            ]
        );
        let again = import(&app.ctx, table.as_bytes(), false).await.unwrap();
        assert_eq!(again.added, [], "what is there is not added twice");

        // New numbers go on behind those that were given before.
        let id = engaged(
            &app,
            &council_unit(&app, 19).await,
            "柯远",
            "ke@example.org",
        )
        .await;
        assert_eq!(
            row(&app, id).await.engagement_number.unwrap(),
            "团标联聘〔2026〕032号"
        );
    }
}
