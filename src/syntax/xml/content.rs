//! The check of the XML that a caller adds to a stanza.

use super::reader::{Fault, Reader};

/// The greatest length of the XML that a caller may add, in bytes of UTF-8.
pub const LONGEST_CONTENT: usize = 1024 * 1024;

/// Checks that a text is well-formed element content: elements, text, comments and CDATA, any
/// number of each. That is what the broker's own check accepts, and it leaves nothing that could
/// end the stanza it is put into.
///
/// # Errors
/// The first [`Fault`].
pub fn check_content(content: &str) -> Result<(), Fault> {
    if content.len() > LONGEST_CONTENT {
        return Err(Fault { offset: LONGEST_CONTENT, rule: "longer than 1 MiB" });
    }
    #[cfg(test)]
    CHECKS.with(|checks| checks.set(checks.get() + 1));
    let mut reader = Reader::content(content);
    while reader.next_event()?.is_some() {}
    Ok(())
}

#[cfg(test)]
thread_local! {
    /// How often content was checked, for tests that it is not done twice.
    pub(crate) static CHECKS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn element_content_is_accepted() {
        let deepest = "<a>".repeat(64) + &"</a>".repeat(64);
        for content in [
            "",
            "text",
            " \r\n\t",
            "<a/>",
            "<a/><b/>",
            "text<a>b</a>text<!-- c --><![CDATA[<x>]]>",
            "<a xmlns='u'/>",
            "<p:a xmlns:p='u' p:b='c'/>",
            "<a b='1' c=\"2\"\n/>",
            "<a >x</a >",
            "&lt;&gt;&amp;&quot;&apos;&#229;&#xE5;&#x1F600;",
            "<å ä='ö'>😀</å>",
            "<a xml:lang='sv' xml:space='preserve'/>",
            "<a xmlns:p='u'><p:b/></a><p xmlns='v'/>",
            "<a xmlns:p='u' xmlns:q='v' p:b='' q:b='' b=''/>",
            "<a b='>'/>",
            "<a b=\"'\"/>",
            "<![CDATA[]]>",
            "<![CDATA[]]]]>",
            "<!---->",
            "a]]b>",
            "<a.b-c_d/>",
            &deepest,
            "<a xmlns='u'><b xmlns=''/></a>",
            "<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
        ] {
            assert_eq!(check_content(content), Ok(()), "{content:?}");
        }
    }

    #[test]
    fn each_fault_is_found_where_it_stands() {
        let too_deep = "<a>".repeat(65);
        let rows = [
            ("<!DOCTYPE a><a/>", 0, "a DOCTYPE"),
            ("<a/><?php ?>", 4, "a processing instruction"),
            ("<?xml version='1.0'?><a/>", 0, "a processing instruction"),
            ("<a>", 3, "an element is not closed"),
            ("<a><b></a>", 6, "an end tag does not match"),
            ("</a>", 0, "an end tag does not match"),
            ("</presence><presence>", 0, "an end tag does not match"),
            ("<a></a", 3, "a tag is not finished"),
            ("<a", 0, "a tag is not finished"),
            ("<", 0, "a name is expected"),
            ("a < b", 2, "a name is expected"),
            ("<1a/>", 0, "a name is expected"),
            ("<a:b:c xmlns:a='u'/>", 0, "a name is expected"),
            ("<:a/>", 0, "a name is expected"),
            ("<p:a/>", 0, "an undeclared prefix"),
            ("<a p:b=''/>", 0, "an undeclared prefix"),
            ("<xmlns:a/>", 0, "an undeclared prefix"),
            ("<a b='' b=''/>", 0, "a duplicate attribute"),
            ("<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>", 0, "a duplicate attribute"),
            ("<a xmlns:p='u' xmlns:p='v'/>", 0, "a duplicate attribute"),
            ("<a xmlns:p=''/>", 0, "a namespace that may not be declared"),
            ("<a xmlns:xmlns='u'/>", 0, "a namespace that may not be declared"),
            ("<a xmlns:xml='u'/>", 0, "a namespace that may not be declared"),
            (
                "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
                0,
                "a namespace that may not be declared",
            ),
            (
                "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
                0,
                "a namespace that may not be declared",
            ),
            ("<a b/>", 4, "an attribute needs a quoted value"),
            ("<a b=c/>", 5, "an attribute needs a quoted value"),
            ("<a b='1'c='2'/>", 8, "a space is missing"),
            ("<a b='<'/>", 6, "a \"<\" in an attribute"),
            ("<a b='", 6, "a quote is not closed"),
            ("&nbsp;", 0, "an unknown entity"),
            ("a & b", 2, "an unknown entity"),
            ("&#0;", 0, "a reference to a forbidden character"),
            ("&#xD800;", 0, "a reference to a forbidden character"),
            ("&#x110000;", 0, "a reference to a forbidden character"),
            ("&#xFFFFFFFFFFFF;", 0, "a reference to a forbidden character"),
            ("&#;", 0, "a reference to a forbidden character"),
            ("&#+65;", 0, "a reference to a forbidden character"),
            ("<a b='&x;'/>", 6, "an unknown entity"),
            ("a\0b", 1, "a forbidden character"),
            ("a\u{B}", 1, "a forbidden character"),
            ("<a b='\u{1}'/>", 6, "a forbidden character"),
            ("<!-- \u{FFFE} -->", 5, "a forbidden character"),
            ("a\u{FFFF}", 1, "a forbidden character"),
            ("a]]>b", 1, "a \"]]>\" outside CDATA"),
            ("<!-- a", 0, "a comment is not closed"),
            ("<!-- a -- b -->", 0, "a \"--\" in a comment"),
            ("<!-- a --->", 0, "a \"--\" in a comment"),
            ("<![CDATA[ a", 0, "a CDATA section is not closed"),
            ("<!ELEMENT a ANY>", 0, "a DOCTYPE"),
            (too_deep.as_str(), 192, "nested too deep"),
        ];
        for (content, offset, rule) in rows {
            assert_eq!(check_content(content), Err(Fault { offset, rule }), "{content:?}");
        }
    }

    #[test]
    fn length_is_counted_in_bytes() {
        assert_eq!(check_content(&"a".repeat(1 << 20)), Ok(()));
        assert!(check_content(&"a".repeat((1 << 20) + 1)).is_err());
        assert!(check_content(&"å".repeat((1 << 19) + 1)).is_err());
    }

    /// A text of pieces that a reader cares about: plain random text is nearly never well-formed.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "<a>",
            "</a>",
            "<a/>",
            "<b c='d'>",
            "</b>",
            "<p:a xmlns:p='u'>",
            "</p:a>",
            "<p:a/>",
            "<a xmlns='v'>",
            " ",
            "x",
            "å",
            "&amp;",
            "&#65;",
            "&#xfffe;",
            "&x;",
            "<!-- c -->",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "]]",
            ">",
            "<",
            "/>",
            "<a ",
            "b=\"1\"",
            " xml:lang='sv'",
            "'",
            "\"",
            "=",
            "\u{1}",
            "<?x?>",
            "<!DOCTYPE a>",
            "</",
            " p:b=''",
            "xmlns:p='u'",
            "\t\n",
        ]);
        prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    /// An independent verdict. `rxml` reads documents, so the content gets a root; what closes
    /// that root early is caught by counting.
    fn oracle(content: &str) -> bool {
        use rxml::{Event, Parse, Parser};
        let document = format!("<r>{content}</r>");
        let mut parser = Parser::new();
        parser.set_text_buffering(false);
        let mut input = document.as_bytes();
        let mut depth = 0_usize;
        loop {
            match parser.parse(&mut input, true) {
                Ok(Some(Event::StartElement(..))) => depth += 1,
                Ok(Some(Event::EndElement(_))) => {
                    depth -= 1;
                    if depth == 0 && !input.is_empty() {
                        return false;
                    }
                }
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn the_verdict_is_that_of_an_independent_parser(content in pieces()) {
            // The oracle knows no comments; both must agree on all else.
            if !content.contains("<!--") {
                prop_assert_eq!(check_content(&content).is_ok(), oracle(&content), "{:?}", content);
            }
        }

        #[test]
        fn any_text_gets_a_verdict(content in any::<String>()) {
            let _ = check_content(&content);
        }
    }
}
