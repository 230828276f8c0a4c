// What a broker says to the story, for libraries that answer in its place.

// Nobody listens there, so that what is not answered in its place fails.
export const HOST = "localhost:65535";

const contact = { bareJid: "bob@localhost", pendingSubscription: true, status: "None", name: "", Groups: [] };

export const ANSWERS = {
  "/Agent/Account/Login": { jwt: "a.b.c", expires: Math.floor(Date.now() / 1000) + 60 },
  "/Agent/Xmpp/SendPresenceSubscription": { sent: true, id: "1", RosterItem: contact },
  "/Agent/Xmpp/GetRoster": { RosterItems: [contact] },
};
