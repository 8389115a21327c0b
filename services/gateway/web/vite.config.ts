import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";

const built = "../src/onewindow_gateway/apps/built";

/** The gateway sends what was compressed once, here. */
function compressed(): Plugin {
  return {
    name: "compressed",
    closeBundle() {
      for (const name of readdirSync(join(built, "assets")))
        writeFileSync(join(built, "assets", `${name}.gz`), gzipSync(readFileSync(join(built, "assets", name)), { level: 9 }));
    },
  };
}

export default defineConfig({
  base: "/apps/",
  plugins: [vue(), compressed()],
  build: {
    outDir: built,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: { input: ["desk.html", "wall.html", "volunteer.html"] },
  },
});
