import createClient, { type Client, type Middleware } from "openapi-fetch";
import { shallowRef } from "vue";
import type { components as Gateway, paths as GatewayPaths } from "./types/gateway";
import type { paths as IntakePaths } from "./types/intake";
import type { paths as CaseworkPaths } from "./types/casework";
import type { paths as VolunteersPaths } from "./types/volunteers";

export type Me = Gateway["schemas"]["MeOut"];
type Tokens = Gateway["schemas"]["TokenOut"];

/** What a service says is wrong (RFC 9457), with every wrong field. */
export interface Problem {
  status: number;
  type: string;
  title: string;
  detail?: string | null;
  errors?: readonly { loc?: readonly (string | number)[]; field?: string; detail: string }[];
}

interface Kept {
  refresh: string;
  me: Me;
}

const KEY = "session";
const EARLY = 30_000;
let access = "";
let until = 0;
let renewing: Promise<boolean> | null = null;

/** Whoever is signed in on this tab; kept until the tab closes, so that a reload, even offline, loses nobody. */
export const me = shallowRef<Me | null>(kept()?.me ?? null);

function kept(): Kept | null {
  return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
}

async function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

function take(tokens: Tokens): void {
  access = tokens.access_token;
  until = Date.now() + tokens.expires_in * 1000 - EARLY;
}

async function enter(answer: Response): Promise<Problem | null> {
  if (!answer.ok) return answer.json();
  const tokens: Tokens = await answer.json();
  take(tokens);
  const told = await fetch("/auth/me", { headers: { authorization: `Bearer ${access}` } });
  if (!told.ok) return told.json();
  const who: Me = await told.json();
  sessionStorage.setItem(KEY, JSON.stringify({ refresh: tokens.refresh_token, me: who }));
  me.value = who;
  return null;
}

/** Sign in by password; what is wrong, or nothing. */
export async function signIn(username: string, password: string): Promise<Problem | null> {
  return enter(await post("/auth/token", { username, password }));
}

/** Sign in by the code that was sent to a phone. */
export async function signInByCode(phone: string, code: string): Promise<Problem | null> {
  return enter(await post("/auth/otp/verify", { phone, code }));
}

export async function signOut(): Promise<void> {
  const session = kept();
  forget();
  if (session) await post("/auth/revoke", { token: session.refresh }).catch(() => undefined);
}

function forget(): void {
  sessionStorage.removeItem(KEY);
  access = "";
  me.value = null;
}

async function renew(): Promise<boolean> {
  const session = kept();
  if (!session) return false;
  const answer = await post("/auth/token", { grant_type: "refresh_token", refresh_token: session.refresh });
  if (!answer.ok) {
    if (answer.status === 401) forget();
    return false;
  }
  const tokens: Tokens = await answer.json();
  take(tokens);
  sessionStorage.setItem(KEY, JSON.stringify({ refresh: tokens.refresh_token, me: session.me }));
  return true;
}

/** A token that is good for a while; fails like any request when there is no network. */
export async function token(): Promise<string> {
  if (!access || Date.now() > until) {
    renewing ??= renew().finally(() => (renewing = null));
    await renewing;
  }
  return access;
}

const signed: Middleware = {
  async onRequest({ request }) {
    const bearer = await token();
    if (bearer) request.headers.set("authorization", `Bearer ${bearer}`);
    return request;
  },
};

function client<Paths extends object>(): Client<Paths> {
  const made = createClient<Paths>({ baseUrl: "/", querySerializer: { array: { style: "form", explode: true } } });
  made.use(signed);
  return made;
}

export const gateway = client<GatewayPaths>();
export const intake = client<IntakePaths>();
export const casework = client<CaseworkPaths>();
export const volunteers = client<VolunteersPaths>();

/** A fresh Idempotency-Key. */
export function newKey(): string {
  return crypto.randomUUID();
}

export function may(permission: Me["permissions"][number]): boolean {
  return me.value?.permissions.includes(permission) ?? false;
}

/** Ask again who one is: somebody who became a volunteer may do more with the next token. */
export async function refreshMe(): Promise<void> {
  until = 0;
  const bearer = await token();
  const told = await fetch("/auth/me", { headers: { authorization: `Bearer ${bearer}` } });
  const session = kept();
  if (!told.ok || !session) return;
  const who: Me = await told.json();
  sessionStorage.setItem(KEY, JSON.stringify({ ...session, me: who }));
  me.value = who;
}

/** Have a one-time code sent to a phone; what is wrong, or nothing. */
export async function askCode(phone: string): Promise<Problem | null> {
  const answer = await post("/auth/otp", { phone });
  return answer.ok ? null : answer.json();
}
