/** What each contender does for the page that measures it. */
export interface Contender {
  roster(offset: number, maxCount: number): Promise<{ RosterItems: readonly object[] }>;
  subscribe(to: string, customXml: string): Promise<unknown>;
}

/** Prepares a contender for a broker's URL, with a token of a session there. */
export type Start = (broker: string, token: string) => Promise<Contender>;
