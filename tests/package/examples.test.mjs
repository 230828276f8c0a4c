// @ts-check
/**
 * Every example in the documentation compiles, strictly, with the oldest supported TypeScript and
 * the newest.
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";

const require = createRequire(import.meta.url);

/** Inside the package, so that its own name is found. */
const FOLDER = "target/examples";

/** What the examples take for granted, beside the types of Node, which come with those of `ws`. */
const NAMES = `
type XmlElement = import("neuron-agent-api").XmlElement;
declare const message: import("neuron-agent-api").Message;
declare const To: string, CustomXml: string, Language: string, Id: string;
declare const password: string, apiKey: string, secret: string, token: string, address: string, text: string;
declare const keyId: string, keyPassword: string, accountPassword: string, legalId: string, jid: string;
declare const contractId: string, templateId: string, templateBase64: string, remoteId: string, photo: string;
declare const tokenId: string, objectId: string, vaultId: string, transactionId: string, url: string, uri: string;
declare const file: File, pan: string, expires: Date, provider: { id: string; type: string };
declare const element: XmlElement, LegalId: string;
declare const signer: Record<"LocalName" | "Namespace" | "KeyId" | "KeyPassword" | "AccountPassword", string>;
declare const worker: { onmessage: (event: { data: { error: Record<string, unknown> } }) => void };
declare function reject(reason: unknown): void;
declare function show(value: unknown): void;
declare function showBesideField(parameter: string | undefined, message: string): void;
declare function showLoginForm(reason?: string): void;
declare function showBusy(code: string, milliseconds: number): void;
declare function count(operation: string, attempt: number): void;
declare function measure(operation: string, milliseconds: number): void;
declare const broker: import("neuron-agent-api/testing").TestBroker;
declare function test(name: string, run: () => unknown): void;
declare function beforeEach(run: () => unknown): void;
declare function expect(value: unknown): any;
declare module "vitest" {
  export function test(name: string, run: () => unknown): void;
  export function beforeEach(run: () => unknown): void;
  export function expect(value: unknown): any;
}
declare module "@playwright/test" { export type Page = { route(url: string, handle: (route: any) => unknown): Promise<void> }; }
`;

const IMPORTS = `
import { AgentAPI, AgentApiError, createAgentAPI } from "neuron-agent-api";
import { createTestBroker } from "neuron-agent-api/testing";
import { createThings, parseSensorData, Things } from "neuron-agent-api/things";
`;

/** The document whose examples import frameworks. Their types are too new for the oldest TypeScript. */
const FRAMEWORKS = "docs/frameworks.md";

/** The types, whose comments have examples. */
const TYPES = ["index.d.ts", "testing.d.ts", "things.d.ts"];

/** The blocks of a Markdown file: programs, and the scripts of a page. @param {string} markdown */
function blocksOf(markdown) {
  return [...markdown.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, language, block]) => {
    if (["js", "mjs", "ts", "tsx"].includes(language)) return [block];
    if (language !== "html") return [];
    return [...block.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map(([, content]) => content);
  });
}

/** The examples in the comments of the types. @param {string} types */
function examplesOf(types) {
  return [...types.matchAll(/^ *\* @example\n([^]*?)^ *\*(?:\/| @)/gm)].map(([, lines]) =>
    lines.replace(/^ *\* ?/gm, ""),
  );
}

/**
 * The file of an example: one that others import says its name, and has its types in comments.
 *
 * @param {string} name
 * @param {string} example
 */
const fileOf = (name, example) => /^\/\/ ([\w-]+\.js)\n/.exec(example)?.[1] ?? `${name}.tsx`;

/** What the names of a file's examples begin with. @param {string} file */
const nameOf = (file) => file.replaceAll(/\W/g, "-");

/** @param {string} example */
function moduleOf(example) {
  const code = example.replace('"./pkg/index.js"', '"neuron-agent-api"');
  return `${/^\s*import |= require\(/m.test(code) ? "" : IMPORTS}\n${code}\nexport {};\n`;
}

