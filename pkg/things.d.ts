/*! neuron-agent-api 0.1.0 | MIT OR Apache-2.0 */
// Types of neuron-agent-api/things, written by hand.

import type { Account, AgentApiError, CallOptions, Message, XmlElement, Xmpp } from "./index.js";

/** The part of a client that is used: `AgentAPI`, or what `createAgentAPI` returned. */
export interface ThingsClient {
  /** Queries, presence and events. */
  readonly Xmpp: Pick<
    Xmpp,
    "PresenceProbe" | "InformationQuery" | "RegisterEventHandler" | "UnregisterEventHandler" | "PopMessages"
  >;
  /** Tells when the session ends. */
  readonly Account: Pick<Account, "OnSessionChange">;
}

/** Options of {@link createThings}. */
export interface ThingsOptions {
  /**
   * Where there is no `WebSocket` (Node before 22), over which a device's messages are pushed, has them
   * polled with {@link Xmpp.PopMessages} while a readout waits for them. That takes all messages out of the
   * queue: those that belong to no readout are passed to this function. Without it, a device that does not
   * answer at once can't be read there. What it throws, or rejects with, is passed to `reportError`.
   *
   * A client has one such function, whatever was created for it: another one is refused.
   * @default none
   */
  onMessage?: ((message: Message) => void) | null;
}

/** The error of a device that refuses a request. */
export interface DeviceError extends AgentApiError {
  /** The condition of the error (RFC 6120 §8.3.3), such as `item-not-found`. */
  readonly condition: string;
}

/** How far a readout has come: each state after those before it, some of them left out. */
export type ReadoutState =
  /** The device will send its data in messages. */
  | "accepted"
  /** The same, once other readouts are done. */
  | "queued"
  /** The device has begun to read. */
  | "started"
  /** Some of the data has come. */
  | "reading"
  /** All of the data has come. */
  | "done";

/** A readout has come further. */
export interface ReadoutProgress {
  /** How far it has come. */
  readonly state: ReadoutState;
  /** How many fields have come. */
  readonly fieldCount: number;
  /** How many errors have come. */
  readonly errorCount: number;
}

/** Options of {@link Sensor.ReadStandaloneDevice} and {@link Sensor.ReadConcentratorNode}. */
export interface ReadoutOptions extends CallOptions {
  /**
   * Called whenever the readout has come further. What it throws, or rejects with, is passed to `reportError`.
   * @default none
   */
  onProgress?: ((progress: ReadoutProgress) => void) | null;
}

/** Where a node of a concentrator is found. */
export interface NodeReference {
  /** The node's id: what `NodeId` takes. */
  id: string;
  /** The id of its data source: what `SourceId` takes. Missing if the concentrator has no sources. */
  src?: string;
  /** Its partition: what `Partition` takes. Missing if the source has none. */
  pt?: string;
}

/** What kind of value a field is. */
export type FieldCategory = "momentary" | "peak" | "status" | "computed" | "identity" | "historical";

/** How good a field's value is, from what can be trusted least to what can be trusted most, and remarks. */
export type FieldQuality =
  | "missing"
  | "in progress"
  | "automatic estimate"
  | "manual estimate"
  | "manual readout"
  | "automatic readout"
  | "time offset"
  | "warning"
  | "error"
  | "signed"
  | "invoiced"
  | "end of series"
  | "power failure"
  | "invoice confirmed";

/** What all fields have. */
export interface FieldProperties {
  /** The name of the field, such as `Temperature`. */
  name: string;
  /** The value as it was sent, for example with zeros at its end. */
  text: string;
  /** The point in time of the value, as it was sent: ISO 8601. */
  timestamp: string;
  /** The node that the field belongs to. Missing for a device that is no concentrator. */
  node?: NodeReference;
  /** What kind of value it is; empty if the device does not say. */
  categories: FieldCategory[];
  /** How good the value is; empty if the device does not say. */
  quality: FieldQuality[];
  /** Whether the value can be set: there is a control parameter of that name. */
  isControllable: boolean;
}

/** A number with a unit. */
export interface QuantityField extends FieldProperties {
  type: "quantity";
  value: number;
  /** The unit, such as `°C`; empty if there is none. */
  unit: string;
}

