//! Days as offices write them in tables.

use chrono::NaiveDate;

/// 2027-10-01, 2027/10/1, 2027.10.1 or 2027年10月1日; nothing else is taken for a day.
pub fn read_date(text: &str) -> Option<NaiveDate> {
    ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(text.trim(), form).ok())
        .filter(|day| chrono::Datelike::year(day) > 1900)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_the_forms_that_offices_use() {
        let day = NaiveDate::from_ymd_opt(2027, 10, 1);
        for text in ["2027-10-01", "2027/10/1", "2027.10.1", " 2027年10月1日 "] {
            assert_eq!(read_date(text), day, "{text}");
        }
        for text in ["", "10月1日", "27-10-01", "2027-13-01", "十月一日"] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }
}
