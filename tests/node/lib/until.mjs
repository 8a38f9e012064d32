// Waiting for a condition: asked again and again until a deadline, never a fixed sleep.

import { setTimeout as pause } from 'node:timers/promises';

const pollEveryMs = 10;

/** The first truthy answer of `ask`; an error that says what was waited for once the deadline has passed. */
export async function until(what, ask, withinMs = 10_000) {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain for ${what}.`);
    await pause(pollEveryMs);
  }
}

/** Runs `action` for every item, at most `width` at a time; the answers come in the items' order. */
export async function eachOf(items, width, action) {
  const answers = new Array(items.length);
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < items.length; i = next++) answers[i] = await action(items[i], i);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return answers;
}
