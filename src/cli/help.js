// @ts-check
/** The texts of `--help`, made from the declarations. */

import { catalog } from "./catalog.js";
import { EXIT_CODES } from "./exit-codes.js";
import { optionOf, variableOf } from "./names.js";
import { OPTIONS } from "./options.js";

/** @typedef {import("./catalog.js").Group} Group */
/** @typedef {import("./catalog.js").Method} Method */
/** @typedef {import("./catalog.js").Parameter} Parameter */
/** @typedef {import("./catalog.js").Property} Property */

/** The width of a line. */
const WIDTH = 80;

const NAME = "neuron-agent-api";

/**
 * @param {{ group?: Group, method?: Method }} about
 * @returns {string}
 */
export function helpOf({ group, method }) {
  if (group && method) return helpOfMethod(group, method);
  return group ? helpOfGroup(group) : helpOfAll();
}

function helpOfAll() {
  return sections([
    `Usage: ${NAME} GROUP.METHOD [ARGUMENT]... [OPTION]...`,
    filled("Calls a method of the Agent API of a Neuron®, and writes its response as JSON."),
    titled(
      "Arguments",
      filled(
        "In the order of the method's parameters, or by their names, such as --custom-xml. @FILE stands for the content of a file, and @- for the standard input; @@ begins a text that begins with @. Lists and objects are JSON. Where a method takes a file, its name is enough.",
        "  ",
      ),
    ),
    titled(
      "Secrets",
      filled(
        "Passwords, keys, codes and the like are never arguments, which other programs can see. They come from the environment, such as NEURON_KEY_PASSWORD, from a file that an option names, such as --key-password @FILE, or are asked for at the terminal.",
        "  ",
      ),
    ),
    titled("Options", list(OPTIONS.map((option) => [signatureOf(option), textOf(option)]))),
    ...catalog.groups.map(methodsOf),
    titled("Exit codes", list(EXIT_CODES.map(({ code, meaning }) => [String(code), meaning]))),
    `${NAME} GROUP.METHOD --help shows a method with its parameters and response.`,
  ]);
}

/** @param {Group} group */
const helpOfGroup = (group) =>
  sections([
    `Usage: ${NAME} ${group.name}.METHOD [ARGUMENT]... [OPTION]...`,
    methodsOf(group),
    `${NAME} ${group.name}.METHOD --help shows a method with its parameters and response.`,
  ]);

/** @param {Group} group */
const methodsOf = ({ name, text, methods }) =>
  titled(
    `${name}: ${text}`,
    list(methods.map((method) => [`${name}.${method.name}`, firstSentence(method.text)])),
  );

/**
 * @param {Group} group
 * @param {Method} method
 */
function helpOfMethod(group, method) {
  const { parameters, rules, response, answersBytes, errors } = method;
  const operation = `${group.name}.${method.name}`;
  const places = parameters.filter(({ isSecret }) => !isSecret);
  const secrets = parameters.filter(({ isSecret }) => isSecret);
  const words = places.map((parameter) => {
    const word = optionOf(parameter.name).toUpperCase();
    return parameter.required ? word : `[${word}]`;
  });
  return sections([
    filled(["Usage:", NAME, operation, ...words, "[OPTION]..."].join(" "), "", "    "),
    filled(method.text),
    places.length > 0 &&
      titled("Parameters, in this order or by their names", places.map(parameterOf).join("")),
    secrets.length > 0 &&
      titled("Secrets, from the environment, from a file or asked for", secrets.map(secretOf).join("")),
    rules.map((rule) => filled(rule)).join(""),
    titled("Response", answersBytes ? "  The content of the file.\n" : propertiesOf(response)),
    filled(sessionOf(method)),
    errors && filled(errors),
    titled("Example", `  ${exampleOf(operation, places)}\n`),
    `${NAME} --help has the options for all methods, and the exit codes.`,
  ]);
}

/** What an argument looks like. @type {Record<import("./catalog.js").Reads, string>} */
const READS = {
  text: "TEXT",
  number: "NUMBER",
  boolean: "true|false",
  json: "JSON",
  base64: "BASE64",
  file: "FILE",
};

/** @param {Parameter} parameter */
function parameterOf(parameter) {
  const { name, reads, required, choices } = parameter;
  const value = choices?.join("|") ?? READS[reads];
  return filled(`--${optionOf(name)} ${value}${required ? " (required)" : ""}`, "  ") + detailsOf(parameter);
}

/** @param {Parameter} parameter */
function secretOf(parameter) {
  const option = optionOf(parameter.name);
  const value = parameter.reads === "json" ? ", JSON" : "";
  const required = parameter.required ? " (required)" : "";
  return `  ${variableOf(option)} or --${option} @FILE${value}${required}\n${detailsOf(parameter)}`;
}

