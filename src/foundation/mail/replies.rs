//! What people read instead of a kept reply: codes of our own and of mail servers. Pure.

use super::verdict::{BAD_ADDRESS, BOUNCED, EXPIRED, NO_ADDRESS, NO_ANSWER, UNRENDERED, throttles};

/// A kept reply in words, with the server's number.
pub fn reply_in_words(kept: &str) -> String {
    if let Some(returned) = kept.strip_prefix(BOUNCED) {
        return format!("被退回：{}", server(returned.trim_start()));
    }
    let first = kept.split_whitespace().next().unwrap_or_default();
    let said = match first {
        NO_ADDRESS => "没有邮箱地址",
        BAD_ADDRESS => "邮箱地址写法不对",
        EXPIRED => "已过时，不再发送",
        NO_ANSWER => "对方未回应",
        UNRENDERED => "内容未能生成，请告知系统管理员",
        _ => return server(kept),
    };
    said.to_owned()
}

/// The reply of a server: three digits, mostly with a finer code behind them (RFC 3463).
fn server(kept: &str) -> String {
    let (code, text) = kept.split_once(' ').unwrap_or((kept, ""));
    let Ok(number) = code.parse::<u16>() else {
        return String::new();
    };
    let text = text.to_lowercase();
    let fine = text.split_whitespace().next().unwrap_or_default();
    let said = match (number, fine) {
        (..400, _) => return String::new(),
        _ if throttles(&text) => "对方限流",
        (535 | 534 | 530, _) => "邮件服务器不认我方账号",
        (550, fine) if fine.starts_with("5.1.") => "地址不存在",
        (_, "4.2.2" | "5.2.2") => "对方邮箱已满",
        (451, _) => "对方要求稍后再发",
        (400..500, _) => "对方暂不能收",
        (_, fine) if fine.starts_with("5.7.") => "对方按规定拒收",
        _ => "对方拒收",
    };
    format!("{said}，{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_said_as_people_understand_them() {
        for (kept, said) in [
            ("550 5.1.1 no such user", "地址不存在，550"),
            ("550 Connection frequency limited", "对方限流，550"),
            ("451 4.7.1 greylisted", "对方要求稍后再发，451"),
            ("450 4.2.1 busy", "对方暂不能收，450"),
            ("552 5.2.2 full", "对方邮箱已满，552"),
            ("554 5.7.1 spam", "对方按规定拒收，554"),
            ("535 5.7.8 no", "邮件服务器不认我方账号，535"),
            ("553 no", "对方拒收，553"),
            ("no_address", "没有邮箱地址"),
            ("no_answer cut", "对方未回应"),
            ("250 2.0.0 queued", ""),
            ("mailbox", ""),
            ("bounced 550 5.1.1 no such user", "被退回：地址不存在，550"),
            ("", ""),
        ] {
            assert_eq!(reply_in_words(kept), said, "{kept}");
        }
    }
}
