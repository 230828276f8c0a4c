import { AgentAPI } from "neuron-agent-api";
import { useEffect, useState } from "react";
import { story } from "../../../story.mjs";

const hostIn = (url) => new URL(url).searchParams.get("host");

export function loader({ request }) {
  return story(AgentAPI, hostIn(request.url));
}

export default function Home({ loaderData }) {
  const [result, setResult] = useState();
  useEffect(() => {
    story(AgentAPI, hostIn(location.href)).then(setResult);
  }, []);
  return (
    <>
      <pre id="server">{JSON.stringify(loaderData)}</pre>
      {result && <pre id="client">{JSON.stringify(result)}</pre>}
    </>
  );
}
