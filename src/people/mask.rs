//! Contact data made unreadable for pages that do not need it: enough stays to recognise one's own.
//! Pure.

/// Family names of two characters; all others are taken as one.
const DOUBLE: &[&str] = &[
    "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛",
    "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容",
    "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "令狐", "呼延", "拓跋", "轩辕", "百里",
    "东郭", "南门", "西门", "第五",
];

/// `138****1234`
pub fn mobile(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    if digits.len() < 8 {
        return "*".repeat(digits.len());
    }
    let head: String = digits[..3].iter().collect();
    let tail: String = digits[digits.len() - 4..].iter().collect();
    format!("{head}{}{tail}", "*".repeat(digits.len() - 7))
}

/// `z***@qq.com`
pub fn email(address: &str) -> String {
    match address.split_once('@') {
        Some((user, domain)) => {
            let first: String = user.chars().take(1).collect();
            format!("{first}***@{domain}")
        }
        None => "***".to_owned(),
    }
}

/// `张*`, `欧阳**`, `M***`: the family name of a Chinese name, the first letter of any other.
pub fn name(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let Some(first) = chars.first() else {
        return String::new();
    };
    if first.is_ascii() || name.contains('·') {
        return format!("{first}***");
    }
    let family = if chars.len() > 2 && DOUBLE.iter().any(|double| name.starts_with(double)) {
        2
    } else {
        1
    };
    let head: String = chars[..family].iter().collect();
    format!("{head}{}", "*".repeat(chars.len() - family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_stays_to_recognise_and_no_more() {
        assert_eq!(mobile("13812341234"), "138****1234");
        assert_eq!(mobile("12345"), "*****");
        assert_eq!(email("zhou@qq.com"), "z***@qq.com");
        assert_eq!(email("z@qq.com"), "z***@qq.com");
        assert_eq!(email("broken"), "***");
        assert_eq!(name("张三"), "张*");
        assert_eq!(name("张三丰"), "张**");
        assert_eq!(name("欧阳锋"), "欧阳*");
        assert_eq!(name("欧阳若汐"), "欧阳**");
        assert_eq!(name("上官"), "上*");
        assert_eq!(name("买买提·艾力"), "买***");
        assert_eq!(name("Mary Smith"), "M***");
        assert_eq!(name(""), "");
    }
}
