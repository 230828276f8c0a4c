// @ts-check
/** The library with its WebAssembly in a file of its own, compiled while it comes in. */

// @ts-expect-error: the server makes it of `pkg/workerd.js`.
import * as library from "../../pkg/separate.js";
import { startLibrary } from "./library.js";

/** @type {import("./contender.d.ts").Start} */
export const start = (broker, token) => startLibrary(library, broker, token);
