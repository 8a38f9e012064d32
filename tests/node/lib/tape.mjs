// The records of validators, one entry a validation, in typed arrays that grow.

export class Tape {
  #startedAt = new Float64Array(1 << 14);
  #target = new Uint16Array(1 << 14);
  #gave = new Uint8Array(1 << 14);
  length = 0;

  add(startedAt, target, gave) {
    if (this.length === this.#gave.length) {
      this.#startedAt = grown(this.#startedAt);
      this.#target = grown(this.#target);
      this.#gave = grown(this.#gave);
    }
    this.#startedAt[this.length] = startedAt;
    this.#target[this.length] = target;
    this.#gave[this.length] = gave ? 1 : 0;
    this.length++;
  }

  record() {
    return {
      startedAt: this.#startedAt.slice(0, this.length),
      target: this.#target.slice(0, this.length),
      gave: this.#gave.slice(0, this.length),
    };
  }
}

function grown(array) {
  const copy = new array.constructor(array.length * 2);
  copy.set(array);
  return copy;
}

/**
 * Counts, in one record, the validations, those that were begun after the change of their target had returned, and among these
 * the violations: answers as before the change. Also notes in `warm` the targets that were answered as before it before it was called.
 */
export function judge({ startedAt, target, gave }, changes, warm = []) {
  const count = { validations: gave.length, afterReturn: 0, violations: 0, byKind: {}, latestNs: 0 };
  for (let i = 0; i < gave.length; i++) {
    const change = changes[target[i]];
    const asBefore = (gave[i] === 0) === (change.gives === true);
    if (asBefore && startedAt[i] < change.calledAt) warm[target[i]] = 1;
    if (startedAt[i] <= change.returnedAt) continue;
    count.afterReturn++;
    if (asBefore) {
      count.violations++;
      count.byKind[change.kind] = (count.byKind[change.kind] ?? 0) + 1;
      count.latestNs = Math.max(count.latestNs, startedAt[i] - change.returnedAt);
    }
  }
  return count;
}
