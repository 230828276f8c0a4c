// @ts-check
/**
 * The description of the Agent API in OpenAPI 3.1, made from the declarations: for those who call it without
 * this package.
 */

import { argumentOf, firstSentence, isList, paragraphsOf, signedPart, unknownKind } from "./declarations.mjs";
import { ruleOf } from "./types.mjs";

/** @typedef {import("./declarations.mjs").Resource} Resource */
/** @typedef {import("./declarations.mjs").Signature} Signature */
/** @typedef {import("./declarations.mjs").ObjectType} ObjectType */
/** @typedef {import("./declarations.mjs").Input} Input */
/** @typedef {import("./declarations.mjs").Output} Output */
/** @typedef {import("./declarations.mjs").Kind} Kind */
/** @typedef {Record<string, unknown>} Schema */

/** The namespace of every request and response in XML. */
const NAMESPACE = "https://waher.se/Schema/BrokerAgent.xsd";

const DESCRIPTION = `\
The HTTP interface of TAG's Neuron®, an XMPP broker, for programs that can't hold an XMPP connection. This
description is made from the declarations of neuron-agent-api, a client for it.

**Encodings.** \`Content-Type\` and \`Accept\` choose JSON or, where a resource has it, XML: what is a single value
is an attribute there, everything else an element. A property that is not described here is refused.

**Dates** in a response are Unix seconds in JSON, and ISO 8601 in XML. A request may have either.

**Lists** that are empty may be left out, or null, in a response.

**Errors** are a sentence in plain text, which may be empty.

**Signatures** are HMAC-SHA256 of their parts joined by \`:\`, in Base64 with padding. \`x-signature\` says of one
which parts it has, and what its key is; keys are not sent. A part is an \`input\`, which with \`ifGiven\` is left
out, colon and all, if it is not sent; the name and the value of each of the \`pairs\` of a list; or what it is made
\`of\`: \`session user\` is the name of the user who is logged in, \`host\` the value of the header \`Host\`, with its
port unless that is the protocol's own.

**Repeating a request** does what its \`x-effect\` says. \`read\` and \`write\` can be sent again after any failure.
\`stanza\` may send another stanza, \`consume\` takes away what a lost response held, and \`once\` works once, or is
counted: send these again only if the request can't have arrived. \`session\` is counted too, and has to be signed
anew.`;

/** @type {Record<string, Record<string, string[]>[]>} */
const SECURITY = {
  anonymous: [],
  cookie: [{ cookie: [] }],
  "optional token": [{}, { token: [] }],
  token: [{ token: [] }],
};

/** The name and the meaning of each error. @type {Record<string, [name: string, description: string, headers?: object]>} */
const ERRORS = {
  400: [
    "BadRequest",
    "The request is malformed, or breaks a rule. If the name of a new account is taken, the headers name others.",
    {
      "X-AlternativeName1": header("A user name that is free. `X-AlternativeName2` and so on have more."),
    },
  ],
  401: [
    "Unauthorized",
    "There is no valid login: log in first. The broker counts tokens that are not valid as failed logins, so do not send one again.",
    { "WWW-Authenticate": header("The challenge, such as `Bearer`.") },
  ],
  403: [
    "Forbidden",
    "The account may not do that, or is not enabled, or the connection is not encrypted well enough.",
  ],
  404: ["NotFound", "The broker does not know the resource, or what the request refers to."],
  406: ["NotAcceptable", "The broker does not answer in what `Accept` asks for."],
  415: ["UnsupportedMediaType", "The broker does not read what `Content-Type` says."],
  429: [
    "TooManyRequests",
    "Too many requests, or too many failed logins: the sentence may say when to try again.",
    { "Retry-After": header("How long to wait, in seconds, or until when.") },
  ],
  500: ["InternalError", "The broker failed. It may have processed the request."],
  501: ["NotImplemented", "The broker lacks this resource."],
  503: [
    "Unavailable",
    "The broker is shutting down. Try again later.",
    { "Retry-After": header("How long to wait, in seconds, or until when.") },
  ],
};

/** @param {string} description */
function header(description) {
  return { description, schema: { type: "string" } };
}

