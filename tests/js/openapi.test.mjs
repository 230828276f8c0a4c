// @ts-check
/**
 * The real broker and docs/openapi.json: whatever is asked, the answer is one that the document describes, and
 * the broker does not fail. `FUZZ_CASES` and `FUZZ_SEED` widen or repeat the random part.
 */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { startBroker } from "../support/broker.mjs";
import { clientFor } from "../support/client.mjs";
import { fetchDouble } from "../support/fetch-double.mjs";
import {
  faultOfAnswer,
  faultOfRequest,
  OPERATIONS,
  operationAt,
  resolved,
  toXml,
} from "../support/openapi.mjs";
import { QuietSocket } from "../support/socket.mjs";

/** @typedef {import("neuron-agent-api").Encoding} Encoding */
/** @typedef {import("../support/openapi.mjs").Operation} Operation */

const CASES = Number(process.env.FUZZ_CASES ?? 1_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_126);

/** What the local broker refuses whoever asks, as it needs a phone, other brokers, web pages or people. */
const REFUSED = [
  "AccountGetSessionToken",
  "AccountPrepareRemoteQuickLogin",
  "AccountQuickLogin",
  "AccountRemoteQuickLogin",
  "AccountTransfer",
  "LegalSelectReviewService",
];

const ALGORITHM = /** @type {const} */ (["ed25519", "urn:nf:iot:e2e:1.0"]);

const TEMPLATE = `<contract xmlns="urn:nf:iot:leg:sc:1.0" archiveOpt="P3M" archiveReq="P1M" canActAsTemplate="true"
 duration="P1Y" visibility="Public"><Nop xmlns="https://paiwise.tagroot.io/Schema/PaymentInstructions.xsd"/><role
 name="Reader" minCount="1" maxCount="1"><description xml:lang="en"><paragraph><text>Reads.</text></paragraph>
</description></role><parts><templateOnly/></parts><humanReadableText xml:lang="en"><paragraph><text>A book.</text>
</paragraph></humanReadableText></contract>`;

const real = globalThis.WebSocket;
before(() => Object.assign(globalThis, { WebSocket: QuietSocket }));
after(() => (globalThis.WebSocket = real));

/** @param {Response} response */
async function answerOf(response) {
  const mediaType = response.headers.get("Content-Type")?.split(";")[0] ?? "";
  return { status: response.status, mediaType, text: await response.text() };
}

/**
 * A `fetch` that judges each request and its answer, and remembers which operations succeeded.
 *
 * @param {Set<string>} succeeded
 * @param {string[]} faults
 */
const judging = (succeeded, faults) =>
  fetchDouble(async (url, options) => {
    const operation = operationAt(options.method, new URL(url).pathname);
    const response = await fetch(url, options);
    const answer = await answerOf(response.clone());
    const { body } = /** @type {{ body?: string | FormData }} */ (options);
    const mediaType = body instanceof FormData ? "multipart/form-data" : options.headers["Content-Type"];
    const ofRequest = body === undefined ? "" : faultOfRequest(operation, mediaType, body);
    for (const fault of [ofRequest, faultOfAnswer(operation, answer)]) {
      if (fault) faults.push(`${operation.id}: ${fault}\n${answer.text}`);
    }
    if (answer.status === 200) succeeded.add(operation.id);
    return response;
  });

for (const encoding of /** @type {const} */ (["json", "xml"])) {
  test(`every resource is answered as described, in ${encoding}`, async (context) => {
    const broker = await startBroker();
    context.after(() => broker.stop());
    /** @type {Set<string>} */
    const succeeded = new Set();
    /** @type {string[]} */
    const faults = [];
    const client = () => clientFor(context, broker.host, { encoding, fetch: judging(succeeded, faults) });
    const [alice, bob, carol] = [client(), client(), client()];
    await createAccount(carol, () => broker.output());
    await logIn(alice, "alice", broker.accounts.alice.password);
    await logIn(bob, "bob", broker.accounts.bob.password);
    await exchangeMessages(alice, bob);
    await keepThings(alice);
    const { key, legalId } = await signContract(alice, bob, broker.accounts);
    await pay(alice, key, legalId);
    await ownBook(alice, key, legalId);
    await carol.Account.Logout();
    assert.deepEqual(faults, []);
    const expected = OPERATIONS.map(({ id }) => id).filter((id) => !REFUSED.includes(id));
    assert.deepEqual(
      expected.filter((id) => !succeeded.has(id)),
      [],
      "these were not answered",
    );
  });
}

