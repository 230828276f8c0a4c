"use client";

import { useEffect, useState } from "react";
import { AgentAPI } from "neuron-agent-api";
import { story } from "../../story.mjs";

export function Client() {
  const [result, setResult] = useState();
  useEffect(() => {
    story(AgentAPI, new URLSearchParams(location.search).get("host")).then(setResult);
  }, []);
  return result && <pre id="client">{JSON.stringify(result)}</pre>;
}