/** The status for which a code of the library's errors stands. @type {Record<string, string>} */
const STATUSES = {
  "bad-request": "400",
  unauthorized: "401",
  forbidden: "403",
  "not-found": "404",
  "not-implemented": "501",
};

/** Why the library says that a call rejects, such as "`not-found` if there is none". */
const REASON = /`([a-z-]+)` ((?:if|unless|for|without) [^;{]+?)(?=, and with `|, with `|[.;] |[.]$)/g;

const SENTENCE = { "text/plain": { schema: { type: "string" } } };

/** What the library makes, and everybody else has to. @type {Record<string, string>} */
const DERIVED = {
  nonce: "Random text of at least 32 characters that serves once, such as 32 random bytes in Base64.",
  "tab id": "The id under which a page registered for events.",
};

/**
 * @param {Resource[]} resources
 * @param {{ name: string, text: string }[]} groups
 * @param {string} version
 */
export function openapi(resources, groups, version) {
  const described = resources.filter(({ isAlias }) => !isAlias);
  /** @type {Record<string, Record<string, object>>} */
  const paths = {};
  for (const resource of described) {
    (paths[pathOf(resource)] ??= {})[resource.method.toLowerCase()] = operationOf(resource);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Agent API of TAG's Neuron®",
      version,
      description: DESCRIPTION.replaceAll(/(?<!\n)\n(?!\n)/g, " "),
      license: { name: "MIT or Apache-2.0", identifier: "MIT OR Apache-2.0" },
    },
    servers: [serverOf("host", "The host of the broker.")],
    tags: groups
      .filter(({ name }) => described.some(({ group }) => group === name))
      .map(({ name, text }) => ({ name, description: text })),
    paths,
    components: {
      schemas: { ...COMMON, ...Object.fromEntries(schemasOf(described)) },
      responses: Object.fromEntries(Object.values(ERRORS).map(([name, ...rest]) => [name, errorOf(...rest)])),
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "The `jwt` of a login, until it expires.",
        },
        password: { type: "http", scheme: "basic", description: "User name and password." },
        cookie: {
          type: "apiKey",
          in: "cookie",
          name: "HttpSessionID",
          description: "The session of a page of the broker, which the browser shows by itself.",
        },
      },
    },
  };
}

/**
 * @param {string} variable
 * @param {string} description
 */
function serverOf(variable, description) {
  return {
    url: `https://{${variable}}`,
    variables: { [variable]: { default: "neuron.example.org", description } },
  };
}

/**
 * @param {string} description
 * @param {object} [headers]
 */
const errorOf = (description, headers) => ({
  description,
  ...(headers && { headers }),
  content: SENTENCE,
});

/** @param {Resource} resource */
function pathOf({ path, request }) {
  return [path, ...request.filter(isIn("path")).map(({ name }) => `{${name}}`)].join("/");
}

/** @param {Input["place"]["is"]} place */
const isIn = (place) => (/** @type {Input} */ input) => input.place.is === place;

/** @param {Resource} resource */
function operationOf(resource) {
  const { group, access, effect, request, source } = resource;
  // The first paragraph is about the resource; the others may be about this package.
  const [text] = paragraphsOf(resource).map(plain);
  const summary = firstSentence(text);
  const description = [text.slice(summary.length).trim(), source && `Source: ${plain(source)}.`].filter(
    Boolean,
  );
  const broker = request.find(isIn("broker"));
  const sendsPassword = request.some(({ derived }) => derived === "credentials");
  const parameters = parametersOf(resource);
  return {
    operationId: operationIdOf(resource),
    tags: [group],
    summary,
    description: description.join("\n\n"),
    ...(broker && { servers: [serverOf(broker.name, broker.text)] }),
    security: sendsPassword ? [{ password: [] }] : SECURITY[access],
    "x-effect": effect.replace("traced ", ""),
    ...(parameters.length > 0 && { parameters }),
    ...bodyOf(resource),
    responses: {
      200: answerOf(resource),
      ...errorsOf(resource),
      default: errorOf("The broker refuses for another reason, such as a request that is too large (413)."),
    },
  };
}

/**
 * The errors of a resource, with what is known of it alone.
 *
 * @param {Resource} resource
 */
