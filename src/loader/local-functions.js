// @ts-check
/** The functions of `AgentAPI` in which the module has no part. */

import { checkArgument } from "./arguments.js";
import { children } from "./value.js";

/**
 * Throws what `checkArgument` does.
 *
 * @param {string} what
 * @param {unknown[]} args
 * @param {import("./hooks.js").Hooks} hooks
 * @param {Record<string, number>} limits
 * @returns {unknown}
 */
export function callLocal(what, [first, second], hooks, limits) {
  switch (what) {
    case "children":
      return children(first, checkArgument("text", "LocalName", second));
    case "log":
      return hooks.log(checkArgument("level", "Level", second, true), first);
    case "level":
      hooks.level = checkArgument(what, "Level", first);
      return undefined;
    case "timeouts":
    case "limits":
      Object.assign(limits, checkArgument(what, what === "limits" ? "Limits" : "Timeouts", first));
      return undefined;
    default:
      return hooks.add(/** @type {any} */ (what), checkArgument("listener", "Listener", first));
  }
}
