# One client for all requests, in a runtime that tells no request what another resolves.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "broker", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "shared.js", esModule = embed "dist/shared.js"),
    (name = "agentapi.wasm", wasm = embed "../node_modules/neuron-agent-api/pkg/agentapi.wasm"),
  ],
  compatibilityDate = "2024-01-01",
  globalOutbound = "broker",
);
