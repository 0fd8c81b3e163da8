//! Sentences and words of `training`.

use entity::{
    course::CourseState,
    course_run::{Decision, RunState},
    room_booking::BookingState,
    run_fee::FeeState,
    training_need::NeedState,
};

use super::{Label, Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "training.not_now",
        "这期培训班现在是“{state}”，不能办这一步。请刷新页面看最新情况。",
        "The run is now “{state}”; this step does not fit. Please reload the page.",
    ),
    say(
        "training.changed_elsewhere",
        "内容刚被别人改过，请刷新后再改，您刚才的改动没有保存。",
        "It was changed meanwhile; please reload.",
    ),
    say(
        "training.least_above_capacity",
        "开班人数 {least} 多于名额 {capacity}，请改小。",
        "The least number {least} is above the capacity {capacity}.",
    ),
    say(
        "training.window_empty",
        "报名截止要晚于报名开始，请改日期。",
        "Enrolment ends before it begins.",
    ),
    say(
        "training.window_after_start",
        "报名截止晚于开课（{day}），请改到开课以前。",
        "Enrolment ends after the start on {day}.",
    ),
    say(
        "training.window_past",
        "报名截止{day}已过，请改到今天以后。",
        "Enrolment ended on {day}; please move it.",
    ),
    say(
        "training.decide_too_late",
        "决定日{day}不早于开课日{start}，请改到开课以前，好通知学员。",
        "The decision on {day} is not before the start on {start}.",
    ),
    say(
        "training.fee",
        "“{value}”不是金额，请填元，最多两位小数，例如 1200 或 99.50。",
        "“{value}” is no amount; write 1200 or 99.50.",
    ),
    say(
        "training.recurrence_form",
        "没有读懂“{rule}”。请写六段：秒 分 时 日 月 星期，例如“0 0 9 15 3,9 *”是每年 3 月和 9 月 15 日 9:00。",
        "“{rule}” is no rule of six fields like “0 0 9 15 3,9 *”.",
    ),
    say(
        "training.recurrence_weekday",
        "“{rule}”的星期请写英文缩写，例如 Mon、Tue：数字在不同系统里含义不同。",
        "Please name weekdays (Mon, Tue): numbers mean different days in different systems.",
    ),
    say(
        "training.recurrence_often",
        "“{rule}”一天有 {times} 次，一门课一天最多一期。请只写一个时刻。",
        "“{rule}” fires {times} times a day; once is the most.",
    ),
    say(
        "training.recurrence_never",
        "“{rule}”今后不会再有，例如 2 月没有 30 日。请改日期。",
        "“{rule}” never comes, as there is no 30 February.",
    ),
    say(
        "training.month",
        "“{value}”不是月份，请写成 2026-10。",
        "“{value}” is no month like 2026-10.",
    ),
    say(
        "training.month_past",
        "{month}已过，请填以后的月份。",
        "{month} is past.",
    ),
    say(
        "training.own_need",
        "这是贵单位自己提出的需求，要改人数请点“修改”。",
        "This is your own unit's need; change it instead.",
    ),
    say(
        "training.need_settled",
        "这项需求现在是“{state}”，不能再改。",
        "The need is now “{state}” and can no longer be changed.",
    ),
    say(
        "training.needs_changed",
        "这组需求刚有变动，请刷新页面后再制定课程。",
        "These needs have changed meanwhile; please reload.",
    ),
    say(
        "training.lecturer_reason",
        "请写明指定“{name}”授课的理由；不指定的，由匹配从专家库中产生。",
        "Please give the reason for naming {name}.",
    ),
    say(
        "training.no_parts",
        "请至少写一个教学单元。",
        "Please write at least one part.",
    ),
    say(
        "training.course_retired",
        "这门课程已停开，恢复开设后再改。",
        "The course was given up; offer it again first.",
    ),
    say(
        "training.course_state",
        "课程现在是“{state}”，不能办这一步。",
        "The course is “{state}”; this step does not fit.",
    ),
    say(
        "training.course_not_offered",
        "课程现在是“{state}”，请先开设，再安排培训班。",
        "The course is “{state}”; offer it first.",
    ),
    say(
        "training.start_past",
        "开课时间已过，请选今天以后的日期。",
        "The start is past; please choose a later day.",
    ),
    say(
        "training.unit_unknown",
        "没有找到“{name}”，请写成员单位的全称或简称。",
        "There is no unit {name}.",
    ),
    say(
        "training.zone",
        "“{value}”不是时区，请写成 Asia/Shanghai、Europe/Berlin 的形式。",
        "“{value}” is no time zone like Europe/Berlin.",
    ),
    say(
        "training.validity",
        "有效期早于授牌日期，请核对。",
        "The validity ends before it begins.",
    ),
    say(
        "training.time",
        "“{value}”不是时间，请写成 09:00。",
        "“{value}” is no time like 09:00.",
    ),
    say(
        "training.room_hours_empty",
        "结束要晚于开始，请核对开放时间。",
        "The room closes before it opens.",
    ),
    say(
        "training.room_taken",
        "{room}在 {from} 至 {to} 已由“{run}”预订，请改时间或另选教室。",
        "{room} is taken by {run} from {from} to {to}.",
    ),
    say(
        "training.room_seats",
        "{room}只有 {seats} 座，不够 {capacity} 人。请减少名额或另选教室。",
        "{room} has {seats} seats, fewer than {capacity}.",
    ),
    say(
        "training.room_closed",
        "{room}已停用，请另选教室。",
        "{room} is no longer in use.",
    ),
    say(
        "training.room_hours",
        "“{title}”不在{room}的开放时间 {opens}–{closes} 之内，请改时间或另选教室。",
        "“{title}” lies outside the hours {opens}–{closes} of {room}.",
    ),
    say(
        "training.base_ends",
        "{base}的有效期到{until}为止，不够办完这期。请改期或另选基地。",
        "{base} ends on {until}.",
    ),
    say(
        "training.room_unconfirmed",
        "依托单位还没有确认{room}，确认后再发布；电话确认的，请在本页代为记录。",
        "The host has not confirmed {room} yet.",
    ),
    say(
        "training.host_reason",
        "请写明不能提供的原因，培训工作组好另作安排。",
        "Please say why the room cannot be had.",
    ),
    say(
        "training.booking_settled",
        "这项预订现在是“{state}”，不用再答复。",
        "The booking is now “{state}”.",
    ),
    say(
        "training.no_lessons",
        "请至少安排一节课，写明日期和时间。",
        "Please plan at least one lesson.",
    ),
    say(
        "training.no_venue",
        "还没有地点：请选教室、线上或其他地点。",
        "There is no venue yet.",
    ),
    say(
        "training.lesson_empty",
        "“{title}”的结束要晚于开始。",
        "“{title}” ends before it begins.",
    ),
    say(
        "training.lesson_short",
        "“{title}”{hours} 学时要 {minutes} 分钟（每学时 45 分钟），时间不够。",
        "“{title}” needs {minutes} minutes for {hours} hours of teaching.",
    ),
    say(
        "training.lessons_overlap",
        "“{one}”和“{other}”时间重叠，请错开。",
        "“{one}” and “{other}” lie at the same time.",
    ),
    say(
        "training.question",
        "没有读懂“{line}”。请每行一问，可选项写在冒号后面并用“/”隔开，例如“住宿：单间/合住/不住”，最多 8 问。",
        "“{line}” is no question; write “label: one/two”.",
    ),
    say(
        "training.move_reason",
        "改时间或地点会通知全体学员和讲师，请写明原因。",
        "Everybody is told of a move; please give the reason.",
    ),
    say(
        "training.reason_needed",
        "请写明原因，学员、讲师和依托单位都会看到。",
        "Please give the reason; everybody sees it.",
    ),
    say(
        "training.merge_target",
        "只能并入同一课程、正在报名的另一期。",
        "Only another run of the same course that can be enrolled for.",
    ),
    say(
        "training.fee_day",
        "请填缴费或退费的日期。",
        "Please give the day.",
    ),
    say(
        "training.fee_ahead",
        "日期还没到，请填今天或以前。",
        "The day lies in the future.",
    ),
    say(
        "training.fee_reason",
        "请写明免缴的理由。",
        "Please say why it is waived.",
    ),
    // What happened, in the history of a run and in the audit trail.
    say(
        "training.need_stated",
        "提出培训需求",
        "stated a training need",
    ),
    say(
        "training.need_changed",
        "修改培训需求",
        "changed a training need",
    ),
    say(
        "training.need_withdrawn",
        "撤回培训需求",
        "withdrew a training need",
    ),
    say(
        "training.need_joined",
        "附议培训需求",
        "joined a training need",
    ),
    say("training.need_left", "退出附议", "left a training need"),
    say("training.course_planned", "制定课程", "planned a course"),
    say("training.course_changed", "修改课程", "changed a course"),
    say("training.course_offered", "开设课程", "offered a course"),
    say("training.course_given_up", "停开课程", "gave a course up"),
    say(
        "training.course_regular",
        "设定办班周期",
        "set how often a course is held",
    ),
    say(
        "training.base_added",
        "登记培训基地",
        "entered a training base",
    ),
    say(
        "training.base_changed",
        "修改培训基地",
        "changed a training base",
    ),
    say("training.room_changed", "修改教室", "changed a room"),
    say("training.run_made", "建立草稿", "made as a draft"),
    say("training.run_changed", "修改安排", "changed"),
    say(
        "training.run_moved",
        "改期或改地点，已通知",
        "moved, everybody told",
    ),
    say("training.run_published", "发布开班通知", "announced"),
    say("training.run_closed", "报名截止", "enrolment closed"),
    say("training.run_held", "办班完成", "held"),
    say("training.run_decided", "开班决定", "decided"),
    say(
        "training.run_cancelled",
        "取消办班，已通知",
        "called off, everybody told",
    ),
    say("training.lecturer_found", "讲师确定", "a lecturer accepted"),
    say(
        "training.lecturer_missing",
        "讲师待定",
        "a lecturer is missing",
    ),
    say("training.room_answered", "教室答复", "the host answered"),
    say("training.fee_noted", "登记费用", "a fee was noted"),
];

