// @ts-check
/** docs/openapi.json is valid, complete, and true of every request that the library sends. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { DOCUMENT, faultOfRequest, OPERATIONS, operationAt, resolved } from "../support/openapi.mjs";

/** @typedef {import("../../xtask/declarations.mjs").Resource} Resource */

/** @type {Resource[]} */
const RESOURCES = JSON.parse(readFileSync("pkg/resources.json", "utf8"));

const FIXTURES = "tests/fixtures/wire";

test("it is OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(DOCUMENT));
  assert.ok(valid, JSON.stringify(errors, null, 1));
  assert.equal(validator.version, "3.1");
});

test("it describes every resource once", () => {
  const expected = RESOURCES.filter(({ isAlias }) => !isAlias).map(({ group, name }) => group + name);
  assert.deepEqual(OPERATIONS.map(({ id }) => id).sort(), expected.sort());
});

test("every reference leads somewhere, and everything is referred to", () => {
  const text = JSON.stringify(DOCUMENT);
  const references = new Set([...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference));
  for (const $ref of references) assert.ok(Object.keys(resolved({ $ref })).length > 0, $ref);
  const { schemas, responses, securitySchemes } = DOCUMENT.components;
  const defined = Object.entries({ schemas, responses }).flatMap(([kind, named]) =>
    Object.keys(named).map((name) => `#/components/${kind}/${name}`),
  );
  assert.deepEqual(defined.sort(), [...references].sort());
  for (const name of Object.keys(securitySchemes)) assert.ok(text.includes(`{"${name}":[]}`), name);
});

test("what is secret is marked, and has no example", () => {
  const marks = (/** @type {string} */ id, /** @type {string} */ property) => {
    const { format, writeOnly, examples } = DOCUMENT.components.schemas[`${id}Request`].properties[property];
    return [format, writeOnly, examples];
  };
  for (const property of ["password", "apiKey", "nonce", "signature"]) {
    assert.deepEqual(marks("AccountCreate", property), ["password", true, undefined], property);
  }
  assert.deepEqual(marks("AccountCreate", "userName"), [undefined, undefined, ["alice"]]);
});

test("what is refused by its form is no valid request", () => {
  const parameter = (/** @type {unknown} */ value) => ({ Parameters: [{ name: "Title", value }] });
  for (const [path, place, good, bad] of /** @type {[string, string, object[], object[]][]} */ ([
    [
      "Xmpp/SendTextMessage",
      "/language",
      ["en", "zh-Hant-TW", "x-private", "i-klingon", "de-CH-1996"].map((language) => ({ language })),
      ["0", "", "x", "english language", "en_US", "en-"].map((language) => ({ language })),
    ],
    [
      "Legal/PetitionSignature",
      "/contentBase64",
      ["aGk=", "aGkh", "aA==", "aGkhaGk="].map((contentBase64) => ({ contentBase64 })),
      ["00", "", "=", "aGk", "aGk=aGk=", "aGk-"].map((contentBase64) => ({ contentBase64 })),
    ],
    [
      "Legal/CreateContract",
      "/Parameters/0/value",
      ["", "a", 0, false, {}, []].map(parameter),
      [parameter(null)],
    ],
  ])) {
    const faultOf = (/** @type {object} */ body) =>
      faultOfRequest(operationAt("POST", `/Agent/${path}`), "application/json", JSON.stringify(body));
    for (const body of good) assert.ok(!faultOf(body).includes(place), JSON.stringify(body));
    for (const body of bad) assert.ok(faultOf(body).includes(place), JSON.stringify(body));
  }
});

test("a signature says what it is made of", () => {
  const { signature } = DOCUMENT.components.schemas.AccountLoginRequest.properties;
  assert.deepEqual(signature["x-signature"], {
    key: "password",
    parts: [{ input: "userName" }, { of: "host" }, { input: "nonce" }],
  });
  const { requestSignature } = DOCUMENT.components.schemas.LegalSignContractRequest.properties;
  assert.match(requestSignature.description, /`accountPassword` of .* Not sent: `localName`, `namespace`\.$/);
});

test("an error says when a resource refuses so, where that is known", () => {
  const descriptions = (/** @type {string} */ id) =>
    Object.entries(OPERATIONS.find((one) => one.id === id)?.described.responses ?? {}).flatMap(
      ([status, { $ref, description }]) => ($ref && description ? [`${status} ${description}`] : []),
    );
  assert.deepEqual(descriptions("LegalCreateContract"), [
    "400 Refused for a parameter that the template does not have.",
    "403 Refused without an approved identity.",
    "404 Refused if there is no such template.",
  ]);
  assert.deepEqual(descriptions("StorageDownload"), [
    "403 Refused if the account may not read it.",
    "404 Refused if there is none.",
  ]);
  assert.deepEqual(descriptions("XmppSendPresenceSubscription"), []);
});

test("each resource has the security that its declaration has", () => {
  const securityOf = (/** @type {string} */ id) =>
    OPERATIONS.find((one) => one.id === id)?.described.security;
  assert.deepEqual(securityOf("AccountLogin"), []);
  assert.deepEqual(securityOf("AccountWwwLogin"), [{ password: [] }]);
  assert.deepEqual(securityOf("AccountQuickLogin"), [{ cookie: [] }]);
  assert.deepEqual(securityOf("AccountVerifyEMail"), [{}, { token: [] }]);
  assert.deepEqual(securityOf("XmppGetRoster"), [{ token: [] }]);
});

/** The requests of a file of fixtures. @param {string} file */
function requestsIn(file) {
  return readFileSync(`${FIXTURES}/${file}`, "utf8")
    .split(/^# .*\n\n/m)
    .filter(Boolean)
    .map((request) => {
      const [head, ...body] = request.trim().split("\n\n");
      const [line, ...headers] = head.split("\n");
      const [method, url] = line.split(" ");
      return { method, path: new URL(url).pathname, headers, body: body.join("\n\n") };
    });
}

for (const file of readdirSync(FIXTURES)) {
  test(`it describes the requests of ${file.replace(".txt", "")}`, () => {
    for (const { method, path, headers, body } of requestsIn(file)) {
      const operation = operationAt(method, path);
      const { parameters = [], requestBody } = operation.described;
      const sent = new Map(headers.map((header) => /** @type {[string, string]} */ (header.split(": "))));
      for (const { name, in: place, required } of parameters) {
        if (place === "header" && required) assert.ok(sent.has(name), `${name} of ${method} ${path}`);
      }
      const mediaType = sent.get("Content-Type");
      if (mediaType) assert.equal(faultOfRequest(operation, mediaType, body), "", body);
      else assert.notEqual(Object.keys(requestBody?.content ?? {})[0], "application/json");
    }
  });
}
