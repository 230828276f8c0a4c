// @ts-check
/** Serves the contenders as a web server does in production: compressed and cacheable. */

import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { brotliCompressSync } from "node:zlib";
import { parse } from "acorn";
import { listen } from "../tests/support/listen.mjs";

const page = (
  /** @type {string} */ script,
) => `<!doctype html><html lang="en"><link rel="icon" href="data:," />
<title>…</title><body><script type="module" src="${script}"></script></html>`;

/** @type {[path: RegExp, root: URL][]} */
const ROOTS = [
  [/^\/pkg\/[\w.]+$/, new URL("../", import.meta.url)],
  [/^\/bench\/(page|frame|plan|measures|contenders\/\w+)\.js$/, new URL("../", import.meta.url)],
];

/** What the page has put before the paths of a turn, so that nothing of it is in a cache. */
const TURN = /^\/turn-\d+(?=\/)/;

/** @type {Map<string, Buffer>} */
const compressed = new Map();

/** The bundle for environments that import WebAssembly, changed to fetch it as a page does. */
async function separate() {
  const source = await readFile(new URL("../pkg/workerd.js", import.meta.url), "utf8");
  const { body } = parse(source, { ecmaVersion: "latest", sourceType: "module" });
  for (const statement of body) {
    if (statement.type !== "ImportDeclaration" || statement.source.value !== "./agentapi.wasm") continue;
    const [{ local }] = statement.specifiers;
    const url = 'new URL("./agentapi.wasm", import.meta.url)';
    const fetched = `const ${local.name}=await WebAssembly.compileStreaming(fetch(${url}));`;
    return source.slice(0, statement.start) + fetched + source.slice(statement.end);
  }
  throw new Error("pkg/workerd.js does not import agentapi.wasm");
}

/** @param {string} path */
async function content(path) {
  if (path === "/bench/page.html") return page("./page.js");
  if (path === "/bench/frame.html") return page("./frame.js");
  if (path === "/pkg/separate.js") return separate();
  const root = ROOTS.find(([pattern]) => pattern.test(path))?.[1];
  if (!root) return undefined;
  return readFile(new URL(`.${path}`, root));
}

/** @param {string} path */
async function load(path) {
  const known = compressed.get(path);
  if (known) return known;
  const found = await content(path);
  if (found === undefined) return undefined;
  const made = brotliCompressSync(found);
  compressed.set(path, made);
  return made;
}

/** @param {string} path */
function mediaType(path) {
  if (path.endsWith(".js")) return "text/javascript";
  return path.endsWith(".wasm") ? "application/wasm" : "text/html; charset=utf-8";
}

/** What all contenders load. It is compressed beforehand, as on a server that is in use. */
const LOADED = [
  "/bench/frame.html",
  "/bench/frame.js",
  "/bench/measures.js",
  ...["fetch", "xhr", "library", "inlined", "separate"].map((name) => `/bench/contenders/${name}.js`),
  "/pkg/index.js",
  "/pkg/separate.js",
  "/pkg/agentapi.wasm",
];

/** @param {(figures: any) => void} onFigures called with what a page posts */
export async function startServer(onFigures) {
  await Promise.all(LOADED.map(load));
  return listen(async (request, response) => {
    const { pathname: asked } = new URL(request.url ?? "/", "http://localhost");
    if (asked === "/figures") {
      onFigures(JSON.parse(await text(request)));
      return response.end();
    }
    const pathname = asked.replace(TURN, "");
    const body = await load(pathname);
    if (!body) return response.writeHead(404).end();
    response.writeHead(200, {
      "Content-Type": mediaType(pathname),
      "Content-Encoding": "br",
      "Cache-Control": asked === pathname ? "no-cache" : "max-age=3600",
    });
    return response.end(body);
  });
}
