// @ts-check
/** A broker in this tab, with the accounts of the local broker. It lasts as long as the page. */

import { createTestBroker } from "../pkg/testing.js";
import { DEMO_ACCOUNTS } from "./session.js";

export const broker = createTestBroker({ accounts: DEMO_ACCOUNTS });
