import { Worker } from "node:worker_threads";

const worker = new Worker(new URL("thread.mjs", import.meta.url), { workerData: process.argv[2] });
worker.on("message", (result) => console.log(JSON.stringify(result)));
