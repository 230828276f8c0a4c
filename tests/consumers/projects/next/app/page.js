import { AgentAPI } from "neuron-agent-api";
import { story } from "../../story.mjs";
import { Client } from "./client.js";

// Runs while the project is built, and never again.
export default async function Page() {
  const result = await story(AgentAPI, process.env.BROKER);
  return (
    <>
      <pre id="prerendered">{JSON.stringify(result)}</pre>
      <Client />
    </>
  );
}
