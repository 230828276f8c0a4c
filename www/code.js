// @ts-check
/** A call as a program that runs as it is, in four forms. What is secret is read where it runs. */

import { element } from "./dom.js";
import { code as texts } from "./texts.js";

/** @typedef {"npm" | "module" | "script" | "curl"} Form */

/**
 * @typedef {object} Input a part of the declaration of a resource, as `pkg/resources.json` has it
 * @property {string} name on the wire
 * @property {string} parameter
 * @property {boolean} [isSecret]
 * @property {string | null} [derived]
 * @property {{ is: string, name?: string }} place
 * @property {{ is: string, fields?: Input[] }} kind
 * @property {boolean} [required]
 *
 * @typedef {object} Method
 * @property {string} group
 * @property {string} name
 * @property {string} access
 * @property {string} method of HTTP
 * @property {string} path
 * @property {string} body
 * @property {Input[]} parameters
 * @property {Input[]} request
 *
 * @typedef {object} Call
 * @property {Method} method
 * @property {unknown[]} values of its parameters; those of secrets are not used
 * @property {string} userName
 * @property {string} broker its origin
 */

/** The longest line that is read without scrolling, in characters. */
const LONGEST_LINE = 80;

/** Kinds that are objects or lists, which have to be read as JSON. */
const STRUCTURED = ["texts", "object", "objects", "map", "json"];

/**
 * The program.
 *
 * @param {Form} form
 * @param {Call} call
 */
export function programOf(form, call) {
  if (form === "npm") return npmProgram(call);
  if (form === "curl") return curlCommand(call);
  return page(form, call);
}

/** @param {Call} call */
function npmProgram(call) {
  const secret = (/** @type {string} */ parameter) => `process.env.${environmentName(parameter)}`;
  return lines(
    `// npm install neuron-agent-api`,
    ...secretsOf(call).map((parameter) => texts.environment(environmentName(parameter))),
    `import { AgentAPI } from "neuron-agent-api";`,
    "",
    ...body(call, secret),
  );
}

/**
 * @param {Form} form
 * @param {Call} call
 */
function page(form, call) {
  const isModule = form === "module";
  const secret = (/** @type {string} */ parameter) => `prompt(${JSON.stringify(parameter)})`;
  const statements = body(call, secret).map((line) => line.replace(/<(?=\/script|!--)/gi, "\\x3C"));
  const show = "document.body.append(JSON.stringify(response, null, 2));";
  const main = [...statements.filter((line) => line !== "console.log(response);"), show];
  const indented = (/** @type {string[]} */ block, /** @type {string} */ indent) =>
    block.flatMap((line) => line.split("\n")).map((line) => (line ? indent + line : line));
  return lines(
    "<!doctype html>",
    "<title>neuron-agent-api</title>",
    "<body></body>",
    ...(isModule ? [] : ['<script src="./pkg/agentapi.global.js"></script>']),
    isModule ? '<script type="module">' : "<script>",
    ...(isModule
      ? ['  import { AgentAPI } from "./pkg/index.js";', "", ...indented(main, "  ")]
      : ["  (async () => {", ...indented(main, "    "), "  })();"]),
    "</script>",
  );
}

/**
 * From the choice of the broker to the logout.
 *
 * @param {Call} call
 * @param {(parameter: string) => string} secret the expression of a secret
 */
function body(call, secret) {
  const { method, userName, broker } = call;
  const { host, protocol } = new URL(broker);
  const secure = protocol === "https:" ? "" : ", false";
  const hasSession = needsSession(method);
  const login = `await AgentAPI.Account.Login(${JSON.stringify(userName)}, ${secret("Password")}, 3600);`;
  const isLogout = method.group === "Account" && method.name === "Logout";
  return [
    `AgentAPI.IO.SetHost(${JSON.stringify(host)}${secure});`,
    ...(hasSession ? [login] : []),
    "",
    statement(method, argumentsOf(call, secret)),
    "console.log(response);",
    ...(hasSession && !isLogout ? ["", "await AgentAPI.Account.Logout();"] : []),
  ];
}

/** @param {Method} method */
const needsSession = ({ access }) => access === "token" || access === "optional token";

/**
 * The call alone.
 *
 * @param {Method} method
 * @param {string[]} expressions of its arguments
 */
function statement({ group, name }, expressions) {
  const call = `const response = await AgentAPI.${group}.${name}`;
  const inOneLine = `${call}(${expressions.join(", ")});`;
  if (inOneLine.length <= LONGEST_LINE) return inOneLine;
  return `${call}(\n${expressions.map((expression) => `  ${expression.replaceAll("\n", "\n  ")},\n`).join("")});`;
}

/**
 * The arguments as code, without the empty ones at the end.
 *
 * @param {Call} call
 * @param {(parameter: string) => string} secret
 */
function argumentsOf({ method, values }, secret) {
  const last = values.findLastIndex((value) => value !== null);
  return method.parameters.slice(0, last + 1).map(({ parameter, isSecret, kind }, index) => {
    if (values[index] === null) return "null";
    if (kind.is === "content") return 'new Blob(["Hello"], { type: "text/plain" })';
    if (!isSecret) return JSON.stringify(values[index], null, STRUCTURED.includes(kind.is) ? 2 : 0);
    return STRUCTURED.includes(kind.is) ? `JSON.parse(${secret(parameter)})` : secret(parameter);
  });
}

