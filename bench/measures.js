// @ts-check
/** What is measured of a contender, in a page or in Node. */

const realFetch = globalThis.fetch;

/** @param {(body: string) => string} answer */
function stubFetch(answer) {
  globalThis.fetch = async (_, options) => new Response(answer(String(options?.body)));
}

const item = (/** @type {number} */ number) => ({
  bareJid: `contact${number}@example.org`,
  pendingSubscription: number % 2 === 0,
  status: "Both",
  name: `Contact ${number}`,
  Groups: ["Friends", "Work"],
});

const SENT = JSON.stringify({ sent: true, id: "1", RosterItem: item(1) });

/** @param {() => Promise<unknown>} work */
async function timed(work) {
  const since = performance.now();
  await work();
  return { ms: performance.now() - since };
}

/** @param {import("./contenders/contender.d.ts").Contender} api */
export const measuresOf = (api) => ({
  /** The time of one call after the other, in milliseconds. The clock ticks too slowly for a single one. */
  async sequential(/** @type {number} */ count) {
    const { ms } = await timed(async () => {
      for (let number = 0; number < count; number += 1) await api.roster(0, 10);
    });
    return ms / count;
  },

  /** Calls a second, so many at a time. */
  async throughput(/** @type {number} */ count, /** @type {number} */ inFlight) {
    let left = count;
    const caller = async () => {
      while (left > 0) {
        left -= 1;
        await api.roster(0, 10);
      }
    };
    const { ms } = await timed(() => Promise.all(Array.from({ length: inFlight }, caller)));
    return (1000 * count) / ms;
  },

  /** The time of a call that is answered at once, in microseconds. */
  async cpu(/** @type {number} */ count) {
    stubFetch(() => SENT);
    const work = async () => {
      for (let number = 0; number < count; number += 1) {
        await api.subscribe("bob@example.org", "<nick xmlns='urn:example'>Alice</nick>");
      }
    };
    await work();
    const { ms } = await timed(work);
    globalThis.fetch = realFetch;
    return (1000 * ms) / count;
  },

  /** The time to page through a roster, in milliseconds; what was read is kept. */
  async page(/** @type {number} */ count, /** @type {number} */ pageSize) {
    /** @type {string[]} */
    const pages = [];
    for (let offset = 0; offset < count; offset += pageSize) {
      const length = Math.min(pageSize, count - offset);
      const RosterItems = Array.from({ length }, (_, number) => item(offset + number));
      pages.push(JSON.stringify({ RosterItems }));
    }
    stubFetch((body) => pages[JSON.parse(body).offset / pageSize]);
    const readAll = async () => {
      /** @type {object[]} */
      const items = [];
      while (items.length < count) {
        const { RosterItems } = await api.roster(items.length, pageSize);
        for (const one of RosterItems) items.push(one);
      }
      return items;
    };
    // The clock ticks too slowly for a small one.
    const times = Math.max(1, Math.ceil(10_000 / count));
    const { ms } = await timed(async () => {
      for (let number = 0; number < times; number += 1) Object.assign(globalThis, { kept: await readAll() });
    });
    globalThis.fetch = realFetch;
    return ms / times;
  },

  /** The time of a call with so much XML, in milliseconds. */
  async customXml(/** @type {number} */ bytes, /** @type {number} */ count) {
    stubFetch(() => SENT);
    const row = "<item xmlns='urn:example' number='1'>some &lt;text&gt; of it</item>";
    const xml = row.repeat(Math.ceil(bytes / row.length));
    const work = async () => {
      for (let number = 0; number < count; number += 1) await api.subscribe("bob@example.org", xml);
    };
    await work();
    const { ms } = await timed(work);
    globalThis.fetch = realFetch;
    return ms / count;
  },
});
