//! The group `Wallet`.

use super::common::{ICON_HEIGHT, ICON_URL, ICON_WIDTH, SERVICE_ID, SERVICE_NAME, SERVICE_TYPE};
use crate::wire::Effect::Once;
use crate::wire::InputKind::{Decimal, Function, NonEmptyText, Secret};
use crate::wire::{Entries, Input, Object, Output, OutputKind, Resource, Rule};

resources! { ($) "Wallet" wallet, for_each_wallet:

/// Reads how much eDaler the account has.
GET_BALANCE "GetBalance"
    .responds("Balance", &BALANCE)
    .example("const { amount, currency } = await AgentAPI.Wallet.GetBalance();")
    .source("Agent API, Wallet/GetBalance");

/// Carries out what an eDaler URI says, such as a payment.
PROCESS_E_DALER_URI "ProcessEDalerUri"
    .effect(Once)
    .inputs(&[Input::required("uri", Secret).doc("The URI, signed: whoever has it can carry it out.").example("\"edaler:id=1;f=alice@example.org;t=bob@example.org;am=12.5;cu=SEK;s=c2ln\"")])
    .responds("EDalerResult", &Object::new("EDalerResult", "What came of an eDaler URI.", &[
        Output::required("Balance", OutputKind::Object(&BALANCE), "How much the account has afterwards."),
        Output::optional("Result", OutputKind::Json, "What the broker says of it; undocumented."),
    ]))
    .json_only()
    .throws("Rejects with `bad-request` for a URI that is malformed or expired, and with `forbidden` if its signature \
        is wrong, the funds are short, or it was processed already. After an ambiguous failure, {@link Wallet.GetBalance} \
        shows whether it was.")
    .example("const { Balance } = await AgentAPI.Wallet.ProcessEDalerUri(uri);")
    .source("Agent API, Wallet/ProcessEDalerUri");

/// Reads the services that sell eDaler.
GET_SERVICE_PROVIDERS_FOR_BUYING_E_DALER "GetServiceProvidersForBuyingEDaler"
    .responds("Providers", &PROVIDERS)
    .json_only()
    .example("const { Providers } = await AgentAPI.Wallet.GetServiceProvidersForBuyingEDaler();")
    .source("Agent API, Wallet/GetServiceProvidersForBuyingEDaler");

/// Reads the services that buy eDaler.
GET_SERVICE_PROVIDERS_FOR_SELLING_E_DALER "GetServiceProvidersForSellingEDaler"
    .responds("Providers", &PROVIDERS)
    .json_only()
    .example("const { Providers } = await AgentAPI.Wallet.GetServiceProvidersForSellingEDaler();")
    .source("Agent API, Wallet/GetServiceProvidersForSellingEDaler");

/// Asks a service in which ways it can be paid for eDaler. They come as an event.
GET_PAYMENT_OPTIONS_FOR_BUYING_E_DALER "GetPaymentOptionsForBuyingEDaler"
    .effect(Once)
    .inputs(PAYMENT_OPTIONS)
    .rules(TAB_AND_FUNCTION)
    .responds("TransactionInformation", &TRANSACTION_INFORMATION)
    .json_only()
    .example("const { id } = await AgentAPI.Wallet.GetPaymentOptionsForBuyingEDaler(provider.id, provider.type);")
    .source("Agent API, Wallet/GetPaymentOptionsForBuyingEDaler");

/// Asks a service in which ways it can pay for eDaler. They come as an event.
GET_PAYMENT_OPTIONS_FOR_SELLING_E_DALER "GetPaymentOptionsForSellingEDaler"
    .effect(Once)
    .inputs(PAYMENT_OPTIONS)
    .rules(TAB_AND_FUNCTION)
    .responds("TransactionInformation", &TRANSACTION_INFORMATION)
    .json_only()
    .example("const { id } = await AgentAPI.Wallet.GetPaymentOptionsForSellingEDaler(provider.id, provider.type);")
    .source("Agent API, Wallet/GetPaymentOptionsForSellingEDaler");

/// Begins to buy eDaler. If the transaction has a `clientUrl`, the person goes there to pay.
INITIATE_BUY_E_DALER "InitiateBuyEDaler"
    .effect(Once)
    .inputs(INITIATION)
    .rules(TAB_AND_FUNCTION)
    .responds("TransactionInformation", &TRANSACTION_INFORMATION)
    .json_only()
    .throws(INITIATION_FAILS)
    .example("const { clientUrl } = await AgentAPI.Wallet.InitiateBuyEDaler(provider.id, provider.type, 50, \"SEK\");")
    .source("Agent API, Wallet/InitiateBuyEDaler");

/// Begins to sell eDaler. If the transaction has a `clientUrl`, the person goes there.
INITIATE_SELL_E_DALER "InitiateSellEDaler"
    .effect(Once)
    .inputs(INITIATION)
    .rules(TAB_AND_FUNCTION)
    .responds("TransactionInformation", &TRANSACTION_INFORMATION)
    .json_only()
    .throws(INITIATION_FAILS)
    .example("const { state } = await AgentAPI.Wallet.InitiateSellEDaler(provider.id, provider.type, 20, \"SEK\");")
    .source("Agent API, Wallet/InitiateSellEDaler");

/// Reads the state of a transaction, and says where its events go from now on.
GET_TRANSACTION_INFORMATION "GetTransactionInformation"
    .inputs(&[
        Input::required("transactionId", NonEmptyText).doc("The transaction.").example("\"t-1\""),
        TAB_ID,
        FUNCTION_NAME,
    ])
    .rules(TAB_AND_FUNCTION)
    .responds("TransactionInformation", &TRANSACTION_INFORMATION)
    .json_only()
    .throws("Rejects with `not-found` if there is none.")
    .example("const { state } = await AgentAPI.Wallet.GetTransactionInformation(transactionId);")
    .source("Agent API, Wallet/GetTransactionInformation");

}

