//! The texts of contracts for people, rendered.

use super::contract::CONTRACT;
use super::element::Element;
use std::collections::BTreeMap;

/// How a text for people is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextFormat {
    Markdown,
    Html,
    Text,
}

/// A text has something that can't be rendered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotRendered;

/// Renders all texts for people in a contract: each element keeps its place, and has the rendered
/// text instead of its children. How a Neuron® writes it is not published.
pub(super) fn render(contract: &mut Element, format: TextFormat) -> Result<(), NotRendered> {
    let parameters = contract.named("parameters").flat_map(Element::children);
    let values = parameters.filter_map(|parameter| {
        Some((parameter.attribute("name")?.to_lowercase(), parameter.attribute("value")?.into()))
    });
    let renderer = Renderer { format, values: values.collect() };
    renderer.replace_texts(contract)
}

struct Renderer {
    format: TextFormat,
    /// The values of the parameters, by their names in lower case.
    values: BTreeMap<String, String>,
}

impl Renderer {
    fn replace_texts(&self, element: &mut Element) -> Result<(), NotRendered> {
        for child in element.children_mut().filter(|child| child.namespace == CONTRACT) {
            if matches!(child.name.as_str(), "humanReadableText" | "description") {
                let text = self.blocks(child, 1)?;
                child.clear();
                *child = std::mem::take(child).saying(text.trim_end());
            } else {
                self.replace_texts(child)?;
            }
        }
        Ok(())
    }

    fn blocks(&self, around: &Element, level: usize) -> Result<String, NotRendered> {
        around.children().map(|block| self.block(block, level)).collect()
    }

    fn block(&self, block: &Element, level: usize) -> Result<String, NotRendered> {
        let is_html = self.format == TextFormat::Html;
        Ok(match block.name.as_str() {
            "paragraph" if is_html => format!("<p>{}</p>\n", self.inlines(block)?),
            "paragraph" => format!("{}\n\n", self.inlines(block)?),
            "separator" if is_html => "<hr/>\n".into(),
            "separator" => "---\n\n".into(),
            "section" => self.section(block, level)?,
            "bulletItems" => self.list(block, "ul")?,
            "numberedItems" => self.list(block, "ol")?,
            _ => return Err(NotRendered),
        })
    }

    fn section(&self, section: &Element, level: usize) -> Result<String, NotRendered> {
        let mut text = String::new();
        for header in section.named("header") {
            let header = self.inlines(header)?;
            text += &match self.format {
                TextFormat::Html => format!("<h{level}>{header}</h{level}>\n"),
                TextFormat::Markdown => format!("{} {header}\n\n", "#".repeat(level)),
                TextFormat::Text => format!("{header}\n\n"),
            };
        }
        for body in section.named("body") {
            text += &self.blocks(body, (level + 1).min(6))?;
        }
        Ok(text)
    }

    fn list(&self, list: &Element, tag: &str) -> Result<String, NotRendered> {
        let mut text = String::new();
        for (index, item) in list.named("item").enumerate() {
            let content = self.inlines(item)?;
            text += &match self.format {
                TextFormat::Html => format!("<li>{content}</li>\n"),
                _ if tag == "ol" => format!("{}. {content}\n", index + 1),
                _ => format!("- {content}\n"),
            };
        }
        Ok(match self.format {
            TextFormat::Html => format!("<{tag}>\n{text}</{tag}>\n"),
            _ => text + "\n",
        })
    }

    fn inlines(&self, around: &Element) -> Result<String, NotRendered> {
        around.children().map(|inline| self.inline(inline)).collect()
    }

    fn inline(&self, inline: &Element) -> Result<String, NotRendered> {
        let [markdown, html] = match inline.name.as_str() {
            "text" => return Ok(self.escape(&inline.text())),
            "parameter" => return Ok(self.escape(self.value(inline))),
            "lineBreak" => return Ok(self.line_break().into()),
            "bold" => ["**", "strong"],
            "italic" => ["*", "em"],
            "strikeThrough" => ["~~", "s"],
            "underline" => ["", "u"],
            "super" => ["", "sup"],
            "sub" => ["", "sub"],
            _ => return Err(NotRendered),
        };
        let inside = self.inlines(inline)?;
        Ok(match self.format {
            TextFormat::Text => inside,
            TextFormat::Markdown if !markdown.is_empty() => [markdown, &inside, markdown].concat(),
            // Markdown has no sign for the others, but takes HTML.
            TextFormat::Markdown | TextFormat::Html => format!("<{html}>{inside}</{html}>"),
        })
    }