/** @typedef {import("neuron-agent-api").AgentAPI} Client */

/**
 * @param {Client} carol
 * @param {() => string} output of the broker, which prints what it would send
 */
async function createAccount(carol, output) {
  const { Account } = carol;
  await Account.DomainInfo("en");
  await Account.Create("carol", "carol@example.org", "+46700000000", "hush", "demo-key", "demo-secret", 600);
  const codeOf = (/** @type {string} */ address) =>
    output().split(`To ${address}: the code is `).at(-1)?.slice(0, 6) ?? "";
  await Account.ResendVerificationCodes("carol@example.org", "+46700000000");
  await Account.VerifyEMail("carol@example.org", codeOf("carol@example.org"));
  await Account.VerifyPhoneNr("+46700000000", codeOf("+46700000000"));
  await assert.rejects(Account.Create("alice", "a@example.org", "other", "demo-key", "demo-secret", 600));
  await Account.Recover("carol", null, null, "carol@example.org");
  const { jwt } = await Account.WwwLogin("carol", "hush", 600);
  await Account.AuthenticateJwt(jwt);
  await Account.Refresh(600);
  await Account.Info();
  await Account.RemoteReferences();
}

/**
 * @param {Client} client
 * @param {string} name
 * @param {string} password
 */
async function logIn(client, name, password) {
  await assert.rejects(client.Account.Login(name, "wrong", 600), { code: "unauthorized" });
  await client.Account.Login(name, password, 600);
}

/**
 * @param {Client} alice
 * @param {Client} bob
 */
async function exchangeMessages({ Xmpp: alice }, { Xmpp: bob }) {
  const [ALICE, BOB] = ["alice@localhost", "bob@localhost"];
  await alice.SendPresenceSubscription(BOB, "<nick xmlns='urn:x'>Al</nick>", "en");
  await bob.SendSubscriptionAccepted(ALICE);
  await bob.SendPresenceSubscription(ALICE);
  await alice.SendSubscriptionDeclined(BOB);
  await alice.SendTextMessage(BOB, "Hi", "Greeting", "en");
  await alice.SendFormattedMessage(BOB, "**Hi**");
  await alice.SendXmlMessage(BOB, "<a xmlns='urn:x' b='c'>d<e/><e/></a>");
  await bob.PopMessages(10);
  await bob.ClearMessages();
  const { jid } = await alice.PresenceProbe(BOB);
  for (const query of ["<ping xmlns='urn:xmpp:ping'/>", "<what xmlns='urn:what'/>"]) {
    await alice.InformationQuery(jid, "get", query);
  }
  await alice.SetRosterItem(BOB, "Bob", ["Friends", "Readers"]);
  await alice.GetRoster(0, 10);
  await alice.GetRosterItem(BOB);
  await alice.RegisterEventHandler("a", "urn:x", "chat", () => {});
  await alice.UnregisterEventHandler("a", "urn:x", "chat");
  await alice.SendPresenceUnsubscription(BOB);
  await alice.RemoveRosterItem(BOB);
  await assert.rejects(alice.GetRosterItem(BOB), { code: "not-found" });
}

/** @param {Client} alice */
async function keepThings({ Storage, Intelligence }) {
  await Storage.SavePrivateXml("<prefs xmlns='urn:example:prefs' theme='dark'/>");
  await Storage.LoadPrivateXml("prefs", "urn:example:prefs");
  const { url } = await Storage.Upload(new Blob(["hi"], { type: "text/plain" }), "note.txt", "Private");
  await Storage.Put(url, "ho", "Public", "text/plain");
  await Storage.Download(url);
  await Storage.Delete(url);
  await assert.rejects(Storage.Download(url), { code: "not-found" });
  const tags = [{ name: "PAN", value: "4111111111111111", masked: "**** 1111" }];
  const { vaultId } = await Storage.StoreInVault(null, "Card", "ann", tags);
  await Storage.GetFromVault(vaultId, true);
  await Storage.SearchInVault("Card", null, false, { PAN: "4111111111111111" });
  await Storage.DeleteFromVault(vaultId);

  const expires = new Date(Date.now() + 3_600_000);
  const known = /** @type {const} */ ([
    "203.0.113.7",
    expires,
    "Login",
    "HTTPS",
    "Guessing",
    "401",
    "Guessed.",
  ]);
  const { objectId } = await Intelligence.Add(...known, [{ name: "n", value: 3, type: "xs:int" }]);
  await Intelligence.Update(objectId, ...known);
  await Intelligence.Get("203.0.113.7");
  await Intelligence.CheckEndpoint("203.0.113.7");
  await Intelligence.Delete(objectId);
}

