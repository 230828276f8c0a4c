#!/usr/bin/env node
// @ts-check
/** The command `neuron-agent-api`: a method of the Agent API from a shell. */

import { constants } from "node:os";
import { run } from "./call.js";
import { catalog } from "./catalog.js";
import { commandOf } from "./command.js";
import { exitCodeOf } from "./exit-codes.js";
import { describe } from "./failure.js";
import { helpOf } from "./help.js";
import { settingOf } from "./options.js";
import { jsonOf, write } from "./output.js";

/** The signals that end the call, and with it the program. @type {NodeJS.Signals[]} */
const SIGNALS = ["SIGINT", "SIGTERM"];

const controller = new AbortController();
for (const name of SIGNALS) {
  process.on(name, () => {
    // The second time without waiting for the logout.
    if (controller.signal.aborted) process.exit(codeOfSignal(name));
    controller.abort(name);
  });
}

// Each write says by itself whether it succeeded.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

process.exitCode = await main(process.argv.slice(2), controller.signal);

/**
 * @param {string[]} words
 * @param {AbortSignal} signal
 * @returns {Promise<number>} the exit code
 */
async function main(words, signal) {
  let host = "";
  try {
    const command = commandOf(words);
    if ("version" in command) await write(`${catalog.version}\n`);
    else if ("help" in command) await write(helpOf(command));
    else {
      const { method, given } = command.call;
      host = settingOf(given, "host") ?? "";
      await run(command.call, signal, (result) =>
        method.answersBytes ? write(result.Content, given.get("output")) : write(jsonOf(result)),
      );
    }
    return 0;
  } catch (error) {
    const { aborted, reason } = signal;
    const failure = describe(error, host);
    if (!aborted) console.error(`${failure.code}: ${failure.message}`);
    else if (failure.ambiguous) console.error(`aborted: ${failure.message}`);
    return aborted ? codeOfSignal(reason) : exitCodeOf(failure);
  }
}

/** As a shell gives it. @param {NodeJS.Signals} name */
function codeOfSignal(name) {
  return 128 + constants.signals[name];
}
