//! What the build wants to know of a WebAssembly module, and the names that it gives its functions.

use std::fs;
use std::ops::Range;
use std::path::Path;

use serde_json::json;
use wasm_encoder::{NameMap, NameSection, Section as _};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use crate::Outcome;

/// The length of what comes before the first section: magic number and version.
const HEADER: usize = 8;

/// Prints the sections of a module and its own functions as JSON: the name of each, and the offsets
/// at which it starts and ends.
pub fn inspect(module: &Path) -> Outcome<()> {
    let contents = Contents::read(&fs::read(module)?)?;
    let sections: Vec<_> = contents
        .sections
        .iter()
        .map(|Section { id, range }| part(section_name(*id), range))
        .collect();
    let functions: Vec<_> = contents
        .functions
        .iter()
        .map(|Function { name, body }| part(name.as_deref().unwrap_or_default(), body))
        .collect();
    write_out(&json!({ "sections": sections, "functions": functions }).to_string())
}

/// Writes a module with other names for its own functions, and for nothing else.
///
/// `names` is a file that has one name a line, in the order of the functions.
pub fn rename(module: &Path, names: &Path, output: &Path) -> Outcome<()> {
    let mut bytes = fs::read(module)?;
    let contents = Contents::read(&bytes)?;
    let names = fs::read_to_string(names)?;
    if names.lines().count() != contents.functions.len() {
        let (found, wanted) = (names.lines().count(), contents.functions.len());
        return Err(format!("there are {found} names for {wanted} functions").into());
    }
    let mut map = NameMap::new();
    for (index, name) in (contents.imported..).zip(names.lines()) {
        map.append(index, name);
    }
    let mut section = NameSection::new();
    section.functions(&map);
    for custom in contents.sections.iter().rev().filter(|section| section.id == CUSTOM) {
        bytes.drain(custom.range.clone());
    }
    section.append_to(&mut bytes);
    Ok(fs::write(output, bytes)?)
}

/// The number of a section that engines ignore.
const CUSTOM: u8 = 0;

fn section_name(id: u8) -> &'static str {
    match id {
        CUSTOM => "custom",
        10 => "code",
        11 => "data",
        _ => "other",
    }
}

fn part(name: &str, Range { start, end }: &Range<usize>) -> serde_json::Value {
    json!({ "name": name, "start": start, "end": end })
}

struct Contents {
    sections: Vec<Section>,
    /// How many functions are imported: they have the first numbers.
    imported: u32,
    functions: Vec<Function>,
}

struct Section {
    id: u8,
    /// With its number and its length.
    range: Range<usize>,
}

struct Function {
    name: Option<String>,
    body: Range<usize>,
}

impl Contents {
    fn read(module: &[u8]) -> Outcome<Self> {
        let mut contents = Self { sections: Vec::new(), imported: 0, functions: Vec::new() };
        let mut end = HEADER;
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload?;
            if let Some((id, content)) = payload.as_section() {
                contents.sections.push(Section { id, range: end..content.end });
                end = content.end;
            }
            contents.note(payload)?;
        }
        Ok(contents)
    }

    fn note(&mut self, payload: Payload) -> Outcome<()> {
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    self.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => {
                self.functions.push(Function { name: None, body: body.range() });
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(subsections) = section.as_known() {
                    for subsection in subsections {
                        self.note_names(subsection?)?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn note_names(&mut self, names: Name) -> Outcome<()> {
        if let Name::Function(map) = names {
            for naming in map {
                let naming = naming?;
                let own = naming.index.checked_sub(self.imported).map(|index| index as usize);
                if let Some(function) = own.and_then(|index| self.functions.get_mut(index)) {
                    function.name = Some(naming.name.to_owned());
                }
            }
        }
        Ok(())
    }
}

/// Writes to standard output, which `println!` would do with a panic where that is closed.
fn write_out(text: &str) -> Outcome<()> {
    use std::io::Write as _;
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, EntityType, FunctionSection, ImportSection, Module, TypeSection,
    };

    /// A module with one imported function and two of its own.
    fn sample() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("host", "log", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut code = CodeSection::new();
        for _ in 0..2 {
            let mut body = wasm_encoder::Function::new([]);
            body.instructions().end();
            code.function(&body);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&code);
        module.finish()
    }

    fn file(name: &str, content: impl AsRef<[u8]>) -> std::path::PathBuf {
        let path = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
        fs::write(&path, content).unwrap();
        path
    }

    #[test]
    fn sections_cover_the_module() {
        let bytes = sample();
        let contents = Contents::read(&bytes).unwrap();
        let ends: Vec<usize> = contents.sections.iter().map(|section| section.range.end).collect();
        let starts = contents.sections.iter().map(|section| section.range.start);
        assert_eq!(starts.collect::<Vec<_>>(), [&[HEADER], &ends[..3]].concat());
        assert_eq!(ends.last(), Some(&bytes.len()));
        // No locals, and the end of the function.
        assert_eq!(&bytes[contents.functions[1].body.clone()], [0, 0x0b]);
    }

    #[test]
    fn names_replace_those_that_were_there() {
        let module = file("module.wasm", sample());
        let renamed = file("renamed.wasm", "");
        for names in [["first", "second"], ["one", "two"]] {
            rename(&module, &file("names", names.join("\n")), &renamed).unwrap();
            let contents = Contents::read(&fs::read(&renamed).unwrap()).unwrap();
            let found: Vec<_> =
                contents.functions.iter().map(|each| each.name.as_deref()).collect();
            assert_eq!(found, names.map(Some));
            let custom = contents.sections.iter().filter(|section| section.id == CUSTOM);
            assert_eq!(custom.count(), 1);
            fs::copy(&renamed, &module).unwrap();
        }
    }

    #[test]
    fn as_many_names_as_functions_are_asked_for() {
        let (module, names) = (file("unnamed.wasm", sample()), file("too-few", "first"));
        let error = rename(&module, &names, &file("none.wasm", "")).unwrap_err();
        assert_eq!(error.to_string(), "there are 1 names for 2 functions");
    }
}
