import { createApp } from "vue";
import { createRouter, createWebHistory } from "vue-router";
import "../common/common.css";
import "./desk.css";
import Desk from "./Desk.vue";
import TakeIn from "./TakeIn.vue";
import { kept } from "./outbox";

const router = createRouter({
  history: createWebHistory("/desk"),
  routes: [
    { path: "/", component: TakeIn },
    { path: "/outbox", component: () => import("./Outbox.vue") },
    { path: "/work", component: () => import("./Work.vue") },
  ],
});

createApp(Desk).use(router).mount("#app");

/** Keep every part of this page on the machine, so that it opens without a network. */
async function keepParts() {
  await Promise.all([import("./Outbox.vue"), import("./Work.vue")]);
  await navigator.serviceWorker.register("/desk/worker.js", { scope: "/desk" });
  const { active } = await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map((one) => one.name);
  navigator.serviceWorker.addEventListener("message", () => (kept.value = true));
  active?.postMessage({ parts: parts.filter((one) => /\/(apps|pages)\/assets\//.test(one)) });
}

if ("serviceWorker" in navigator) void keepParts();
