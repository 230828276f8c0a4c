// @ts-check
/** Rows that take long, and whose tools are many: they are run when they are asked for. */

import assert from "node:assert/strict";
import { STORY, command, fetchStory, forBroker } from "./support/kinds.mjs";
import { build, whileServing } from "./support/programs.mjs";
import { read } from "./support/site.mjs";

/** @typedef {import("./support/kinds.mjs").Place} Place */
/** @typedef {import("./support/kinds.mjs").Row} Row */

/**
 * @param {Place} place
 * @param {string} url
 * @param {string[]} selectors
 */
async function assertShown(place, url, selectors) {
  for (const selector of selectors) {
    const shown = await read(await place.browser(), `${url}/${forBroker(place)}`, { selector });
    assert.deepEqual(shown, STORY, selector);
  }
}

/** @type {Record<string, Row>} */
export const LONG_ROWS = {
  next: {
    toolbox: "next",
    async run(place) {
      // The page that is made here runs the story for the first time.
      await build(command(place, "next", ["next", "build"]));
      const serve = command(place, "next", ["next", "start", "--hostname", "127.0.0.1", "--port", "0"]);
      await whileServing(serve, /Local:\s+http:\/\/127\.0\.0\.1:(\d+)[^]*Ready/, async (url) => {
        assert.deepEqual(await fetchStory(`${url}/api`, place), STORY);
        await assertShown(place, url, ["#prerendered", "#client"]);
      });
    },
  },
};
