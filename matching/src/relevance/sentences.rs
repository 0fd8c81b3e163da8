//! The reasons of a score, for people: shares that add up, and sentences in Chinese and English.

use serde::{Deserialize, Serialize};

use super::codes::{Code, SAME_CODE, SAME_GROUP, Scheme};
use super::model::{Factors, MatchedCode, Scored};

/// The language of sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// 简体中文.
    Chinese,
    /// English.
    English,
}

/// What a score is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// Likeness of the texts.
    Text,
    /// Nearness of ICS and CCS codes.
    Codes,
    /// Keywords covered.
    Keywords,
    /// The unit's name and scope.
    Unit,
    /// Keywords in another spelling.
    Variants,
    /// Further scores.
    Extra,
}

impl Factor {
    /// The factor's name as pages show it.
    pub fn name(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Text => ("内容相近", "similar content"),
            Self::Codes => ("领域相符", "matching domains"),
            Self::Keywords => ("关键词相符", "matching keywords"),
            Self::Unit => ("单位专业范围", "scope of the unit"),
            Self::Variants => ("关键词写法相近", "keywords in another spelling"),
            Self::Extra => ("其他评分", "further scores"),
        };
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }
}

impl Factors {
    /// The share of each factor, in whole percent, greatest first. The shares of a score above
    /// zero add up to 100 (largest remainders); a factor that rounds to nothing is left out.
    pub fn shares(&self) -> Vec<(Factor, u32)> {
        let points = [
            (Factor::Text, self.text),
            (Factor::Codes, self.codes),
            (Factor::Keywords, self.keywords),
            (Factor::Unit, self.unit),
            (Factor::Variants, self.variants),
            (Factor::Extra, self.extra),
        ];
        let speaking: Vec<(Factor, u64)> = points
            .into_iter()
            .filter(|&(_, points)| points > 0)
            .map(|(factor, points)| (factor, u64::from(points)))
            .collect();
        let whole: u64 = speaking.iter().map(|(_, points)| points).sum();
        let percent = |points: u64| (points * 100 / whole) as u32;
        let given: u32 = speaking.iter().map(|&(_, points)| percent(points)).sum();
        let mut by_remainder = speaking;
        by_remainder.sort_by_key(|&(_, points)| std::cmp::Reverse(points * 100 % whole));
        let missing = (100_u32.saturating_sub(given)) as usize;
        let mut shares: Vec<(Factor, u32)> = by_remainder
            .into_iter()
            .enumerate()
            .map(|(at, (factor, points))| (factor, percent(points) + u32::from(at < missing)))
            .filter(|&(_, share)| share > 0)
            .collect();
        shares.sort_by_key(|&(_, share)| std::cmp::Reverse(share));
        shares
    }
}

impl Scored {
    /// The reasons in sentences, the most general first. `name` gives a code's name in the
    /// language, or nothing where none is known.
    pub fn sentences(
        &self,
        language: Language,
        name: impl Fn(&Code) -> Option<String>,
    ) -> Vec<String> {
        let mut sentences = Vec::new();
        let say = |chinese: String, english: String| match language {
            Language::Chinese => chinese,
            Language::English => english,
        };
        let list = |entries: &[String]| match language {
            Language::Chinese => entries.join("、"),
            Language::English => entries.join(", "),
        };
        let shares: Vec<String> = self
            .factors
            .shares()
            .into_iter()
            .map(|(factor, share)| match language {
                Language::Chinese => format!("{}占 {share}%", factor.name(language)),
                Language::English => format!("{} {share} %", factor.name(language)),
            })
            .collect();
        if shares.is_empty() {
            return vec![say(
                "未发现与申请内容相符之处。".to_owned(),
                "Nothing was found in common with the request.".to_owned(),
            )];
        }
        sentences.push(say(
            format!("匹配依据：{}。", shares.join("，")),
            format!("The match rests on {}.", list(&shares)),
        ));
        let codes: Vec<String> = self
            .matched_codes
            .iter()
            .map(|code| describe(code, language, &name))
            .collect();
        if !codes.is_empty() {
            sentences.push(say(
                format!("领域：{}。", codes.join("；")),
                format!("Domains: {}.", codes.join("; ")),
            ));
        }
        if !self.matched_keywords.is_empty() {
            let keywords = list(&self.matched_keywords);
            sentences.push(say(
                format!("相符的关键词：{keywords}。"),
                format!("Matching keywords: {keywords}."),
            ));
        }
        if !self.matched_words.is_empty() {
            let words = list(&self.matched_words);
            sentences.push(say(
                format!("申请与专家材料中共有的词：{words}。"),
                format!("Words in both the request and the expert's record: {words}."),
            ));
        }
        sentences
    }
}