/** A whole number of 32 bits. */
export interface IntField extends FieldProperties {
  type: "int";
  value: number;
}

/** A whole number of 64 bits. */
export interface LongField extends FieldProperties {
  type: "long";
  /** A text if a number can't hold it exactly. */
  value: number | string;
}

/** True or false. */
export interface BooleanField extends FieldProperties {
  type: "boolean";
  value: boolean;
}

/** One of a set of values. */
export interface EnumerationField extends FieldProperties {
  type: "enumeration";
  value: string;
  /** The name of the set. */
  enumeration: string;
}

/** A text; or a date, a time, a point in time or a duration, each in ISO 8601. */
export interface TextField extends FieldProperties {
  type: "string" | "date" | "time" | "dateTime" | "duration";
  value: string;
}

/** A field of a type that this package does not know, or whose value is not of its type. */
export interface UnknownField extends FieldProperties {
  type: "unknown";
  value: string;
  /** What is wrong with it, such as `not a number`. */
  problem: string;
}

/** A value that a device has reported. `type` says what `value` is. */
export type SensorField =
  | QuantityField
  | IntField
  | LongField
  | BooleanField
  | EnumerationField
  | TextField
  | UnknownField;

/** What a device could not read. */
export interface SensorError {
  /** The error in the device's words. */
  text: string;
  /** When it happened, as it was sent: ISO 8601. */
  timestamp: string;
  /** The node that could not be read. Missing for a device that is no concentrator. */
  node?: NodeReference;
}

/** What a device has sent. */
export interface SensorData {
  /** The values, in the order in which they came. */
  Fields: SensorField[];
  /** What could not be read. */
  Errors: SensorError[];
}

/** A complete readout. */
export interface SensorReadout extends SensorData {
  /** The id of the readout. */
  id: string;
  /** The full JID that was read. */
  jid: string;
}

/** A readout that was begun. */
export interface StartedReadout extends SensorReadout {
  /** How far it has come. Unless it is `done`, the rest of the data comes in messages that have its `id`. */
  state: ReadoutState;
}

/**
 * A readout under way: a promise of all of its data, and its fields one by one as they come. Leaving a loop
 * over it before its end ends the readout.
 */
export interface Readout extends Promise<SensorReadout>, AsyncIterable<SensorField> {}

/** A data source of a concentrator. */
export interface DataSource {
  /** Its id: what `SourceId` takes. */
  src: string;
  /** Its name, for people. */
  name: string;
  /** Whether it has sources below it. */
  hasChildren: boolean;
  /** When it last changed: ISO 8601. Missing if the concentrator does not say. */
  lastChanged?: string;
}

/** A parameter of a node. */
export interface NodeParameter {
  /** Its id. */
  id: string;
  /** Its name, for people. */
  name: string;
  /** The type of its value: `boolean`, `color`, `dateTime`, `double`, `duration`, `int`, `long`, `string`, `time`, or another. */
  type: string;
  /** Its value: a boolean for `boolean`; a number for `double`, `int` and `long` if it can hold it; else a text. */
  value: boolean | number | string;
}

/** A message about a node. */
export interface NodeMessage {
  /** How serious it is. */
  type: "Error" | "Warning" | "Information" | (string & {});
  /** When it was written: ISO 8601. */
  timestamp: string;
  /** The id of the event, if it has one. */
  eventId?: string;
  /** The message. */
  text: string;
}

/** A node of a concentrator. */
export interface NodeInfo extends NodeReference {
  /** Its class, for programs. */
  nodeType: string;
  /** Its name, for people. */
  displayName: string;
  /** Its state; what is `Signed` has been noted by an operator. */
  state:
    | "None"
    | "Information"
    | "WarningSigned"
    | "WarningUnsigned"
    | "ErrorSigned"
    | "ErrorUnsigned"
    | (string & {});
  /** Its id among its siblings. */
  localId?: string;
  /** Its id in the log. */
  logId?: string;
  /** Whether it has nodes below it. */
  hasChildren: boolean;
  /** Whether the order of those means something. */
  childrenOrdered: boolean;
  /** Whether it can be read. */
  isReadable: boolean;
  /** Whether it can be controlled. */
  isControllable: boolean;
  /** Whether it has commands. */
  hasCommands: boolean;
  /** Whether its communication can be listened to. */
  sniffable: boolean;
  /** The id of the node above it. */
  parentId?: string;
  /** The partition of the node above it. */
  parentPartition?: string;
  /** When it last changed: ISO 8601. */
  lastChanged?: string;
  /** Its parameters, if they were asked for, ordered by their type. */
  Parameters: NodeParameter[];
  /** Its messages, if they were asked for. */
  Messages: NodeMessage[];
}

