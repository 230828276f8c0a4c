// @ts-check
/** Programs of this machine. */

import { accessSync, constants } from "node:fs";
import path from "node:path";

/**
 * The first of those names that is on the `PATH`, or of those paths that is a program.
 *
 * @param {...string} names
 * @returns {string | undefined}
 */
export function findProgram(...names) {
  const directories = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  return names
    .flatMap((name) =>
      path.isAbsolute(name) ? [name] : directories.map((directory) => path.join(directory, name)),
    )
    .find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
