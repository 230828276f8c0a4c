// @ts-check
/**
 * `npm start`: from a fresh clone to a broker that serves the demo page. What follows `--` goes to
 * the broker: `npm start -- --listen 127.0.0.1:9000`.
 */

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { ensureFreshPackage, ensureRust, PreparationError, ROOT, runMain, step } from "./prepare.mjs";

await runMain(async () => {
  ensureRust();
  await ensureFreshPackage();
  const options = process.argv.slice(2);
  // SQLite needs a C compiler, so only who needs it compiles it.
  const keepsData = options.some((option) => option === "--data" || option.startsWith("--data="));
  const features = keepsData ? ["--features", "sqlite"] : [];
  step(`starting the broker (${["cargo run -p broker", ...features].join(" ")})`);
  process.exitCode = await foreground("cargo", ["run", "-p", "broker", ...features, "--", ...options]);
});

/**
 * Runs a program in the foreground, and passes signals on to it.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<number>} the exit code as a shell gives it
 */
function foreground(command, args) {
  const child = spawn(command, args, { cwd: ROOT, stdio: "inherit" });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.on("error", (error) =>
      reject(new PreparationError(`${command} could not be started: ${error.message}`)),
    );
    child.on("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
