// @ts-check
/** Rows that take long, and whose tools are many: they are run when they are asked for. */

import assert from "node:assert/strict";
import path from "node:path";
import { freePort } from "../support/free-port.mjs";
import {
  assertOneCopy,
  command,
  fetchStory,
  forBroker,
  STORY,
  underNode24,
  vitest,
} from "./support/kinds.mjs";
import { build, whileServing } from "./support/programs.mjs";
import { read } from "./support/site.mjs";

/** @typedef {import("./support/kinds.mjs").Place} Place */
/** @typedef {import("./support/kinds.mjs").Row} Row */

/**
 * A framework with a server: the story is done by a route of it, while a page is made, and by the page
 * in the browser.
 *
 * @param {string} name of its folder, as of its project
 * @param {object} how
 * @param {string[]} how.build
 * @param {string} how.client where the build puts what is for browsers
 * @param {string[]} how.serve
 * @param {string[]} how.shown where the page shows what came out
 * @returns {Row}
 */
const framework = (name, how) => ({
  toolbox: name,
  async run(place) {
    await build(underNode24(command(place, name, how.build)));
    await assertOneCopy(path.join(place.stage, name, how.client));
    const port = await freePort();
    const { env, ...serve } = underNode24(command(place, name, how.serve));
    const settings = { ...env, HOST: "127.0.0.1", PORT: port, NODE_ENV: "production" };
    await whileServing({ ...serve, env: settings }, new RegExp(`:(${port})\\b`), async (url) => {
      assert.deepEqual(await fetchStory(`${url}/api`, place), STORY);
      await assertShown(place, url, how.shown);
    });
  },
});

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

/**
 * A tool that makes a page of files.
 *
 * @param {string} name
 * @param {string} dist where it puts them
 * @param {string} selector where the page shows what came out
 * @param {...string} words
 * @returns {Row}
 */
const builder = (name, dist, selector, ...words) => ({
  toolbox: name,
  async run(place) {
    await build(underNode24(command(place, name, words)));
    await assertOneCopy(path.join(place.stage, name, dist));
    const url = `${place.site}/${name}/${dist}/index.html${forBroker(place)}`;
    assert.deepEqual(await read(await place.browser(), url, { selector }), STORY);
  },
});

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
  astro: framework("astro", {
    build: ["astro", "build"],
    client: "dist/client",
    serve: ["dist/server/entry.mjs"],
    shown: ["#prerendered", "#client"],
  }),
  nuxt: framework("nuxt", {
    build: ["nuxt", "build"],
    client: ".output/public",
    serve: [".output/server/index.mjs"],
    shown: ["#server", "#client"],
  }),
  "react-router": framework("react-router", {
    build: ["react-router", "build"],
    client: "build/client",
    serve: ["react-router-serve", "build/server/index.js"],
    shown: ["#server", "#client"],
  }),
  sveltekit: framework("sveltekit", {
    build: ["vite", "build"],
    client: "build/client",
    serve: ["build/index.js"],
    shown: ["#server", "#client"],
  }),
  angular: builder("angular", "dist/browser", "#client", "ng", "build"),
  parcel: builder(
    "parcel",
    "dist",
    "body",
    ...["parcel", "build", "src/index.html", "--public-url=./", "--dist-dir=dist"],
  ),
  // Older versions let jsdom's signals stand where Node's are expected.
  "vitest-3": { ...vitest("jsdom"), toolbox: "vitest-3" },
  wrangler: {
    toolbox: "wrangler",
    async run(place) {
      const words = ["wrangler", "dev", "--ip=127.0.0.1", "--port=0", "--show-interactive-dev-session=false"];
      const serve = underNode24(command(place, "wrangler", words));
      await whileServing(serve, /Ready on http:\/\/127\.0\.0\.1:(\d+)/, async (url) => {
        assert.deepEqual(await fetchStory(`${url}/`, place), STORY);
      });
    },
  },
};
