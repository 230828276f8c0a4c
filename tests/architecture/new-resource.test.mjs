// @ts-check
/**
 * A resource is its declaration and its handler in the broker. Shown in a copy of this repository, to which
 * a made-up resource is added, and from which an input of another one is removed. No other source is edited;
 * only the build's budget of bytes and its search for the fewest, which are for what ships, are lifted.
 */

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startChild } from "../support/start-child.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What a new resource may take. */
const MAX_LINES = 40;

/** Each text is inserted before the first occurrence of another one. */
const ADDED = [
  {
    file: "src/resources/account.rs",
    before: "\n}\n\nconst USER_NAME",
    text: `
/// Orders articles, and signs for them.
ORDER "Order"
    .effect(Once)
    .inputs(&[
        Input::required("Lines", crate::wire::InputKind::Objects(&[
            Input::required("article", NonEmptyText).doc("What is ordered."),
            Input::required("price", crate::wire::InputKind::Decimal).doc("The price of one."),
            Input::optional("gift", crate::wire::InputKind::Boolean).doc("Whether it is wrapped."),
            Input::optional("pin", Secret).doc("The PIN of the card that pays."),
        ], &Entries::Within("Line"))).doc("The lines of the order."),
        Input::required("shop", NonEmptyText).doc("Where they are ordered."),
        PASSWORD.role(Role::SignatureOnly),
        NONCE,
        Input::derived("signature", Derived::Signature(&Signature {
            key: "password",
            parts: &[Part::SessionUser, Part::Host, Part::Input("shop"), Part::Input("nonce")],
        })),
    ])
    .responds("Ordered", &Object::new("OrderResult", "An order.", &[
        Output::required("article", OutputKind::Text, "The first article."),
        Output::required("isFree", OutputKind::Boolean, "Whether the price is below 1."),
    ]))
    .example("await AgentAPI.Account.Order([{ article: \\"pen\\", price: 0.5 }], \\"Ink\\", password);")
    .source("Nowhere");
`,
  },
  {
    file: "broker/src/core/resources/profile.rs",
    before: "];\n",
    text: "    Route::new(&account::ORDER, order),\n",
  },
  {
    file: "broker/src/core/resources/profile.rs",
    before: "#[cfg(test)]",
    text: `fn order(broker: &mut Broker, call: &Call<'_>, arguments: &Arguments) -> Answer {
    let account = &broker.caller(call)?.account;
    let (shop, nonce) = (arguments.text("shop")?, arguments.text("nonce")?);
    let signed = [account.user_name.as_str(), call.host, shop, nonce].join(":");
    let signature = arguments.text("signature")?;
    let is_signed = crate::core::signature::verify(account.password.as_bytes(), &signed, signature);
    let line = arguments.objects("Lines").first().filter(|_| is_signed.is_some());
    let line = line.ok_or_else(|| crate::core::Refusal::bad_request("Not signed, or no lines."))?;
    if let (Some(pin), Some(false)) = (line.optional_text("pin"), line.boolean("gift")) {
        return Err(crate::core::Refusal::bad_request(format!("The PIN {pin} is for gifts.")));
    }
    let is_free = line.decimal("price")? < 1.0;
    Ok(object([("article", line.text("article")?.into()), ("isFree", is_free.into())]))
}

`,
  },
];

/** Resources of Storage have other bodies. Their broker is a double of `fetch`. */
const CONTENT = {
  file: "src/resources/account.rs",
  before: "\n}\n\nconst USER_NAME",
  text: `
/// Stores content at a path.
STORE "Store"
    .method(Method::Put)
    .effect(Write)
    .body(crate::wire::BodyKind::Bytes)
    .inputs(&[
        Input::required("Content", crate::wire::InputKind::Content),
        Input::required("contentId", NonEmptyText).role(Role::Path),
        Input::optional("visibility", NonEmptyText).role(Role::Header("X-Visibility")),
    ]);

/// Uploads content in a form.
UPLOAD "Upload"
    .effect(Once)
    .body(crate::wire::BodyKind::Form)
    .inputs(&[
        Input::required("Content", crate::wire::InputKind::Content),
        Input::optional("ContentId", NonEmptyText),
    ]);

/// Downloads content.
DOWNLOAD "Download"
    .method(Method::Get)
    .inputs(&[Input::required("contentId", NonEmptyText).role(Role::Path)])
    .responds_bytes();
`,
};

