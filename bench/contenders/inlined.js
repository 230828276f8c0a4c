// @ts-check
/** The library as one file, as npm and a page's `<script>` load it. */

import * as library from "../../pkg/index.js";
import { startLibrary } from "./library.js";

/** @type {import("./contender.d.ts").Start} */
export const start = (broker, token) => startLibrary(library, broker, token);
