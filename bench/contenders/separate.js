/** The library with its WebAssembly in a file of its own, compiled while it comes in. */

import * as library from "/pkg/separate.js";
import { startLibrary } from "./library.js";

export const start = (broker, token) => startLibrary(library, broker, token);
