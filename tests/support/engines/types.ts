import type { Page as PlaywrightPage } from "playwright-core";

export type EngineName = "chromium" | "firefox" | "webkit";

export interface LaunchOptions {
  /** Host names that resolve to this machine. */
  localNames?: string[];
  /** Switches for the command line. */
  switches?: string[];
  /** Switches that the driver would add and should not. */
  without?: string[];
}

export interface Engine {
  title: string;
  /** Debian's packages. */
  packages: string[];
  /** What to do if it is not installed. */
  advice: string;
  isInstalled(): boolean;
  /** Whether a page gets a network error for a response that was cut short, instead of its beginning. */
  detectsTruncation: boolean;
  launch(): Promise<Browser>;
}

/**
 * The part of Playwright's interface that every engine has here. Tests that need more of it run in
 * Chromium only.
 */
export interface Browser {
  newContext(): Promise<Context>;
  close(): Promise<void>;
}

/** A profile: pages that share storage and cookies. */
export interface Context {
  newPage(): Promise<Page>;
  /** Only Chromium's driver has it. */
  setOffline?(isOffline: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface Page {
  context(): Context;
  setDefaultTimeout(milliseconds: number): void;
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  /** The function runs in every document of the page before any script of its own. */
  addInitScript(script: () => void): Promise<unknown>;
  evaluate: PlaywrightPage["evaluate"];
  waitForFunction(isTrue: () => unknown): Promise<unknown>;
  on(event: "console", listener: (message: ConsoleMessage) => void): unknown;
  on(event: "pageerror", listener: (error: Error) => void): unknown;
  on(event: "request", listener: (request: Request) => void): unknown;
}

export interface ConsoleMessage {
  type(): string;
  text(): string;
}

export interface Request {
  url(): string;
  method(): string;
  /** As the page's script set them. */
  headers(): Record<string, string>;
  /** As they went out, with those that the browser adds. */
  allHeaders(): Promise<Record<string, string>>;
  postData(): string | null | Promise<string | null>;
}
