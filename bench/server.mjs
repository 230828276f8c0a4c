// @ts-check
/** Serves the contenders as a web server does in production: compressed and cacheable. */

import { readFile } from "node:fs/promises";
import { brotliCompressSync } from "node:zlib";
import { parse } from "acorn";
import { listen } from "../tests/support/listen.mjs";

const HTML = `<!doctype html><html lang="en"><link rel="icon" href="data:," />
<title>…</title><script type="module" src="/page.js"></script></html>`;

/** @type {[path: RegExp, root: URL][]} */
const ROOTS = [
  [/^\/pkg\/[\w.]+$/, new URL("../", import.meta.url)],
  [/^\/(page|contenders\/\w+)\.js$/, new URL("./", import.meta.url)],
];

/** @type {Map<string, Buffer>} */
const compressed = new Map();

/** The bundle for hosts that import WebAssembly, changed to fetch it as a page does. */
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
  if (path === "/") return HTML;
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

export async function startServer() {
  return listen(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const body = await load(pathname);
    if (!body) return response.writeHead(404).end();
    response.writeHead(200, {
      "Content-Type": mediaType(pathname),
      "Content-Encoding": "br",
      "Cache-Control": pathname === "/" ? "no-cache" : "max-age=3600",
    });
    return response.end(body);
  });
}