function errorsOf({ throws }) {
  const reasons = new Map(
    Array.from(throws.matchAll(REASON), ([, code, reason]) => [STATUSES[code], reason]),
  );
  return Object.fromEntries(
    Object.entries(ERRORS).map(([status, [name]]) => {
      const reason = reasons.get(status);
      const description = reason && { description: `Refused ${reason}.` };
      return [status, { $ref: `#/components/responses/${name}`, ...description }];
    }),
  );
}

/** @param {Resource} resource */
const operationIdOf = ({ group, name }) => group + name;

/** Documentation without links. @param {string} text */
const plain = (text) => text.replaceAll(/\{@link ([^}]*)\}/g, "`$1`");

/** @param {Resource} resource */
function parametersOf({ request, showsReferrer }) {
  const parameters = request.flatMap((input) => {
    const { name, place, required } = input;
    const schema = inputSchema(input);
    const { description, ...rest } = schema;
    switch (place.is) {
      case "path":
        return [
          {
            name,
            in: "path",
            required: true,
            description: "The end of the content's URL, behind the path of this resource, with its slashes.",
            schema: { type: "string" },
            example: "alice/note.txt",
          },
        ];
      case "header":
        // OpenAPI describes them as security, and with the content.
        return ["Authorization", "Content-Type"].includes(place.name ?? "")
          ? []
          : [{ name: place.name, in: "header", required, description, schema: rest }];
      default:
        return [];
    }
  });
  if (!showsReferrer) return parameters;
  const description = "Where the request comes from. The broker writes it into what is made.";
  const schema = { type: "string", format: "uri" };
  return [...parameters, { name: "Referer", in: "header", required: true, description, schema }];
}

/** @param {Resource} resource */
function bodyOf(resource) {
  const { body, elements } = resource;
  const schema = reference(requestNameOf(resource));
  switch (body) {
    case "nothing":
      return {};
    case "object":
      return { requestBody: { required: true, content: inEncodings(schema, elements?.[0]) } };
    case "form":
      return { requestBody: { required: true, content: { "multipart/form-data": { schema } } } };
    case "bytes":
      return { requestBody: { required: true, content: { "*/*": {} } } };
  }
}

/** @param {Resource} resource */
const requestNameOf = (resource) => `${operationIdOf(resource)}Request`;

/** @param {string} name of a schema */
const reference = (name) => ({ $ref: `#/components/schemas/${name}` });

/**
 * @param {Schema} schema
 * @param {string} [element] in XML; if there is none, neither is there XML
 */
function inEncodings(schema, element) {
  const xml = element && { ...schema, xml: { name: element, namespace: NAMESPACE } };
  return { "application/json": { schema }, ...(xml && { "text/xml": { schema: xml } }) };
}

/** @param {Resource} resource */
function answerOf({ answersBytes, response, returns, elements }) {
  if (answersBytes) {
    return {
      description: "The content.",
      headers: { ETag: header("The entity tag of the content.") },
      content: { "*/*": {} },
    };
  }
  if (response.fields.length === 0) {
    return {
      description: "It is done. The body may be empty.",
      content: inEncodings({ type: "object" }, elements?.[1]),
    };
  }
  return {
    description: plain(returns || response.text),
    content: inEncodings(reference(response.name), elements?.[1]),
  };
}

/** @type {Record<string, Schema>} */
const COMMON = {
  DateTime: {
    description:
      "A point in time: Unix seconds, or ISO 8601 with a time zone. In XML always the latter, and brokers answer with the former in JSON.",
    type: ["integer", "string"],
    format: "date-time",
    examples: ["2026-11-26T12:00:00Z"],
  },
  XmlElement: {
    description:
      "An XML element. In JSON it is an object: attributes are strings, a child element is an object under its name, several of one name are an array, and `value` is the text. If it is very large, it is a string that holds its XML. In XML it is the element itself, inside an element with the property's name; an entry of a list has no such element around it.",
    type: ["object", "string"],
    properties: {
      __name: { type: "string", description: "The local name." },
      __ns: { type: "string", description: "The namespace." },
    },
    required: ["__name", "__ns"],
  },
};

/**
 * The schemas of all requests and responses, with their names.
 *
 * @param {Resource[]} resources
 * @returns {Map<string, Schema>}
 */