/** @typedef {ReturnType<typeof keyOf>} Key */

/** The arguments that a call with a key begins with. @param {string} password of the account */
const keyOf = (password) => /** @type {const} */ ([...ALGORITHM, "key1", "tulip", password]);

/** The arguments of a contract. @param {string} legalId of the lender */
const loanOf = (legalId) =>
  /** @type {const} */ ([
    "book-loan@legal.localhost",
    "CreatorAndParts",
    [{ role: "Lender", legalId }],
    { Title: "Moby-Dick", Days: 14 },
  ]);

/**
 * Has an identity approved.
 *
 * @param {Client} client
 * @param {Key} key which is made first
 * @param {(legalId: string) => Promise<unknown>} [review] before it is approved
 */
async function identityOf({ Crypto, Legal }, key, review) {
  const [name, namespace, keyId, keyPassword, password] = key;
  await Crypto.CreateKey(name, namespace, keyId, keyPassword, password);
  const { Identity } = await Legal.ApplyId(...key, { FIRST: "Ada", LAST: "Byron", COUNTRY: "GB" });
  await Legal.AddIdAttachment(...key, Identity.id, "iVBORw0KGgo=", "ProfilePhoto.png", "image/png");
  await Legal.GetServiceProvidersForIdReview(Identity.id);
  await review?.(Identity.id);
  await Legal.ReadyForApproval(...key, Identity.id);
  return Identity.id;
}

/**
 * @param {Client} alice
 * @param {Client} bob
 * @param {Record<"alice" | "bob", { password: string }>} accounts
 */
async function signContract(alice, bob, accounts) {
  const { Crypto, Legal } = alice;
  await Crypto.GetAlgorithms();
  const [key, bobs] = [keyOf(accounts.alice.password), keyOf(accounts.bob.password)];
  const other = await identityOf(bob, bobs);
  const own = await identityOf(alice, key, (legalId) =>
    Legal.PetitionPeerReview(...key, legalId, other, "p1", "To be known."),
  );
  await Crypto.GetPublicKey("key1");
  await Crypto.GetPublicKey();
  await Legal.ValidatePNr("SE", "191212121212");
  await Legal.GetApplicationAttributes();
  await Legal.GetIdentity(own);
  await Legal.GetIdentities(0, 10);
  await Legal.SignData(...key, own, "SGk=");
  await Legal.ProposeTemplate(Buffer.from(TEMPLATE).toString("base64"));
  const { Contract } = await Legal.CreateContract(...loanOf(own));
  await Legal.SendProposal(Contract.id, "Borrower", "bob@localhost", "Please <sign>.");
  await Legal.SignContract(...key, Contract.id, own, "Lender");
  await Legal.GetContract(Contract.id, "Html");
  await Legal.GetCreatedContracts();
  await Legal.GetSignedContracts(0, 10);
  await assert.rejects(Legal.GetIdentity(other), { code: "forbidden" });
  await Legal.PetitionId(...key, own, other, "p2", "To lend a book.");
  await Legal.PetitionSignature(...key, own, other, "p3", "To agree.", "SGk=");
  await Legal.AuthorizeAccessToId(own, other, true);
  await Legal.AuthorizeAccessToContract(Contract.id, other, true);
  await bob.Xmpp.PopMessages(100);
  return { key, legalId: own };
}

/**
 * @param {Client} alice
 * @param {Key} key
 * @param {string} legalId
 */
async function pay({ Legal, Wallet }, key, legalId) {
  await Wallet.GetBalance();
  const now = new Date().toISOString();
  const order = `edaler:id=${randomUUID()};f=alice@localhost;t=bob@localhost;am=1.5;cu=SEK;cr=${now};ex=${now.slice(0, 10)}`;
  const { Signature } = await Legal.SignData(...key, legalId, btoa(order));
  await Wallet.ProcessEDalerUri(`${order};s=${Signature}`);
  const [seller] = (await Wallet.GetServiceProvidersForBuyingEDaler()).Providers;
  const [buyer] = (await Wallet.GetServiceProvidersForSellingEDaler()).Providers;
  await Wallet.GetPaymentOptionsForBuyingEDaler(seller.id, seller.type);
  await Wallet.GetPaymentOptionsForSellingEDaler(buyer.id, buyer.type);
  const { id } = await Wallet.InitiateBuyEDaler(seller.id, seller.type, 2.5, "SEK");
  await Wallet.GetTransactionInformation(id);
  await Wallet.InitiateSellEDaler(buyer.id, buyer.type, 1, "SEK");
}

