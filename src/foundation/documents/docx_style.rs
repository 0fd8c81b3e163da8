//! Styles and measures of the Word file: sizes and fonts of the standard, in one place.

use docx_rs::{
    AlignmentType, LineSpacing, LineSpacingType, RunFonts, SpecialIndentType, Style, StyleType,
};

/// Twentieths of a point in a millimetre, times ten.
const TENTH_TWIPS_A_MM: i32 = 567;
/// The red of issuer and rule.
pub(super) const RED: &str = "B3140C";

/// One style for each kind of line. Sizes are in half points.
pub(super) fn styles() -> Vec<Style> {
    let style = |id: &str, name: &str| Style::new(id, StyleType::Paragraph).name(name);
    let title = |id: &str, name: &str| {
        style(id, name)
            .fonts(fonts("方正小标宋简体"))
            .bold()
            .align(AlignmentType::Center)
    };
    let two_characters = Some(SpecialIndentType::FirstLine(640));
    let page_number = |id: &str, name: &str, align| {
        style(id, name)
            .fonts(fonts("宋体"))
            .size(28)
            .align(align)
            .indent(Some(280), None, Some(280), None)
    };
    vec![
        title("Issuer", "发文机关")
            .size(52)
            .color(RED)
            .line_spacing(at_least(36)),
        style("DocumentNumber", "发文字号")
            .size(28)
            .align(AlignmentType::Center)
            .line_spacing(at_least(28).after(mm(7).unsigned_abs())),
        title("PaperTitle", "文件标题")
            .size(44)
            .line_spacing(at_least(32).after(mm(6).unsigned_abs())),
        style("PaperHeading", "一级标题")
            .fonts(fonts("黑体"))
            .size(32)
            .line_spacing(exact(28))
            .indent(None, two_characters, None, None)
            .outline_lvl(0),
        style("Body", "公文正文")
            .size(32)
            .align(AlignmentType::Both)
            .line_spacing(exact(28))
            .indent(None, two_characters, None, None),
        style("Flat", "顶格正文").size(32).line_spacing(exact(28)),
        style("Note", "说明")
            .size(22)
            .line_spacing(exact(18).after(mm(2).unsigned_abs())),
        style("Sign", "落款")
            .size(32)
            .align(AlignmentType::Right)
            .line_spacing(exact(28))
            .indent(None, None, Some(640), None),
        style("TableHead", "表头")
            .fonts(fonts("黑体"))
            .size(24)
            .align(AlignmentType::Center)
            .line_spacing(exact(18)),
        style("TableText", "表文")
            .size(24)
            .align(AlignmentType::Center)
            .line_spacing(exact(18)),
        style("TableGap", "表后").size(12).line_spacing(exact(11)),
        page_number("PageNumberOdd", "单页码", AlignmentType::Right),
        page_number("PageNumberEven", "双页码", AlignmentType::Left),
    ]
}

pub(super) fn fonts(chinese: &str) -> RunFonts {
    RunFonts::new()
        .ascii("Times New Roman")
        .hi_ansi("Times New Roman")
        .east_asia(chinese)
}

/// Lines exactly so many points high.
pub(super) fn exact(points: i32) -> LineSpacing {
    LineSpacing::new()
        .line_rule(LineSpacingType::Exact)
        .line(points * 20)
}

/// Lines at least so many points high.
pub(super) fn at_least(points: i32) -> LineSpacing {
    LineSpacing::new()
        .line_rule(LineSpacingType::AtLeast)
        .line(points * 20)
}

/// Millimetres in twips.
pub(super) fn mm(length: i32) -> i32 {
    length * TENTH_TWIPS_A_MM / 10
}