/** Who asks a concentrator, as a device, a service or a user; separated by spaces if they are several. */
export interface TokenArguments {
  /** Tokens of the device that asks. */
  DeviceToken?: string | null;
  /** Tokens of the service that asks. */
  ServiceToken?: string | null;
  /** Tokens of the user who asks. */
  UserToken?: string | null;
}

/** The device that is asked. */
export interface DeviceArguments extends TokenArguments {
  /**
   * Its address. If it is a bare JID, such as `house@example.org`, the full one is looked up first
   * ({@link Xmpp.PresenceProbe}), which needs a subscription to the device's presence.
   */
  JID: string;
}

/** The arguments of {@link Concentrator.GetAllDataSources} and {@link Concentrator.GetRootDataSources}. */
export interface DataSourcesArguments extends DeviceArguments {
  /** The language of names, such as `sv`. */
  Language?: string | null;
}

/** The arguments of {@link Concentrator.GetChildDataSources}. */
export interface ChildDataSourcesArguments extends DataSourcesArguments {
  /** The id of the data source. */
  SourceId: string;
}

/** A node, as a concentrator is asked for it. */
export interface NodeArguments {
  /** The id of the node. */
  NodeId: string;
  /** The id of its data source. */
  SourceId?: string | null;
  /** Its partition. */
  Partition?: string | null;
}

/** The arguments of {@link Concentrator.ContainsNode}. */
export interface ContainsNodeArguments extends DataSourcesArguments, NodeArguments {}

/** What else is wanted of a node. */
export interface NodeDetails {
  /** Whether its parameters are wanted. Default: `false`. */
  Parameters?: boolean | null;
  /** Whether its messages are wanted. Default: `false`. */
  Messages?: boolean | null;
}

/** The arguments of {@link Concentrator.GetNode} and {@link Concentrator.GetChildNodes}. */
export interface GetNodeArguments extends ContainsNodeArguments, NodeDetails {}

/** The arguments of {@link Concentrator.GetRootNodes}. */
export interface GetRootNodesArguments extends ChildDataSourcesArguments, NodeDetails {}

/** The arguments of {@link Sensor.ReadStandaloneDevice}. At least one category has to be `true`. */
export interface ReadoutArguments extends DataSourcesArguments {
  /** Whether momentary values are wanted. */
  Momentary?: boolean | null;
  /** Whether peak values are wanted. */
  Peak?: boolean | null;
  /** Whether status values are wanted. */
  Status?: boolean | null;
  /** Whether computed values are wanted. */
  Computed?: boolean | null;
  /** Whether identities are wanted, such as serial numbers. */
  Identity?: boolean | null;
  /** Whether historical values are wanted. */
  History?: boolean | null;
  /** The names of the fields that are wanted. Default: all. */
  Fields?: readonly string[] | null;
  /** No older values than these: a `Date`, or ISO 8601 with a time zone. */
  From?: Date | string | null;
  /** No younger values than these: a `Date`, or ISO 8601 with a time zone. */
  To?: Date | string | null;
  /** When the device is to read: a `Date`, or ISO 8601 with a time zone. Default: now. */
  When?: Date | string | null;
}

/** The arguments of {@link Sensor.ReadConcentratorNode}. */
export interface NodeReadoutArguments extends ReadoutArguments, NodeArguments {}

/** The id of a readout that is begun. */
export interface ReadoutId {
  /** The id that its messages will have. Default: one that nobody can guess. */
  Id?: string | null;
}

/**
 * What a concentrator has: a device that stands for others, its nodes, which it may keep in data sources.
 * Every method takes its arguments one by one, or as one object with their names, and at most 30 seconds with
 * all of its requests, unless `timeoutMs` says otherwise.
 *
 * All methods reject with an `AgentApiError`: `invalid-argument` before anything is sent; `unavailable` if
 * no resource of the device is available; the code that fits the error that the device answers, such as
 * `not-found` for a node that it does not have, see {@link DeviceError}; or as the client's own calls do.
 */
