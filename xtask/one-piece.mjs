// @ts-check
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * Passes lines on, until there are no more. Those up to the first one that begins with `lastStart` are passed on as one text, so that
 * nothing that another program writes to the same terminal can land among them.
 *
 * @param {import("node:stream").Readable} input
 * @param {string} lastStart
 * @param {(text: string) => void} write gets each text without the line feed at its end
 */
export async function passOnInOnePiece(input, lastStart, write) {
  /** @type {string[] | undefined} */
  let waiting = [];
  const release = () => {
    if (waiting?.length) write(waiting.join("\n"));
    waiting = undefined;
  };
  const lines = createInterface({ input });
  lines.on("line", (line) => {
    if (!waiting) return write(line);
    waiting.push(line);
    if (line.startsWith(lastStart)) release();
  });
  await once(lines, "close");
  release();
}
