// @ts-check
/** The functions of `AgentAPI` in which the module has no part. */

import { checkArgument } from "./arguments.js";
import { children, textOf } from "./value.js";

/**
 * Throws what `checkArgument` does.
 *
 * @param {string} what
 * @param {unknown[]} args
 * @param {import("./hooks.js").Hooks} hooks
 * @param {import("./inbox.js").Inbox} inbox
 * @param {Record<string, number>} limits
 * @returns {unknown}
 */
export function callLocal(what, [first, second], hooks, inbox, limits) {
  switch (what) {
    case "children":
      return children(first, checkArgument("text", "LocalName", second));
    case "text":
      return textOf(first, checkArgument("text", "LocalName", second));
    case "bare":
      return checkArgument("text", "Jid", first).split("/")[0];
    case "message":
      return inbox.add(
        checkArgument("listener", "Listener", first),
        checkArgument("polling", "Options", second, true),
      );
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
