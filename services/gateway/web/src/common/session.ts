import createClient, { type Client, type Middleware } from "openapi-fetch";
import { ref, shallowRef } from "vue";
import { hear, inTurn, newFamily, tell, type Renewed } from "./tabs";
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
  family: string;
  refresh: string;
  until: number;
  me: Me;
}

const KEY = "session";
const EARLY = 30_000;
let access = "";
let until = 0;
let renewing: Promise<void> | null = null;

/** Whoever is signed in on this tab; kept until the tab closes, so that a reload, even offline, loses nobody. */
export const me = shallowRef<Me | null>(kept()?.me ?? null);

/** Whether the session has ended by itself while somebody was at work: their page waits for them to come back. */
export const lapsed = ref(false);
let waits = false;

/** Let this page keep what is on it when the session ends by itself. */
export function waitForReturn(): void {
  waits = true;
}

function kept(): Kept | null {
  const known: Kept | null = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  return known?.family ? known : null;
}

function keep(session: Kept): void {
  sessionStorage.setItem(KEY, JSON.stringify(session));
}

async function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

function renewed(tokens: Tokens): Renewed {
  return { access: tokens.access_token, refresh: tokens.refresh_token, until: Date.now() + tokens.expires_in * 1000 - EARLY };
}

function take(session: Kept, what: Renewed): void {
  ({ access, until } = what);
  keep({ ...session, refresh: what.refresh, until });
}

hear((word) => {
  const session = kept();
  if (!session || word.family !== session.family) return;
  if (word.says === "ended") forget();
  else if (word.says === "asks" && access) tell({ family: session.family, says: "renewed", what: { access, refresh: session.refresh, until } });
  else if (word.says === "renewed" && word.what.until >= session.until) take(session, word.what);
});

async function enter(answer: Response): Promise<Problem | null> {
  if (!answer.ok) return answer.json();
  const now = renewed(await answer.json());
  const told = await fetch("/auth/me", { headers: { authorization: `Bearer ${now.access}` } });
  if (!told.ok) return told.json();
  const who: Me = await told.json();
  take({ family: newFamily(), refresh: now.refresh, until: now.until, me: who }, now);
  me.value = who;
  lapsed.value = false;
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

/** Sign out here and in every tab that shares the session. */
export async function signOut(): Promise<void> {
  const session = kept();
  forget();
  if (!session) return;
  tell({ family: session.family, says: "ended" });
  await post("/auth/revoke", { token: session.refresh }).catch(() => undefined);
}

function forget(): void {
  sessionStorage.removeItem(KEY);
  access = "";
  me.value = null;
  lapsed.value = false;
}

/** The session has ended by itself. */
function lapse(): void {
  const who = me.value;
  forget();
  if (!waits || !who) return;
  me.value = who;
  lapsed.value = true;
}

/** Have a new token, or take the one that another tab has; `anew` where that is not good enough. */
async function renew(anew: boolean): Promise<void> {
  const before = kept();
  if (!before) return;
  await inTurn(before.family, () => {
    if (anew) access = "";
    return renewNow();
  });
}

function renewOnce(anew: boolean): Promise<void> {
  renewing ??= renew(anew).finally(() => (renewing = null));
  return renewing;
}

async function renewNow(): Promise<void> {
  const session = kept();
  if (!session || good()) return;
  const answer = await post("/auth/token", { grant_type: "refresh_token", refresh_token: session.refresh });
  if (answer.status === 401) lapse();
  if (!answer.ok) return;
  const what = renewed(await answer.json());
  take(session, what);
  tell({ family: session.family, says: "renewed", what });
}

function good(): boolean {
  return !!access && Date.now() <= until;
}

/** A token that is good for a while; fails like any request when there is no network. */
export async function token(): Promise<string> {
  if (!good()) await renewOnce(false);
  return access;
}

const signed: Middleware = {
  async onRequest({ request }) {
    const bearer = await token();
    if (bearer) request.headers.set("authorization", `Bearer ${bearer}`);
    return request;
  },
  /** What is good by the clock may have been ended elsewhere: whether it was is asked at once. */
  async onResponse({ response }) {
    if (response.status === 401 && access) await renewOnce(true).catch(() => undefined);
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
  await renewOnce(true);
  const told = await fetch("/auth/me", { headers: { authorization: `Bearer ${access}` } });
  const now = kept();
  if (!told.ok || !now) return;
  const who: Me = await told.json();
  keep({ ...now, me: who });
  me.value = who;
}

/** Have a one-time code sent to a phone; what is wrong, or nothing. */
export async function askCode(phone: string): Promise<Problem | null> {
  const answer = await post("/auth/otp", { phone });
  return answer.ok ? null : answer.json();
}
