// @ts-check
/** Runs rows one after the other, each with a broker of its own, and prints what came of them. */

import { startBroker } from "../support/broker.mjs";
import { launchChromium } from "../support/engines/chromium.mjs";
import { openSite } from "./support/site.mjs";
import { closeStage, openStage } from "./support/stage.mjs";
import { installTools } from "./support/tools.mjs";

/** @typedef {import("./support/kinds.mjs").Row} Row */

/**
 * @param {string} spec
 * @param {Record<string, Row>} rows
 * @returns {Promise<number>} how many failed
 */
export async function runMatrix(spec, rows) {
  const failed = await failedRows(spec, rows, (name, seconds, error) => {
    const [reason = "", ...more] = error?.message.trim().split("\n") ?? [];
    console.log(
      [error ? "FAIL" : "ok  ", name.padEnd(20), seconds.toFixed(1).padStart(5), reason].join("  ").trimEnd(),
    );
    for (const line of more) console.log(`        ${line}`);
  });
  console.log(`consumers: ${Object.keys(rows).length - failed.length} passed, ${failed.length} failed`);
  return failed.length;
}

/**
 * @param {string} spec of the package, as `npm install` takes it
 * @param {Record<string, Row>} rows
 * @param {(name: string, seconds: number, error?: Error) => void} tell
 * @param {(stage: string) => Promise<void>} [change] what is installed, before it is used
 * @returns {Promise<string[]>} the names of those that failed
 */
export async function failedRows(spec, rows, tell, change) {
  /** @type {Promise<import("playwright-core").Browser> | undefined} */
  let browser;
  const launch = () => (browser ??= launchChromium());
  /** @type {string[]} */
  const failed = [];
  try {
    for (const name of new Set(Object.values(rows).map(({ toolbox }) => toolbox))) {
      const toolbox = installTools(name);
      const stage = await openStage(toolbox, spec);
      const site = await openSite(stage);
      try {
        await change?.(stage);
        for (const [title, row] of Object.entries(rows)) {
          if (row.toolbox !== name) continue;
          const began = performance.now();
          const error = await reason(row, { toolbox, stage, site: site.url, browser: launch });
          tell(title, (performance.now() - began) / 1000, error);
          if (error) failed.push(title);
        }
      } finally {
        await site.stop();
        await closeStage(stage);
      }
    }
  } finally {
    await (await browser)?.close();
  }
  return failed;
}

/**
 * @param {Row} row
 * @param {Omit<import("./support/kinds.mjs").Place, "host">} place
 * @returns {Promise<Error | undefined>} why it failed
 */
async function reason(row, place) {
  // What one row has written must not be there for the next one to find.
  const broker = await startBroker();
  try {
    await row.run({ ...place, host: broker.host });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await broker.stop();
  }
}
