// @ts-check
/** One call: its arguments, a short session if it needs one, and its result. */

import { AgentApiError, createAgentAPI } from "neuron-agent-api";
import { CommandError, invalid } from "./failure.js";
import { inputsOf } from "./inputs.js";
import { optionOf } from "./names.js";
import { isOn, settingOf } from "./options.js";
import { secretOf } from "./secrets.js";
import { converted, readArgument } from "./values.js";

/** How long a session may last whose logout does not reach the broker. Longer calls refresh it. */
const SESSION_SECONDS = 300;

/** How long the logout may take: without it, the session ends by itself. */
const LOGOUT_MS = 3000;

/** That of the library. */
const TOTAL_MS = 30_000;

/** A file that somebody asked for may be as large as the library can read. */
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
  const password = once(() =>
    secretOf(operation, PASSWORD, given.get("password"), inputs, signal, `Password of ${user}`),
  );
  const needsSession =
    method.access === "token" || (method.access === "optional token" && user !== undefined);
  try {
    if (needsSession && !user) {
      throw invalid(`${operation} needs a session: name the account with --user or NEURON_USER.`);
    }
    const call = Reflect.get(Reflect.get(client, group.name), method.name);
    const args = [];
    for (const parameter of method.parameters) {
      args.push(await argumentOf(operation, parameter, given, inputs, signal, password));
    }
    await check(call, args);
    if (needsSession) {
      await client.Account.Login(user ?? "", (await password()) ?? "", SESSION_SECONDS, { signal });
    }
    try {
      await show(await call(...args, { signal }));
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
  if (answersBytes) client.IO.SetLimits({ maxResponseBytes: MOST_BYTES });
  return client;
}

/**
 * @param {string} operation
 * @param {import("./catalog.js").Parameter} parameter
 * @param {Map<string, string>} given
 * @param {import("./inputs.js").Inputs} inputs
 * @param {AbortSignal} signal
 * @param {() => Promise<string | undefined>} password of the session
 */
async function argumentOf(operation, parameter, given, inputs, signal, password) {
  const argument = given.get(optionOf(parameter.name));
  if (!parameter.isSecret) {
    return argument === undefined ? undefined : readArgument(operation, parameter, argument, inputs);
  }
  // The account's password signs some requests as well: who gives none for that gives one password, not two.
  const isPassword = parameter.name === "AccountPassword";
  const secret = isPassword ? { ...parameter, required: false } : parameter;
  const text = await secretOf(operation, secret, argument, inputs, signal);
  if (text !== undefined) return converted(operation, parameter, text);
  return isPassword ? password() : undefined;
}

/**
 * Refuses arguments that break a rule before anybody is asked for a password: with a signal that has fired, a call
 * sends nothing, but its arguments are checked.
 *
 * @param {(...args: unknown[]) => Promise<unknown>} call
 * @param {unknown[]} args
 */
async function check(call, args) {
  try {
    await call(...args, { signal: AbortSignal.abort() });
  } catch (error) {
    if (AgentApiError.is(error) && error.code === "invalid-argument") throw error;
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