const CONTENT_PROGRAM = `
import { createAgentAPI } from "./pkg/index.js";
const seen = [];
const fetch = async (url, { method, headers, body }) => {
  const form = body instanceof FormData && [...body].map(([name, part]) => [name, part.name ?? part]);
  const text = form || (body === undefined ? undefined : await new Response(body).text());
  seen.push({ method, url, type: headers["Content-Type"], visibility: headers["X-Visibility"], text });
  return method === "GET"
    ? new Response(new Uint8Array([0, 255, 7]), { headers: { "Content-Type": "image/png", ETag: '"1"' } })
    : new Response("");
};
const store = { getItem: (key) => (key.endsWith(".Token") ? "a.token" : null), setItem() {}, removeItem() {} };
const { Account, IO } = createAgentAPI({ host: "neuron.example", fetch, store });
const stored = await Account.Store(new Uint8Array([104, 105]), "a b/c.txt", "Public");
await Account.Store(new URLSearchParams({ a: "1" }), "form");
await Account.Upload(new File(["hi"], "hi.txt"), "id");
const { Content, ...rest } = await Account.Download("c.png");
const { code, parameter } = await Account.Store(new Map(), "x").catch((error) => error);
console.log(JSON.stringify({ seen, stored, content: [Content instanceof Uint8Array, ...Content], rest, code, parameter }));
`;

/** An input of the resource that the project is for. */
const REMOVED = {
  file: "src/resources/xmpp.rs",
  text: '        Input::optional("customXml", Xml).doc("XML to add to the request."),\n',
};

/** The program that calls the resource; it prints what it got. */
const PROGRAM = `
import { AgentAPI } from "./pkg/index.js";
const [host] = process.argv.slice(2);
const seen = {};
const keep = async (name, call) => {
  seen[name] = await call.catch(({ code, message, parameter }) => ({ code, message, parameter }));
};
AgentAPI.IO.SetHost(host, false);
await AgentAPI.Account.Login("alice", "wonderland", 600);
const order = (line, ...rest) => AgentAPI.Account.Order([{ article: "pen", price: 0.5, ...line }, ...rest], "Ink & <Pen>", "wonderland");
for (const encoding of ["json", "xml"]) {
  AgentAPI.IO.SetEncoding(encoding);
  await keep(encoding, order({ gift: true, pin: "a secret pin" }));
}
await keep("notSigned", AgentAPI.Account.Order([{ article: "pen", price: 0.5 }], "Ink & <Pen>", "another password"));
await keep("quoted", order({ gift: false, pin: "a secret pin" }));
await keep("invalid", order({}, { article: "ink", price: "1" }));
await keep("subscription", AgentAPI.Xmpp.SendPresenceSubscription("bob@localhost", "sv", "id-1"));
await keep("customXml", AgentAPI.IO.Request("/Agent/Xmpp/SendPresenceSubscription", { to: "bob@localhost", customXml: "<a/>" }));
await AgentAPI.Account.Logout();
console.log(JSON.stringify(seen));
`;

/** @type {string} */
let copy;
const read = (/** @type {string} */ file) => readFile(path.join(copy, file), "utf8");

/**
 * @param {string} file
 * @param {(text: string) => string} change
 */
async function edit(file, change) {
  const text = await read(file);
  const changed = change(text);
  assert.notEqual(changed, text, `${file} has another form than this test expects`);
  await writeFile(path.join(copy, file), changed);
}

/**
 * @param {string} command
 * @param {...string} args
 */
function run(command, ...args) {
  const env = { ...process.env, CARGO_TARGET_DIR: path.join(ROOT, "target", "new-resource") };
  // Its error holds all that the program has said.
  return promisify(execFile)(command, args, { cwd: copy, env, maxBuffer: 2 ** 26 });
}

before(async () => {
  copy = await mkdtemp(path.join(tmpdir(), "new-resource-"));
  const files = spawnSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 26 });
  for (const file of files.stdout
    .split("\0")
    .filter((name) => name && !name.startsWith("tests/consumers/"))) {
    await mkdir(path.dirname(path.join(copy, file)), { recursive: true });
    await cp(path.join(ROOT, file), path.join(copy, file));
  }
  await symlink(path.join(ROOT, "node_modules"), path.join(copy, "node_modules"));
  for (const { file, before: place, text } of [...ADDED, CONTENT]) {
    await edit(file, (old) => old.replace(place, () => text + place));
  }
  await edit(REMOVED.file, (old) => old.replace(REMOVED.text, ""));
  await edit("xtask/sizes.mjs", (old) => old.replace(/^const BUDGET = .*;$/m, "const BUDGET = Infinity;"));
  await edit("xtask/order.mjs", (old) => old.replace(/^const TRIES = .*;$/m, "const TRIES = 1;"));
  // Side by side, because most steps of the build keep one processor busy.
  await Promise.all([run("cargo", "xtask", "build"), run("cargo", "build", "--package", "broker")]);
});
after(() => rm(copy, { recursive: true, force: true }));

test("a resource takes few lines, in its declaration and its handler", () => {
  const lines = ADDED.flatMap(({ text }) => text.split("\n").filter((line) => line.trim()));
  assert.ok(lines.length <= MAX_LINES, `${lines.length} lines`);
  assert.equal(new Set(ADDED.map(({ file }) => file)).size, 2);
});

