//! Sentences of `panels`.

use entity::{
    matching_run::{RunMode, RunState},
    panel_adjustment::AdjustmentKind,
};

use super::{Label, Sentence, say};

impl Label for RunState {
    fn zh(self) -> &'static str {
        match self {
            Self::Draft => "草案",
            Self::HandedIn => "待审批",
            Self::Approved => "已批准",
            Self::Returned => "退回经办",
            Self::Superseded => "已被取代",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::HandedIn => "waiting for approval",
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::Superseded => "superseded",
        }
    }
}

impl Label for RunMode {
    fn zh(self) -> &'static str {
        match self {
            Self::Best => "择优",
            Self::Fair => "均衡",
            Self::Draw => "随机抽取",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Best => "best total",
            Self::Fair => "fair",
            Self::Draw => "draw",
        }
    }
}

impl Label for AdjustmentKind {
    fn zh(self) -> &'static str {
        match self {
            Self::Pin => "锁定",
            Self::Exclude => "排除",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Pin => "pinned",
            Self::Exclude => "excluded",
        }
    }
}

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "panels.no_places",
        "专家组至少要 1 人。您填了 {demand} 人。",
        "A panel needs at least one expert. You gave {demand}.",
    ),
    say(
        "panels.negative",
        "人数要求不能为负，每个单位至少允许 1 人。",
        "Numbers cannot be negative, and at least one expert a unit is allowed.",
    ),
    say(
        "panels.composition",
        "至少 {technical} 名技术类加 {standardization} 名标准化类，已超过总人数 {demand} 人。",
        "At least {technical} technical and {standardization} standardization experts are more than {demand} places.",
    ),
    say(
        "panels.nothing_open",
        "没有需要匹配的专家组：都已约满或已结束。",
        "No panel has a place to fill.",
    ),
    say(
        "panels.no_experts",
        "专家库里现在没有在聘专家，无法匹配。请先完成聘任。",
        "There is no engaged expert in the pool.",
    ),
    say(
        "panels.waits_for_approval",
        "{number} 正在等待审批，其中有您选的专家组。请先审批或退回，或者从那次匹配里重新匹配。",
        "{number} waits for approval and covers some of these panels.",
    ),
    say(
        "panels.not_open",
        "{number} 已不再需要专家，不能调整。",
        "{number} no longer looks for experts.",
    ),
    say(
        "panels.why_exclude",
        "排除专家须写理由，理由会写进遴选记录。",
        "Excluding an expert needs a reason.",
    ),
    say(
        "panels.may_not_serve",
        "{name}不能参加：{why}。",
        "{name} may not serve: {why}.",
    ),
    say(
        "panels.already_on",
        "{name}已在本组，无须锁定。",
        "{name} is already on this panel.",
    ),
    say(
        "panels.no_place_to_pin",
        "本组只剩 {places} 个空席，锁定的人数已满。请先解除一位。",
        "Only {places} places are open, all of them pinned.",
    ),
    say(
        "panels.not_there",
        "专家组或专家已不存在。",
        "The panel or the expert is not there.",
    ),
    say(
        "panels.not_a_draft",
        "{number} 已提交或已有结论，不能再提交。",
        "{number} is not a draft.",
    ),
    say(
        "panels.not_preparer",
        "{number} 由另一位经办。需要接手时，请重新匹配，由您作为经办提交。",
        "{number} was prepared by somebody else.",
    ),
    say(
        "panels.nobody_proposed",
        "这次匹配没有拟请任何人，不需要审批。请先按页面上的办法补足专家。",
        "Nobody is proposed, so there is nothing to approve.",
    ),
    say(
        "panels.same_person",
        "经办和审批须是两个人。请由另一位有审批权限的同事办理。",
        "The person who prepared a run does not approve it.",
    ),
    say(
        "panels.own_side",
        "您是申请单位或推荐单位的联络员，不能审批这次匹配。请由另一位同事办理。",
        "A contact of the asking or recommending unit does not approve.",
    ),
    say(
        "panels.exception_needed",
        "按例外办理须写明原因，原因会记录并显示在匹配页上。",
        "An exception needs a reason, which is recorded and shown.",
    ),
    say(
        "panels.stale",
        "{number} 已不能批准，匹配之后有变化：{changes}。请退回经办重新匹配。",
        "{number} can no longer be approved; since the match: {changes}.",
    ),
    say(
        "panels.decided",
        "{number} 已有结论，没有重复办理。",
        "{number} is already decided.",
    ),
    say(
        "panels.not_handed_in",
        "{number} 还没有提交审批。",
        "{number} was not handed in yet.",
    ),
    say(
        "panels.why_return",
        "退回经办须写理由。",
        "Returning a run needs a reason.",
    ),
    say(
        "panels.nothing_ticked",
        "请先勾选要匹配的专家组，或用“匹配全部空缺”。",
        "Please tick panels, or match all.",
    ),
    say(
        "panels.no_draw",
        "随机抽取须在受理申请时先公布抽取承诺，{numbers} 没有，请改用择优或均衡。",
        "A draw needs a commitment published when the matter was taken in; {numbers} has none.",
    ),
    say(
        "panels.words_closed",
        "已经抽取，或专家组已不再需要专家，抽取附言不能再改。",
        "The words for the draw can no longer be changed.",
    ),
    say(
        "panels.words_came",
        "抽取时申请单位正好写来抽取附言，这次没有抽取。请再抽取一次。",
        "Words for the draw came in meanwhile; please draw again.",
    ),
];