/**
 * @param {string} compiler
 * @param {string} folder
 * @returns {{ status: number | null, output: string }}
 */
function compile(compiler, folder) {
  const manifest = require.resolve(`${compiler}/package.json`);
  const tsc = path.join(path.dirname(manifest), require(manifest).bin.tsc);
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, "--project", folder], {
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

/**
 * @param {string} folder
 * @param {Record<string, string>} examples
 * @param {object} [more] options of the compiler
 */
async function write(folder, examples, more = {}) {
  await mkdir(folder, { recursive: true });
  const options = {
    ...{ strict: true, noEmit: true, target: "es2022", module: "nodenext", moduleResolution: "nodenext" },
    ...{ lib: ["es2022", "dom", "dom.iterable"], types: [], allowJs: true, checkJs: true, jsx: "react-jsx" },
    ...more,
  };
  await writeFile(
    `${folder}/tsconfig.json`,
    JSON.stringify({ compilerOptions: options, include: ["*.ts", "*.tsx", "*.js"] }),
  );
  await writeFile(`${folder}/names.d.ts`, NAMES);
  await Promise.all(
    Object.entries(examples).map(([name, example]) =>
      writeFile(`${folder}/${fileOf(name, example)}`, moduleOf(example)),
    ),
  );
}

/** @type {Record<string, string>} */
const examples = {};
before(async () => {
  const documents = ["README.md", "CHANGELOG.md", ...(await readdir("docs")).map((file) => `docs/${file}`)];
  const found = await Promise.all([
    ...documents
      .filter((file) => file.endsWith(".md"))
      .map(async (file) => ({ file, blocks: blocksOf(await readFile(file, "utf8")) })),
    ...TYPES.map(async (file) => ({ file, blocks: examplesOf(await readFile(`pkg/${file}`, "utf8")) })),
  ]);
  for (const { file, blocks } of found) {
    for (const [index, block] of blocks.entries()) {
      examples[`${nameOf(file)}-${index + 1}`] = block;
    }
  }
  await rm(FOLDER, { recursive: true, force: true });
  const uses = (/** @type {boolean} */ frameworks) =>
    Object.fromEntries(
      Object.entries(examples).filter(([name]) => name.startsWith(nameOf(FRAMEWORKS)) === frameworks),
    );
  await write(`${FOLDER}/all`, uses(false));
  await write(`${FOLDER}/frameworks`, uses(true), { skipLibCheck: true });
});
after(() => rm(FOLDER, { recursive: true, force: true }));

test("none is overlooked", async () => {
  const count = (/** @type {string} */ start) =>
    Object.keys(examples).filter((name) => name.startsWith(start)).length;
  for (const file of ["README.md", "docs/loading.md", "docs/sessions.md", "docs/guide.md", FRAMEWORKS]) {
    const text = await readFile(file, "utf8");
    const programs = [...text.matchAll(/^```(?:js|tsx?)$|^<script/gm)];
    assert.ok(programs.length > 0, file);
    assert.equal(count(`${nameOf(file)}-`), programs.length, file);
  }
  for (const file of TYPES) {
    const types = await readFile(`pkg/${file}`, "utf8");
    assert.equal(count(nameOf(file)), [...types.matchAll(/^ *\* @example$/gm)].length, file);
  }
});

test("those for frameworks compile", () => {
  const { status, output } = compile("typescript", `${FOLDER}/frameworks`);
  assert.equal(status, 0, output);
});

for (const compiler of ["typescript-oldest", "typescript"]) {
  test(`all compile with ${compiler}`, () => {
    const { status, output } = compile(compiler, `${FOLDER}/all`);
    assert.equal(status, 0, output);
  });

  test(`${compiler} finds an example that is wrong`, async () => {
    const wrong = {
      wrong: "const { RosterItem } = await AgentAPI.Xmpp.SendPresenceSubscription(To);\nRosterItem.name;",
    };
    await write(`${FOLDER}/wrong-${compiler}`, wrong);
    assert.match(compile(compiler, `${FOLDER}/wrong-${compiler}`).output, /wrong\.ts.*TS18048/);
  });
}
