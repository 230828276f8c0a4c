/* tslint:disable */
/* eslint-disable */
import type { AccountCreated, AccountInfo, CallOptions, CreateArguments, DomainInfo, EMailVerified, Encoding, EventHandler, JwtInfo, MessagesCleared, MessagesResult, PhoneNrVerified, PresenceSubscriptionResult, ProbeResult, QueryResult, QuickLoginResult, RemoteQuickLoginPreparation, RemoteQuickLoginResult, RemoteReferences, Roster, RosterItem, SessionToken, StanzaResult, SubscriptionAcceptedResult, Token, TransferCode, XmlElement } from "neuron-agent-api";


/**
 * Has the broker check a token.
 */
declare function AgentAPI__Account__AuthenticateJwt(Token: string, Options?: CallOptions | null): Promise<JwtInfo>;

/**
 * Makes an account. Its arguments come in two orders, with a phone number or without: `UserName,
 * EMail, PhoneNr, Password, ApiKey, Secret, Seconds, Language, Options`, or `UserName, EMail,
 * Password, ApiKey, Secret, Seconds, Language, Options`.
 */
declare function AgentAPI__Account__Create(...Arguments: CreateArguments): Promise<AccountCreated>;

/**
 * Reads what the broker says of its domain.
 */
declare function AgentAPI__Account__DomainInfo(Language?: string | null, Options?: CallOptions | null): Promise<DomainInfo>;

/**
 * Takes over the session of an account that was made with the web form.
 */
declare function AgentAPI__Account__GetSessionToken(Options?: CallOptions | null): Promise<SessionToken>;

/**
 * Reads what the broker knows of the account.
 */
declare function AgentAPI__Account__Info(Options?: CallOptions | null): Promise<AccountInfo>;

/**
 * Opens a session.
 */
declare function AgentAPI__Account__Login(UserName: string, Password: string, Seconds: number, Options?: CallOptions | null): Promise<Token>;

/**
 * Ends the session.
 */
declare function AgentAPI__Account__Logout(Options?: CallOptions | null): Promise<Record<string, never>>;

/**
 * Asks the own broker for the Legal ID to show to another one.
 */
declare function AgentAPI__Account__PrepareRemoteQuickLogin(Options?: CallOptions | null): Promise<RemoteQuickLoginPreparation>;

/**
 * Takes over the session of a Quick-Login.
 */
declare function AgentAPI__Account__QuickLogin(Seconds: number, Options?: CallOptions | null): Promise<QuickLoginResult>;

/**
 * Asks for help with an account whose password is lost.
 */
declare function AgentAPI__Account__Recover(UserName?: string | null, PersonalNr?: string | null, Country?: string | null, EMail?: string | null, PhoneNr?: string | null, Options?: CallOptions | null): Promise<Record<string, never>>;

/**
 * Prolongs the session.
 */
declare function AgentAPI__Account__Refresh(Seconds: number, Options?: CallOptions | null): Promise<Token>;

/**
 * Logs in to another broker.
 */
declare function AgentAPI__Account__RemoteQuickLogin(Domain: string, LegalId: string, Purpose: string, Options?: CallOptions | null): Promise<RemoteQuickLoginResult>;

/**
 * Reads where else the account's Legal IDs are known.
 */
declare function AgentAPI__Account__RemoteReferences(Options?: CallOptions | null): Promise<RemoteReferences>;

/**
 * Has the codes sent again.
 */
declare function AgentAPI__Account__ResendVerificationCodes(EMail: string, PhoneNr?: string | null, Language?: string | null, Options?: CallOptions | null): Promise<Record<string, never>>;

/**
 * Goes on with the session that is kept here.
 */
declare function AgentAPI__Account__RestartActiveSession(Options?: CallOptions | null): Promise<boolean>;

/**
 * Makes a code by which another app takes the account over.
 */
declare function AgentAPI__Account__Transfer(LocalName: string, Namespace: string, KeyId: string, KeyPassword: string, AccountPassword: string, Pin?: string | null, Options?: CallOptions | null): Promise<TransferCode>;

/**
 * Tells the broker the code that it sent to an e-mail address.
 */
declare function AgentAPI__Account__VerifyEMail(EMail: string, Code: string | number, Options?: CallOptions | null): Promise<EMailVerified>;

/**
 * Tells the broker the code that it sent to a phone number.
 */
declare function AgentAPI__Account__VerifyPhoneNr(PhoneNr: string, Code: string | number, Options?: CallOptions | null): Promise<PhoneNrVerified>;

/**
 * Opens a session with the password itself.
 */
declare function AgentAPI__Account__WwwLogin(UserName: string, Password: string, Seconds: number, Options?: CallOptions | null): Promise<Token>;

