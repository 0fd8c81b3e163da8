//! Sentences of the working calendar.

use super::{Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "calendar.unreadable",
        "不是能读的文字，请另存为 UTF-8 编码。",
        "The text is not UTF-8.",
    ),
    say(
        "calendar.header",
        "第一行应是 date,kind,name。",
        "The first line has to be date,kind,name.",
    ),
    say(
        "calendar.fields",
        "“{value}”缺少节日名称后的冒号，或列数不对。",
        "“{value}” lacks a colon behind the festival, or has the wrong number of columns.",
    ),
    say(
        "calendar.date",
        "“{value}”里的日期读不懂，请写成 2027-10-01 或 10月1日。",
        "“{value}” names no day; write 2027-10-01.",
    ),
    say(
        "calendar.kind",
        "“{value}”不知道是放假还是上班，类型请填“放假”或“上班”。",
        "“{value}” is neither a holiday nor worked; write holiday or workday.",
    ),
    say(
        "calendar.name",
        "“{value}”没有节日名称。",
        "“{value}” names no festival.",
    ),
    say(
        "calendar.duplicate",
        "“{value}”里有一天前面已经列过。",
        "“{value}” names a day that is listed already.",
    ),
    say(
        "calendar.ordinary_workday",
        "“{value}”是周一至周五，本来就上班，请核对日期。",
        "“{value}” is Monday to Friday and worked anyway.",
    ),
    say(
        "calendar.year",
        "没有写是哪一年，请连同通知的标题一起粘贴。",
        "No year is named; paste the notice with its title.",
    ),
    say(
        "calendar.range",
        "“{value}”的起止日期不对，一次放假不超过 15 天。",
        "“{value}” ends before it begins, or lasts longer than 15 days.",
    ),
    say(
        "calendar.year_incomplete",
        "{year} 年缺少元旦或国庆节。节假日按整年公布，请导入全年的安排。",
        "{year} lacks New Year or the National Day; import the whole year.",
    ),
    say(
        "calendar.nothing",
        "没有读到放假或上班的日期。请上传表格，或粘贴通知全文。",
        "No day was found.",
    ),
    say(
        "calendar.choose_one",
        "请只用一种方式：上传表格，或粘贴通知。",
        "Use one way only: a table or the text of the notice.",
    ),
    say(
        "operations.calendar_imported",
        "导入工作日历",
        "imported the working calendar",
    ),
];
