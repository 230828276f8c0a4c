// @ts-check
/** What a concentrator has: each method is one query, and how its answer is read. */

import { children } from "../loader/value.js";
import { readArguments } from "./arguments.js";
import { method } from "./method.js";
import { ask, attributesOf, badAnswer, fullJidOf, optionsOfRequests, TOKENS } from "./query.js";
import { referenceOf } from "./sensor-data.js";
import { readValue } from "./values.js";
import { childNamesOf, elementOf, isTrue, textOf } from "./xml.js";

const NAMESPACE = "urn:nf:iot:concentrator:1.0";

const NODE = ["NodeId", "SourceId", "Partition"];
const DETAILS = ["Parameters", "Messages"];

/**
 * @param {import("./index.d.ts").ThingsClient} client
 * @returns {import("./index.d.ts").Concentrator}
 */
export function concentratorOf(client) {
  /**
   * @template Result
   * @param {string} name
   * @param {string[]} parameters beside the address and the tokens
   * @param {string[]} required of those
   * @param {string} answer the name of the element of the answer
   * @param {(element: any) => Result} read
   * @returns {any} of its own type in `index.d.ts`
   */
  const query = (name, parameters, required, answer, read) => {
    const operation = `Things.Concentrator.${name}`;
    const names = ["JID", ...parameters, ...TOKENS];
    const request = name.replace(/^G|^C/, (first) => first.toLowerCase());
    const run = async (/** @type {unknown[]} */ args) => {
      const parameters = { names, required: ["JID", ...required] };
      const { given, options } = readArguments(operation, parameters, args);
      const requestOptions = optionsOfRequests(options);
      const jid = await fullJidOf(client, operation, given.JID, requestOptions);
      const xml = elementOf(request, { xmlns: NAMESPACE, ...attributesOf(given) });
      const stanza = await ask(client, operation, { jid, type: "get", xml, given }, requestOptions);
      const [element] = children(stanza, answer);
      if (!element) throw badAnswer(operation, `it has no element ${answer}`);
      return read(element);
    };
    return method(name, names.length + 1, (args, guard) => guard(run(args)));
  };
  return {
    GetCapabilities: query("GetCapabilities", [], [], "strings", capabilitiesIn),
    GetAllDataSources: query("GetAllDataSources", ["Language"], [], "dataSources", dataSourcesIn),
    GetRootDataSources: query("GetRootDataSources", ["Language"], [], "dataSources", dataSourcesIn),
    GetChildDataSources: query(
      "GetChildDataSources",
      ["Language", "SourceId"],
      ["SourceId"],
      "dataSources",
      dataSourcesIn,
    ),
    ContainsNode: query("ContainsNode", ["Language", ...NODE], ["NodeId"], "bool", (element) =>
      isTrue(textOf(element, "value")),
    ),
    GetNode: query("GetNode", ["Language", ...DETAILS, ...NODE], ["NodeId"], "nodeInfo", nodeInfoOf),
    GetRootNodes: query(
      "GetRootNodes",
      ["Language", ...DETAILS, "SourceId"],
      ["SourceId"],
      "nodeInfos",
      nodeInfosIn,
    ),
    GetChildNodes: query(
      "GetChildNodes",
      ["Language", ...DETAILS, ...NODE],
      ["NodeId"],
      "nodeInfos",
      nodeInfosIn,
    ),
  };
}

/**
 * @param {object} strings
 * @returns {Record<string, true>}
 */
function capabilitiesIn(strings) {
  const names = children(strings, "value").flatMap((value) => textOf(value, "value") ?? []);
  return Object.fromEntries(names.map((name) => [name, true]));
}

/** @param {object} element */
const dataSourcesIn = (element) => children(element, "dataSource").map(dataSourceOf);

/** @param {object} element @returns {import("./index.d.ts").DataSource} */
const dataSourceOf = (element) => ({
  src: textOf(element, "src") ?? "",
  name: textOf(element, "name") ?? "",
  hasChildren: isTrue(textOf(element, "hasChildren")),
  ...optional(element, ["lastChanged"]),
});

/** @param {object} element */
const nodeInfosIn = (element) => children(element, "nodeInfo").map(nodeInfoOf);

/** @param {object} element @returns {import("./index.d.ts").NodeInfo} */
const nodeInfoOf = (element) => ({
  ...referenceOf(element),
  nodeType: textOf(element, "nodeType") ?? "",
  displayName: textOf(element, "displayName") ?? "",
  state: textOf(element, "state") ?? "",
  hasChildren: isTrue(textOf(element, "hasChildren")),
  childrenOrdered: isTrue(textOf(element, "childrenOrdered")),
  isReadable: isTrue(textOf(element, "isReadable")),
  isControllable: isTrue(textOf(element, "isControllable")),
  hasCommands: isTrue(textOf(element, "hasCommands")),
  sniffable: isTrue(textOf(element, "sniffable")),
  ...optional(element, ["localId", "logId", "parentId", "parentPartition", "lastChanged"]),
  Parameters: parametersOf(element),
  Messages: children(element, "message").map(messageOf),
});

/** @param {object} node @returns {import("./index.d.ts").NodeParameter[]} */
function parametersOf(node) {
  const types = childNamesOf(node).filter((name) => name !== "message");
  return types.flatMap((type) =>
    children(node, type).map((parameter) => {
      const text = textOf(parameter, "value") ?? "";
      return {
        id: textOf(parameter, "id") ?? "",
        name: textOf(parameter, "name") ?? "",
        type,
        value: readValue(type, text) ?? text,
      };
    }),
  );
}

/** @param {object} message @returns {import("./index.d.ts").NodeMessage} */
const messageOf = (message) => ({
  type: textOf(message, "type") ?? "",
  timestamp: textOf(message, "timestamp") ?? "",
  ...optional(message, ["eventId"]),
  text: textOf(message, "value") ?? "",
});

/**
 * The attributes that there are.
 *
 * @param {object} element
 * @param {string[]} names
 * @returns {any}
 */
const optional = (element, names) =>
  Object.fromEntries(names.flatMap((name) => (textOf(element, name) ? [[name, textOf(element, name)]] : [])));
