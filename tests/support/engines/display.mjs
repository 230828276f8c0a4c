// @ts-check
/** A virtual display: WebKitGTK has no headless mode. */

import { startChild } from "../start-child.mjs";

/** @param {string} program Xvfb */
export async function startDisplay(program) {
  const args = ["-displayfd", "3", "-screen", "0", "2000x1400x24", "-nolisten", "tcp"];
  const { child, exited, stop } = startChild(program, args, {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const output = /** @type {import("node:stream").Readable} */ (child.stdio[3]).setEncoding("utf8");
  const failed = exited.then(([code]) => Promise.reject(new Error(`Xvfb ended at once (${code})`)));
  const number = new Promise((resolve) => output.once("data", (text) => resolve(text.trim())));
  return { name: `:${await Promise.race([number, failed])}`, stop };
}
