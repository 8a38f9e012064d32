// Runs the official engine over a line protocol. A call is ["function", ["text"…], "json" | null]; its answer is the function's unchanged
// result. The engine leaks memory with each refusal: "renew" starts a new one, without any prepared sets.
// The package takes and returns objects, which cannot hold a number of 64 bits. It converts them to JSON and back with JSON.stringify and
// JSON.parse: while a function runs, these pass the text through.
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

function call(name, texts, json) {
  JSON.stringify = (raw) => raw.json;
  JSON.parse = (text) => ({ json: text });
  try {
    return engine[name](...texts, ...(json === null ? [] : [{ json }])).json;
  } catch (error) {
    const message = String(error);
    // The engine throws for arguments of the wrong shape. A panic or an overflow is not an answer, and leaves the engine unusable.
    if (!(error instanceof WebAssembly.RuntimeError)
      && !(error instanceof RangeError)) return stringify({ type: 'failure', errors: [{ message }] });
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
  else process.stdout.write(`${call(...parse(line))}\n`);
}
