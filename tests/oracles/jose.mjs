// npm jose, flattened and general JWS.
//   node jose.mjs verify   [{jws, spki, alg}…] to [{payload, header} or {refused}…]
//   node jose.mjs sign     [{alg, typ, payload}…] to [{jws, general, spki}…]   (payloads and keys are base64)
import { readFileSync } from "node:fs";
import * as jose from "jose";

const asked = JSON.parse(readFileSync(0, "utf8"));

const pem = (spki) => `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`;
const bare = (text) => text.replace(/-----[^-]*-----|\s/g, "");

async function verify({ jws, spki, alg }) {
    try {
        const key = await jose.importSPKI(pem(spki), alg);
        const check = jws.signatures ? jose.generalVerify : jose.flattenedVerify;
        const good = await check(jws, key, { algorithms: [alg] });
        return { payload: Buffer.from(good.payload).toString("base64"), header: good.protectedHeader };
    } catch (error) {
        return { refused: error.code ?? String(error) };
    }
}

async function sign({ alg, typ, payload }) {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
    const bytes = Buffer.from(payload, "base64");
    const header = { alg, typ };
    const jws = await new jose.FlattenedSign(bytes).setProtectedHeader(header).sign(privateKey);
    const general = await new jose.GeneralSign(bytes).addSignature(privateKey).setProtectedHeader(header).sign();
    return { jws, general, spki: bare(await jose.exportSPKI(publicKey)) };
}

const work = { verify, sign }[process.argv[2]];
process.stdout.write(JSON.stringify(await Promise.all(asked.map(work))));
