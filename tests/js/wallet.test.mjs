// @ts-check
/** Payments in the play currency of the real broker, and transactions with its play services. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { startBroker } from "../support/broker.mjs";
import { clientFor } from "../support/client.mjs";
import { outputWithWebSocket } from "../support/document.mjs";
import { personAt, takeQueued } from "../support/person.mjs";

/** @typedef {Awaited<ReturnType<typeof personAt>>} Person */

/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
before(async () => {
  broker = await startBroker();
});
after(() => broker.stop());

/** The last day of a payment that is made today. */
const today = () => new Date().toISOString().slice(0, 10);

/**
 * An order of alice's to pay bob, which is not signed.
 *
 * @param {Record<string, string | number>} [values] which differ
 */
function orderToPay(values) {
  const order = {
    id: randomUUID(),
    f: "alice@localhost",
    t: "bob@localhost",
    am: 12.5,
    cu: "SEK",
    cr: new Date().toISOString(),
    ex: today(),
    m: Buffer.from("För boken").toString("base64"),
    ...values,
  };
  return `edaler:${Object.entries(order)
    .map((pair) => pair.join("="))
    .join(";")}`;
}

/**
 * @param {Person} person
 * @param {string} order
 */
async function signedBy({ api, key, legalId }, order) {
  const { Signature } = await api.Legal.SignData(...key, legalId, Buffer.from(order).toString("base64"));
  return `${order};s=${Signature}`;
}

/** @param {...Person} people */
const amountsOf = (...people) =>
  Promise.all(people.map(async ({ api }) => (await api.Wallet.GetBalance()).amount));

for (const encoding of /** @type {const} */ (["json", "xml"])) {
  describe(`in ${encoding}`, () => {
    test("alice pays bob with a URI that she signs, once", async (context) => {
      const alice = await personAt(context, broker, "alice", encoding);
      const bob = await personAt(context, broker, "bob", encoding);
      const [alices, bobs] = await amountsOf(alice, bob);
      await Promise.all([takeQueued(alice.api), takeQueued(bob.api)]);
      const uri = await signedBy(alice, orderToPay());

      const { Balance } = await bob.api.Wallet.ProcessEDalerUri(uri);
      assert.deepEqual([Balance.amount, Balance.reserved, Balance.currency], [bobs + 12.5, 0, "SEK"]);
      assert.deepEqual(await amountsOf(alice, bob), [alices - 12.5, bobs + 12.5]);

      const [told] = await takeQueued(bob.api);
      assert.equal(told.__name, "balance");
      assert.equal(told.amount, String(bobs + 12.5));
      const [event] = bob.api.IO.Children(told, "event");
      assert.deepEqual([event.change, event.remote, event.message], ["12.5", "alice@localhost", "För boken"]);
      const [toldAlice] = await takeQueued(alice.api);
      assert.equal(alice.api.IO.Children(toldAlice, "event")[0].change, "-12.5");

      for (const { api } of [alice, bob]) {
        const again = api.Wallet.ProcessEDalerUri(uri);
        await assert.rejects(again, { code: "forbidden", message: /was used before/ });
      }
      assert.deepEqual(await amountsOf(alice, bob), [alices - 12.5, bobs + 12.5]);
    });

    test("an account has a balance from the start", async (context) => {
      const fresh = await startBroker();
      context.after(() => fresh.stop());
      const client = clientFor(context, fresh.host, { encoding });
      await client.Account.Login("bob", fresh.accounts.bob.password, 600);
      const { amount, reserved, currency, timestamp } = await client.Wallet.GetBalance();
      assert.deepEqual([amount, reserved, currency], [1000, 0, "SEK"]);
      assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 60_000);
    });
  });
}

