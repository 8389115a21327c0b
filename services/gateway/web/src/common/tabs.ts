/** What one tab of a session has got from the gateway, good until a moment of the machine's clock. */
export interface Renewed {
  refresh: string;
  access: string;
  until: number;
}

/** What tabs that share a session, as a tab and its double do, tell one another; `family` is the session's name. */
export type Word = { family: string } & ({ says: "renewed"; what: Renewed } | { says: "asks" } | { says: "ended" });

const ANSWER = 60;
const channel = new BroadcastChannel("session");

export function tell(word: Word): void {
  channel.postMessage(word);
}

export function hear(take: (word: Word) => void): void {
  channel.onmessage = (event: MessageEvent<Word>) => take(event.data);
}

/** A name that no other session has. */
export function newFamily(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

/** Do something while no other tab of the session does, and after the others had time to tell what they have. */
export async function inTurn<Done>(family: string, work: () => Promise<Done>): Promise<Done> {
  const turn = async () => {
    tell({ family, says: "asks" });
    await new Promise((done) => setTimeout(done, ANSWER));
    return work();
  };
  return "locks" in navigator ? navigator.locks.request(`session ${family}`, turn) : turn();
}
