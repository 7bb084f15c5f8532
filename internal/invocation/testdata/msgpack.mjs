// Reads messages in hex, one a line of stdin; answers each with what
// @msgpack/msgpack reads in it, bytes in hex.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.argv[2] + "/");
const { decode } = require("@msgpack/msgpack");
const shown = (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value);

for (const line of readFileSync(0, "utf8").trim().split("\n")) {
  console.log(JSON.stringify(decode(Uint8Array.from(Buffer.from(line, "hex"))), shown));
}
