// @ts-check
/** Checks what `createTestBroker` is given. */

import { readOptions } from "../loader/value.js";

/** @typedef {import("./index.d.ts").TestBrokerOptions} TestBrokerOptions */
/** @typedef {import("./index.d.ts").TestAccount} TestAccount */

const KNOWN = "accounts, apiKeys, domain, clock, faults, seed";
const EXAMPLE = '{ accounts: { alice: "pw" } }';

/**
 * @param {TestBrokerOptions | null} [options]
 * @returns {TestBrokerOptions}
 */
export function checkedOptions(options) {
  const given = readOptions(options ?? {}, KNOWN, EXAMPLE);
  if (typeof given === "string") fail("Options", given);
  const { accounts, apiKeys, domain, clock, seed } = given;
  for (const [name, value] of Object.entries({ accounts, apiKeys })) {
    if (value && (typeof value !== "object" || Array.isArray(value)))
      fail(name, `must be an object, such as ${EXAMPLE}.`);
  }
  if (domain !== undefined && typeof domain !== "string") fail("domain", "must be a string.");
  if (clock !== undefined && typeof clock?.now !== "function") {
    fail("clock", "must have a method now() that gives milliseconds, as Date has.");
  }
  if (seed !== undefined && typeof seed !== "string" && typeof seed !== "number") {
    fail("seed", "must be a string or a number.");
  }
  return given;
}

/**
 * @param {string} userName
 * @param {TestAccount} account
 */
export function checkedAccount(userName, account) {
  const { password, legalId } = typeof account === "string" ? { password: account } : (account ?? {});
  if (typeof userName !== "string") fail("UserName", "must be a string.");
  if (typeof password !== "string")
    fail(`accounts.${userName}`, "must be a password, or { password, legalId }.");
  if (legalId !== undefined && typeof legalId !== "string") {
    fail(`accounts.${userName}.legalId`, "must be a string.");
  }
  return { password, legalId };
}

/**
 * What the module says is wrong, which it throws as a text, as an error.
 *
 * @template T
 * @param {string} operation
 * @param {() => T} work
 * @returns {T}
 */
export function withErrors(operation, work) {
  try {
    return work();
  } catch (error) {
    throw typeof error === "string" ? new TypeError(`${operation}: ${error}`) : error;
  }
}

/**
 * @param {string} name
 * @param {string} rule
 * @returns {never}
 */
function fail(name, rule) {
  throw new TypeError(`createTestBroker: ${name} ${rule}`);
}
