import { parentPort, workerData } from "node:worker_threads";
import { AgentAPI } from "neuron-agent-api";
import { story } from "../story.mjs";

parentPort.postMessage(await story(AgentAPI, workerData));
