// What a page does that has the addresses of the package's files.
import { story } from "./story.mjs";

export async function show(script, module) {
  const element = document.createElement("script");
  element.src = script;
  await new Promise((loaded, failed) => {
    element.onload = loaded;
    element.onerror = failed;
    document.head.append(element);
  });
  const result = await story(AgentAPI, new URLSearchParams(location.search).get("host"));
  const isWasm = WebAssembly.validate(await (await fetch(module)).arrayBuffer());
  document.body.textContent = JSON.stringify({ ...result, isWasm });
}