test("it is called, checked, signed, encoded and redacted as declared", async () => {
  await writeFile(path.join(copy, "program.mjs"), PROGRAM);
  const broker = path.join(ROOT, "target", "new-resource", "debug", "broker");
  const { child, exited, stop } = startChild(broker, ["--listen", "127.0.0.1:0"], { cwd: copy });
  try {
    const host = await new Promise((resolve, reject) => {
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on("data", (text) => {
          output += text;
          const [, found] = /Listening on http:\/\/(\S+)/i.exec(output) ?? [];
          if (found) resolve(found);
        });
      }
      exited.then(() => reject(new Error(`the broker ended before it listened: ${output}`)), reject);
    });
    const { stdout } = await promisify(execFile)(process.execPath, ["program.mjs", host], { cwd: copy });
    const seen = JSON.parse(stdout);
    assert.deepEqual(seen.json, { article: "pen", isFree: true });
    assert.deepEqual(seen.xml, seen.json);
    assert.match(seen.notSigned.message, /Not signed/);
    assert.match(seen.quoted.message, /The PIN … is for gifts/);
    assert.deepEqual(seen.invalid, {
      code: "invalid-argument",
      parameter: "Lines[1].price",
      message: "Account.Order: Lines[1].price must be a number, not a string. For example 12.5.",
    });
    // What was removed is gone from the checks and from the broker.
    assert.equal(seen.subscription.id, "id-1");
    assert.match(seen.customXml.message, /"customXml" is unknown/);
  } finally {
    await stop();
  }
});

test("content goes in bodies and forms, and comes back as bytes", async () => {
  await writeFile(path.join(copy, "content.mjs"), CONTENT_PROGRAM);
  const { stdout } = await promisify(execFile)(process.execPath, ["content.mjs"], { cwd: copy });
  const url = "https://neuron.example/Agent/Account";
  assert.deepEqual(JSON.parse(stdout), {
    seen: [
      { method: "PUT", url: `${url}/Store/a%20b/c.txt`, visibility: "Public", text: "hi" },
      {
        method: "PUT",
        url: `${url}/Store/form`,
        type: "application/x-www-form-urlencoded;charset=UTF-8",
        text: "a=1",
      },
      {
        method: "POST",
        url: `${url}/Upload`,
        text: [
          ["Content", "hi.txt"],
          ["ContentId", "id"],
        ],
      },
      { method: "GET", url: `${url}/Download/c.png` },
    ],
    stored: {},
    content: [true, 0, 255, 7],
    rest: { ContentType: "image/png", ETag: '"1"' },
    code: "invalid-argument",
    parameter: "Content",
  });
});

test("types, tables and the requests of the fixtures follow", async () => {
  const types = await read("pkg/index.d.ts");
  assert.match(types, /Orders articles, and signs for them\.\n/);
  assert.match(types, /@param Lines The lines of the order\./);
  assert.match(types, /\{ article: string; price: number; gift\?: boolean \| null; pin\?: string \| null \}/);
  assert.match(types, /interface OrderResult \{/);
  const [, parameters] =
    /SendPresenceSubscription\(([^)]*)\)/.exec(types.replaceAll(/\/\*\*[^]*?\*\//g, "")) ?? [];
  assert.doesNotMatch(parameters, /CustomXml/);
  const wire = await read("docs/wire.md");
  assert.match(
    wire,
    /\| `Account\/Order` \| POST \| a token \| once \| `Lines\[\]`, `shop`, `nonce`, `signature` \|/,
  );
  assert.match(wire, /^\| `Lines\[\]` \| `article`, `price`, `gift\?`, `pin\?` \| `Lines\/Line` \|$/m);
  assert.match(
    wire,
    /^\| `Account\/Order` \| `signature` \| the session's user name, host, `shop`, `nonce` \| `password` \|$/m,
  );
  assert.match(wire, /\| `Account\/Store` \| PUT .* path `contentId`, header `X-Visibility\?` \|/);
  assert.match(wire, /`Xmpp\/SendPresenceSubscription` .* `to`, `language\?`, `id\?` \|/);
  assert.match(await read("README.md"), /`Order\(…\)`/);
  // Without this variable it reports as a program of its own.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const args = ["--test", "--test-reporter=tap", "tests/js/wire.test.mjs"];
  const stale = spawnSync(process.execPath, args, { cwd: copy, env, encoding: "utf8" });
  const failed = stale.stdout.match(/^not ok \d+ - .*/gm) ?? [];
  const names = [
    "Order",
    "Store",
    "Upload",
    "Download",
    "SendPresenceSubscription",
    "every method has its file",
  ];
  for (const name of names)
    assert.ok(
      failed.some((line) => line.includes(name)),
      name,
    );
  assert.equal(failed.length, names.length, failed.join("\n"));
});