function schemasOf(resources) {
  /** @type {Map<string, Schema>} */
  const schemas = new Map();
  const add = (/** @type {ObjectType} */ object) => {
    if (object.name) schemas.set(object.name, outputsSchema(object));
    for (const { kind } of object.fields) if (kind.object) add(kind.object);
  };
  for (const resource of resources) {
    const inputs = resource.request.filter(isIn("body"));
    if (resource.body === "object" || resource.body === "form") {
      schemas.set(requestNameOf(resource), requestSchema(resource, inputs));
    }
    add(resource.response);
  }
  return schemas;
}

/**
 * @param {Resource} resource
 * @param {Input[]} inputs
 */
function requestSchema({ signatures, either, needs, request }, inputs) {
  const schema = inputsSchema(inputs);
  const properties = /** @type {Record<string, Schema>} */ (schema.properties);
  for (const signature of signatures) Object.assign(properties[signature.name], signed(signature, request));
  const alternatives = either.map((names) => ({ anyOf: names.map((name) => ({ required: [name] })) }));
  const dependentRequired = Object.fromEntries(needs.map(([one, other]) => [one, [other]]));
  return {
    ...schema,
    ...(alternatives.length > 0 && { allOf: alternatives }),
    ...(needs.length > 0 && { dependentRequired }),
  };
}

/**
 * @param {Signature} signature
 * @param {Input[]} request
 */
function signed({ key, parts }, request) {
  const isSent = (/** @type {string} */ name) => request.some((input) => input.name === name);
  const own = parts.flatMap(({ name }) => (name && !isSent(name) ? [`\`${name}\``] : []));
  const unsent = own.length > 0 ? ` Not sent: ${own.join(", ")}.` : "";
  return {
    description: `A signature with \`${key}\` of ${parts.map(signedPart).join(", ")}.${unsent}`,
    "x-signature": { key, parts: parts.map(partOf) },
  };
}

/**
 * A part of what is signed, for a program.
 *
 * @param {Signature["parts"][number]} part
 */
function partOf({ is, name }) {
  switch (is) {
    case "input":
      return { input: name };
    case "input if given":
      return { input: name, ifGiven: true };
    case "pairs":
      return { pairs: name };
    default:
      return { of: is };
  }
}

/**
 * @param {Input[]} inputs
 * @returns {Schema}
 */
