// age-encryption over the files of a folder.
//   node age.mjs keys                    one identity and its recipient of each kind, as JSON
//   node age.mjs seal FOLDER RECIPIENT   *.plain to *.age
//   node age.mjs open FOLDER IDENTITY    *.age to *.opened
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as age from "age-encryption";

const [verb, folder, key] = process.argv.slice(2);

async function convert(from, to, work) {
    for (const name of readdirSync(folder).filter((n) => n.endsWith(from))) {
        const bytes = new Uint8Array(readFileSync(join(folder, name)));
        writeFileSync(join(folder, name.slice(0, -from.length) + to), await work(bytes));
    }
}

async function pair(make) {
    const identity = await make();
    return { identity, recipient: await age.identityToRecipient(identity) };
}

if (verb === "keys") {
    const keys = { hybrid: await pair(age.generateHybridIdentity), x25519: await pair(age.generateX25519Identity) };
    process.stdout.write(JSON.stringify(keys));
} else if (verb === "seal") {
    const encrypter = new age.Encrypter();
    encrypter.addRecipient(key);
    await convert(".plain", ".age", (bytes) => encrypter.encrypt(bytes));
} else if (verb === "open") {
    const decrypter = new age.Decrypter();
    decrypter.addIdentity(key);
    await convert(".age", ".opened", (bytes) => decrypter.decrypt(bytes));
} else {
    throw Error("unknown verb");
}
