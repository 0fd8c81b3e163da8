//! Sentences that every form may need.

use super::{Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say("form.required", "请填写这一项。", "Please fill this in."),
    say("form.choose", "请选择一项。", "Please choose one."),
    say(
        "form.too_long",
        "最多 {max} 个字，请删减。",
        "At most {max} characters, please shorten.",
    ),
    say(
        "form.not_a_number",
        "请填阿拉伯数字。您填了“{value}”。",
        "Please give a number. You gave “{value}”.",
    ),
    say(
        "form.out_of_range",
        "请填 {min} 至 {max} 之间的数。",
        "Please give a number from {min} to {max}.",
    ),
    say(
        "form.not_a_date",
        "请按 2026-09-28 的样子填日期。",
        "Please give a date like 2026-09-28.",
    ),
    say(
        "form.not_an_address",
        "“{value}”不像邮箱地址，请核对。",
        "“{value}” does not look like an e-mail address.",
    ),
    say(
        "form.not_a_mobile",
        "“{value}”不像手机号，请填 11 位数字。",
        "“{value}” does not look like a mobile number.",
    ),
    say(
        "form.code_unknown",
        "没有找到编号“{code}”，请从提示中选，或改填关键词。",
        "There is no code “{code}”.",
    ),
    say(
        "form.control_characters",
        "含有不能使用的控制字符，请重新输入。",
        "Contains control characters; please type it again.",
    ),
    say(
        "form.unreadable",
        "没有读懂提交的内容，请刷新页面后再试。",
        "The submission could not be read; please reload the page.",
    ),
    say(
        "file.too_large",
        "“{name}”超过 {max} MB，请压缩或拆分后再上传。",
        "“{name}” is larger than {max} MB.",
    ),
    say(
        "file.too_many",
        "最多上传 {max} 个文件。",
        "At most {max} files.",
    ),
    say("file.empty", "“{name}”是空文件。", "“{name}” is empty."),
    say(
        "import.refused",
        "有 {count} 行没有导入，其余已处理。",
        "{count} rows were refused.",
    ),
    say(
        "number.exhausted",
        "{year}年的编号已用完，请联系秘书处。",
        "The numbers of {year} are used up.",
    ),
];
