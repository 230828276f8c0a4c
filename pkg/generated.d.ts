/* tslint:disable */
/* eslint-disable */
import type { CallOptions, Encoding, EventHandler, Limits, LogLevel, Message, MessageOptions, RequestEvent, ResponseEvent, RetryEvent, SessionEvent, Timeouts, XmlElement } from "neuron-agent-api";
type Maybe<T> = T | null | undefined;


declare function AgentAPI__Account__AuthenticateJwt(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__Create(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__DomainInfo(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__GetSessionToken(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__Info(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__Login(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__Logout(_arguments: Array<any>): Promise<any>;

/**
 * Has a function called when a session begins, goes on or ends.
 */
declare function AgentAPI__Account__OnSessionChange(_arguments: [Listener: (event: SessionEvent) => void]): () => void;

declare function AgentAPI__Account__PrepareRemoteQuickLogin(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__QuickLogin(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__Recover(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__Refresh(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__RemoteQuickLogin(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__RemoteReferences(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__ResendVerificationCodes(_arguments: Array<any>): Promise<any>;

/**
 * Goes on with the session that is kept here.
 */
declare function AgentAPI__Account__RestartActiveSession(_arguments: [Options?: Maybe<CallOptions>]): Promise<boolean>;

declare function AgentAPI__Account__Transfer(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__VerifyEMail(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__VerifyPhoneNr(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Account__WwwLogin(_arguments: Array<any>): Promise<any>;

/**
 * A text for use in XML.
 */
declare function AgentAPI__Account__XmlEncode(_arguments: [Text: string]): string;

declare function AgentAPI__Crypto__CreateKey(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Crypto__GetAlgorithms(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Crypto__GetPublicKey(_arguments: Array<any>): Promise<any>;

/**
 * Allows plain `http` beyond this machine.
 */
declare function AgentAPI__IO__AllowInsecure(_arguments: [Allowed: boolean]): (void);

/**
 * The bare JID of an address.
 */
declare function AgentAPI__IO__BareJid(_arguments: [Jid: string]): string;

/**
 * The child elements of a name, as an array: JSON shows one as an object and several as an array.
 */
declare function AgentAPI__IO__Children(_arguments: [Element: Maybe<XmlElement>, LocalName: string]): XmlElement[];

/**
 * Protocol and host, such as `https://neuron.example.org`.
 */
declare function AgentAPI__IO__GetBaseURL(): string;

/**
 * The broker's host name, with its port unless that is the protocol's default.
 */
declare function AgentAPI__IO__GetHost(): string;

/**
 * Writes a line to the console.
 */
declare function AgentAPI__IO__Log(_arguments: [Message: unknown, Level?: Maybe<LogLevel>]): (void);

/**
 * Adds a listener that is called before a request is sent.
 */
declare function AgentAPI__IO__OnRequest(_arguments: [Listener: (event: RequestEvent) => void]): () => void;

/**
 * Adds a listener that is called when a response arrives, or none will.
 */
declare function AgentAPI__IO__OnResponse(_arguments: [Listener: (event: ResponseEvent) => void]): () => void;

/**
 * Adds a listener that is called when a request will be repeated.
 */
declare function AgentAPI__IO__OnRetry(_arguments: [Listener: (event: RetryEvent) => void]): () => void;

/**
 * Sends a request to any resource.
 */
declare function AgentAPI__IO__Request(_arguments: [Resource: string, Payload?: Maybe<object | string>, Internal?: Maybe<boolean>, Language?: Maybe<string>, Options?: Maybe<CallOptions>]): Promise<unknown>;

/**
 * Chooses how requests are written.
 */
declare function AgentAPI__IO__SetEncoding(_arguments: [Encoding: Encoding]): (void);

/**
 * Chooses the broker.
 */
declare function AgentAPI__IO__SetHost(_arguments: [Host?: Maybe<string>, Secure?: Maybe<boolean>]): (void);

/**
 * Chooses how many requests may be in flight, and how large a response may be.
 */
declare function AgentAPI__IO__SetLimits(_arguments: [Limits: Limits]): (void);

/**
 * Chooses what is written to the console.
 */
declare function AgentAPI__IO__SetLogLevel(_arguments: [Level: LogLevel]): (void);

/**
 * Chooses how long an attempt may take, and a call with all of its attempts.
 */
declare function AgentAPI__IO__SetTimeout(_arguments: [Timeouts: Timeouts]): (void);

/**
 * The text of an element.
 */
declare function AgentAPI__IO__Text(_arguments: [From: Maybe<XmlElement | readonly XmlElement[]>, LocalName: string]): string | undefined;

/**
 * A text for use in XML.
 */
declare function AgentAPI__IO__XmlEncode(_arguments: [Text: string]): string;

declare function AgentAPI__Intelligence__Add(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Intelligence__CheckEndpoint(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Intelligence__Delete(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Intelligence__Get(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Intelligence__Update(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__AddIdAttachment(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__ApplyId(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__AuthorizeAccessToContract(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__AuthorizeAccessToId(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__CreateContract(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__GetApplicationAttributes(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__GetContract(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__GetCreatedContracts(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__GetIdentities(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__GetIdentity(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__GetServiceProvidersForIdReview(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__GetSignedContracts(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__PetitionId(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__PetitionPeerReview(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__PetitionSignature(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__ProposeTemplate(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__ReadyForApproval(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__SelectReviewService(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__SendProposal(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__SignContract(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__SignData(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Legal__ValidatePNr(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__StateMachines__CreateReport(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__StateMachines__GetCurrentState(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Storage__Delete(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Storage__DeleteFromVault(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Storage__Download(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Storage__GetFromVault(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Storage__LoadPrivateXml(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Storage__Put(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Storage__SavePrivateXml(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Storage__SearchInVault(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Storage__StoreInVault(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Storage__Upload(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Tokens__AddTextNote(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Tokens__AddXmlNote(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Tokens__GetContractTokens(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Tokens__GetCreationAttributes(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Tokens__GetDescription(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Tokens__GetToken(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Tokens__GetTokenEvents(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Tokens__GetTokens(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Wallet__GetBalance(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Wallet__GetPaymentOptionsForBuyingEDaler(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Wallet__GetPaymentOptionsForSellingEDaler(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Wallet__GetServiceProvidersForBuyingEDaler(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Wallet__GetServiceProvidersForSellingEDaler(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Wallet__GetTransactionInformation(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Wallet__InitiateBuyEDaler(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Wallet__InitiateSellEDaler(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Wallet__ProcessEDalerUri(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Xmpp__ClearMessages(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Xmpp__GetRoster(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Xmpp__GetRosterItem(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Xmpp__InformationQuery(_arguments: Array<any>): Promise<any>;

/**
 * Hands over the messages that are queued.
 */
declare function AgentAPI__Xmpp__OnMessage(_arguments: [Listener: (message: Message) => unknown, Options?: Maybe<MessageOptions>]): () => void;

declare function AgentAPI__Xmpp__PopMessages(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Xmpp__PresenceProbe(_arguments: Array<any>): Promise<any>;

/**
 * Has messages of a kind pushed to a function.
 */
declare function AgentAPI__Xmpp__RegisterEventHandler(_arguments: [LocalName: Maybe<string>, Namespace: Maybe<string>, Type: Maybe<string>, Function: EventHandler | string, Options?: Maybe<CallOptions>]): Promise<Record<string, never>>;

declare function AgentAPI__Xmpp__RemoveRosterItem(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Xmpp__SendFormattedMessage(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Xmpp__SendPresenceSubscription(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Xmpp__SendPresenceUnsubscription(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Xmpp__SendSubscriptionAccepted(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Xmpp__SendSubscriptionDeclined(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Xmpp__SendTextMessage(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Xmpp__SendXmlMessage(_arguments: Array<any>): Promise<any>;

declare function AgentAPI__Xmpp__SetRosterItem(_arguments: Array<any>): Promise<any>;

/**
 * Ends what `RegisterEventHandler` began.
 */
declare function AgentAPI__Xmpp__UnregisterEventHandler(_arguments: [LocalName?: Maybe<string>, Namespace?: Maybe<string>, Type?: Maybe<string>, Options?: Maybe<CallOptions>]): Promise<Record<string, never>>;

export let AgentAPI: {
    Account: {
        AuthenticateJwt: typeof AgentAPI__Account__AuthenticateJwt,
        Create: typeof AgentAPI__Account__Create,
        DomainInfo: typeof AgentAPI__Account__DomainInfo,
        GetSessionToken: typeof AgentAPI__Account__GetSessionToken,
        Info: typeof AgentAPI__Account__Info,
        Login: typeof AgentAPI__Account__Login,
        Logout: typeof AgentAPI__Account__Logout,
        OnSessionChange: typeof AgentAPI__Account__OnSessionChange,
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
    Crypto: {
        CreateKey: typeof AgentAPI__Crypto__CreateKey,
        GetAlgorithms: typeof AgentAPI__Crypto__GetAlgorithms,
        GetPublicKey: typeof AgentAPI__Crypto__GetPublicKey,
    },
    IO: {
        AllowInsecure: typeof AgentAPI__IO__AllowInsecure,
        BareJid: typeof AgentAPI__IO__BareJid,
        Children: typeof AgentAPI__IO__Children,
        GetBaseURL: typeof AgentAPI__IO__GetBaseURL,
        GetHost: typeof AgentAPI__IO__GetHost,
        Log: typeof AgentAPI__IO__Log,
        OnRequest: typeof AgentAPI__IO__OnRequest,
        OnResponse: typeof AgentAPI__IO__OnResponse,
        OnRetry: typeof AgentAPI__IO__OnRetry,
        Request: typeof AgentAPI__IO__Request,
        SetEncoding: typeof AgentAPI__IO__SetEncoding,
        SetHost: typeof AgentAPI__IO__SetHost,
        SetLimits: typeof AgentAPI__IO__SetLimits,
        SetLogLevel: typeof AgentAPI__IO__SetLogLevel,
        SetTimeout: typeof AgentAPI__IO__SetTimeout,
        Text: typeof AgentAPI__IO__Text,
        XmlEncode: typeof AgentAPI__IO__XmlEncode,
    },
    Intelligence: {
        Add: typeof AgentAPI__Intelligence__Add,
        CheckEndpoint: typeof AgentAPI__Intelligence__CheckEndpoint,
        Delete: typeof AgentAPI__Intelligence__Delete,
        Get: typeof AgentAPI__Intelligence__Get,
        Update: typeof AgentAPI__Intelligence__Update,
    },
    Legal: {
        AddIdAttachment: typeof AgentAPI__Legal__AddIdAttachment,
        ApplyId: typeof AgentAPI__Legal__ApplyId,
        AuthorizeAccessToContract: typeof AgentAPI__Legal__AuthorizeAccessToContract,
        AuthorizeAccessToId: typeof AgentAPI__Legal__AuthorizeAccessToId,
        CreateContract: typeof AgentAPI__Legal__CreateContract,
        GetApplicationAttributes: typeof AgentAPI__Legal__GetApplicationAttributes,
        GetContract: typeof AgentAPI__Legal__GetContract,
        GetCreatedContracts: typeof AgentAPI__Legal__GetCreatedContracts,
        GetIdentities: typeof AgentAPI__Legal__GetIdentities,
        GetIdentity: typeof AgentAPI__Legal__GetIdentity,
        GetServiceProvidersForIdReview: typeof AgentAPI__Legal__GetServiceProvidersForIdReview,
        GetSignedContracts: typeof AgentAPI__Legal__GetSignedContracts,
        PetitionId: typeof AgentAPI__Legal__PetitionId,
        PetitionPeerReview: typeof AgentAPI__Legal__PetitionPeerReview,
        PetitionSignature: typeof AgentAPI__Legal__PetitionSignature,
        ProposeTemplate: typeof AgentAPI__Legal__ProposeTemplate,
        ReadyForApproval: typeof AgentAPI__Legal__ReadyForApproval,
        SelectReviewService: typeof AgentAPI__Legal__SelectReviewService,
        SendProposal: typeof AgentAPI__Legal__SendProposal,
        SignContract: typeof AgentAPI__Legal__SignContract,
        SignData: typeof AgentAPI__Legal__SignData,
        ValidatePNr: typeof AgentAPI__Legal__ValidatePNr,
    },
    StateMachines: {
        CreateReport: typeof AgentAPI__StateMachines__CreateReport,
        GetCurrentState: typeof AgentAPI__StateMachines__GetCurrentState,
    },
    Storage: {
        Delete: typeof AgentAPI__Storage__Delete,
        DeleteFromVault: typeof AgentAPI__Storage__DeleteFromVault,
        Download: typeof AgentAPI__Storage__Download,
        GetFromVault: typeof AgentAPI__Storage__GetFromVault,
        LoadPrivateXml: typeof AgentAPI__Storage__LoadPrivateXml,
        Put: typeof AgentAPI__Storage__Put,
        SavePrivateXml: typeof AgentAPI__Storage__SavePrivateXml,
        SearchInVault: typeof AgentAPI__Storage__SearchInVault,
        StoreInVault: typeof AgentAPI__Storage__StoreInVault,
        Upload: typeof AgentAPI__Storage__Upload,
    },
    Tokens: {
        AddTextNote: typeof AgentAPI__Tokens__AddTextNote,
        AddXmlNote: typeof AgentAPI__Tokens__AddXmlNote,
        GetContractTokens: typeof AgentAPI__Tokens__GetContractTokens,
        GetCreationAttributes: typeof AgentAPI__Tokens__GetCreationAttributes,
        GetDescription: typeof AgentAPI__Tokens__GetDescription,
        GetToken: typeof AgentAPI__Tokens__GetToken,
        GetTokenEvents: typeof AgentAPI__Tokens__GetTokenEvents,
        GetTokens: typeof AgentAPI__Tokens__GetTokens,
    },
    Wallet: {
        GetBalance: typeof AgentAPI__Wallet__GetBalance,
        GetPaymentOptionsForBuyingEDaler: typeof AgentAPI__Wallet__GetPaymentOptionsForBuyingEDaler,
        GetPaymentOptionsForSellingEDaler: typeof AgentAPI__Wallet__GetPaymentOptionsForSellingEDaler,
        GetServiceProvidersForBuyingEDaler: typeof AgentAPI__Wallet__GetServiceProvidersForBuyingEDaler,
        GetServiceProvidersForSellingEDaler: typeof AgentAPI__Wallet__GetServiceProvidersForSellingEDaler,
        GetTransactionInformation: typeof AgentAPI__Wallet__GetTransactionInformation,
        InitiateBuyEDaler: typeof AgentAPI__Wallet__InitiateBuyEDaler,
        InitiateSellEDaler: typeof AgentAPI__Wallet__InitiateSellEDaler,
        ProcessEDalerUri: typeof AgentAPI__Wallet__ProcessEDalerUri,
    },
    Xmpp: {
        ClearMessages: typeof AgentAPI__Xmpp__ClearMessages,
        GetRoster: typeof AgentAPI__Xmpp__GetRoster,
        GetRosterItem: typeof AgentAPI__Xmpp__GetRosterItem,
        InformationQuery: typeof AgentAPI__Xmpp__InformationQuery,
        OnMessage: typeof AgentAPI__Xmpp__OnMessage,
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

/**
 * Creates a client for its host, and returns its number.
 */
export function attach(host: any): number;

/**
 * Disposes a client, and removes it.
 */
export function detach(client: number): void;

/**
 * Whether another instance of the module can take the place of this one.
 */
export function isReplaceable(): boolean;

/**
 * Another client on the same storage has logged out.
 */
export function loggedOutElsewhere(broker: any, user_name: any): void;

/**
 * Refreshes or ends the session of the selected client, if that is due.
 */
export function maintainSession(): void;

/**
 * Selects a client, at a given time.
 */
export function select(client: number, monotonic_ms: number, wall_ms: number): void;

/**
 * Polls a task, and returns in how many milliseconds to do it again unless something comes first.
 */
export function step(number: number, come: number, monotonic_ms: number, wall_ms: number, status: number, body: any): number;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly AgentAPI__Account__AuthenticateJwt: (a: any) => any;
    readonly AgentAPI__Account__Create: (a: any) => any;
    readonly AgentAPI__Account__DomainInfo: (a: any) => any;
    readonly AgentAPI__Account__GetSessionToken: (a: any) => any;
    readonly AgentAPI__Account__Info: (a: any) => any;
    readonly AgentAPI__Account__Login: (a: any) => any;
    readonly AgentAPI__Account__Logout: (a: any) => any;
    readonly AgentAPI__Account__OnSessionChange: (a: any) => [number, number, number];
    readonly AgentAPI__Account__PrepareRemoteQuickLogin: (a: any) => any;
    readonly AgentAPI__Account__QuickLogin: (a: any) => any;
    readonly AgentAPI__Account__Recover: (a: any) => any;
    readonly AgentAPI__Account__Refresh: (a: any) => any;
    readonly AgentAPI__Account__RemoteQuickLogin: (a: any) => any;
    readonly AgentAPI__Account__RemoteReferences: (a: any) => any;
    readonly AgentAPI__Account__ResendVerificationCodes: (a: any) => any;
    readonly AgentAPI__Account__RestartActiveSession: (a: any) => any;
    readonly AgentAPI__Account__Transfer: (a: any) => any;
    readonly AgentAPI__Account__VerifyEMail: (a: any) => any;
    readonly AgentAPI__Account__VerifyPhoneNr: (a: any) => any;
    readonly AgentAPI__Account__WwwLogin: (a: any) => any;
    readonly AgentAPI__Account__XmlEncode: (a: any) => [number, number, number];
    readonly AgentAPI__Crypto__CreateKey: (a: any) => any;
    readonly AgentAPI__Crypto__GetAlgorithms: (a: any) => any;
    readonly AgentAPI__Crypto__GetPublicKey: (a: any) => any;
    readonly AgentAPI__IO__AllowInsecure: (a: any) => [number, number, number];
    readonly AgentAPI__IO__BareJid: (a: any) => [number, number, number];
    readonly AgentAPI__IO__Children: (a: any) => [number, number, number];
    readonly AgentAPI__IO__GetBaseURL: () => [number, number, number];
    readonly AgentAPI__IO__GetHost: () => [number, number, number];
    readonly AgentAPI__IO__Log: (a: any) => [number, number, number];
    readonly AgentAPI__IO__OnRequest: (a: any) => [number, number, number];
    readonly AgentAPI__IO__OnResponse: (a: any) => [number, number, number];
    readonly AgentAPI__IO__OnRetry: (a: any) => [number, number, number];
    readonly AgentAPI__IO__Request: (a: any) => any;
    readonly AgentAPI__IO__SetEncoding: (a: any) => [number, number, number];
    readonly AgentAPI__IO__SetHost: (a: any) => [number, number, number];
    readonly AgentAPI__IO__SetLimits: (a: any) => [number, number, number];
    readonly AgentAPI__IO__SetLogLevel: (a: any) => [number, number, number];
    readonly AgentAPI__IO__SetTimeout: (a: any) => [number, number, number];
    readonly AgentAPI__IO__Text: (a: any) => [number, number, number];
    readonly AgentAPI__IO__XmlEncode: (a: any) => [number, number, number];
    readonly AgentAPI__Intelligence__Add: (a: any) => any;
    readonly AgentAPI__Intelligence__CheckEndpoint: (a: any) => any;
    readonly AgentAPI__Intelligence__Delete: (a: any) => any;
    readonly AgentAPI__Intelligence__Get: (a: any) => any;
    readonly AgentAPI__Intelligence__Update: (a: any) => any;
    readonly AgentAPI__Legal__AddIdAttachment: (a: any) => any;
    readonly AgentAPI__Legal__ApplyId: (a: any) => any;
    readonly AgentAPI__Legal__AuthorizeAccessToContract: (a: any) => any;
    readonly AgentAPI__Legal__AuthorizeAccessToId: (a: any) => any;
    readonly AgentAPI__Legal__CreateContract: (a: any) => any;
    readonly AgentAPI__Legal__GetApplicationAttributes: (a: any) => any;
    readonly AgentAPI__Legal__GetContract: (a: any) => any;
    readonly AgentAPI__Legal__GetCreatedContracts: (a: any) => any;
    readonly AgentAPI__Legal__GetIdentities: (a: any) => any;
    readonly AgentAPI__Legal__GetIdentity: (a: any) => any;
    readonly AgentAPI__Legal__GetServiceProvidersForIdReview: (a: any) => any;
    readonly AgentAPI__Legal__GetSignedContracts: (a: any) => any;
    readonly AgentAPI__Legal__PetitionId: (a: any) => any;
    readonly AgentAPI__Legal__PetitionPeerReview: (a: any) => any;
    readonly AgentAPI__Legal__PetitionSignature: (a: any) => any;
    readonly AgentAPI__Legal__ProposeTemplate: (a: any) => any;
    readonly AgentAPI__Legal__ReadyForApproval: (a: any) => any;
    readonly AgentAPI__Legal__SelectReviewService: (a: any) => any;
    readonly AgentAPI__Legal__SendProposal: (a: any) => any;
    readonly AgentAPI__Legal__SignContract: (a: any) => any;
    readonly AgentAPI__Legal__SignData: (a: any) => any;
    readonly AgentAPI__Legal__ValidatePNr: (a: any) => any;
    readonly AgentAPI__StateMachines__CreateReport: (a: any) => any;
    readonly AgentAPI__StateMachines__GetCurrentState: (a: any) => any;
    readonly AgentAPI__Storage__Delete: (a: any) => any;
    readonly AgentAPI__Storage__DeleteFromVault: (a: any) => any;
    readonly AgentAPI__Storage__Download: (a: any) => any;
    readonly AgentAPI__Storage__GetFromVault: (a: any) => any;
    readonly AgentAPI__Storage__LoadPrivateXml: (a: any) => any;
    readonly AgentAPI__Storage__Put: (a: any) => any;
    readonly AgentAPI__Storage__SavePrivateXml: (a: any) => any;
    readonly AgentAPI__Storage__SearchInVault: (a: any) => any;
    readonly AgentAPI__Storage__StoreInVault: (a: any) => any;
    readonly AgentAPI__Storage__Upload: (a: any) => any;
    readonly AgentAPI__Tokens__AddTextNote: (a: any) => any;
    readonly AgentAPI__Tokens__AddXmlNote: (a: any) => any;
    readonly AgentAPI__Tokens__GetContractTokens: (a: any) => any;
    readonly AgentAPI__Tokens__GetCreationAttributes: (a: any) => any;
    readonly AgentAPI__Tokens__GetDescription: (a: any) => any;
    readonly AgentAPI__Tokens__GetToken: (a: any) => any;
    readonly AgentAPI__Tokens__GetTokenEvents: (a: any) => any;
    readonly AgentAPI__Tokens__GetTokens: (a: any) => any;
    readonly AgentAPI__Wallet__GetBalance: (a: any) => any;
    readonly AgentAPI__Wallet__GetPaymentOptionsForBuyingEDaler: (a: any) => any;
    readonly AgentAPI__Wallet__GetPaymentOptionsForSellingEDaler: (a: any) => any;
    readonly AgentAPI__Wallet__GetServiceProvidersForBuyingEDaler: (a: any) => any;
    readonly AgentAPI__Wallet__GetServiceProvidersForSellingEDaler: (a: any) => any;
    readonly AgentAPI__Wallet__GetTransactionInformation: (a: any) => any;
    readonly AgentAPI__Wallet__InitiateBuyEDaler: (a: any) => any;
    readonly AgentAPI__Wallet__InitiateSellEDaler: (a: any) => any;
    readonly AgentAPI__Wallet__ProcessEDalerUri: (a: any) => any;
    readonly AgentAPI__Xmpp__ClearMessages: (a: any) => any;
    readonly AgentAPI__Xmpp__GetRoster: (a: any) => any;
    readonly AgentAPI__Xmpp__GetRosterItem: (a: any) => any;
    readonly AgentAPI__Xmpp__InformationQuery: (a: any) => any;
    readonly AgentAPI__Xmpp__OnMessage: (a: any) => [number, number, number];
    readonly AgentAPI__Xmpp__PopMessages: (a: any) => any;
    readonly AgentAPI__Xmpp__PresenceProbe: (a: any) => any;
    readonly AgentAPI__Xmpp__RegisterEventHandler: (a: any) => any;
    readonly AgentAPI__Xmpp__RemoveRosterItem: (a: any) => any;
    readonly AgentAPI__Xmpp__SendFormattedMessage: (a: any) => any;
    readonly AgentAPI__Xmpp__SendPresenceSubscription: (a: any) => any;
    readonly AgentAPI__Xmpp__SendPresenceUnsubscription: (a: any) => any;
    readonly AgentAPI__Xmpp__SendSubscriptionAccepted: (a: any) => any;
    readonly AgentAPI__Xmpp__SendSubscriptionDeclined: (a: any) => any;
    readonly AgentAPI__Xmpp__SendTextMessage: (a: any) => any;
    readonly AgentAPI__Xmpp__SendXmlMessage: (a: any) => any;
    readonly AgentAPI__Xmpp__SetRosterItem: (a: any) => any;
    readonly AgentAPI__Xmpp__UnregisterEventHandler: (a: any) => any;
    readonly attach: (a: any) => number;
    readonly detach: (a: number) => void;
    readonly isReplaceable: () => number;
    readonly loggedOutElsewhere: (a: any, b: any) => void;
    readonly maintainSession: () => void;
    readonly select: (a: number, b: number, c: number) => void;
    readonly step: (a: number, b: number, c: number, d: number, e: number, f: any) => number;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
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
