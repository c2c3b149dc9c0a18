// npm canonicalize (RFC 8785), one answer a line.
//   node canonicalize.mjs trees     a JSON array of trees
//   node canonicalize.mjs numbers   doubles as 16 hexadecimal digits, one a line
import { readFileSync } from "node:fs";
import canonicalize from "canonicalize";

const input = readFileSync(0, "utf8");
const double = (hex) => new DataView(new Uint8Array(Buffer.from(hex, "hex")).buffer).getFloat64(0);
const read = {
    trees: () => JSON.parse(input),
    numbers: () => input.trim().split("\n").map(double),
}[process.argv[2]];
process.stdout.write(read().map((value) => canonicalize(value) + "\n").join(""));
