//! The media types of files, by the extensions of their names.

/// Known media types and their extensions. The first extension of a type is the usual one.
const MEDIA_TYPES: &[(&str, &[&str])] = &[
    ("application/json", &["json"]),
    ("application/pdf", &["pdf"]),
    ("application/xml", &["xml"]),
    ("application/zip", &["zip"]),
    ("audio/mpeg", &["mp3"]),
    ("audio/ogg", &["ogg", "oga"]),
    ("audio/wav", &["wav"]),
    ("image/gif", &["gif"]),
    ("image/jpeg", &["jpg", "jpeg"]),
    ("image/png", &["png"]),
    ("image/svg+xml", &["svg"]),
    ("image/webp", &["webp"]),
    ("text/css", &["css"]),
    ("text/csv", &["csv"]),
    ("text/html", &["html", "htm"]),
    ("text/javascript", &["js", "mjs"]),
    ("text/markdown", &["md", "markdown"]),
    ("text/plain", &["txt", "text", "log"]),
    ("text/xml", &["xml"]),
    ("video/mp4", &["mp4"]),
    ("video/webm", &["webm"]),
];

/// The extensions that files of a media type have, the usual one first. Empty if the type is not
/// known.
pub(super) fn extensions(media_type: &str) -> &'static [&'static str] {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let is = |(known, _): &&(&str, _)| essence.eq_ignore_ascii_case(known);
    MEDIA_TYPES.iter().find(is).map_or(&[], |(_, extensions)| extensions)
}

/// The extension of a file name, without its dot. `None` if it has none.
pub(super) fn extension(file_name: &str) -> Option<&str> {
    let (stem, extension) = file_name.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty()).then_some(extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_has_extensions_whatever_its_case_and_parameters() {
        assert_eq!(extensions("Text/HTML ; charset=utf-8"), ["html", "htm"]);
        for unknown in ["application/octet-stream", "x/y", "", "png"] {
            assert!(extensions(unknown).is_empty(), "{unknown}");
        }
    }

    #[test]
    fn an_extension_follows_the_last_dot() {
        assert_eq!(extension("a.tar.gz"), Some("gz"));
        for name in ["a", ".profile", "a.", ""] {
            assert_eq!(extension(name), None, "{name}");
        }
    }
}
