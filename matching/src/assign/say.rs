//! Explanations in sentences, Chinese and English.

use super::explain::{Explanation, Flip, Standing, Summary};
use super::shortage::{Remedy, Rule, Shortage};

/// Language of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 简体中文.
    Chinese,
    /// English.
    English,
}

/// How the caller names things.
pub trait Names {
    /// Name of an expert.
    fn expert(&self, expert: usize) -> String;
    /// Title of a request.
    fn request(&self, request: usize) -> String;
    /// Name of a unit.
    fn unit(&self, unit: u32) -> String;
    /// What a rule of recusal is called, in the language of the sentence.
    fn recusal(&self, code: &str) -> String;
}

/// Millionths as points with two decimals: a score of 1,000,000 is 100 points.
fn points(millionths: i64) -> String {
    format!("{:.2}", millionths as f64 / 10_000.0)
}

fn list(names: impl Iterator<Item = String>, language: Language) -> String {
    let separator = match language {
        Language::Chinese => "、",
        Language::English => ", ",
    };
    names.collect::<Vec<_>>().join(separator)
}

/// One pair.
#[must_use]
pub fn explanation(e: &Explanation, names: &dyn Names, language: Language) -> String {
    let who = names.expert(e.pair.expert);
    let what = names.request(e.pair.request);
    let chinese = language == Language::Chinese;
    let why = match &e.standing {
        Standing::Assigned { rank, fixed } => match (chinese, fixed) {
            (true, true) => format!("{who}已确定参加“{what}”专家组。"),
            (true, false) => format!("{who}入选“{what}”专家组，相关度排第{rank}位。"),
            (false, true) => format!("{who} is settled on the panel of “{what}”."),
            (false, false) => {
                format!("{who} is on the panel of “{what}”, number {rank} by relevance.")
            }
        },
        Standing::Recused { rule } => {
            let rule = names.recusal(rule);
            if chinese {
                format!("{who}须回避“{what}”：{rule}。")
            } else {
                format!("{who} is recused from “{what}”: {rule}.")
            }
        }
        Standing::NotListed if chinese => format!("{who}不在“{what}”的可选范围内。"),
        Standing::NotListed => format!("{who} is not among those who may serve on “{what}”."),
        Standing::BelowMinimum { score, minimum } => {
            let (score, minimum) = (points(i64::from(*score)), points(i64::from(*minimum)));
            if chinese {
                format!("{who}与“{what}”的相关度为{score}分，低于最低要求{minimum}分。")
            } else {
                format!("{who} has {score} points for “{what}”, below the minimum of {minimum}.")
            }
        }
        Standing::NoPlaces if chinese => format!("{who}目前不能承担新的任务。"),
        Standing::NoPlaces => format!("{who} can take no further task at present."),
        Standing::Full { serves, short } => {
            let busy = list(serves.iter().map(|&r| names.request(r)), language);
            let short = points(*short);
            if chinese {
                format!("{who}的任务已满（{busy}），如改派到“{what}”，总分将减少{short}分。")
            } else {
                format!(
                    "{who} is fully engaged ({busy}); a move to “{what}” would cost {short} points in total."
                )
            }
        }
        Standing::UnitOnPanel { seated, short } => {
            let seated = list(seated.iter().map(|&s| names.expert(s)), language);
            let short = points(*short);
            if chinese {
                format!("“{what}”专家组中已有同单位专家{seated}，改用{who}总分将减少{short}分。")
            } else {
                format!(
                    "{seated} of the same unit is on the panel of “{what}”; {who} instead would cost {short} points in total."
                )
            }
        }
        Standing::Short { short } => {
            let short = points(*short);
            if chinese {
                format!("就“{what}”而言，{who}与入选专家相差{short}分。")
            } else {
                format!("For “{what}”, {who} is {short} points short.")
            }
        }
    };
    let flip = e.flip.as_ref().map(|f| flip_sentence(f, chinese));
    why + &flip.unwrap_or_default()
}

fn flip_sentence(flip: &Flip, chinese: bool) -> String {
    match flip {
        Flip::Capacity { to } if chinese => format!("如可承担{to}项任务，即可考虑入选。"),
        Flip::Capacity { to } => format!(" With {to} places the expert could come in."),
        Flip::UnitLimit { to } if chinese => format!("如允许同一单位最多{to}人，即可入选。"),
        Flip::UnitLimit { to } => format!(" With {to} of a unit allowed the expert would come in."),
        Flip::Score { by } if chinese => format!("相关度提高{}分以上即可入选。", points(*by)),
        Flip::Score { by } => {
            format!(" {} more points would let the expert in.", points(*by))
        }
        Flip::Minimum { by } if chinese => {
            format!("最低要求降低{}分后方可参加比选。", points(i64::from(*by)))
        }
        Flip::Minimum { by } => {
            format!(
                " The minimum would have to be {} points lower.",
                points(i64::from(*by))
            )
        }
        Flip::LiftRecusal if chinese => "回避情形消除前不能入选。".to_owned(),
        Flip::LiftRecusal => " Nothing but the end of the recusal changes this.".to_owned(),
    }
}

