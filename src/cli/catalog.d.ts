/**
 * `catalog.js` is made by `cargo xtask build`, in `xtask/catalog.mjs`: what the command line knows of the methods.
 */
export const catalog: Catalog;

export interface Catalog {
  /** Of the package. */
  version: string;
  groups: Group[];
  /** The properties of each object in responses, by its name. */
  objects: Record<string, Property[]>;
}

export interface Group {
  name: string;
  /** What it is for. */
  text: string;
  methods: Method[];
}

/** Whether a method needs a session: `token`; or `cookie` for that of a page. */
export type Access = "anonymous" | "cookie" | "optional token" | "token";

export interface Method {
  name: string;
  /** What it does. */
  text: string;
  access: Access;
  /** Whether it opens a session or goes on with one. */
  isOfSession?: boolean;
  /** Whether its response is the content of a file. */
  answersBytes?: boolean;
  parameters: Parameter[];
  /** What some parameters require of others. */
  rules: string[];
  /** The name of its response in {@link Catalog.objects}; empty for none. */
  response: string;
  /** When it fails in a way of its own. */
  errors: string;
}

/** How the text of an argument becomes its value. */
export type Reads = "text" | "number" | "boolean" | "json" | "base64" | "file";

export interface Parameter {
  /** Such as `CustomXml`. */
  name: string;
  reads: Reads;
  required?: boolean;
  isSecret?: boolean;
  choices?: string[];
  /** What it is. */
  text: string;
  /** The rule that it is held to; empty if there is no other than its type. */
  rule: string;
  /** An argument that fits; empty for a secret. */
  example: string;
  /** Those of an object, or of each object of a list. */
  properties?: Property[];
}

export interface Property {
  name: string;
  type: string;
  /** Whether it is never missing. */
  always?: boolean;
  text: string;
}