/**
 * @param {Client} alice
 * @param {Key} key
 * @param {string} legalId
 */
async function ownBook({ IO, Legal, StateMachines, Tokens }, key, legalId) {
  const { currency, commission, trustProvider } = await Tokens.GetCreationAttributes();
  const { Contract } = await Legal.CreateContract(
    "book-token@legal.localhost",
    "Public",
    [
      { role: "Owner", legalId },
      { role: "TrustProvider", legalId: trustProvider },
    ],
    {
      Title: "Moby-Dick",
      Value: 10,
      Currency: currency,
      CommissionPercent: commission,
      Expires: "2100-01-01",
    },
  );
  await Legal.SignContract(...key, Contract.id, legalId, "Owner");
  const references = await Tokens.GetContractTokens(Contract.id);
  const tokenId = String(IO.Children(references.Tokens, "ref")[0].id);
  await Tokens.GetTokens(0, 10, false);
  await Tokens.GetToken(tokenId);
  await Tokens.GetDescription(tokenId, "Html");
  await Tokens.AddTextNote(tokenId, "Read.", true);
  await Tokens.AddXmlNote(tokenId, "<lent xmlns='urn:example:book' to='bob'/>", false);
  await Tokens.GetTokenEvents(tokenId);
  await StateMachines.GetCurrentState(tokenId);
  await StateMachines.CreateReport(tokenId, "History", "Text");
}

/** What a request may name: an account, its contact, a key, and what answers have named. */
const known = ["alice", "bob", "alice@localhost", "bob@localhost", "bob@localhost/x", "key1", "ed25519"];

/** So that what is made first stays among them. */
const MOST_KNOWN = 200;

/**
 * Remembers the names of what there is.
 *
 * @param {string} answer
 */
function learn(answer) {
  JSON.parse(answer, (name, value) => {
    const isName = /(^id|Id|url)$/.test(name) && typeof value === "string" && value.length < 200;
    if (isName && known.length < MOST_KNOWN && !known.includes(value)) known.push(value);
    return value;
  });
}

const ODD = ["", " ", "\u0000", "<a>", "&", "å😀", "\ud800", "__proto__", "x".repeat(2000), "a/../b", "-1"];

/**
 * What a schema allows, mostly: sometimes it is something else.
 *
 * @param {Record<string, any>} schema
 * @returns {fc.Arbitrary<unknown>}
 */