/** The names of what the program reads. @param {Call} call */
function secretsOf({ method, values }) {
  const parameters = method.parameters.filter(({ isSecret }, index) => isSecret && values[index] !== null);
  const names = parameters.map(({ parameter }) => parameter);
  return needsSession(method) ? ["Password", ...names] : names;
}

/** `KeyPassword` becomes `KEY_PASSWORD`. @param {string} parameter */
const environmentName = (parameter) => parameter.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();

/** @param {Call} call */
function curlCommand(call) {
  const { method, broker } = call;
  const sent = inputsOf(call);
  const at = (/** @type {string} */ place) => sent.filter(({ input }) => input.place.is === place);
  const isPlaceholder = sent.some(({ input }) => isMasked(input));
  const [path] = at("path");
  const [otherBroker] = at("broker");
  const origin = otherBroker ? `https://${otherBroker.value}` : broker;
  const address = String(path ? path.value : method.path);
  // What is being typed need not be an address yet.
  const url = URL.canParse(address, origin) ? new URL(address, origin).href : address;
  const isOwnBroker = URL.canParse(url) && new URL(url).origin === new URL(broker).origin;
  const headers = at("header").map(({ input, value }) => `${input.place.name}: ${shown(input, value)}`);
  const words = [`curl --request ${method.method} ${quoted(url)}`];
  // No other host gets a token.
  const hasToken = needsSession(method) && isOwnBroker;
  if (hasToken) words.push('--header "Authorization: Bearer $TOKEN"');
  if (method.body === "object") headers.push("Content-Type: application/json");
  if (method.method !== "GET") headers.push("Accept: application/json");
  words.push(...headers.map((header) => `--header ${quoted(header)}`));
  if (method.body === "object") words.push(`--data-raw ${quoted(jsonOf(at("body")))}`);
  if (method.body === "bytes") words.push("--data-binary @note.txt");
  if (method.body === "form") {
    words.push(...at("body").map(formPart));
  }
  return lines(
    ...(hasToken ? [texts.token] : []),
    ...(isPlaceholder ? [texts.placeholders] : []),
    words.join(" \\\n  "),
  );
}

/**
 * What goes over the wire: the inputs that have a value, or that the library would make.
 *
 * @param {Call} call
 */
function inputsOf({ method, values }) {
  return method.request.flatMap((input) => {
    const value = input.derived && input.required ? "" : inputValue(input, method, values);
    return value === null ? [] : [{ input, value }];
  });
}

/**
 * The value of an input, `null` if there is none.
 *
 * @param {Input} input
 * @param {Method} method
 * @param {unknown[]} values
 * @returns {unknown}
 */
function inputValue(input, method, values) {
  const { is, fields = [] } = input.kind;
  const index = method.parameters.findIndex(({ name }) => name === input.name);
  if (index < 0 && is === "object") {
    const properties = fields.map((field) => [field.name, inputValue(field, method, values)]);
    return Object.fromEntries(properties.filter(([, value]) => value !== null));
  }
  const value = values[index] ?? null;
  // A list is always sent.
  if (value === null) return is === "texts" ? [] : null;
  if (is !== "map") return value;
  const [name, inner] = fields;
  return Object.entries(value).map(([key, entry]) => ({ [name.name]: key, [inner.name]: entry }));
}

/** @param {Input} input */
const isMasked = ({ isSecret, derived }) => Boolean(isSecret || derived);

/**
 * @param {Input} input
 * @param {unknown} value
 */
const shown = (input, value) => (isMasked(input) ? `<${input.name}>` : value);

/** @param {{ input: Input, value: unknown }[]} inputs */
const jsonOf = (inputs) =>
  JSON.stringify(Object.fromEntries(inputs.map(({ input, value }) => [input.name, shown(input, value)])));

/**
 * `--form` takes a text that begins with `@` or `<` for the name of a file.
 *
 * @param {{ input: Input, value: unknown }} sent
 */
const formPart = ({ input, value }) =>
  input.kind.is === "content"
    ? `--form ${quoted(`${input.name}=@note.txt`)}`
    : `--form-string ${quoted(`${input.name}=${shown(input, value)}`)}`;

/** For a shell. @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** @param {...string} all */
const lines = (...all) => all.join("\n");

/** What is coloured in a program, by the class of its colour. */
const COLOURED =
  /(?<comment>^(?:\/\/|#).*)|(?<string>"(?:\\.|[^"\\\n])*"|'(?:[^'\n]|'\\'')*')|(?<keyword>\b(?:import|from|const|await|async|new|curl)\b)|(?<null>\bnull\b)|(?<number>\b\d+(?:\.\d+)?\b|\btrue\b|\bfalse\b)/gm;

/**
 * A program as nodes: their text is the program, the elements only colour it.
 *
 * @param {string} program
 * @returns {(Node | string)[]}
 */
export function colouredNodes(program) {
  const nodes = [];
  let end = 0;
  for (const match of program.matchAll(COLOURED)) {
    const [kind = ""] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? [];
    nodes.push(program.slice(end, match.index), element("span", { class: kind }, match[0]));
    end = match.index + match[0].length;
  }
  return [...nodes, program.slice(end)];
}