test("what can't be paid is refused, and nothing moves", async (context) => {
  const alice = await personAt(context, broker, "alice", "json");
  const bob = await personAt(context, broker, "bob", "json");
  const before = await amountsOf(alice, bob);
  /** @type {[values: Record<string, string | number>, code: string, message: RegExp][]} */
  const refused = [
    [{ am: 1_000_000 }, "forbidden", /not enough eDaler/],
    [{ am: 0 }, "bad-request", /am must be more than 0/],
    [{ ex: "2020-01-01" }, "bad-request", /has expired/],
    [{ cu: "EUR" }, "bad-request", /another currency than SEK/],
    [{ t: "carol@localhost" }, "not-found", /no such account/],
    [{ t: "bob@other.example" }, "not-implemented", /can't reach other brokers/],
    [{ f: "bob@localhost", t: "alice@localhost" }, "forbidden", /signature/],
  ];
  for (const [values, code, message] of refused) {
    const uri = await signedBy(alice, orderToPay(values));
    await assert.rejects(alice.api.Wallet.ProcessEDalerUri(uri), { code, message });
  }
  const changed = (await signedBy(alice, orderToPay())).replace("am=12.5", "am=125");
  await assert.rejects(bob.api.Wallet.ProcessEDalerUri(changed), { code: "forbidden", message: /signature/ });
  const unsigned = alice.api.Wallet.ProcessEDalerUri(orderToPay());
  await assert.rejects(unsigned, { code: "bad-request", message: /is not signed/ });
  assert.deepEqual(await amountsOf(alice, bob), before);
});

test("eDaler is bought and sold, and a service may decline", async (context) => {
  const client = clientFor(context, broker.host);
  await client.Account.Login("bob", broker.accounts.bob.password, 600);
  const { Wallet } = client;
  const amount = async () => (await Wallet.GetBalance()).amount;
  const before = await amount();
  const [mock, declining] = (await Wallet.GetServiceProvidersForBuyingEDaler()).Providers;

  const bought = await Wallet.InitiateBuyEDaler(
    mock.id,
    mock.type,
    50.25,
    "SEK",
    "https://shop.example/paid",
  );
  assert.equal(bought.state, "Committed");
  assert.ok(bought.ended);
  assert.equal(bought.successUrl, "https://shop.example/paid");
  assert.equal(await amount(), before + 50.25);
  assert.deepEqual(await Wallet.GetTransactionInformation(bought.id), bought);

  const declined = await Wallet.InitiateBuyEDaler(declining.id, declining.type, 50, "SEK");
  assert.equal(declined.state, "Error");
  assert.equal(await amount(), before + 50.25);

  const [buyer] = (await Wallet.GetServiceProvidersForSellingEDaler()).Providers;
  const options = await Wallet.GetPaymentOptionsForSellingEDaler(buyer.id, buyer.type);
  assert.equal(options.amount, undefined);
  await Wallet.InitiateSellEDaler(buyer.id, buyer.type, 0.25, "SEK", null, null, null, "sale 1");
  assert.equal(await amount(), before + 50);
  const again = Wallet.InitiateSellEDaler(buyer.id, buyer.type, 0.25, "SEK", null, null, null, "sale 1");
  await assert.rejects(again, { code: "forbidden", message: /transactionId/ });
  const tooMuch = Wallet.InitiateSellEDaler(buyer.id, buyer.type, 1_000_000, "SEK");
  await assert.rejects(tooMuch, { code: "forbidden", message: /not enough eDaler/ });
  await assert.rejects(Wallet.GetTransactionInformation("x"), { code: "not-found" });
});

const PROGRAM = `
  import { AgentAPI } from "neuron-agent-api";
  const [, host, password] = process.argv;
  AgentAPI.IO.SetHost(host, false);
  await AgentAPI.Account.Login("bob", password, 600);
  const [{ id: ServiceId, type: ServiceProvider }] = (await AgentAPI.Wallet.GetServiceProvidersForBuyingEDaler()).Providers;
  const event = await new Promise((FunctionName) => {
    AgentAPI.Wallet.InitiateBuyEDaler({ ServiceId, ServiceProvider, Amount: 3, Currency: "SEK", FunctionName });
  });
  console.log(event.state, event.amount, event.currency);
  // As it was sent, and as an answer has it.
  const { started } = await AgentAPI.Wallet.GetTransactionInformation(event.id);
  console.log(typeof event.started, started === new Date(event.started * 1000).toISOString().replace(".000Z", "Z"));
  await AgentAPI.Account.Logout();
`;

test("a function hears of its transaction, over the library's own socket", async () => {
  const { password } = broker.accounts.bob;
  const output = await outputWithWebSocket(PROGRAM, broker.host, password);
  assert.equal(output, "Committed 3 SEK\nnumber true\n");
});