export interface Concentrator {
  /**
   * Reads which operations a concentrator supports.
   * @returns An object with the name of each, such as `getNode`, and `true`.
   * @throws {AgentApiError} Rejects.
   * @example
   * const capabilities = await Things.Concentrator.GetCapabilities("house@example.org");
   * if (capabilities.getNode) console.log("nodes can be read one by one");
   */
  GetCapabilities(
    JID: string,
    DeviceToken?: string | null,
    ServiceToken?: string | null,
    UserToken?: string | null,
    Options?: CallOptions | null,
  ): Promise<Record<string, true>>;
  GetCapabilities(Arguments: DeviceArguments, Options?: CallOptions | null): Promise<Record<string, true>>;

  /**
   * Reads all data sources.
   * @throws {AgentApiError} Rejects.
   * @example
   * for (const { src, name } of await Things.Concentrator.GetAllDataSources("house@example.org", "en")) {
   *   console.log(src, name);
   * }
   */
  GetAllDataSources(
    JID: string,
    Language?: string | null,
    DeviceToken?: string | null,
    ServiceToken?: string | null,
    UserToken?: string | null,
    Options?: CallOptions | null,
  ): Promise<DataSource[]>;
  GetAllDataSources(Arguments: DataSourcesArguments, Options?: CallOptions | null): Promise<DataSource[]>;

  /**
   * Reads the data sources that are below no other one.
   * @throws {AgentApiError} Rejects.
   * @example
   * const [source] = await Things.Concentrator.GetRootDataSources("house@example.org");
   */
  GetRootDataSources(
    JID: string,
    Language?: string | null,
    DeviceToken?: string | null,
    ServiceToken?: string | null,
    UserToken?: string | null,
    Options?: CallOptions | null,
  ): Promise<DataSource[]>;
  GetRootDataSources(Arguments: DataSourcesArguments, Options?: CallOptions | null): Promise<DataSource[]>;

  /**
   * Reads the data sources below another one.
   * @throws {AgentApiError} Rejects.
   * @example
   * const sources = await Things.Concentrator.GetChildDataSources("house@example.org", "en", "House");
   */
  GetChildDataSources(
    JID: string,
    Language: string | null | undefined,
    SourceId: string,
    DeviceToken?: string | null,
    ServiceToken?: string | null,
    UserToken?: string | null,
    Options?: CallOptions | null,
  ): Promise<DataSource[]>;
  GetChildDataSources(
    Arguments: ChildDataSourcesArguments,
    Options?: CallOptions | null,
  ): Promise<DataSource[]>;

  /**
   * Reads whether there is a node.
   * @throws {AgentApiError} Rejects.
   * @example
   * await Things.Concentrator.ContainsNode("house@example.org", "en", "Thermometer", "House"); // true
   */
  ContainsNode(
    JID: string,
    Language: string | null | undefined,
    NodeId: string,
    SourceId?: string | null,
    Partition?: string | null,
    DeviceToken?: string | null,
    ServiceToken?: string | null,
    UserToken?: string | null,
    Options?: CallOptions | null,
  ): Promise<boolean>;
  ContainsNode(Arguments: ContainsNodeArguments, Options?: CallOptions | null): Promise<boolean>;

  /**
   * Reads a node.
   * @throws {AgentApiError} Rejects, with `not-found` if there is no such node.
   * @example
   * const node = await Things.Concentrator.GetNode({
   *   JID: "house@example.org",
   *   Parameters: true,
   *   NodeId: "Thermometer",
   *   SourceId: "House",
   * });
   */
  GetNode(
    JID: string,
    Language: string | null | undefined,
    Parameters: boolean | null | undefined,
    Messages: boolean | null | undefined,
    NodeId: string,
    SourceId?: string | null,
    Partition?: string | null,
    DeviceToken?: string | null,
    ServiceToken?: string | null,
    UserToken?: string | null,
    Options?: CallOptions | null,
  ): Promise<NodeInfo>;
  GetNode(Arguments: GetNodeArguments, Options?: CallOptions | null): Promise<NodeInfo>;

