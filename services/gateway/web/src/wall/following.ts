import { token } from "../common/session";
import type { Figures } from "./figures";

/** Longer than the stream is silent while it lives: it says so when nothing is new. */
const SILENCE = 12_000;
const AGAIN = 2_000;

/** Follow an area's figures until it is aborted: whatever comes is handed on, and so is whether the stream lives. */
export async function follow(area: string, signal: AbortSignal, take: (figures: Figures) => void, lives: (now: boolean) => void): Promise<void> {
  const seen = { last: "" };
  while (!signal.aborted) {
    const watch = new Watch(signal);
    try {
      await Promise.race([watch.cut, listen(area, watch, seen, take, () => lives(true))]);
    } catch {
      if (signal.aborted) return;
      lives(false);
      await new Promise((done) => setTimeout(done, AGAIN));
    } finally {
      watch.end();
    }
  }
}

/** Ends a stream from which nothing is heard any more: one that was cut off says nothing of it. */
class Watch {
  private readonly ended = new AbortController();
  private readonly ends = () => this.ended.abort();
  private timer = 0;
  readonly signal = this.ended.signal;
  readonly cut = new Promise<never>((_, fails) => this.signal.addEventListener("abort", () => fails(this.signal.reason)));

  constructor(private readonly whole: AbortSignal) {
    whole.addEventListener("abort", this.ends);
    addEventListener("offline", this.ends);
    this.heard();
  }

  heard(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(this.ends, SILENCE);
  }

  end(): void {
    clearTimeout(this.timer);
    this.whole.removeEventListener("abort", this.ends);
    removeEventListener("offline", this.ends);
    this.cut.catch(() => undefined);
    this.ends();
  }
}

async function listen(area: string, watch: Watch, seen: { last: string }, take: (figures: Figures) => void, heard: () => void): Promise<void> {
  const headers: Record<string, string> = { authorization: `Bearer ${await token()}` };
  if (seen.last) headers["last-event-id"] = seen.last;
  const answer = await fetch(`/api/metrics/v1/areas/${area}/changes`, { headers, signal: watch.signal });
  if (!answer.ok || !answer.body) throw new Error(String(answer.status));
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    watch.heard();
    heard();
    text += value;
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const field = (name: string) => event.split("\n").find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      seen.last = field("id") ?? seen.last;
      const data = field("data");
      if (data) take(JSON.parse(data));
    }
  }
}