impl Label for NeedState {
    fn zh(self) -> &'static str {
        match self {
            Self::Open => "征集中",
            Self::Planned => "已列入课程",
            Self::Met => "已办班",
            Self::Withdrawn => "已撤回",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Planned => "planned",
            Self::Met => "met",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Label for CourseState {
    fn zh(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Offered => "开设中",
            Self::Retired => "已停开",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Offered => "offered",
            Self::Retired => "given up",
        }
    }
}

impl Label for RunState {
    fn zh(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Published => "报名中",
            Self::Closed => "报名截止",
            Self::Held => "已办班",
            Self::Settled => "已结班",
            Self::Cancelled => "已取消",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "enrolling",
            Self::Closed => "enrolment closed",
            Self::Held => "held",
            Self::Settled => "settled",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Label for Decision {
    fn zh(self) -> &'static str {
        match self {
            Self::Hold => "按期开班",
            Self::Merge => "并入他期",
            Self::Cancel => "取消",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Hold => "held",
            Self::Merge => "merged",
            Self::Cancel => "cancelled",
        }
    }
}

impl Label for BookingState {
    fn zh(self) -> &'static str {
        match self {
            Self::Asked => "待确认",
            Self::Confirmed => "已确认",
            Self::Declined => "不能提供",
            Self::Released => "已退订",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
            Self::Released => "released",
        }
    }
}

impl Label for FeeState {
    fn zh(self) -> &'static str {
        match self {
            Self::Due => "待缴",
            Self::Paid => "已缴",
            Self::Waived => "免缴",
            Self::Refunded => "已退",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Paid => "paid",
            Self::Waived => "waived",
            Self::Refunded => "given back",
        }
    }
}
