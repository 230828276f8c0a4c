// @ts-check
/** A display that nobody sees: WebKitGTK has no other way to be without one. */

import { startChild } from "../start-child.mjs";

/** Larger than any window that a test opens. */
const SCREEN = "2000x1400x24";

/** @param {string} program Xvfb */
export async function startDisplay(program) {
  const args = ["-displayfd", "3", "-screen", "0", SCREEN, "-nolisten", "tcp"];
  const { child, exited, stop } = startChild(program, args, {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const told = /** @type {import("node:stream").Readable} */ (child.stdio[3]).setEncoding("utf8");
  const failed = exited.then(([code]) => Promise.reject(new Error(`Xvfb ended at once (${code})`)));
  const number = new Promise((resolve) => told.once("data", (text) => resolve(text.trim())));
  return { name: `:${await Promise.race([number, failed])}`, stop };
}
