/* tslint:disable */
/* eslint-disable */
import type { CallOptions, DomainInfo, PresenceSubscriptionResult, Roster, Token } from "neuron-agent-api";


/**
 * Reads what the broker says of its domain.
 */
declare function AgentAPI__Account__DomainInfo(Options?: CallOptions | null): Promise<DomainInfo>;

/**
 * Opens a session.
 */
declare function AgentAPI__Account__Login(UserName: string, Password: string, Seconds: number, Options?: CallOptions | null): Promise<Token>;

/**
 * Ends the session.
 */
declare function AgentAPI__Account__Logout(Options?: CallOptions | null): Promise<Record<string, never>>;

/**
 * Prolongs the session.
 */
declare function AgentAPI__Account__Refresh(Seconds: number, Options?: CallOptions | null): Promise<Token>;

/**
 * Allows plain `http` beyond this machine.
 */
declare function AgentAPI__IO__AllowInsecure(Allowed: boolean): void;

/**
 * Protocol and host, as `https://neuron.example.org`.
 */
declare function AgentAPI__IO__GetBaseURL(): string;

/**
 * The broker's host name, with its port where that is not the protocol's own.
 */
declare function AgentAPI__IO__GetHost(): string;

/**
 * Chooses the broker.
 */
declare function AgentAPI__IO__SetHost(Host?: string | null, Secure?: boolean | null): void;

/**
 * Reads the account's contacts.
 */
declare function AgentAPI__Xmpp__GetRoster(Offset?: number | null, MaxCount?: number | null, Options?: CallOptions | null): Promise<Roster>;

/**
 * Asks a contact for permission to see its presence.
 */
declare function AgentAPI__Xmpp__SendPresenceSubscription(To: string, CustomXml?: string | null, Language?: string | null, Id?: string | null, Options?: CallOptions | null): Promise<PresenceSubscriptionResult>;

export let AgentAPI: {
    Account: {
        DomainInfo: typeof AgentAPI__Account__DomainInfo,
        Login: typeof AgentAPI__Account__Login,
        Logout: typeof AgentAPI__Account__Logout,
        Refresh: typeof AgentAPI__Account__Refresh,
    },
    IO: {
        AllowInsecure: typeof AgentAPI__IO__AllowInsecure,
        GetBaseURL: typeof AgentAPI__IO__GetBaseURL,
        GetHost: typeof AgentAPI__IO__GetHost,
        SetHost: typeof AgentAPI__IO__SetHost,
    },
    Xmpp: {
        GetRoster: typeof AgentAPI__Xmpp__GetRoster,
        SendPresenceSubscription: typeof AgentAPI__Xmpp__SendPresenceSubscription,
    },
};

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly AgentAPI__Account__DomainInfo: (a: any) => any;
    readonly AgentAPI__Account__Login: (a: any, b: any, c: any, d: any) => any;
    readonly AgentAPI__Account__Logout: (a: any) => any;
    readonly AgentAPI__Account__Refresh: (a: any, b: any) => any;
    readonly AgentAPI__IO__AllowInsecure: (a: any) => [number, number];
    readonly AgentAPI__IO__GetBaseURL: () => [number, number, number, number];
    readonly AgentAPI__IO__GetHost: () => [number, number, number, number];
    readonly AgentAPI__IO__SetHost: (a: any, b: any) => [number, number];
    readonly AgentAPI__Xmpp__GetRoster: (a: any, b: any, c: any) => any;
    readonly AgentAPI__Xmpp__SendPresenceSubscription: (a: any, b: any, c: any, d: any, e: any) => any;
    readonly wasm_bindgen__convert__closures_____invoke__h60702a48838d1764: (a: number, b: number, c: any) => [number, number];
    readonly wasm_bindgen__convert__closures_____invoke__hb98d63cc49481475: (a: number, b: number, c: any, d: any) => void;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_destroy_closure: (a: number, b: number) => void;
    readonly __externref_table_dealloc: (a: number) => void;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