/// One pair of codes: `ICS 29.240.20 输配电线路（同类）`.
fn describe(
    matched: &MatchedCode,
    language: Language,
    name: &impl Fn(&Code) -> Option<String>,
) -> String {
    let full = |code: &Code| {
        let scheme = match code.scheme() {
            Scheme::Ics => "ICS",
            Scheme::Ccs => "CCS",
        };
        match name(code) {
            Some(name) => format!("{scheme} {} {name}", code.code()),
            None => format!("{scheme} {}", code.code()),
        }
    };
    let (request, expert) = (full(&matched.request), full(&matched.expert));
    if matched.nearness >= SAME_CODE {
        match language {
            Language::Chinese => format!("{request}（代码相同）"),
            Language::English => format!("{request} (the same code)"),
        }
    } else {
        let within_group = matched.nearness >= SAME_GROUP;
        match language {
            Language::Chinese => {
                let level = if within_group {
                    "同组"
                } else {
                    "同一大类"
                };
                format!("申请为 {request}，专家为 {expert}（{level}）")
            }
            Language::English => {
                let level = if within_group {
                    "the same group"
                } else {
                    "the same field"
                };
                format!("{request} asked, {expert} offered ({level})")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored() -> Scored {
        Scored {
            expert: 0,
            millionths: 300_000,
            factors: Factors {
                text: 100_000,
                codes: 200_000,
                ..Factors::default()
            },
            matched_codes: vec![
                MatchedCode {
                    request: "ics:29.240.20".parse().unwrap(),
                    expert: "ics:29.240.20".parse().unwrap(),
                    nearness: 1.0,
                },
                MatchedCode {
                    request: "ccs:K40".parse().unwrap(),
                    expert: "ccs:K45".parse().unwrap(),
                    nearness: 0.6,
                },
            ],
            matched_keywords: vec!["配电变压器".into(), "过载保护".into()],
            matched_words: vec!["变压器".into()],
        }
    }

    #[test]
    fn shares_add_up_to_a_hundred() {
        let factors = Factors {
            text: 1,
            codes: 1,
            keywords: 1,
            ..Factors::default()
        };
        let shares = factors.shares();
        assert_eq!(shares.iter().map(|(_, share)| share).sum::<u32>(), 100);
        assert_eq!(shares[0].1, 34);
        assert_eq!(Factors::default().shares(), []);
    }

    #[test]
    fn reasons_are_said_in_both_languages() {
        let name = |code: &Code| (code.code() == "29.240.20").then(|| "输配电线路".to_owned());
        assert_eq!(
            scored().sentences(Language::Chinese, name),
            [
                "匹配依据：领域相符占 67%，内容相近占 33%。",
                "领域：ICS 29.240.20 输配电线路（代码相同）；申请为 CCS K40，专家为 CCS K45（同组）。",
                "相符的关键词：配电变压器、过载保护。",
                "申请与专家材料中共有的词：变压器。",
            ]
        );
        let english = scored().sentences(Language::English, |_| None);
        assert_eq!(
            english[0],
            "The match rests on matching domains 67 %, similar content 33 %."
        );
        assert!(english[1].contains("CCS K40 asked, CCS K45 offered (the same group)"));
    }

    #[test]
    fn a_score_of_nothing_says_so() {
        let nothing = Scored {
            factors: Factors::default(),
            matched_codes: vec![],
            matched_keywords: vec![],
            matched_words: vec![],
            ..scored()
        };
        let said = nothing.sentences(Language::Chinese, |_| None);
        assert_eq!(said, ["未发现与申请内容相符之处。"]);
    }
}