  /**
   * Reads the nodes of a data source that are below no other one.
   * @throws {AgentApiError} Rejects, with `not-found` if there is no such source.
   * @example
   * const nodes = await Things.Concentrator.GetRootNodes("house@example.org", "en", false, false, "House");
   */
  GetRootNodes(
    JID: string,
    Language: string | null | undefined,
    Parameters: boolean | null | undefined,
    Messages: boolean | null | undefined,
    SourceId: string,
    DeviceToken?: string | null,
    ServiceToken?: string | null,
    UserToken?: string | null,
    Options?: CallOptions | null,
  ): Promise<NodeInfo[]>;
  GetRootNodes(Arguments: GetRootNodesArguments, Options?: CallOptions | null): Promise<NodeInfo[]>;

  /**
   * Reads the nodes below another one.
   * @throws {AgentApiError} Rejects, with `not-found` if there is no such node.
   * @example
   * const nodes = await Things.Concentrator.GetChildNodes({
   *   JID: "house@example.org",
   *   NodeId: "Climate",
   *   SourceId: "House",
   * });
   */
  GetChildNodes(
    JID: string,
    Language: string | null | undefined,
    Parameters: boolean | null | undefined,
    Messages: boolean | null | undefined,
    NodeId: string,
    SourceId?: string | null,
    Partition?: string | null,
    DeviceToken?: string | null,
    ServiceToken?: string | null,
    UserToken?: string | null,
    Options?: CallOptions | null,
  ): Promise<NodeInfo[]>;
  GetChildNodes(Arguments: GetNodeArguments, Options?: CallOptions | null): Promise<NodeInfo[]>;
}

/**
 * What sensors measure. Every method takes its arguments one by one, or as one object with their names.
 *
 * All methods fail as those of {@link Concentrator} do.
 */
export interface Sensor {
  /**
   * Begins to read a device that is no concentrator, and does not wait for its data, which comes in messages
   * of the namespace `urn:nf:iot:sd:1.0`: {@link parseSensorData} reads them.
   * @throws {AgentApiError} Rejects.
   * @example
   * const { id, state } = await Things.Sensor.StartReadoutStandaloneDevice({
   *   JID: "thermometer@example.org",
   *   Momentary: true,
   * });
   */
  StartReadoutStandaloneDevice(
    JID: string,
    Language: string | null | undefined,
    Momentary: boolean | null | undefined,
    Peak?: boolean | null,
    Status?: boolean | null,
    Computed?: boolean | null,
    Identity?: boolean | null,
    History?: boolean | null,
    Fields?: readonly string[] | null,
    From?: Date | string | null,
    To?: Date | string | null,
    When?: Date | string | null,
    DeviceToken?: string | null,
    ServiceToken?: string | null,
    UserToken?: string | null,
    Id?: string | null,
    Options?: CallOptions | null,
  ): Promise<StartedReadout>;
  StartReadoutStandaloneDevice(
    Arguments: ReadoutArguments & ReadoutId,
    Options?: CallOptions | null,
  ): Promise<StartedReadout>;

  /**
   * Begins to read a node of a concentrator, and does not wait for its data, as
   * {@link Sensor.StartReadoutStandaloneDevice} does.
   * @throws {AgentApiError} Rejects.
   * @example
   * const { id, state } = await Things.Sensor.StartReadoutConcentratorNode({
   *   JID: "house@example.org",
   *   Momentary: true,
   *   NodeId: "Meter",
   *   SourceId: "House",
   * });
   */
  StartReadoutConcentratorNode(
    JID: string,
    Language: string | null | undefined,
    Momentary: boolean | null | undefined,
    Peak: boolean | null | undefined,
    Status: boolean | null | undefined,
    Computed: boolean | null | undefined,
    Identity: boolean | null | undefined,
    History: boolean | null | undefined,
    Fields: readonly string[] | null | undefined,
    From: Date | string | null | undefined,
    To: Date | string | null | undefined,
    When: Date | string | null | undefined,
    NodeId: string,
    SourceId?: string | null,
    Partition?: string | null,
    DeviceToken?: string | null,
    ServiceToken?: string | null,
    UserToken?: string | null,
    Id?: string | null,
    Options?: CallOptions | null,
  ): Promise<StartedReadout>;
  StartReadoutConcentratorNode(
    Arguments: NodeReadoutArguments & ReadoutId,
    Options?: CallOptions | null,
  ): Promise<StartedReadout>;