function nearly(schema) {
  return fc.oneof(
    { weight: 15, arbitrary: allowed(resolved(schema)) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  );
}

/**
 * @param {Record<string, any>} schema
 * @returns {fc.Arbitrary<unknown>}
 */
function allowed({
  type,
  enum: texts,
  examples = [],
  properties,
  required = [],
  items,
  minimum,
  maximum,
  ...rest
}) {
  if (texts) return fc.constantFrom(...texts);
  const [first] = [type].flat();
  switch (first) {
    case "string":
      return fc.oneof(
        ...(examples.length > 0 ? [fc.constantFrom(...examples)] : []),
        fc.nat(MOST_KNOWN).map((number) => known[number % known.length]),
        fc.string({ unit: "grapheme", minLength: rest.minLength ?? 0, maxLength: 64 }),
      );
    case "integer":
      return fc.integer({ min: minimum ?? 0, max: maximum ?? 2 ** 31 });
    case "number":
      return fc.double({ noNaN: true });
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(nearly(items), { maxLength: 4 });
    case "object": {
      const fields = Object.entries(properties ?? {}).map(([name, inner]) => [name, nearly(inner)]);
      return fc.record(Object.fromEntries(fields), { requiredKeys: required });
    }
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

/**
 * A request to an operation, as what `fetch` takes.
 *
 * @param {Operation} operation
 * @returns {fc.Arbitrary<{ operation: Operation, tail: string, body: unknown, encoding: Encoding }>}
 */
function requestTo(operation) {
  const { requestBody } = operation.described;
  const [content] = Object.values(requestBody?.content ?? {});
  return fc.record({
    operation: fc.constant(operation),
    tail: fc.oneof(fc.constantFrom("alice/note.txt", "bob/x", "..", "%2e%2e/x", "%00"), fc.webPath()),
    // Without a schema it is bytes of any kind.
    body: content?.schema
      ? allowed(resolved(content.schema))
      : content
        ? fc.uint8Array({ maxLength: 100 })
        : fc.constant(undefined),
    encoding: fc.constantFrom(
      .../** @type {Encoding[]} */ (requestBody?.content["text/xml"] ? ["json", "xml"] : ["json"]),
    ),
  });
}

describe("random requests", () => {
  /** @type {Awaited<ReturnType<typeof startBroker>>} */
  let broker;
  let token = "";
  before(async () => {
    // Those who guess are blocked elsewhere.
    broker = await startBroker("--block-after", "0");
  });
  after(() => broker.stop());

  /** Has alice make something of each kind. @param {import("node:test").TestContext} context */
  async function prepare(context) {
    const fetching = fetchDouble(async (url, options) => {
      const response = await fetch(url, options);
      const { mediaType, text } = await answerOf(response.clone());
      if (mediaType === "application/json") learn(text);
      return response;
    });
    const alice = clientFor(context, broker.host, { fetch: fetching });
    const { password } = broker.accounts.alice;
    await alice.Account.Login("alice", password, 3600);
    const key = keyOf(password);
    const legalId = await identityOf(alice, key);
    const { Contract } = await alice.Legal.CreateContract(...loanOf(legalId));
    await alice.Legal.SignContract(...key, Contract.id, legalId, "Lender");
    await alice.Storage.SavePrivateXml("<prefs xmlns='urn:example:prefs' theme='dark'/>");
    await alice.Storage.Upload("hi", "note.txt", "Private");
    await alice.Storage.StoreInVault(null, "Card", null, [{ name: "PAN", value: "4111" }]);
    await alice.Intelligence.Add("203.0.113.7", new Date(Date.now() + 3_600_000), "Login");
    await alice.Xmpp.SendPresenceSubscription("bob@localhost");
  }

  /** @param {import("node:test").TestContext} context */
  async function logInAgain(context) {
    const client = clientFor(context, broker.host);
    ({ jwt: token } = await client.Account.Login("alice", broker.accounts.alice.password, 3600));
  }

  /** @param {{ operation: Operation, tail: string, body: any, encoding: Encoding }} request */
  async function send({ operation, tail, body, encoding }) {
    const { method, path, described } = operation;
    /** @type {Record<string, string>} */
    const headers = { Authorization: `Bearer ${token}`, Accept: "application/json", Referer: broker.url };
    /** @type {BodyInit | undefined} */
    let payload;
    const content = described.requestBody?.content ?? {};
    if (content["multipart/form-data"]) {
      payload = new FormData();
      for (const [name, value] of Object.entries(body)) {
        payload.append(name, name === "Content" ? new Blob([JSON.stringify(value)]) : String(value));
      }
    } else if (body instanceof Uint8Array) {
      headers["Content-Type"] = "text/plain";
      headers["X-Visibility"] = "Private";
      payload = /** @type {Uint8Array<ArrayBuffer>} */ (body);
    } else if (body !== undefined) {
      headers["Content-Type"] = encoding === "xml" ? "text/xml" : "application/json";
      const { xml } = content["text/xml"]?.schema ?? {};
      const schema = resolved(content["application/json"].schema);
      payload = encoding === "xml" ? toXml(xml.name, body, schema, xml.namespace) : JSON.stringify(body);
      if (encoding === "xml") headers.Accept = "text/xml";
    }
    const url = broker.url + path.replace(/\{\w+\}/, () => tail);
    return answerOf(await fetch(url, { method, headers, body: payload }));
  }

  test(`${CASES} from seed ${SEED} get answers that are described`, async (context) => {
    await prepare(context);
    await logInAgain(context);
    /** @type {Map<string, number>} */
    const outcomes = new Map();
    const requests = fc.constantFrom(...OPERATIONS).chain(requestTo);
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const answer = await send(request);
        if (answer.status === 200 && answer.mediaType === "application/json") learn(answer.text);
        const outcome = `${answer.status} in ${request.encoding}`;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (answer.status === 401 || request.operation.id === "AccountLogout") await logInAgain(context);
        assert.equal(faultOfAnswer(request.operation, answer), "", answer.text);
      }),
      { seed: SEED, numRuns: CASES, endOnFailure: false },
    );
    context.diagnostic(JSON.stringify(Object.fromEntries([...outcomes].sort())));
    // In neither encoding are they all refused, or all accepted.
    for (const outcome of ["200 in json", "400 in json", "200 in xml", "400 in xml"]) {
      assert.ok((outcomes.get(outcome) ?? 0) > CASES / 30, outcome);
    }
  });
});