/**
 * A text for use in XML.
 */
declare function AgentAPI__Account__XmlEncode(Text: string): string;

/**
 * Allows plain `http` beyond this machine.
 */
declare function AgentAPI__IO__AllowInsecure(Allowed: boolean): void;

/**
 * The child elements of a name, as an array: JSON shows one as an object and several as an array.
 */
declare function AgentAPI__IO__Children(Element: XmlElement | null | undefined, LocalName: string): XmlElement[];

/**
 * Protocol and host, as `https://neuron.example.org`.
 */
declare function AgentAPI__IO__GetBaseURL(): string;

/**
 * The broker's host name, with its port where that is not the protocol's own.
 */
declare function AgentAPI__IO__GetHost(): string;

/**
 * Writes a line to the console.
 */
declare function AgentAPI__IO__Log(Message: unknown): void;

/**
 * Sends a request to any resource.
 */
declare function AgentAPI__IO__Request(Resource: string, Payload?: object | null, Internal?: boolean | null, Language?: string | null, Options?: CallOptions | null): Promise<unknown>;

/**
 * Chooses how requests are written.
 */
declare function AgentAPI__IO__SetEncoding(Encoding: Encoding): void;

/**
 * Chooses the broker.
 */
declare function AgentAPI__IO__SetHost(Host?: string | null, Secure?: boolean | null): void;

/**
 * Deletes the messages in the queue.
 */
declare function AgentAPI__Xmpp__ClearMessages(Options?: CallOptions | null): Promise<MessagesCleared>;

/**
 * Reads the account's contacts.
 */
declare function AgentAPI__Xmpp__GetRoster(Offset?: number | null, MaxCount?: number | null, Options?: CallOptions | null): Promise<Roster>;

/**
 * Reads one contact.
 */
declare function AgentAPI__Xmpp__GetRosterItem(BareJid: string, Options?: CallOptions | null): Promise<RosterItem>;

/**
 * Asks a contact's program something.
 */
declare function AgentAPI__Xmpp__InformationQuery(BareJid: string, Type: "get" | "set", QueryXml: string, Options?: CallOptions | null): Promise<QueryResult>;

/**
 * Takes messages out of the queue.
 */
declare function AgentAPI__Xmpp__PopMessages(MaxCount?: number | null, Options?: CallOptions | null): Promise<MessagesResult>;

/**
 * Reads the latest presence of a contact.
 */
declare function AgentAPI__Xmpp__PresenceProbe(BareJid: string, Options?: CallOptions | null): Promise<ProbeResult>;

/**
 * Has messages of a kind pushed to a function.
 */
declare function AgentAPI__Xmpp__RegisterEventHandler(LocalName: string | null | undefined, Namespace: string | null | undefined, Type: string | null | undefined, Function: EventHandler | string, Options?: CallOptions | null): Promise<Record<string, never>>;

/**
 * Removes a contact.
 */
declare function AgentAPI__Xmpp__RemoveRosterItem(BareJid: string, Options?: CallOptions | null): Promise<RosterItem>;

/**
 * Sends a chat message of Markdown.
 */
declare function AgentAPI__Xmpp__SendFormattedMessage(To: string, Message: string, Subject?: string | null, Language?: string | null, Id?: string | null, Options?: CallOptions | null): Promise<StanzaResult>;

/**
 * Asks a contact for permission to see its presence.
 */
declare function AgentAPI__Xmpp__SendPresenceSubscription(To: string, CustomXml?: string | null, Language?: string | null, Id?: string | null, Options?: CallOptions | null): Promise<PresenceSubscriptionResult>;

/**
 * Takes back the permission to see a contact's presence.
 */
declare function AgentAPI__Xmpp__SendPresenceUnsubscription(To: string, Id?: string | null, Options?: CallOptions | null): Promise<StanzaResult>;

/**
 * Grants a contact what it asked for.
 */
declare function AgentAPI__Xmpp__SendSubscriptionAccepted(To: string, Id?: string | null, Options?: CallOptions | null): Promise<SubscriptionAcceptedResult>;

/**
 * Declines what a contact asked for.
 */
declare function AgentAPI__Xmpp__SendSubscriptionDeclined(To: string, Id?: string | null, Options?: CallOptions | null): Promise<StanzaResult>;

/**
 * Sends a chat message of plain text.
 */
declare function AgentAPI__Xmpp__SendTextMessage(To: string, Message: string, Subject?: string | null, Language?: string | null, Id?: string | null, Options?: CallOptions | null): Promise<StanzaResult>;

/**
 * Sends a message of custom XML.
 */
declare function AgentAPI__Xmpp__SendXmlMessage(To: string, Xml: string, Subject?: string | null, Language?: string | null, Id?: string | null, Options?: CallOptions | null): Promise<StanzaResult>;

