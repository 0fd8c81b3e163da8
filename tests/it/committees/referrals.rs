use entity::consultation::ConsultationState;
use reqwest::StatusCode;

use super::{chair, found, named, told};
use crate::support::{
    app::Browser,
    databases::databases,
    requests::{ADVICE, Office, refused, with},
};

#[tokio::test]
async fn a_committee_answers_itself_or_asks_for_a_panel() {
    for database in databases().await {
        let office = Office::open(database, 3).await;
        let committee = named(&office, "标准应用委员会").await;
        found(&office, committee).await;
        let officer = chair(&office, committee).await;
        let (desk, contact) = (office.desk().await, office.unit().await);
        let id = office.file(&ADVICE).await;
        let chosen = committee.to_string();
        let refer = format!("/consultations/{id}/refer");
        let fields = [("committee", chosen.as_str())];
        let page = refused(desk.post(&refer, &[("committee", "")]).await).await;
        assert!(page.contains("请选择委员会"));
        desk.submit(&refer, &fields).await;
        assert_eq!(
            told(&office, "committees.referred").await,
            ["chair@example.org"]
        );
        let page = refused(desk.post(&refer, &fields).await).await;
        assert!(page.contains("已转交委员会，正等答复"), "{page}");
        let accept = format!("/consultations/{id}/accept");
        let page = refused(desk.post(&accept, &[("domains", "31.200")]).await).await;
        assert!(page.contains("已转交标准应用委员会，等它答复后再办理"));

        let path = waiting(&officer).await;
        assert!(officer.read(&path).await.contains("冷却液电导率限值"));
        let other = contact.get(&path).await;
        assert_eq!(other.status(), StatusCode::NOT_FOUND);
        let page = refused(officer.post(&path, &[("do", "answer")]).await).await;
        assert!(page.contains("id=\"answer\""));
        let answer = [("do", "answer"), ("answer", "按 10 μS/cm 控制。")];
        officer.submit(&path, &answer).await;
        assert_eq!(office.state(id).await, ConsultationState::Concluded);
        let page = contact.read(&format!("/consultations/{id}")).await;
        assert!(page.contains("委员会的答复") && page.contains("按 10 μS/cm 控制"));
        let page = refused(officer.post(&path, &answer).await).await;
        assert!(page.contains("10 μS/cm"), "what was typed stays");

        // Asked once more, the same committee answers.
        let question = [("question", "依据是什么？")];
        contact
            .submit(&format!("/consultations/{id}/ask"), &question)
            .await;
        assert!(officer.read(&path).await.contains("追问：依据是什么？"));
        officer.submit(&path, &answer).await;
        let rating = [("rating", "5")];
        contact
            .submit(&format!("/consultations/{id}/confirm"), &rating)
            .await;
        assert_eq!(office.state(id).await, ConsultationState::Closed);

        // Another one goes back to be staffed; a third is withdrawn meanwhile.
        let second = office.file(&ADVICE).await;
        desk.submit(&format!("/consultations/{second}/refer"), &fields)
            .await;
        let path = waiting(&officer).await;
        let reason = [("do", "panel"), ("panel_reason", "要做试验验证")];
        officer.submit(&path, &reason).await;
        office.take_in(second).await;
        assert_eq!(office.state(second).await, ConsultationState::Accepted);
        let third = office.file(&ADVICE).await;
        desk.submit(&format!("/consultations/{third}/refer"), &fields)
            .await;
        let path = waiting(&officer).await;
        let reason = [("withdraw_reason", "已有答案")];
        contact
            .submit(&format!("/consultations/{third}/withdraw"), &reason)
            .await;
        let page = refused(officer.post(&path, &answer).await).await;
        assert!(page.contains("申请已撤回"), "{page}");
        let secret = office.file(&with(&ADVICE, &[("confidential", "1")])).await;
        let page = refused(
            desk.post(&format!("/consultations/{secret}/refer"), &fields)
                .await,
        );
        assert!(page.await.contains("保密的申请不转交委员会"));
    }
}

async fn waiting(officer: &Browser) -> String {
    let home = officer.read("/home").await;
    home.split("href=\"")
        .find(|rest| rest.starts_with("/referrals/"))
        .and_then(|rest| rest.split('"').next())
        .expect("it waits")
        .to_owned()
}
