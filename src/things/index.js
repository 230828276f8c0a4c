// @ts-check
/**
 * The entry `neuron-agent-api/things`: concentrators and sensors, on top of the calls of a client.
 *
 * It holds no module of its own. The client comes from the main entry, which the build has this one import.
 */

import { AgentAPI } from "neuron-agent-api";
import { captureCallers, withCallers } from "../loader/stack.js";
import { readOptions, tryOrUndefined } from "../loader/value.js";
import { concentratorOf } from "./concentrator.js";
import { failure } from "./failure.js";
import { messagesOf } from "./messages.js";
import { sensorOf } from "./sensor.js";
import { parseSensorData } from "./sensor-data.js";

export { parseSensorData };

/** What is used of a client. */
const FUNCTIONS = {
  Xmpp: [
    "PresenceProbe",
    "InformationQuery",
    "RegisterEventHandler",
    "UnregisterEventHandler",
    "PopMessages",
  ],
  Account: ["OnSessionChange"],
};

/**
 * @param {import("./index.d.ts").ThingsClient} client
 * @param {import("./index.d.ts").ThingsOptions | null} [options]
 * @returns {import("./index.d.ts").Things}
 */
export function createThings(client, options) {
  try {
    return create(client, options);
  } catch (error) {
    throw withCallers(error, captureCallers(createThings));
  }
}

/**
 * @param {import("./index.d.ts").ThingsClient} client
 * @param {import("./index.d.ts").ThingsOptions | null} [options]
 * @returns {import("./index.d.ts").Things}
 */
function create(client, options) {
  const isClient = tryOrUndefined(() =>
    Object.entries(FUNCTIONS).every(([group, names]) =>
      names.every((name) => typeof Reflect.get(client, group)[name] === "function"),
    ),
  );
  if (!isClient) throw invalid("Client", "must be AgentAPI, or what createAgentAPI returned.");
  const given = readOptions(options ?? {}, "onMessage", "{ onMessage: (message) => {} }");
  if (typeof given === "string") throw invalid("Options", given);
  const { onMessage } = given;
  if (onMessage && typeof onMessage !== "function") throw invalid("Options.onMessage", "must be a function.");
  const messages = messagesOf(client);
  if (onMessage && messages.onOther && onMessage !== messages.onOther) {
    // A message leaves the queue once.
    throw invalid("Options.onMessage", "must be the function that this client already has.");
  }
  messages.onOther ??= onMessage ?? undefined;
  return { Concentrator: concentratorOf(client), Sensor: sensorOf(client, messages) };
}

/**
 * @param {string} parameter
 * @param {string} rule
 */
const invalid = (parameter, rule) =>
  failure("createThings", "invalid-argument", `${parameter} ${rule}`, { parameter });

export const Things = /* @__PURE__ */ createThings(AgentAPI);
