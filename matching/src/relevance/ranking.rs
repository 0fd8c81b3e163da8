//! Rankings as a file.

use std::io::Write;

use super::index::Index;
use super::model::RequestText;

/// Writes the best `top` experts of each request as CSV with the columns
/// `request,rank,expert,score`: ranks from 1, scores in millionths, requests in the given order.
///
/// `experts` holds the ids in the order the index was built in; `requests` pairs ids and texts.
///
/// # Errors
/// Those of the writer.
///
/// # Panics
/// If there are fewer ids than experts in the index.
pub fn write_ranking<'a>(
    index: &Index,
    experts: &[String],
    requests: impl IntoIterator<Item = (&'a str, &'a RequestText)>,
    top: usize,
    out: impl Write,
) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["request", "rank", "expert", "score"])?;
    for (id, request) in requests {
        for (rank, (expert, score)) in (1..).zip(index.best(request, top)) {
            let rank: usize = rank;
            writer.write_record([id, &rank.to_string(), &experts[expert], &score.to_string()])?;
        }
    }
    writer.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relevance::{ExpertText, Synonyms, Weights};

    #[test]
    fn ranks_are_written_best_first() {
        let expert = |keyword: &str| ExpertText {
            keywords: vec![keyword.into()],
            ..ExpertText::default()
        };
        let experts = [expert("冷链物流"), expert("配电变压器")];
        let index = Index::build(&experts, &Weights::default(), &Synonyms::default());
        let request = RequestText {
            title: "变压器过热".into(),
            ..RequestText::default()
        };
        let mut out = Vec::new();
        let ids = ["E1".to_owned(), "E2".to_owned()];
        write_ranking(&index, &ids, [("R,1", &request)], 5, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "request,rank,expert,score");
        assert!(lines[1].starts_with("\"R,1\",1,E2,"));
        assert_eq!(lines[2], "\"R,1\",2,E1,0");
        assert_eq!(lines.len(), 3);
    }
}
