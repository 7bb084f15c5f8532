// Reads {"seeds": [[seed, public key], …]} on stdin; answers with how many it
// derives alike, what it makes itself, and how many broken ones it refuses.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.argv[2] + "/");
const nkeys = require("nkeys.js");
const input = JSON.parse(readFileSync(0, "utf8"));
const bytes = (s) => new TextEncoder().encode(s);
const text = (b) => new TextDecoder().decode(b);

const refuses = (seed) => {
  try {
    nkeys.fromSeed(bytes(seed));
    return false;
  } catch {
    return true;
  }
};

let alike = 0;
for (const [seed, publicKey] of input.seeds) {
  if (nkeys.fromSeed(bytes(seed)).getPublicKey() === publicKey) alike++;
}
const theirs = Array.from({ length: 200 }, () => {
  const pair = nkeys.createCluster();
  return [text(pair.getSeed()), pair.getPublicKey()];
});
const refused = input.broken.filter(refuses).length;
console.log(JSON.stringify({ alike, theirs, refused }));
