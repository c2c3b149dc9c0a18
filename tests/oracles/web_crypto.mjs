// Loaded before every oracle script: Node 18 has Web Crypto, but not as a global.
import { webcrypto } from "node:crypto";
globalThis.crypto ??= webcrypto;