    fn line_break(&self) -> &'static str {
        match self.format {
            TextFormat::Html => "<br/>",
            TextFormat::Markdown => "  \n",
            TextFormat::Text => "\n",
        }
    }

    /// The value of a parameter, or its name if it has none yet.
    fn value<'a>(&'a self, parameter: &'a Element) -> &'a str {
        let name = parameter.attribute("name").unwrap_or_default();
        self.values.get(&name.to_lowercase()).map_or(name, String::as_str)
    }

    fn escape(&self, text: &str) -> String {
        match self.format {
            TextFormat::Text => text.into(),
            TextFormat::Markdown => escape_markdown(text),
            TextFormat::Html => {
                text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
            }
        }
    }
}

/// Escapes what Markdown would take for a sign, at the beginning of a line or anywhere.
pub(super) fn escape_markdown(text: &str) -> String {
    let after_number = text.trim_start_matches(|character: char| character.is_ascii_digit());
    let number = text.len() - after_number.len();
    let mut escaped = String::with_capacity(text.len());
    for (position, character) in text.char_indices() {
        let is_sign = match character {
            '-' | '+' | '=' => position == 0,
            '.' | ')' => position == number && number > 0,
            other => r"\`*_[]<>~|#&".contains(other),
        };
        if is_sign {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::contract_template::book_loan;
    use super::*;

    fn rendered(contract: &Element, format: TextFormat) -> Result<String, NotRendered> {
        let mut contract = contract.clone();
        render(&mut contract, format)?;
        Ok(contract.named("humanReadableText").next().unwrap().text())
    }

    #[test]
    fn the_text_of_the_template_is_rendered() {
        for (format, text) in [
            (TextFormat::Text, "The lender lends the book Title to the borrower for Days days."),
            (
                TextFormat::Markdown,
                "The lender lends the book **Title** to the borrower for Days days.",
            ),
            (
                TextFormat::Html,
                "<p>The lender lends the book <strong>Title</strong> to the borrower for Days days.</p>",
            ),
        ] {
            assert_eq!(rendered(&book_loan(), format).unwrap(), text);
        }
        let mut contract = book_loan();
        render(&mut contract, TextFormat::Text).unwrap();
        assert!(contract.to_xml().contains("xml:lang=\"en\">Lends the book.</description>"));
    }

    fn of(blocks: &str) -> Element {
        let xml = format!(
            "<contract xmlns='{CONTRACT}'><parameters><stringParameter name='T' value='a*&lt;b'/>\
             </parameters><humanReadableText>{blocks}</humanReadableText></contract>"
        );
        Element::parse(&xml).unwrap()
    }

    #[test]
    fn values_are_escaped() {
        let contract = of("<paragraph><parameter name='t'/></paragraph>");
        assert_eq!(rendered(&contract, TextFormat::Text).unwrap(), "a*<b");
        assert_eq!(rendered(&contract, TextFormat::Html).unwrap(), "<p>a*&lt;b</p>");
        assert_eq!(rendered(&contract, TextFormat::Markdown).unwrap(), "a\\*\\<b");
    }

    #[test]
    fn sections_and_lists_are_rendered() {
        let contract = of(concat!(
            "<section><header><text>H</text></header><body><bulletItems><item><text>x</text>",
            "</item></bulletItems><numberedItems><item><sub><text>y</text></sub></item>",
            "</numberedItems><separator/></body></section>"
        ));
        for (format, text) in [
            (TextFormat::Text, "H\n\n- x\n\n1. y\n\n---"),
            (TextFormat::Markdown, "# H\n\n- x\n\n1. <sub>y</sub>\n\n---"),
            (
                TextFormat::Html,
                "<h1>H</h1>\n<ul>\n<li>x</li>\n</ul>\n<ol>\n<li><sub>y</sub></li>\n</ol>\n<hr/>",
            ),
        ] {
            assert_eq!(rendered(&contract, format).unwrap(), text);
        }
    }

    #[test]
    fn tables_and_images_are_not_rendered() {
        for blocks in ["<table/>", "<imageStandalone/>", "<paragraph><imageInline/></paragraph>"] {
            assert_eq!(rendered(&of(blocks), TextFormat::Text), Err(NotRendered));
        }
    }
}