function inputsSchema(inputs) {
  const required = inputs.filter((input) => input.required).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(inputs.map((input) => [input.name, inputSchema(input)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/**
 * @param {Input} input
 * @returns {Schema}
 */
function inputSchema(input) {
  const { kind, text, derived, isSecret, notEmpty } = input;
  const isLeaf = !kind.fields;
  const rule = SAID_BY_SCHEMA.includes(kind.is) ? "" : ruleOf(kind);
  const description = plain(
    [(derived && DERIVED[derived]) || text, rule, FORMS[kind.is]].filter(Boolean).join(" "),
  );
  const hasExample = isLeaf && !isSecret && !["content", "json"].includes(kind.is);
  return {
    ...kindOfInput(kind),
    ...(kind.is === "json" && input.required && GIVEN),
    ...(description && { description }),
    ...(notEmpty && { minItems: 1 }),
    ...(isLeaf && isSecret && { format: "password", writeOnly: true }),
    ...(derived === "nonce" && { minLength: 32 }),
    ...(hasExample && { examples: [argumentOf(input)] }),
  };
}

/** The kinds whose rule is that of an argument, or says what the schema does. */
const SAID_BY_SCHEMA = ["date-time", "integer", "map"];

/** What XML has in another form than an attribute or an element of its name. @type {Record<string, string>} */
const FORMS = { xml: "In XML it is the content of its element." };

/** The letters, digits and lengths of language tags (BCP 47); the rest of their grammar fits no short pattern. */
const LANGUAGE = "^([A-Za-z]{2,8}|[IXix]-[A-Za-z0-9]{1,8})(-[A-Za-z0-9]{1,8})*$";

/** With padding, and not empty (RFC 4648 §4). */
const BASE64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$";

/** What JSON has beside `null`, which is as good as absent. */
const GIVEN = { type: ["string", "number", "boolean", "object", "array"] };

const ATTRIBUTE = { xml: { attribute: true } };

/**
 * @param {Kind} kind
 * @returns {Schema}
 */
function kindOfInput(kind) {
  switch (kind.is) {
    case "text":
    case "xml text":
      return { type: "string", ...ATTRIBUTE };
    case "non-empty text":
    case "secret":
    case "password":
    case "user name":
    case "address":
    case "host":
    case "url":
    case "function":
      return { type: "string", minLength: 1, ...ATTRIBUTE };
    case "language":
      return { type: "string", pattern: LANGUAGE, maxLength: 128, ...ATTRIBUTE };
    case "stanza id":
      return { type: "string", minLength: 1, maxLength: 1023, ...ATTRIBUTE };
    case "one of":
      return { type: "string", enum: kind.texts, ...ATTRIBUTE };
    case "code":
      return { type: ["string", "integer"], pattern: "^[0-9]+$", minimum: 0, ...ATTRIBUTE };
    case "xml":
      return { type: "string", contentMediaType: "application/xml" };
    case "base64":
      return { type: "string", contentEncoding: "base64", pattern: BASE64, ...ATTRIBUTE };
    case "date-time":
      return { ...reference("DateTime"), ...ATTRIBUTE };
    case "content":
      return { contentMediaType: "application/octet-stream" };
    case "json":
      return {};
    case "object":
      return inputsSchema(kind.fields ?? []);
    case "objects":
    case "map":
      return listOf(inputsSchema(kind.fields ?? []), kind);
    case "boolean":
    case "integer":
    case "decimal":
    case "texts":
      return plainKind(kind);
    default:
      return unknownKind(kind);
  }
}

/**
 * The kinds that inputs and outputs have in common.
 *
 * @param {Kind} kind
 * @returns {Schema}
 */
function plainKind(kind) {
  switch (kind.is) {
    case "boolean":
      return { type: "boolean", ...ATTRIBUTE };
    case "integer": {
      const { least: minimum, greatest: maximum } = kind;
      return { type: "integer", minimum, maximum, ...ATTRIBUTE };
    }
    case "decimal":
      return { type: "number", ...ATTRIBUTE };
    case "texts":
      return listOf({ type: "string" }, { ...kind, entries: "Item", areWithin: true });
    default:
      return unknownKind(kind);
  }
}

/**
 * @param {Schema} items
 * @param {Kind} kind
 * @returns {Schema}
 */
const listOf = (items, { entries, areWithin }) => ({
  type: "array",
  items: { ...items, xml: { name: entries } },
  ...(areWithin && { xml: { wrapped: true } }),
});

/**
 * @param {ObjectType} object
 * @returns {Schema}
 */
function outputsSchema({ text, fields }) {
  // A list may be left out, or null, if it is empty.
  const required = fields.filter((field) => field.required && !isList(field)).map(({ name }) => name);
  return {
    type: "object",
    description: plain(text),
    properties: Object.fromEntries(fields.map((field) => [field.name, outputSchema(field)])),
    ...(required.length > 0 && { required }),
  };
}

/**
 * @param {Output} output
 * @returns {Schema}
 */
function outputSchema({ kind, text, known }) {
  const examples = known.length > 0 && { examples: known };
  const description = plain(text).replace(/(?<![.])$/, ".");
  return {
    ...kindOfOutput(kind),
    ...(isList({ kind }) && { type: ["array", "null"] }),
    description,
    ...examples,
  };
}

/**
 * @param {Kind} kind
 * @returns {Schema}
 */
function kindOfOutput(kind) {
  switch (kind.is) {
    case "text":
      return { type: "string", ...ATTRIBUTE };
    case "non-empty text":
      return { type: "string", minLength: 1, ...ATTRIBUTE };
    case "token":
      return { type: "string", pattern: "^[A-Za-z0-9._~+/=-]+$", ...ATTRIBUTE };
    case "date-time":
      return { ...reference("DateTime"), ...ATTRIBUTE };
    case "element":
      return reference("XmlElement");
    case "elements":
      return { type: "array", items: reference("XmlElement") };
    case "json":
      return {};
    case "object":
      return reference(kind.object?.name ?? unknownKind(kind));
    case "objects":
      return listOf(reference(kind.object?.name ?? unknownKind(kind)), kind);
    case "boolean":
    case "integer":
    case "decimal":
    case "texts":
      return plainKind(kind);
    default:
      return unknownKind(kind);
  }
}