/** @param {Parameter} parameter */
function detailsOf({ name, text, rule, reads, properties = [] }) {
  const files = { base64: " @FILE encodes a file.", file: " Its name, or - for the standard input." };
  const more = reads === "base64" || reads === "file" ? files[reads] : "";
  const isPassword = name === "AccountPassword" ? " By default that of the session." : "";
  return (
    filled([text, rule].filter(Boolean).join(" ") + more + isPassword, "      ") +
    properties.map((property) => propertyOf(property, "      ")).join("")
  );
}

/**
 * The properties of an object, and of those within it.
 *
 * @param {string} name of the object
 * @param {string} [indentation]
 * @returns {string}
 */
function propertiesOf(name, indentation = "  ") {
  if (!name) return `${indentation}An empty object.\n`;
  return catalog.objects[name]
    .map((property) => {
      const inner = property.type.replace(/\[\]$/, "");
      return (
        propertyOf(property, indentation) +
        (Object.hasOwn(catalog.objects, inner) ? propertiesOf(inner, `${indentation}  `) : "")
      );
    })
    .join("");
}

/**
 * @param {Property} property
 * @param {string} indentation
 */
const propertyOf = ({ name, type, always, text }, indentation) =>
  filled(`${name}${always ? "" : "?"}: ${type}. ${text}`, indentation, `${indentation}    `);

/** @param {Method} method */
function sessionOf({ access, isOfSession }) {
  switch (access) {
    case "token":
      return isOfSession
        ? "Logs in before the call. The session goes on after it, until its token expires."
        : "Logs in before the call, and out after it.";
    case "optional token":
      return "Logs in before the call, and out after it, if an account is named by --user or NEURON_USER.";
    case "cookie":
      return "Needs the cookie of a page of the broker, which this program does not have.";
    default:
      return isOfSession
        ? "Needs no session. That of the response goes on until its token expires."
        : "Needs no session.";
  }
}

/**
 * What is required, and the language: by their places as long as none is left out before.
 *
 * @param {string} operation
 * @param {Parameter[]} places
 */
function exampleOf(operation, places) {
  const shown = places.filter(({ name, required }) => required || name === "Language");
  const words = shown.flatMap((parameter) => {
    const { name, example } = parameter;
    const isInPlace =
      parameter.required && places.slice(0, places.indexOf(parameter)).every(({ required }) => required);
    return isInPlace ? [quoted(example)] : [`--${optionOf(name)}`, quoted(example)];
  });
  return [NAME, operation, ...words].join(" ");
}

/** A text as a word for a shell. @param {string} text */
const quoted = (text) => (/^[\w@.:/+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** @param {import("./options.js").Option} option */
const signatureOf = ({ name, short, value }) =>
  `${short ? `-${short}, ` : ""}--${name}${value === undefined ? "" : ` ${value}`}`;

/** @param {import("./options.js").Option} option */
const textOf = ({ text, variable }) => (variable ? `${text} [${variable}]` : text);

/** @param {string} text */
const firstSentence = (text) => /^.+?[.](?=\s|$)/.exec(text)?.[0] ?? text;

/** @param {(string | false | undefined)[]} parts */
const sections = (parts) =>
  parts
    .filter(Boolean)
    .map((part) => `${String(part).trimEnd()}\n`)
    .join("\n");

/**
 * @param {string} title
 * @param {string} body
 */
const titled = (title, body) => `${title}${/[.:]$/.test(title) ? "" : ":"}\n${body}`;

/**
 * Names, and beside each what it is, or below it if that is long.
 *
 * @param {[name: string, text: string][]} rows
 */
function list(rows) {
  const column = Math.max(...rows.map(([name]) => name.length)) + 4;
  const rest = " ".repeat(column);
  return rows.map(([name, text]) => filled(`${name.padEnd(column - 2)}${text}`, "  ", rest)).join("");
}

/**
 * A text in lines.
 *
 * @param {string} text
 * @param {string} [first] indentation
 * @param {string} [rest] indentation of the other lines
 */
function filled(text, first = "", rest = first) {
  const lines = [first];
  // What stands apart in a column stays apart.
  for (const word of text.match(/\S+ *(?=\S|$)/g) ?? []) {
    const line = lines[lines.length - 1];
    const isEmpty = line.trim() === "";
    if (isEmpty || (line + word).trimEnd().length <= WIDTH) lines[lines.length - 1] = line + word;
    else lines.push(rest + word);
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}
