import { Component, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { AgentAPI } from "neuron-agent-api";

// As story.mjs, in the types of the package.
async function story(host: string) {
  AgentAPI.IO.SetHost(host, false);
  await AgentAPI.Account.Login("alice", "wonderland", 60);
  const { sent, RosterItem } = await AgentAPI.Xmpp.SendPresenceSubscription("bob@localhost");
  const { RosterItems } = await AgentAPI.Xmpp.GetRoster();
  const roster = RosterItems?.map(({ bareJid }) => bareJid);
  return { sent, pending: RosterItem?.pendingSubscription, roster };
}

@Component({ selector: "app-story", template: `<pre id="client">{{ shown() }}</pre>` })
class Story {
  readonly shown = signal("");

  constructor() {
    const host = new URLSearchParams(location.search).get("host") ?? "";
    story(host).then((result) => this.shown.set(JSON.stringify(result)));
  }
}

bootstrapApplication(Story);
