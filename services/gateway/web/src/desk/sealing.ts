import { gateway, newKey } from "../common/session";

/** A value as it lies on the machine: nothing can be read in it without the key. */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}

interface Held {
  subject: string;
  key: string;
}

/** Beside the session, and for as long: a reload without a network finds it again. */
const HELD = "desk-key";
const NONCE = 12;
let key: CryptoKey | null = null;

/** Name of this installation; names of cases are unique in it, and keys are for it. */
export function machine(): string {
  const known = localStorage.getItem("client") ?? newKey();
  localStorage.setItem("client", known);
  return known;
}

function held(subject: string): string | null {
  const known: Held | null = JSON.parse(sessionStorage.getItem(HELD) ?? "null");
  return known?.subject === subject ? known.key : null;
}

async function fetched(subject: string): Promise<string | null> {
  const told = await gateway.GET("/auth/desk-keys/{machine}", { params: { path: { machine: machine() } } }).catch(() => undefined);
  if (!told?.data) return null;
  sessionStorage.setItem(HELD, JSON.stringify({ subject, key: told.data.key } satisfies Held));
  return told.data.key;
}

/** Take the key of whoever has signed in; false where neither this tab nor the gateway has it now. */
export async function unlock(subject: string): Promise<boolean> {
  const digits = held(subject) ?? (await fetched(subject));
  if (!digits) return false;
  const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  return true;
}

/** Forget the key: what lies on the machine stays sealed until its clerk signs in again. */
export function lock(): void {
  key = null;
  sessionStorage.removeItem(HELD);
}

/** Seal a value; it opens only for the same account and name. */
export async function seal(value: unknown, bound: string): Promise<Sealed> {
  if (!key) throw new Error("locked");
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const text = new TextEncoder().encode(JSON.stringify(value));
  return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(bound) }, key, text) };
}

/** Open what was sealed; null where it was sealed under another key, or changed since. */
export async function unseal<Value>({ iv, sealed }: Sealed, bound: string): Promise<Value | null> {
  if (!key) return null;
  const additionalData = new TextEncoder().encode(bound);
  const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, sealed).catch(() => null);
  return text && JSON.parse(new TextDecoder().decode(text));
}
