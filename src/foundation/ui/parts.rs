//! Parts that pages of several bodies show: files to load, paragraphs of a text.

use entity::file;

/// A file to load.
#[derive(Clone, Debug)]
pub struct FileLink {
    /// Where it is loaded.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its size, as people say it.
    pub size: String,
}

impl FileLink {
    /// Links to files below the page `base`.
    pub fn all(files: &[file::Model], base: &str) -> Vec<Self> {
        files
            .iter()
            .map(|file| Self {
                href: format!("{base}/files/{}", file.id),
                name: file.name.clone(),
                size: size(file.size),
            })
            .collect()
    }
}

/// 640 KB, 2.1 MB
fn size(bytes: i64) -> String {
    let kilo = (bytes + 1023) / 1024;
    if kilo < 1024 {
        format!("{} KB", kilo.max(1))
    } else {
        format!("{}.{} MB", kilo / 1024, kilo % 1024 * 10 / 1024)
    }
}

/// The lines of a text that are not blank, as paragraphs.
pub fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_say_them() {
        for (bytes, said) in [
            (1, "1 KB"),
            (640 * 1024, "640 KB"),
            (2_202_010, "2.1 MB"),
            (10 * 1024 * 1024, "10.0 MB"),
        ] {
            assert_eq!(size(bytes), said);
        }
    }
}
