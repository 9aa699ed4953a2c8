// Encrypts or decrypts standard input with the npm package age-encryption:
//   node age.mjs encrypt RECIPIENT | encrypt-passphrase PASSPHRASE | decrypt IDENTITY | decrypt-passphrase PASSPHRASE
import { webcrypto } from "node:crypto";
import { Decrypter, Encrypter } from "age-encryption";
import { readFileSync, writeSync } from "node:fs";

globalThis.crypto ??= webcrypto; // Node 18, which is Debian 12's, has it but not by this name

const [action, key] = process.argv.slice(2);
const encrypter = new Encrypter();
encrypter.setScryptWorkFactor(10);
const decrypter = new Decrypter();
const actions = {
  "encrypt": (data) => (encrypter.addRecipient(key), encrypter.encrypt(data)),
  "encrypt-passphrase": (data) => (encrypter.setPassphrase(key), encrypter.encrypt(data)),
  "decrypt": (data) => (decrypter.addIdentity(key), decrypter.decrypt(data)),
  "decrypt-passphrase": (data) => (decrypter.addPassphrase(key), decrypter.decrypt(data)),
};

let output = await actions[action](new Uint8Array(readFileSync(0)));
while (output.length) output = output.subarray(writeSync(1, output));
