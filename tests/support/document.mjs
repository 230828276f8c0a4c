// @ts-check
/** Programs in documents, which have to run. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startBroker } from "./broker.mjs";

/**
 * What the first program of a document prints with the local broker.
 *
 * @param {string} text of the document
 */
export async function outputOf(text) {
  const [, program] = /```js\n(import[^]*?)```/.exec(text) ?? [];
  if (program === undefined) throw new Error("The document has no program that begins with an import.");
  const broker = await startBroker();
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      "--input-type=module",
      "--eval",
      program.replace("127.0.0.1:8080", broker.host),
    ]);
    if (stderr) throw new Error(stderr);
    return stdout;
  } finally {
    await broker.stop();
  }
}
