// @ts-check
/** Starts programs that end when the tests end, whatever happens to the tests. */

import { spawn } from "node:child_process";
import { once } from "node:events";

// A test that gets a signal must end these programs, too: nothing else does.
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/** What ends each of them. @type {Set<() => void>} */
const running = new Set();
process.on("exit", () => {
  for (const end of running) end();
});

/**
 * Starts a program in a group of its own, so that what it starts ends with it.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
export function startChild(program, args, options) {
  const child = spawn(program, args, { ...options, detached: true });
  const end = () => {
    try {
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group has ended by itself, or this is a system without groups.
      child.kill("SIGKILL");
    }
  };
  running.add(end);
  const exited = once(child, "exit").finally(() => running.delete(end));
  // Whoever stops it hears that it could not be started.
  exited.catch(() => {});
  return {
    child,
    exited,
    end,
    async stop() {
      end();
      await exited;
    },
  };
}
