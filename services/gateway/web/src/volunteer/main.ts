import { createApp } from "vue";
import { createRouter, createWebHistory } from "vue-router";
import "../common/common.css";
import "./volunteer.css";
import Activities from "./Activities.vue";
import Volunteer from "./Volunteer.vue";

const router = createRouter({
  history: createWebHistory("/volunteer"),
  routes: [
    { path: "/", component: Activities },
    { path: "/activities/:id(\\d+)", component: () => import("./Activity.vue"), props: (route) => ({ id: Number(route.params.id) }) },
    { path: "/places", component: () => import("./Places.vue") },
    { path: "/needs", component: () => import("./Needs.vue") },
    { path: "/ward", component: () => import("./Ward.vue") },
    { path: "/notices", component: () => import("./Notices.vue") },
    { path: "/stars", component: () => import("./Stars.vue") },
    { path: "/time-bank", component: () => import("./TimeBank.vue") },
    { path: "/organisations", component: () => import("./Organisations.vue") },
    { path: "/me", component: () => import("./Mine.vue") },
    { path: "/place/:id(\\d+)", component: () => import("./PlaceCode.vue"), props: (route) => ({ id: Number(route.params.id) }) },
  ],
});

createApp(Volunteer).use(router).mount("#app");
