//! Sentences of `sheets`.

use super::{Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "sheets.number_too_long",
        "“{value}”超过 15 位，表格软件已丢掉后几位。请把这一列改成文本后重新填写。",
        "“{value}” has more than 15 digits; the spreadsheet has lost the last ones.",
    ),
    say(
        "sheets.number_shortened",
        "“{value}”被表格软件缩写，原来的数字已丢失。请把这一列改成文本后重新填写。",
        "“{value}” was shortened by the spreadsheet.",
    ),
    say(
        "sheets.failed_formula",
        "“{value}”是出错的公式，请改成文字。",
        "“{value}” is a failed formula.",
    ),
    say(
        "sheets.cell_too_long",
        "这一格的字太多，请删减。",
        "This cell holds too many characters.",
    ),
    say(
        "sheets.beyond_headers",
        "“{value}”在表头以外的列里，请移到有表头的列。",
        "“{value}” stands beyond the last header.",
    ),
    say(
        "sheets.too_large",
        "文件超过 {limit} MB，请拆成几个文件。",
        "The file is larger than {limit} MB.",
    ),
    say("sheets.empty", "文件是空的。", "The file is empty."),
    say(
        "sheets.old_or_encrypted",
        "这是旧格式或加了密码的表格，请另存为 .xlsx 或 .csv。",
        "An old or encrypted workbook; please save it as .xlsx or .csv.",
    ),
    say(
        "sheets.encoding",
        "认不出文件的编码，请另存为 UTF-8 的 .csv 或 .xlsx。",
        "Neither UTF-8 nor UTF-16 nor GB18030.",
    ),
    say(
        "sheets.damaged",
        "表格文件已损坏（{why}），请重新保存。",
        "The workbook is damaged: {why}.",
    ),
    say(
        "sheets.unpacked_too_large",
        "表格解开后太大，请只留要导入的一张工作表。",
        "The workbook is too large when unpacked.",
    ),
    say(
        "sheets.too_many_parts",
        "表格里的部件太多，请只留要导入的一张工作表。",
        "The workbook has too many parts.",
    ),
    say(
        "sheets.too_many_rows",
        "超过 {limit} 行，请拆成几个文件。",
        "More than {limit} rows.",
    ),
    say(
        "sheets.too_many_columns",
        "超过 {limit} 列，请删去不用的列。",
        "More than {limit} columns.",
    ),
    say(
        "sheets.missing_columns",
        "缺少这些列：{names}。请对照表头补上。",
        "Columns are missing: {names}.",
    ),
    say(
        "sheets.double_column",
        "“{first}”和“{second}”是同一列，请只留一列。",
        "{first} and {second} name the same column.",
    ),
];
