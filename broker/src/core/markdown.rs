//! Renders Markdown, as the content of a message or as a text.

use super::content::Content;
use super::stanza::CLIENT;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, html};

/// The namespace of HTML in a message (XEP-0071).
const XHTML_IM: &str = "http://jabber.org/protocol/xhtml-im";
const XHTML: &str = "http://www.w3.org/1999/xhtml";
/// The namespace of content of any type in a message (XEP-0481).
const CONTENT: &str = "urn:xmpp:content";

/// How deep nested lists are indented in plain text.
const DEEPEST_INDENT: usize = 8;

/// The content of a message in three forms: `<body>` with plain text, `<html>` with rendered HTML,
/// and `<content>` with the Markdown itself.
///
/// HTML inside the Markdown is shown as text, because a sender must not put a script into a
/// recipient's page. `<html>` is left out if it would be longer than 1 MiB or nested deeper than
/// 64.
pub(super) fn forms(markdown: &str) -> Content {
    let mut forms = Content::element("body", CLIENT, &[], &Content::text(&plain(markdown)));
    if let Ok(inside) = Content::parse(&hypertext(markdown)) {
        let body = Content::element("body", XHTML, &[], &inside);
        forms.append(&Content::element("html", XHTML_IM, &[], &body));
    }
    let source = Content::text(markdown);
    forms.append(&Content::element("content", CONTENT, &[("type", "text/markdown")], &source));
    forms
}

fn parser(markdown: &str) -> Parser<'_> {
    Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES)
}

fn hypertext(markdown: &str) -> String {
    format!("<div xmlns=\"{XHTML}\">{}</div>", html(markdown))
}

/// The HTML, without scripts: HTML inside the Markdown is shown as text.
pub(super) fn html(markdown: &str) -> String {
    let mut written = String::new();
    let events = parser(markdown).map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        other => other,
    });
    html::push_html(&mut written, events.map(without_scripts));
    written
}

/// Removes links to anything but a page or a mail address, because they could run a script.
fn without_scripts(event: Event<'_>) -> Event<'_> {
    let is_safe = |url: &str| {
        let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        matches!(scheme.as_deref(), Some("http" | "https" | "mailto" | "xmpp") | None)
    };
    match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) if !is_safe(&dest_url) => {
            Event::Start(Tag::Link { link_type, dest_url: "".into(), title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) if !is_safe(&dest_url) => {
            Event::Start(Tag::Image { link_type, dest_url: "".into(), title, id })
        }
        other => other,
    }
}

/// The plain text: a line for each line, and an empty line between paragraphs.
pub(super) fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut lists = Vec::new();
    for event in parser(markdown) {
        match event {
            Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
            Event::Html(piece) | Event::InlineHtml(piece) => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            Event::Rule => text.push_str("---\n\n"),
            Event::Start(Tag::List(first)) => {
                end_line(&mut text);
                lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                lists.pop();
                if lists.is_empty() {
                    text.push('\n');
                }
            }
            Event::Start(Tag::Item) => {
                // The nesting of lists is limited only by the length of the text.
                text.push_str(&"  ".repeat(lists.len().saturating_sub(1).min(DEEPEST_INDENT)));
                match lists.last_mut() {
                    Some(Some(number)) => {
                        text.push_str(&format!("{number}. "));
                        *number += 1;
                    }
                    _ => text.push_str("- "),
                }
            }
            Event::End(TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead) => end_line(&mut text),
            Event::End(TagEnd::TableCell) => text.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Table) => {
                text.push_str("\n\n");
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented)) => {
                end_line(&mut text);
            }
            Event::End(TagEnd::CodeBlock) => text.push('\n'),
            _ => {}
        }
    }
    text.trim_end().into()
}

fn end_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_message_has_three_forms() {
        assert_eq!(
            forms("Hello **Bob** <x>").as_str(),
            concat!(
                r#"<body xmlns="jabber:client">Hello Bob &lt;x&gt;</body>"#,
                r#"<html xmlns="http://jabber.org/protocol/xhtml-im">"#,
                r#"<body xmlns="http://www.w3.org/1999/xhtml"><div xmlns="http://www.w3.org/1999/xhtml">"#,
                "<p>Hello <strong>Bob</strong> &lt;x&gt;</p>\n</div></body></html>",
                r#"<content xmlns="urn:xmpp:content" type="text/markdown">Hello **Bob** &lt;x&gt;</content>"#
            )
        );
    }

    #[test]
    fn plain_text_is_what_a_person_reads() {
        for (markdown, text) in [
            ("a", "a"),
            (
                "# Title\n\nText *with* `code`\nand [a link](http://x)",
                "Title\n\nText with code\nand a link",
            ),
            ("- a\n- b\n\nc", "- a\n- b\n\nc"),
            ("3. a\n4. b", "3. a\n4. b"),
            ("- a\n  - b\n- c", "- a\n  - b\n- c"),
            ("```rust\nlet a;\n```\nb", "let a;\n\nb"),
            ("a\n\n---\n\nb", "a\n\n---\n\nb"),
            ("", ""),
            ("a &lt; b", "a < b"),
            ("|a|b|\n|-|-|\n|c|d|", "a b \nc d"),
        ] {
            assert_eq!(plain(markdown), text, "{markdown}");
        }
    }

    #[test]
    fn scripts_are_removed() {
        for markdown in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)>",
            "[a](javascript:alert)",
            "[a](JavaScript:alert)",
            "![a](data:text/html,x)",
            "<javascript:alert>",
        ] {
            let html = hypertext(markdown);
            for wrong in ["<script", "<img src=\"data", "<img src=x", "=\"javascript", "=\"Java"] {
                assert!(!html.contains(wrong), "{html}");
            }
        }
    }

    #[test]
    fn markdown_that_is_too_much_for_html_is_sent_as_text() {
        for markdown in ["> ".repeat(100) + "a", "a<".repeat(400_000)] {
            let forms = forms(&markdown);
            let is_there = |name| forms.find(forms.elements(), Some(name), None).is_some();
            assert_eq!(["body", "html", "content"].map(is_there), [true, false, true]);
        }
    }

    proptest! {
        #[test]
        fn any_markdown_is_well_formed(markdown in "[a-z<>&\"'*_`#\\[\\]()!|\\-\\n 1.~:/]{0,60}") {
            prop_assert!(Content::parse(&hypertext(&markdown)).is_ok(), "{}", hypertext(&markdown));
        }
    }
}
