//! Sentences and words of certificates.

use entity::certificate::CertificateState;

use super::{Label, Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "certificate.mark",
        "成绩填 0 到 100 的整数，您填了“{value}”。",
        "A mark is a whole number from 0 to 100, not “{value}”.",
    ),
    say(
        "certificate.list_mark",
        "第 {line} 行 {name} 的成绩“{value}”不是 0 到 100 的整数。",
        "Line {line}, {name}: “{value}” is no mark from 0 to 100.",
    ),
    say(
        "certificate.list_unknown",
        "第 {line} 行的“{name}”不在这期培训班的名单里，请核对姓名。",
        "Line {line}: nobody of this run is called “{name}”.",
    ),
    say(
        "certificate.list_double",
        "第 {line} 行的“{name}”有同名的学员，请在姓名后面加上手机号。",
        "Line {line}: several people are called “{name}”; please add the phone number.",
    ),
    say(
        "certificate.placeholder",
        "没有“{word}”这一项，请用下面列出的项。",
        "There is no placeholder “{word}”.",
    ),
    say(
        "certificate.brace",
        "花括号要成对，里面只写项的名称。",
        "Braces come in pairs around the name of a placeholder.",
    ),
    say(
        "certificate.no_name",
        "正文里要有“姓名”这一项，写在花括号里。",
        "The body has to name the person.",
    ),
    say(
        "certificate.nobody",
        "没有可以发证的学员：达到要求的都已发过，或者出勤、成绩还没有登记齐。",
        "Nobody is left to get a certificate.",
    ),
    say(
        "certificate.not_valid",
        "这份证书现在是“{state}”，不能再撤销或换发。",
        "The certificate is “{state}” and cannot be revoked or replaced.",
    ),
    say(
        "certificate.number_form",
        "证书编号的格式是 TBL-PX-2026-0001-0042-2，请照证书上的编号填写。",
        "A number looks like TBL-PX-2026-0001-0042-2.",
    ),
    say(
        "certificate.number_check",
        "编号和最后一位校验码对不上，请核对有没有填错或颠倒的数字。",
        "The check character does not fit; please look for a wrong digit.",
    ),
    say(
        "certificate.no_match",
        "没有查到编号和姓名都相符的证书。请照证书原样填写，仍然查不到请联系秘书处。",
        "There is no certificate with this number and name.",
    ),
    say(
        "certificate.too_many_tries",
        "查验次数太多，请 {minutes} 分钟后再试。",
        "Too many tries; please wait {minutes} minutes.",
    ),
    say(
        "certificate.worded",
        "修改证书文字",
        "Wording of certificates changed",
    ),
    say("training.marks_noted", "登记成绩", "Marks noted"),
    say("training.run_settled", "结班", "Run settled"),
    say(
        "training.certificates_issued",
        "发给证书",
        "Certificates issued",
    ),
    say(
        "training.certificate_revoked",
        "撤销证书",
        "Certificate revoked",
    ),
    say(
        "training.certificate_reissued",
        "换发证书",
        "Certificate replaced",
    ),
];

impl Label for CertificateState {
    fn zh(self) -> &'static str {
        match self {
            Self::Valid => "有效",
            Self::Revoked => "已撤销",
            Self::Replaced => "已换发",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Revoked => "revoked",
            Self::Replaced => "replaced",
        }
    }
}
