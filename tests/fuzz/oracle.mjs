// The official engine, spoken to in lines. A question is ["function", ["text"…], "json" | null]; its answer is the function's result, as it gives it. It
// loses memory with each refusal: "renew" begins with a new one, to which nothing was prepared.
// The package takes and gives objects, and a number of 64 bits would not outlive that. It turns them into JSON and back with JSON.stringify and JSON.parse:
// while a function runs, these pass the text through.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { parse, stringify } = JSON;
const path = require.resolve('@cedar-policy/cedar-wasm/nodejs');
let engine = require(path);

function renew() {
  delete require.cache[path];
  engine = require(path);
}

function ask(name, texts, json) {
  JSON.stringify = (raw) => raw.json;
  JSON.parse = (text) => ({ json: text });
  try {
    return engine[name](...texts, ...(json === null ? [] : [{ json }])).json;
  } catch (error) {
    const message = String(error);
    // It refuses what has not the shape of its arguments with an exception; a panic or an overflow is none of its answers, and leaves it unusable.
    if (!(error instanceof WebAssembly.RuntimeError) && !(error instanceof RangeError)) return stringify({ type: 'failure', errors: [{ message }] });
    JSON.stringify = stringify;
    JSON.parse = parse;
    renew();
    return stringify({ type: 'breakdown', message });
  } finally {
    JSON.stringify = stringify;
    JSON.parse = parse;
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line === 'renew') renew();
  else process.stdout.write(`${ask(...parse(line))}\n`);
}
