// @ts-check
/** Writes a WebAssembly module as the text from which `unpack/src/lib.rs` makes it again. */

import { unpack } from "../src/loader/unpack.js";
import { pack } from "./pack.mjs";

/**
 * The character of each byte, 32 a line; `}` where a byte is rare.
 *
 * Brotli looks at the kinds of the two characters before (space, digit, vowel, small letter, comma
 * and the like …) to guess the next. So bytes that are followed by like ones are characters of one
 * kind: small numbers are capital letters, the instructions that access memory digits, `local.get` the
 * space, `local.set` and `local.tee` `;` and `:`. Small letters stand for themselves, because brotli has a
 * dictionary of words. A search chose the rest, when modules were not in streams yet; one on streams gains little
 * (docs/decisions.md).
 */
const CHARACTERS =
  "%HVJZNYDPLS=K,TR.}}}Q}}}G}}UB}}}" +
  " ;:+|}}}94}}F8562}}}C}03X}1}}}}}" +
  "I[(}}OEA}}}}}}}}}}}}}}}}}}}}}}}7" +
  "Mabcde}ghijklmnopqrstu}}x}}}}}}W" +
  "{}}}}}}}*}}}@}}}?}}}}}}}_}}}}}}}" +
  "!})}}}}}}}}}>}}}/}}}}}}}&}}}}}}}" +
  "#^}}}}}}f}}}}}}}v}}}}}}}w}}}}}}}" +
  "y}}}}}}}}}}}}}}}z]}}}}}}}}}}}}}-";

/** `}` and `~` each begin a code of two characters. */
const PREFIXES = "}~";

/** What stands for runs of zeros (`unpack/src/characters.rs`), the longest first. */
const RUNS = [
  { code: "~~", zeros: 15 },
  { code: "~}", zeros: 11 },
  { code: "}~", zeros: 7 },
  { code: "}}", zeros: 3 },
];

/**
 * @param {Uint8Array} module
 * @param {Buffer} unpacker the module that unpacks it
 * @returns {import("../src/loader/embedded.js").EmbeddedModule}
 */
export function encode(module, unpacker) {
  const packed = pack(module);
  const embedded = {
    unpacker: unpacker.toString("hex"),
    text: charactersOf(packed),
    packedLength: packed.length,
    length: module.length,
  };
  const unpacked = unpack(embedded, (bytes) => new WebAssembly.Module(bytes));
  if (Buffer.compare(unpacked, module) !== 0) {
    throw new Error("the module does not come back as it was: xtask/pack.mjs lacks one of its instructions");
  }
  return embedded;
}

/** @param {Uint8Array} bytes */
export function charactersOf(bytes) {
  const codes = [...CHARACTERS];
  const frequent = codes.filter((character) => character !== PREFIXES[0]);
  const rare = [...codes.keys()].filter((byte) => codes[byte] === PREFIXES[0]);
  rare.forEach((byte, index) => {
    const prefix = PREFIXES[Math.floor(index / frequent.length)];
    codes[byte] = prefix + frequent[index % frequent.length];
  });
  let text = CHARACTERS;
  for (let read = 0; read < bytes.length; ) {
    const run = RUNS.find(({ zeros }) => zerosAt(bytes, read) >= zeros);
    text += run?.code ?? codes[bytes[read]];
    read += run?.zeros ?? 1;
  }
  return text;
}

/**
 * How many zeros there are in a row.
 *
 * @param {Uint8Array} bytes
 * @param {number} from
 */
function zerosAt(bytes, from) {
  const end = bytes.subarray(from).findIndex((byte) => byte !== 0);
  return end === -1 ? bytes.length - from : end;
}
