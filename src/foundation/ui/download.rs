//! Files as answers.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// Media type of `.docx`.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// Media type of `.xlsx`.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file to be saved under `name`: never shown inside the page, whatever its type says.
pub fn download(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let encoded: String = name.bytes().map(percent).collect();
    (
        [
            (header::CONTENT_TYPE, media_type.to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename*=UTF-8''{encoded}"),
            ),
        ],
        bytes,
    )
        .into_response()
}

/// The characters of RFC 8187 that need no encoding, the others in hexadecimal.
fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_chinese_survive_the_header() {
        let answer = download("聘书 1\r\n.docx", DOCX, vec![1]);
        assert_eq!(
            answer.headers()[header::CONTENT_DISPOSITION],
            "attachment; filename*=UTF-8''%E8%81%98%E4%B9%A6%201%0D%0A.docx"
        );
    }
}
