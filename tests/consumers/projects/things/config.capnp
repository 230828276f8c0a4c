# As for the workerd project: the bundle, and each WebAssembly file as a module beside it.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    # By default a worker reaches only public addresses.
    (name = "broker", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "agentapi.wasm", wasm = embed "../node_modules/neuron-agent-api/pkg/agentapi.wasm"),
  ],
  compatibilityDate = "2026-11-17",
  globalOutbound = "broker",
);
