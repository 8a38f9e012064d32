// One round of the ledger: the operations of its hands, and the condition of its end.

export class Round {
  isOver = false;
  unknown = [];
  undone = [];
  touched = new Set();
  seenLive = [];
  #awaited = null;

  constructor(mark) {
    this.mark = mark;
  }

  touch(subject) {
    if (subject) this.touched.add(subject);
  }

  acknowledged() {
    if (this.#awaited && --this.#awaited.left === 0) this.#awaited.reached();
  }

  /** Waits until that many more calls were acknowledged, or the round is over. */
  acknowledgements(left) {
    return new Promise((reached) => {
      this.#awaited = { left, reached };
    });
  }

  end() {
    this.isOver = true;
    this.#awaited?.reached();
  }

  /** All hands work until the kill and the restart are over; a failing hand ends the round. */
  async run(workers, striker) {
    const guarded = async (work) => {
      try {
        await work();
      } catch (error) {
        this.end();
        throw error;
      }
    };
    const all = [...workers.map(guarded), guarded(striker).finally(() => this.end())];
    for (const { status, reason } of await Promise.allSettled(all)) if (status === 'rejected') throw reason;
  }
}
