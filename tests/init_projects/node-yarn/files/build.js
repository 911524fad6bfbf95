const { mkdirSync, writeFileSync } = require("node:fs");
const { lasts } = require("./rope.js");

mkdirSync("dist", { recursive: true });
writeFileSync("dist/index.html", `<p>${lasts(1)}</p>\n`);