/// A whole run.
#[must_use]
pub fn summary(s: &Summary, names: &dyn Names, language: Language) -> String {
    let (total, bound) = (points(s.total), points(s.bound));
    let filled = s.places - s.unfilled;
    let most = s.loads.len().saturating_sub(1);
    let idle = s.loads.first().copied().unwrap_or(0);
    match language {
        Language::Chinese => {
            let best = if s.total == s.bound {
                "已证明为最优".to_owned()
            } else {
                format!("与理论上限{bound}分相差{}分", points(s.bound - s.total))
            };
            let worst = s.worst.map(|(r, worth)| {
                format!(
                    "合计相关度最低的是“{}”，{}分。",
                    names.request(r),
                    points(worth)
                )
            });
            let worst = worst.unwrap_or_default();
            format!(
                "共需{}席，已安排{filled}席，空缺{}席。总分{total}分，{best}。{worst}单人最多承担{most}项，本次未安排任务的专家{idle}人。",
                s.places, s.unfilled
            )
        }
        Language::English => {
            let best = if s.total == s.bound {
                "proved to be the best possible".to_owned()
            } else {
                format!(
                    "{} points below the bound of {bound}",
                    points(s.bound - s.total)
                )
            };
            let worst = s.worst.map(|(r, worth)| {
                format!(
                    " The weakest panel is “{}” with {} points.",
                    names.request(r),
                    points(worth)
                )
            });
            let worst = worst.unwrap_or_default();
            format!(
                "{} places wanted, {filled} filled, {} open. The total is {total} points, {best}.{worst} Nobody serves more than {most} times; {idle} experts serve not at all.",
                s.places, s.unfilled
            )
        }
    }
}

/// Who is at fault for open places.
#[must_use]
pub fn shortage(s: &Shortage, names: &dyn Names, language: Language) -> String {
    let requests = list(s.requests.iter().map(|&r| names.request(r)), language);
    let chinese = language == Language::Chinese;
    let rules = list(
        s.rules.iter().map(|rule| match (rule, chinese) {
            (Rule::UnitLimit { request, unit }, true) => {
                format!(
                    "“{}”对{}的人数限制",
                    names.request(*request),
                    names.unit(*unit)
                )
            }
            (Rule::UnitLimit { request, unit }, false) => {
                format!(
                    "the limit for {} on “{}”",
                    names.unit(*unit),
                    names.request(*request)
                )
            }
            (Rule::Composition { request }, true) => {
                format!("“{}”对技术、标准化专家人数的要求", names.request(*request))
            }
            (Rule::Composition { request }, false) => {
                format!("the composition of “{}”", names.request(*request))
            }
        }),
        language,
    );
    let remedy = s.remedies.first().map(|r| remedy(r, names, chinese));
    let (count, missing) = (s.experts.len(), s.wanted - s.possible);
    if chinese {
        let rules = if rules.is_empty() {
            rules
        } else {
            format!("，受限于{rules}")
        };
        let remedy = remedy.map_or_else(String::new, |r| format!("可以考虑：{r}。"));
        format!(
            "{requests}合计需要{}席，可选专家{count}人，最多安排{}席，缺{missing}席{rules}。{remedy}",
            s.wanted, s.possible
        )
    } else {
        let rules = if rules.is_empty() {
            rules
        } else {
            format!(", because of {rules}")
        };
        let remedy = remedy.map_or_else(String::new, |r| format!(" It would help if {r}."));
        format!(
            "{requests} together want {} places; {count} experts can fill {} at most, {missing} are missing{rules}.{remedy}",
            s.wanted, s.possible
        )
    }
}

fn remedy(remedy: &Remedy, names: &dyn Names, chinese: bool) -> String {
    match (remedy, chinese) {
        (Remedy::UnitLimit { request }, true) => {
            format!("允许“{}”同一单位增加一人", names.request(*request))
        }
        (Remedy::UnitLimit { request }, false) => {
            format!("“{}” took one more of a unit", names.request(*request))
        }
        (Remedy::Composition { request }, true) => {
            format!("放宽“{}”的人员构成要求", names.request(*request))
        }
        (Remedy::Composition { request }, false) => {
            format!(
                "the composition of “{}” were relaxed",
                names.request(*request)
            )
        }
        (Remedy::Capacity { expert }, true) => {
            format!("请{}增加一项任务", names.expert(*expert))
        }
        (Remedy::Capacity { expert }, false) => {
            format!("{} took one place more", names.expert(*expert))
        }
        (Remedy::Demand { request }, true) => {
            format!("“{}”减少一席", names.request(*request))
        }
        (Remedy::Demand { request }, false) => {
            format!("“{}” wanted one expert less", names.request(*request))
        }
    }
}
