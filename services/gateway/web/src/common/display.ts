import { reactive, watchEffect } from "vue";

/** How somebody wants to read; kept in this browser, and nothing of it says who they are. */
export interface Display {
  language: "zh" | "en";
  size: "normal" | "large" | "largest";
  scheme: "light" | "dark" | "contrast";
}

const KEY = "display";
const usual: Display = {
  language: "zh",
  size: "normal",
  scheme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
};

export const display = reactive<Display>({ ...usual, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") });

watchEffect(() => {
  const root = document.documentElement;
  root.lang = display.language === "en" ? "en" : "zh-CN";
  root.dataset.size = display.size;
  root.dataset.scheme = display.scheme;
  root.classList.toggle("dark", display.scheme !== "light");
  localStorage.setItem(KEY, JSON.stringify(display));
});

/** One of the two, as the reader chose. */
export function t(chinese: string, english: string): string {
  return display.language === "en" ? english : chinese;
}
