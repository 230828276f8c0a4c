//! Panics without messages. Nobody reads them: the loader turns any trap into an error of its own.
//! Our own code formats nothing (`src/text.rs`), so the formatting functions serve only panics as well.

use walrus::ir::Value;
use walrus::{
    ConstExpr, DataId, DataKind, FunctionBuilder, FunctionId, FunctionKind, LocalFunction, Module,
};

/// Makes each panic a bare trap, and blanks its message. The first saves 3 KB of the package, after
/// brotli, the second 1.4 KB.
pub fn silence(module: &mut Module) {
    make_traps(module);
    let mut segments = Segments::of(module);
    segments.blank_locations();
    segments.blank_messages();
    segments.write_to(module);
}

fn make_traps(module: &mut Module) {
    let is_silenced = |name: &str| FUNCTIONS.iter().any(|part| name.contains(part));
    let silenced: Vec<FunctionId> = module
        .funcs
        .iter_local()
        .map(|(id, _)| id)
        .filter(|id| module.funcs.get(*id).name.as_deref().is_some_and(is_silenced))
        .collect();
    for id in silenced {
        let signature = module.types.get(module.funcs.get(id).ty());
        let (parameters, results) = (signature.params().to_vec(), signature.results().to_vec());
        let mut builder = FunctionBuilder::new(&mut module.types, &parameters, &results);
        builder.func_body().unreachable();
        let arguments = parameters.iter().map(|kind| module.locals.add(*kind)).collect();
        let body: LocalFunction = builder.local_func(arguments);
        module.funcs.get_mut(id).kind = FunctionKind::Local(body);
    }
}

/// Parts of the names of the functions that are only for panics.
const FUNCTIONS: [&str; 5] =
    ["]::fmt::", "]::panicking::", "slice_index_fail", "unwrap_failed", "expect_failed"];

/// The messages, each long enough that no other text equals it. One that is new in the standard library
/// stays in the module, which costs some bytes and nothing else.
const MESSAGES: [&str; 31] = [
    " but ends at ",
    " does not match destination slice length (",
    " out of range for slice of length ",
    " right` failed",
    ") should be <= len (is ",
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546\
     474849505152535455565758596061626364656667686970717273747576777879808182838485868788899091929394\
     9596979899",
    "0123456789ABCDEF",
    "LazyCell instance has previously been poisoned",
    "RefCell already borrowed",
    "RefCell already mutably borrowed",
    "Tried to shrink to a larger capacity",
    "`Ready` polled after completion",
    "`async fn` resumed after completion",
    "a formatting trait implementation returned an error when the underlying stream did not",
    "assertion `left ",
    "assertion failed: i < self.len()",
    "assertion failed: j < self.len()",
    "assertion failed: mid <= self.len()",
    "assertion failed: self.peeked.is_none()",
    "called `Option::unwrap()` on a `None` value",
    "cannot access a Thread Local Storage value during or after destruction: ",
    "capacity overflow",
    "copy_from_slice: source slice length (",
    "dest is out of bounds",
    "finish: callbacks should be Some",
    "finish: result should be None",
    "insertion index (is ",
    "internal error: entered unreachable code",
    "range end index ",
    "range start index ",
    "slice index starts at ",
];

/// The initial contents of memory: addresses and bytes.
struct Segments(Vec<(DataId, usize, Vec<u8>)>);

impl Segments {
    fn of(module: &Module) -> Self {
        let segments = module.data.iter().filter_map(|data| match data.kind {
            DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } => {
                Some((data.id(), usize::try_from(start).ok()?, data.value.clone()))
            }
            _ => None,
        });
        Self(segments.collect())
    }

    fn write_to(self, module: &mut Module) {
        for (id, _, bytes) in self.0 {
            module.data.get_mut(id).value = bytes;
        }
    }

    /// Blanks the source locations that panics name (a structure each: address and length of the
    /// path, line, column), and the paths.
    fn blank_locations(&mut self) {
        let mut blank = Vec::new();
        for (_, start, bytes) in &self.0 {
            for (index, words) in bytes.windows(16).enumerate() {
                let address = start + index;
                let path = (word(words, 0), word(words, 4));
                if address % 4 == 0 && self.read(path).is_some_and(is_path) {
                    blank.extend([path, (address, 16)]);
                }
            }
        }
        blank.into_iter().for_each(|range| self.blank(range));
    }

    fn blank_messages(&mut self) {
        for message in MESSAGES {
            for (.., bytes) in &mut self.0 {
                let at = |bytes: &[u8]| {
                    bytes.windows(message.len()).position(|part| part == message.as_bytes())
                };
                while let Some(start) = at(bytes) {
                    bytes.iter_mut().skip(start).take(message.len()).for_each(|byte| *byte = 0);
                }
            }
        }
    }

    fn read(&self, (address, length): (usize, usize)) -> Option<&[u8]> {
        self.0.iter().find_map(|(_, start, bytes)| {
            let at = address.checked_sub(*start)?;
            bytes.get(at..at.checked_add(length)?)
        })
    }

    fn blank(&mut self, (address, length): (usize, usize)) {
        for (_, start, bytes) in &mut self.0 {
            let range = address.checked_sub(*start).map(|at| at..at + length);
            if let Some(part) = range.and_then(|range| bytes.get_mut(range)) {
                part.fill(0);
            }
        }
    }
}

fn word(bytes: &[u8], at: usize) -> usize {
    let bytes = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    u32::from_le_bytes(bytes.unwrap_or_default()) as usize
}

fn is_path(text: &[u8]) -> bool {
    text.ends_with(b".rs") && text.is_ascii()
}