  /**
   * Reads a device that is no concentrator, and waits for all of its data: 30 seconds unless `timeoutMs` says
   * otherwise. A device that takes longer, an abort and a loop that is left end the readout, and the device is
   * told so.
   *
   * A value that the device could not read is in `Errors`, and rejects nothing.
   * @throws {AgentApiError} Rejects.
   * @example
   * const { Fields } = await Things.Sensor.ReadStandaloneDevice("thermometer@example.org", "en", true);
   * for (const { name, text } of Fields) console.log(name, text);
   */
  ReadStandaloneDevice(
    JID: string,
    Language: string | null | undefined,
    Momentary: boolean | null | undefined,
    Peak?: boolean | null,
    Status?: boolean | null,
    Computed?: boolean | null,
    Identity?: boolean | null,
    History?: boolean | null,
    Fields?: readonly string[] | null,
    From?: Date | string | null,
    To?: Date | string | null,
    When?: Date | string | null,
    DeviceToken?: string | null,
    ServiceToken?: string | null,
    UserToken?: string | null,
    Options?: ReadoutOptions | null,
  ): Readout;
  ReadStandaloneDevice(Arguments: ReadoutArguments, Options?: ReadoutOptions | null): Readout;

  /**
   * Reads a node of a concentrator, and waits for all of its data, as {@link Sensor.ReadStandaloneDevice} does.
   * @throws {AgentApiError} Rejects, with `not-found` if there is no such node.
   * @example
   * const readout = Things.Sensor.ReadConcentratorNode(
   *   { JID: "house@example.org", Momentary: true, History: true, NodeId: "Meter", SourceId: "House" },
   *   { timeoutMs: 60_000, onProgress: ({ state, fieldCount }) => show(`${state}: ${fieldCount}`) },
   * );
   * for await (const field of readout) {
   *   if (field.type === "quantity") console.log(field.timestamp, field.name, field.value, field.unit);
   * }
   * const { Errors } = await readout;
   */
  ReadConcentratorNode(
    JID: string,
    Language: string | null | undefined,
    Momentary: boolean | null | undefined,
    Peak: boolean | null | undefined,
    Status: boolean | null | undefined,
    Computed: boolean | null | undefined,
    Identity: boolean | null | undefined,
    History: boolean | null | undefined,
    Fields: readonly string[] | null | undefined,
    From: Date | string | null | undefined,
    To: Date | string | null | undefined,
    When: Date | string | null | undefined,
    NodeId: string,
    SourceId?: string | null,
    Partition?: string | null,
    DeviceToken?: string | null,
    ServiceToken?: string | null,
    UserToken?: string | null,
    Options?: ReadoutOptions | null,
  ): Readout;
  ReadConcentratorNode(Arguments: NodeReadoutArguments, Options?: ReadoutOptions | null): Readout;
}

/** Devices that speak the interfaces for things of the Neuro-Foundation. */
export interface Things {
  /** What a concentrator has. */
  readonly Concentrator: Readonly<Concentrator>;
  /** What sensors measure. */
  readonly Sensor: Readonly<Sensor>;
}

/** The things of the default client, `AgentAPI`. */
export declare const Things: Things;

/**
 * The things of a client.
 *
 * @param Client `AgentAPI`, or what `createAgentAPI` returned.
 * @param Options See {@link ThingsOptions}.
 * @throws {AgentApiError} `invalid-argument` for `Client` or `Options`.
 * @example
 * const things = createThings(createAgentAPI({ host: "neuron.example.org" }));
 */
export declare function createThings(Client: ThingsClient, Options?: ThingsOptions | null): Things;

/**
 * Reads the element `resp` of a message: for programs that begin a readout and take its messages themselves.
 *
 * @returns The data, the `id` of the readout, and whether `more` of it is to come.
 * @throws {AgentApiError} `invalid-argument` if it is another element.
 * @example
 * await AgentAPI.Xmpp.RegisterEventHandler("resp", "urn:nf:iot:sd:1.0", null, (element) => {
 *   const { id, more, Fields } = parseSensorData(element);
 *   show({ id, more, Fields });
 * });
 */
export declare function parseSensorData(Element: XmlElement): SensorData & { id: string; more: boolean };
