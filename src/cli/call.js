// @ts-check
/** One call: its arguments, a short session if it needs one, and its result. */

import { AgentApiError, createAgentAPI } from "neuron-agent-api";
import { CommandError, invalid } from "./failure.js";
import { inputsOf } from "./inputs.js";
import { optionOf } from "./names.js";
import { isOn, settingOf } from "./options.js";
import { askFor, secretOf } from "./secrets.js";
import { converted, readArgument } from "./values.js";

/** How long a session may last whose logout does not reach the broker. Longer calls refresh it. */
const SESSION_SECONDS = 300;

/** How long the logout may take: without it, the session ends by itself. */
const LOGOUT_MS = 3000;

/** That of the library. */
const TOTAL_MS = 30_000;

/** What somebody asked for may be as large as the library can read. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * @param {import("./command.js").Call} call
 * @param {AbortSignal} signal
 * @param {(result: any) => Promise<void>} show the result, before the logout
 */
export async function run({ operation, group, method, given }, signal, show) {
  const inputs = inputsOf(operation, signal);
  const client = clientFor(operation, method, given);
  const user = settingOf(given, "user");
  const password = once(
    async () =>
      (await secretOf(operation, PASSWORD, given.get("password"), inputs)) ??
      askFor(operation, PASSWORD.name, signal, `Password of ${user}`),
  );
  const needsSession =
    method.access === "token" || (method.access === "optional token" && user !== undefined);
  try {
    if (needsSession && !user) {
      throw invalid(`${operation} needs a session: name the account with --user or NEURON_USER.`);
    }
    const call = Reflect.get(Reflect.get(client, group.name), method.name);
    /** @type {Map<string, unknown>} */
    const args = new Map();
    for (const parameter of method.parameters) {
      args.set(parameter.name, await argumentOf(operation, parameter, given, inputs));
    }
    const missing = method.parameters.filter(
      ({ name, isSecret, required }) => isSecret && required && args.get(name) === undefined,
    );
    await check(call, args, missing);
    for (const secret of missing) {
      const { name } = secret;
      // The account's password signs some requests as well: who gives none for that gives one password, not two.
      const text = await (name === "AccountPassword" ? password() : askFor(operation, name, signal));
      args.set(name, converted(operation, secret, text));
    }
    await check(call, args);
    if (needsSession) {
      await client.Account.Login(user ?? "", await password(), SESSION_SECONDS, { signal });
    }
    try {
      await show(await call(...args.values(), { signal }));
    } finally {
      // The token of a method that opens a session or goes on with one is its result.
      if (needsSession && !method.isOfSession) {
        await client.Account.Logout({ timeoutMs: LOGOUT_MS }).catch(() => {});
      }
    }
  } finally {
    client.dispose();
  }
}

/** That of the session. */
const PASSWORD = { name: "Password", required: true };

/**
 * @param {string} operation
 * @param {import("./catalog.js").Method} method
 * @param {Map<string, string>} given
 */
function clientFor(operation, { parameters, answersBytes }, given) {
  const host = settingOf(given, "host");
  if (!host) throw new CommandError("no-host", `${operation}: name the broker with --host or NEURON_HOST.`);
  const isOfFile = answersBytes || parameters.some(({ reads }) => reads === "file");
  const totalMs = given.has("timeout") ? Number(given.get("timeout")) : TOTAL_MS;
  const client = createAgentAPI({
    host,
    secure: !isOn(given, "insecure"),
    encoding: /** @type {import("neuron-agent-api").Encoding | undefined} */ (given.get("encoding")),
    totalMs,
    // A large file takes all the time that there is.
    ...(isOfFile && { attemptMs: totalMs }),
  });
  if (given.has("allow-insecure")) client.IO.AllowInsecure(true);
  client.IO.SetLimits({ maxResponseBytes: MOST_BYTES });
  return client;
}

/**
 * @param {string} operation
 * @param {import("./catalog.js").Parameter} parameter
 * @param {Map<string, string>} given
 * @param {import("./inputs.js").Inputs} inputs
 * @returns {Promise<unknown>} `undefined` if it is not given
 */
async function argumentOf(operation, parameter, given, inputs) {
  const argument = given.get(optionOf(parameter.name));
  if (!parameter.isSecret) {
    return argument === undefined ? undefined : readArgument(operation, parameter, argument, inputs);
  }
  const text = await secretOf(operation, parameter, argument, inputs);
  return text === undefined ? undefined : converted(operation, parameter, text);
}

/** Stands for a secret that nobody has been asked for yet. */
const STAND_IN = "0";

/**
 * Refuses arguments that break a rule before anybody is asked for a secret: with a signal that has fired, a call
 * sends nothing, but its arguments are checked.
 *
 * @param {(...args: unknown[]) => Promise<unknown>} call
 * @param {Map<string, unknown>} args by the names of the parameters, in their order
 * @param {import("./catalog.js").Parameter[]} [missing] those that will be asked for
 */
async function check(call, args, missing = []) {
  const known = new Map(args);
  for (const { name } of missing) known.set(name, STAND_IN);
  try {
    await call(...known.values(), { signal: AbortSignal.abort() });
  } catch (error) {
    if (!AgentApiError.is(error) || error.code !== "invalid-argument") return;
    if (!missing.some(({ name }) => name === error.parameter)) throw error;
  }
}

/**
 * A function that is called once at most.
 *
 * @template Value
 * @param {() => Value} make
 */
function once(make) {
  /** @type {{ value: Value } | undefined} */
  let made;
  return () => (made ??= { value: make() }).value;
}
