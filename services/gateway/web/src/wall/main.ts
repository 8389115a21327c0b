import { createApp } from "vue";
import { createRouter, createWebHistory } from "vue-router";
import "../common/common.css";
import "./wall.css";
import Working from "./Working.vue";
import Wall from "./Wall.vue";

const router = createRouter({
  history: createWebHistory("/wall"),
  routes: [
    { path: "/", component: Working },
    { path: "/live", component: () => import("./Live.vue") },
  ],
});

createApp(Wall).use(router).mount("#app");
