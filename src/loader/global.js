// @ts-check
/** The entry for a classic `<script>`, and for `importScripts` in a worker. */

import { AgentAPI, AgentApiError, createAgentAPI } from "./index.js";

// Scripts that build on it add groups of their own, as TAG's `Agent.Things.js` does, and that one calls two
// helpers of `Agent.js`.
Object.assign(AgentAPI.IO, {
  /** Shows a page what came back. Here nothing does: `IO.OnResponse` tells who wants to know. */
  AfterResponse() {},
});
Object.assign(AgentAPI.Account, {
  /** @param {ArrayLike<number>} bytes */
  Base64Encode: (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")),
});

Object.assign(globalThis, { AgentAPI, AgentApiError, createAgentAPI });