const INITIATION_FAILS: &str = "Rejects with `not-found` if there is no such service, and with `forbidden` if the \
    funds are short. With a `TransactionId` of one's own, {@link Wallet.GetTransactionInformation} shows after an \
    ambiguous failure whether it was begun.";

const SERVICE: Input =
    Input::required("serviceId", NonEmptyText).doc("The `id` of the service.").example("\"mock\"");
const SERVICE_PROVIDER: Input = Input::required("serviceProvider", NonEmptyText)
    .doc("Its `type`.")
    .example("\"Local.MockBuy\"");
const SUCCESS_URL: Input = Input::optional("successUrl", NonEmptyText)
    .doc("Where the person goes afterwards.")
    .example("\"https://shop.example/paid\"");
const FAILURE_URL: Input = Input::optional("failureUrl", NonEmptyText)
    .doc("Where the person goes if it fails.")
    .example("\"https://shop.example/failed\"");
const CANCEL_URL: Input = Input::optional("cancelUrl", NonEmptyText)
    .doc("Where the person goes who cancels it.")
    .example("\"https://shop.example/cancelled\"");
const TRANSACTION_ID: Input = Input::optional("transactionId", NonEmptyText)
    .doc("An id for the transaction. Without it, the broker makes one.")
    .example("\"t-1\"");
/// A name is one in a tab.
const TAB_AND_FUNCTION: &[Rule] =
    &[Rule::Needs("functionName", "tabId"), Rule::Needs("tabId", "functionName")];

// Whoever knows it gets the events.
const TAB_ID: Input = Input::optional("tabId", Secret)
    .doc("The tab of the broker's `Events.js` that gets the events. None with a function of your own.")
    .example("\"3f1f1a0e-7d5b-4a43-9a53-0a5f4b5c6d7e\"");
const FUNCTION_NAME: Input = Input::optional("functionName", Function)
    .doc("What is called with each event of the transaction, which comes as the broker sends it: its properties are undocumented, and points in time stay Unix seconds if they are sent so. A function, which is called over the library's own WebSocket until the transaction or the session has ended; or, with `TabId`, the dotted name of a global one.")
    .example("\"Page.OnPayment\"");

static PAYMENT_OPTIONS: &[Input] = &[
    SERVICE,
    SERVICE_PROVIDER,
    SUCCESS_URL,
    FAILURE_URL,
    CANCEL_URL,
    TRANSACTION_ID,
    TAB_ID,
    FUNCTION_NAME,
];

static INITIATION: &[Input] = &[
    SERVICE,
    SERVICE_PROVIDER,
    Input::required("amount", Decimal).doc("How much eDaler.").example("12.5"),
    Input::required("currency", NonEmptyText).doc("The currency, by ISO 4217.").example("\"SEK\""),
    SUCCESS_URL,
    FAILURE_URL,
    CANCEL_URL,
    TRANSACTION_ID,
    TAB_ID,
    FUNCTION_NAME,
];

static BALANCE: Object = Object::new(
    "Balance",
    "How much eDaler an account has.",
    &[
        Output::required("amount", OutputKind::Decimal, "How much can be used."),
        Output::required(
            "reserved",
            OutputKind::Decimal,
            "How much is set apart for transactions.",
        ),
        Output::required("currency", OutputKind::Text, "The currency, by ISO 4217."),
        Output::required("timestamp", OutputKind::DateTime, "When it was so"),
    ],
);

static PROVIDERS: Object = Object::new(
    "PaymentProviders",
    "Services that buy or sell eDaler.",
    &[Output::required(
        "Providers",
        OutputKind::Objects(&PAYMENT_PROVIDER, &Entries::Within("Provider")),
        "The services; empty if there are none.",
    )],
);

static PAYMENT_PROVIDER: Object = Object::new(
    "PaymentProvider",
    "A service that buys or sells eDaler.",
    &[
        SERVICE_ID,
        SERVICE_TYPE,
        SERVICE_NAME,
        ICON_URL,
        ICON_WIDTH,
        ICON_HEIGHT,
        Output::optional(
            "templateId",
            OutputKind::Text,
            "The template of the contract that begins the transaction, which is then signed instead of initiated.",
        ),
    ],
);

static TRANSACTION_INFORMATION: Object = Object::new(
    "TransactionInformation",
    "A transaction with a service that buys or sells eDaler.",
    &[
        Output::required("id", OutputKind::Text, "The transaction."),
        Output::required("state", OutputKind::Text, "How far it is.").known(&[
            "Created",
            "Preparing",
            "Prepared",
            "Executing",
            "Executed",
            "Committing",
            "Committed",
            "RollingBack",
            "RolledBack",
            "Error",
        ]),
        Output::required("started", OutputKind::DateTime, "When it began"),
        Output::optional("ended", OutputKind::DateTime, "When it ended"),
        Output::required("serviceId", OutputKind::Text, "The `id` of the service."),
        Output::required("serviceProvider", OutputKind::Text, "Its `type`."),
        Output::optional("amount", OutputKind::Decimal, "How much eDaler."),
        Output::optional("currency", OutputKind::Text, "The currency, by ISO 4217."),
        Output::optional("successUrl", OutputKind::Text, "Where the person goes afterwards."),
        Output::optional("failureUrl", OutputKind::Text, "Where the person goes if it fails."),
        Output::optional("cancelUrl", OutputKind::Text, "Where the person goes who cancels it."),
        Output::optional("clientUrl", OutputKind::Text, "Where the person goes to pay."),
    ],
);
