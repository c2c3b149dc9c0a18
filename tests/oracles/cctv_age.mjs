// Writes the cctv-age test files into a folder:   node cctv_age.mjs FOLDER
// NAME.head is a file's text head, NAME.age the age file itself, decompressed where the head says so.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import * as vectors from "cctv-age";

for (const [name, bytes] of Object.entries(vectors.default ?? vectors)) {
    const file = Buffer.from(bytes);
    const end = file.indexOf("\n\n");
    const head = file.subarray(0, end + 1).toString("latin1");
    const body = file.subarray(end + 2);
    writeFileSync(join(process.argv[2], name + ".head"), head);
    writeFileSync(join(process.argv[2], name + ".age"), /^compressed: zlib$/m.test(head) ? inflateSync(body) : body);
}
