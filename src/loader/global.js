// @ts-check
/** The entry for a classic `<script>`, and for `importScripts` in a worker. */

import { AgentAPI, AgentApiError } from "./index.js";

Object.assign(globalThis, { AgentAPI, AgentApiError });
