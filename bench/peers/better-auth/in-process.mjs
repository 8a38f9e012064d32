// Validates keys that this process keeps, one after another, and measures itself.
//
//   node in-process.mjs KEYS SECONDS

import { createAuth } from './auth.mjs';
import { newKey } from './keys.mjs';

const [keys, seconds] = process.argv.slice(2).map(Number);
const auth = createAuth('memory');
const values = [];
for (let i = 0; i < keys; i++) values.push((await newKey(auth, i)).key);

async function validate() {
  const { valid } = await auth.api.verifyApiKey({ body: { key: values[Math.floor(Math.random() * keys)] } });
  if (!valid) throw new Error('A good key was denied.');
}

async function measure(nanoseconds) {
  const end = process.hrtime.bigint() + BigInt(Math.round(seconds * 1e9));
  const began = process.hrtime.bigint();
  let last = began;
  while (last < end) {
    await validate();
    const now = process.hrtime.bigint();
    nanoseconds.push(Number(now - last));
    last = now;
  }
  return (nanoseconds.length * 1e9) / Number(last - began);
}

// The first pass includes compilation.
await measure([]);
const nanoseconds = [];
const perSecond = await measure(nanoseconds);
nanoseconds.sort((a, b) => a - b);
const at = (share) => nanoseconds[Math.floor(share * (nanoseconds.length - 1))];
console.log(JSON.stringify({ p50: at(0.5), p99: at(0.99), perSecond }));
process.exit();