/**
 * Names a contact and puts it into groups.
 */
declare function AgentAPI__Xmpp__SetRosterItem(BareJid: string, Name: string, Groups?: readonly string[] | null, Options?: CallOptions | null): Promise<RosterItem>;

/**
 * Ends what `RegisterEventHandler` began.
 */
declare function AgentAPI__Xmpp__UnregisterEventHandler(LocalName?: string | null, Namespace?: string | null, Type?: string | null, Options?: CallOptions | null): Promise<Record<string, never>>;

export let AgentAPI: {
    Account: {
        AuthenticateJwt: typeof AgentAPI__Account__AuthenticateJwt,
        Create: typeof AgentAPI__Account__Create,
        DomainInfo: typeof AgentAPI__Account__DomainInfo,
        GetSessionToken: typeof AgentAPI__Account__GetSessionToken,
        Info: typeof AgentAPI__Account__Info,
        Login: typeof AgentAPI__Account__Login,
        Logout: typeof AgentAPI__Account__Logout,
        PrepareRemoteQuickLogin: typeof AgentAPI__Account__PrepareRemoteQuickLogin,
        QuickLogin: typeof AgentAPI__Account__QuickLogin,
        Recover: typeof AgentAPI__Account__Recover,
        Refresh: typeof AgentAPI__Account__Refresh,
        RemoteQuickLogin: typeof AgentAPI__Account__RemoteQuickLogin,
        RemoteReferences: typeof AgentAPI__Account__RemoteReferences,
        ResendVerificationCodes: typeof AgentAPI__Account__ResendVerificationCodes,
        RestartActiveSession: typeof AgentAPI__Account__RestartActiveSession,
        Transfer: typeof AgentAPI__Account__Transfer,
        VerifyEMail: typeof AgentAPI__Account__VerifyEMail,
        VerifyPhoneNr: typeof AgentAPI__Account__VerifyPhoneNr,
        WwwLogin: typeof AgentAPI__Account__WwwLogin,
        XmlEncode: typeof AgentAPI__Account__XmlEncode,
    },
    IO: {
        AllowInsecure: typeof AgentAPI__IO__AllowInsecure,
        Children: typeof AgentAPI__IO__Children,
        GetBaseURL: typeof AgentAPI__IO__GetBaseURL,
        GetHost: typeof AgentAPI__IO__GetHost,
        Log: typeof AgentAPI__IO__Log,
        Request: typeof AgentAPI__IO__Request,
        SetEncoding: typeof AgentAPI__IO__SetEncoding,
        SetHost: typeof AgentAPI__IO__SetHost,
    },
    Xmpp: {
        ClearMessages: typeof AgentAPI__Xmpp__ClearMessages,
        GetRoster: typeof AgentAPI__Xmpp__GetRoster,
        GetRosterItem: typeof AgentAPI__Xmpp__GetRosterItem,
        InformationQuery: typeof AgentAPI__Xmpp__InformationQuery,
        PopMessages: typeof AgentAPI__Xmpp__PopMessages,
        PresenceProbe: typeof AgentAPI__Xmpp__PresenceProbe,
        RegisterEventHandler: typeof AgentAPI__Xmpp__RegisterEventHandler,
        RemoveRosterItem: typeof AgentAPI__Xmpp__RemoveRosterItem,
        SendFormattedMessage: typeof AgentAPI__Xmpp__SendFormattedMessage,
        SendPresenceSubscription: typeof AgentAPI__Xmpp__SendPresenceSubscription,
        SendPresenceUnsubscription: typeof AgentAPI__Xmpp__SendPresenceUnsubscription,
        SendSubscriptionAccepted: typeof AgentAPI__Xmpp__SendSubscriptionAccepted,
        SendSubscriptionDeclined: typeof AgentAPI__Xmpp__SendSubscriptionDeclined,
        SendTextMessage: typeof AgentAPI__Xmpp__SendTextMessage,
        SendXmlMessage: typeof AgentAPI__Xmpp__SendXmlMessage,
        SetRosterItem: typeof AgentAPI__Xmpp__SetRosterItem,
        UnregisterEventHandler: typeof AgentAPI__Xmpp__UnregisterEventHandler,
    },
};

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly AgentAPI__Account__AuthenticateJwt: (a: any, b: any) => any;
    readonly AgentAPI__Account__Create: (a: number, b: number) => any;
    readonly AgentAPI__Account__DomainInfo: (a: any, b: any) => any;
    readonly AgentAPI__Account__GetSessionToken: (a: any) => any;
    readonly AgentAPI__Account__Info: (a: any) => any;
    readonly AgentAPI__Account__Login: (a: any, b: any, c: any, d: any) => any;
    readonly AgentAPI__Account__Logout: (a: any) => any;
    readonly AgentAPI__Account__PrepareRemoteQuickLogin: (a: any) => any;
    readonly AgentAPI__Account__QuickLogin: (a: any, b: any) => any;
    readonly AgentAPI__Account__Recover: (a: any, b: any, c: any, d: any, e: any, f: any) => any;
    readonly AgentAPI__Account__Refresh: (a: any, b: any) => any;
    readonly AgentAPI__Account__RemoteQuickLogin: (a: any, b: any, c: any, d: any) => any;
    readonly AgentAPI__Account__RemoteReferences: (a: any) => any;
    readonly AgentAPI__Account__ResendVerificationCodes: (a: any, b: any, c: any, d: any) => any;
    readonly AgentAPI__Account__RestartActiveSession: (a: any) => any;
    readonly AgentAPI__Account__Transfer: (a: any, b: any, c: any, d: any, e: any, f: any, g: any) => any;
    readonly AgentAPI__Account__VerifyEMail: (a: any, b: any, c: any) => any;
    readonly AgentAPI__Account__VerifyPhoneNr: (a: any, b: any, c: any) => any;
    readonly AgentAPI__Account__WwwLogin: (a: any, b: any, c: any, d: any) => any;
    readonly AgentAPI__Account__XmlEncode: (a: any) => [number, number, number, number];
    readonly AgentAPI__IO__AllowInsecure: (a: any) => [number, number];
    readonly AgentAPI__IO__Children: (a: any, b: any) => [number, number, number];
    readonly AgentAPI__IO__GetBaseURL: () => [number, number, number, number];
    readonly AgentAPI__IO__GetHost: () => [number, number, number, number];
    readonly AgentAPI__IO__Log: (a: any) => void;
    readonly AgentAPI__IO__Request: (a: any, b: any, c: any, d: any, e: any) => any;
    readonly AgentAPI__IO__SetEncoding: (a: any) => [number, number];
    readonly AgentAPI__IO__SetHost: (a: any, b: any) => [number, number];
    readonly AgentAPI__Xmpp__ClearMessages: (a: any) => any;
    readonly AgentAPI__Xmpp__GetRoster: (a: any, b: any, c: any) => any;
    readonly AgentAPI__Xmpp__GetRosterItem: (a: any, b: any) => any;
    readonly AgentAPI__Xmpp__InformationQuery: (a: any, b: any, c: any, d: any) => any;
    readonly AgentAPI__Xmpp__PopMessages: (a: any, b: any) => any;
    readonly AgentAPI__Xmpp__PresenceProbe: (a: any, b: any) => any;
    readonly AgentAPI__Xmpp__RegisterEventHandler: (a: any, b: any, c: any, d: any, e: any) => any;
    readonly AgentAPI__Xmpp__RemoveRosterItem: (a: any, b: any) => any;
    readonly AgentAPI__Xmpp__SendFormattedMessage: (a: any, b: any, c: any, d: any, e: any, f: any) => any;
    readonly AgentAPI__Xmpp__SendPresenceSubscription: (a: any, b: any, c: any, d: any, e: any) => any;
    readonly AgentAPI__Xmpp__SendPresenceUnsubscription: (a: any, b: any, c: any) => any;
    readonly AgentAPI__Xmpp__SendSubscriptionAccepted: (a: any, b: any, c: any) => any;
    readonly AgentAPI__Xmpp__SendSubscriptionDeclined: (a: any, b: any, c: any) => any;
    readonly AgentAPI__Xmpp__SendTextMessage: (a: any, b: any, c: any, d: any, e: any, f: any) => any;
    readonly AgentAPI__Xmpp__SendXmlMessage: (a: any, b: any, c: any, d: any, e: any, f: any) => any;
    readonly AgentAPI__Xmpp__SetRosterItem: (a: any, b: any, c: any, d: any) => any;
    readonly AgentAPI__Xmpp__UnregisterEventHandler: (a: any, b: any, c: any, d: any) => any;
    readonly wasm_bindgen__convert__closures_____invoke__h39e377c1331d4d00: (a: number, b: number, c: any, d: number, e: any) => number;
    readonly wasm_bindgen__convert__closures_____invoke__h60702a48838d1764: (a: number, b: number, c: any) => [number, number];
    readonly wasm_bindgen__convert__closures_____invoke__hb98d63cc49481475: (a: number, b: number, c: any, d: any) => void;
    readonly wasm_bindgen__convert__closures_____invoke__ha5452037cdf5577d: (a: number, b: number, c: any) => void;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_destroy_closure: (a: number, b: number) => void;
    readonly __externref_drop_slice: (a: number, b: number) => void;
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
