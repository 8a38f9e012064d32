/* The barrier: how a change is in force everywhere when its call returns.
 *
 * The guarantee: no validation that starts after a change's call has returned is answered from the state before it.
 *
 * One database, one key, at most two nodes and one replica. Each process is one loop of guarded commands, each of them
 * one indivisible step, and nothing ever obliges a process to take one: so every thread of every process can be paused
 * between any two steps for any time, every message delayed or lost, every link cut in either direction.
 * Time is a clock that ticks whenever it likes. All that is timed is a countdown, which keeps the state finite with no
 * bound on time. README.md says what this covers, and what it does not.
 *
 * `Without(RULE)` is true in the mutant that lacks that rule, and nowhere else.
 */

#include "mutants.h"

/* ---- configuration ------------------------------------------------------------------------------------------- */
#ifndef NODES
#define NODES 1        /* server nodes */
#endif
#ifndef CACHES
#define CACHES NODES   /* how many of them validate: a node without a cache is seen by others exactly as one with it */
#endif
#ifndef REPLICAS
#define REPLICAS 0     /* 0 or 1 */
#endif
#ifndef HITS
#define HITS 1         /* whether the nodes' own validations are looked at; without, only what fills their caches is */
#endif
#ifndef CHANGES
#define CHANGES 2      /* events that can be written */
#endif
#ifndef CALLS
#define CALLS CHANGES  /* callers: each makes one call, which changes something or finds it already so */
#endif
#ifndef REJOINS
#define REJOINS 1      /* registrations after the first */
#endif
#ifndef CRASHES
#define CRASHES 0      /* may a node's process die and start anew? */
#endif
#ifndef GAPS
#define GAPS 0         /* may a node find the log too short, and come back as new of its own accord? */
#endif
#ifndef STOPS
#define STOPS 0        /* may a node stop in good order, and start anew? */
#endif
#ifndef UNKNOWN
#define UNKNOWN 0      /* may COMMIT's answer be lost? */
#endif
#ifndef SILENT
#define SILENT 0       /* may a call find that there is nothing to do? */
#endif
#ifndef DBRESTARTS
#define DBRESTARTS 0   /* may the database restart, losing what was not durable? */
#endif
#ifndef OVERLAP
#define OVERLAP 0      /* may a renewal that was given up still be under way in the database? */
#endif
#ifndef RESTARTS
#define RESTARTS 0     /* may the replica's process die and start anew? */
#endif
#ifndef COMMIT_AT_ONCE
#define COMMIT_AT_ONCE 0  /* nothing that matters can happen between the read of the set and the commit: saves states */
#endif
#ifndef ATOMIC
#define ATOMIC 0
#endif
#ifndef CALM
#define CALM 0         /* all have joined, no time passes, no answer is lost: for mutants that need no more than that */
#endif
#ifndef L
#define L 1            /* the lease, in ticks */
#endif

#define Leased(n) (REPLICAS || (n) < CACHES)   /* whether anyone would see a difference in how long its lease lasts */
#define ROWS (NODES + REJOINS)
#define NONE 255

/* The version of the key in the state after event s: the last event up to s that touched it. */
#ifndef ELSEWHERE
#define ELSEWHERE 0    /* the event that touches something else */
#endif
#if ELSEWHERE
#define Version(s) ((s) == ELSEWHERE -> (s) - 1 : (s))
#else
#define Version(s) (s)
#endif
#define Touches(e) ((e) != ELSEWHERE)
#define Max(a, b) ((a) > (b) -> (a) : (b))

c_decl {
\#include "cover.h"
};
#define Reached(x) c_code { reached(x); }

/* ---- the database -------------------------------------------------------------------------------------------- */
byte head;                  /* the log's last event, which is the state */
byte lock;                  /* who holds the head row: a caller + 1, or 0 */
byte rows = NODES;          /* the node table: a row is an epoch, one registration of one node */
bool fenced[ROWS];
byte renewed[ROWS];
byte acked[ROWS];

/* ---- the callers --------------------------------------------------------------------------------------------- */
mtype:call = { idle, reading, locked, committed, waiting, returned_, unknown };
mtype:call call[CALLS] = idle;
byte seq[CALLS];            /* the event that the call waits for */
byte set[CALLS];            /* the epochs that it waits for: a bit for each row */
byte wait[CALLS];           /* what is left of the wait */
byte inforce;               /* the last event whose call has returned: what every later validation must know of */

/* ---- the nodes ----------------------------------------------------------------------------------------------- */
byte epoch[NODES];          /* the own row, or NONE */
bool joined[NODES];         /* has had a lease since registering */
bool stopping[NODES];
mtype:renewal = { none, sent, snapshot, answered, refused };
mtype:renewal renewal[NODES] = none;
byte read[NODES];           /* the head that the renewal read */
byte pending[NODES];        /* what is left of a lease that began when the renewal was sent */
byte lease[NODES];          /* what is left of the lease: the deadline, seen from now */
bool flag[NODES];           /* (mutant) "has a lease", cleared by a timer */
byte applied[NODES];
bool applying[NODES];       /* the cache knows of applied + 1, `applied` does not yet say so */
byte base[NODES];
byte touch[NODES];          /* the last applied event that touched the key */
byte entry[NODES];          /* the key's entry: its version + 1, or 0 */
#if OVERLAP
bool late[NODES];           /* a renewal that was given up and is still under way: its snapshot is taken */
byte lateread[NODES];
#endif

mtype:fill = { nofill, asked, leased, got, checked };
mtype:fill fill[NODES] = nofill;   /* a batch of reads on a miss, and those who joined it */
byte fillseq[NODES];        /* f */
byte fillver[NODES];        /* the row that was read */
byte fillknows[NODES];      /* what was in force when the last of them began */

bool hit[NODES];            /* a validation that has seen a lease, and now looks up */
byte hitknows[NODES];       /* what was in force when it began */
byte found[NODES];          /* (mutant) what it looked up first */

/* ---- the replica --------------------------------------------------------------------------------------------- */
#if REPLICAS
byte home;                  /* the node that it is connected to */
mtype:ask = { noask, asking, booked, granted };
mtype:ask ask = noask;
byte elapsed;               /* since it asked, up to L */
byte grant;                 /* the lease in the reply */
byte upto;                  /* the `applied` in the reply */
bool reset;                 /* the reply is a RESET */
byte stream;                /* events up to here have left the stream: (stream..applied] are on their way */
bool ready;                 /* has a state at all */
byte mine;
byte rbase;
byte rtouch;
byte rentry;
byte rlease;
mtype:fill rfill = nofill;
byte rfillnode;
byte rfillseq;
byte rfillver;
byte rfillknows;
bool rhit;
byte rhitknows;
byte term[NODES];        /* each node's book: what is left of the grant */
byte has[NODES];            /* and what the replica has acknowledged */
byte oldack;                /* (mutant) an acknowledgement on its way, + 1 */
#if RESTARTS
bool restarted;
#endif
#define Replicated(n, s) (term[n] == 0 || has[n] >= (s))
#else
#define Replicated(n, s) true
#endif

/* ---- a node's memory ----------------------------------------------------------------------------------------- */
inline Forget(n) { entry[n] = 0; touch[n] = 0; }

/* An answer of a validation: the version of the key that it was decided from, and what was in force when it began. */
inline Answered(version, knows) {
  assert(version >= Version(knows));
#if ATOMIC
  inforce = Max(inforce, version)  /* more than is promised: who has seen a change never sees the state before it again */
#endif
}

/* An event reaches a cache: odd ones drop the entry, even ones flip it. */
inline Apply(e, entry_, touch_) {
  if
  :: Touches(e) ->
     touch_ = e;
     if
     :: entry_ != 0 && e % 2 == 0 -> entry_ = e + 1
     :: else -> entry_ = 0
     fi
  :: else
  fi
}

inline Unregister(n) {
  if
  :: !Without(FLUSH_AT_REFENCE) -> lease[n] = 0; Forget(n);
  :: else
  fi;
  flag[n] = false; joined[n] = false; applying[n] = false; renewal[n] = none; read[n] = 0; pending[n] = 0;
  applied[n] = 0; base[n] = 0;
#if OVERLAP
  late[n] = false; lateread[n] = 0;
#endif
  epoch[n] = NONE
}

inline NoFill(n) { fill[n] = nofill; fillseq[n] = 0; fillver[n] = 0; fillknows[n] = 0 }

#if REPLICAS
inline NoAsk() { ask = noask; elapsed = 0; grant = 0; upto = 0; reset = false }
inline Book(n) {
  term[n] = Max(term[n], grant);
  if
  :: !Without(ASK_SETS_ACKNOWLEDGED) -> has[n] = mine
  :: else
  fi
}
inline NoRFill() { rfill = nofill; rfillseq = 0; rfillver = 0; rfillknows = 0; rfillnode = 0 }
#endif

/* ---- time ---------------------------------------------------------------------------------------------------- */
#define Down(x) x = (x > 0 -> x - 1 : 0)

proctype Clock() {
  byte i;
  do
  :: d_step {
       !CALM -> printf("clock: tick\n");
       i = 0;
       do
       :: i < NODES ->
          if
          :: lease[i] == 1 && entry[i] != 0 -> Reached(LEASE_RAN_OUT_WITH_AN_ENTRY)
          :: else
          fi;
          Down(lease[i]); Down(pending[i]);
#if REPLICAS
          Down(term[i]);
#endif
          i++
       :: else -> break
       od;
#if REPLICAS
       Down(rlease);
       if
       :: ask != noask && elapsed < L -> elapsed++
       :: else
       fi;
#endif
       i = 0;
       do
       :: i < CALLS -> Down(wait[i]); i++
       :: else -> break
       od;
       i = 0
     }
  /* The machine of a verifier is suspended, and its clock with it; other clocks go on. */
  :: d_step {
       Without(BOOT_CLOCK) ->
       printf("clock: tick, but the verifiers' clocks stand still\n");
       i = 0;
       do
       :: i < CALLS -> Down(wait[i]); i++
       :: else -> break
       od;
       i = 0
     }
#if REPLICAS
  :: d_step {
       Without(BOOT_CLOCK_OF_REPLICA) ->
       printf("clock: tick, but the replica's clock stands still\n");
       i = 0;
       do
       :: i < NODES -> Down(lease[i]); Down(pending[i]); Down(term[i]); i++
       :: else -> break
       od;
       i = 0;
       do
       :: i < CALLS -> Down(wait[i]); i++
       :: else -> break
       od;
       i = 0
     }
#endif
  /* A waiter's clock is stepped forward. One that stops is a waiter that is paused, which is always possible. */
  :: d_step {
       Without(MONOTONIC_WAIT) ->
       printf("clock: the waiters' clocks are stepped forward\n");
       i = 0;
       do
       :: i < CALLS -> wait[i] = 0; i++
       :: else -> break
       od;
       i = 0
     }
  od
}

/* ---- a change ------------------------------------------------------------------------------------------------ */
#define In(c, e) ((set[c] >> (e)) & 1)

inline ReadSet(c) {
  i = 0;
  set[c] = 0;
  do
  :: i < rows ->
     if
     :: !fenced[i] -> set[c] = set[c] | (1 << i)
     :: else
     fi;
     i++
  :: else -> break
  od;
  i = 0
}

/* Whether an epoch in the set has neither acknowledged nor been fenced. With a database that may lose acknowledgements
 * it matters that the caller strikes out each as it sees it. */
inline Look(c) {
  i = 0; missing = false;
  do
  :: i < rows ->
     if
     :: In(c, i) && (fenced[i] || acked[i] >= seq[c]) && DBRESTARTS -> set[c] = set[c] & ~(1 << i)
     :: In(c, i) && !(fenced[i] || acked[i] >= seq[c]) -> missing = true
     :: else
     fi;
     i++
  :: else -> break
  od;
  i = 0
}

/* Callers are alike: the order in which they begin is that of their numbers. */
#define MayBegin(c) ((c) == 0 || call[((c) == 0 -> 0 : (c) - 1)] != idle)

inline Commit(c) {
  head++; seq[c] = head; lock = 0;
  printf("call %d: event %d is committed\n", c, head);
  if
  :: UNKNOWN -> call[c] = committed
  :: else ->
     call[c] = waiting;
     if
     :: !Without(CLOCK_FROM_ANSWER) -> wait[c] = L
     :: else
     fi
  fi
}

proctype Caller(byte c) {
  byte i;
  bool missing;
  do
  /* The transaction: state changes, the head's lock, the set of epochs, the commit. */
  :: d_step {
       call[c] == idle && MayBegin(c) && Without(SET_UNDER_LOCK) ->
       ReadSet(c);
       call[c] = reading;
       printf("call %d: reads the node list before it has the head row\n", c)
     }
  :: d_step {
       (call[c] == idle || call[c] == reading) && MayBegin(c) && lock == 0 && head < CHANGES && !(Without(SET_UNDER_LOCK) && call[c] == idle) ->
       lock = c + 1;
       if
       :: call[c] == idle -> ReadSet(c)
       :: else
       fi;
       call[c] = locked;
       if
       :: Without(CLOCK_FROM_ANSWER) -> wait[c] = L
       :: else
       fi;
       printf("call %d: holds the head row, waits for epochs %d\n", c, set[c]);
#if COMMIT_AT_ONCE
       Commit(c)
#endif
     }
  :: d_step {
       call[c] == locked ->
       Commit(c)
     }
#if UNKNOWN
  :: d_step {
       call[c] == committed ->
       call[c] = waiting;
       if
       :: !Without(CLOCK_FROM_ANSWER) -> wait[c] = L
       :: else
       fi;
       printf("call %d: COMMIT is answered\n", c)
     }
  :: d_step {
       call[c] == committed -> call[c] = unknown; set[c] = 0; seq[c] = 0;
       Reached(OUTCOME_UNKNOWN);
       printf("call %d: the answer is lost: outcome_unknown\n", c)
     }
  :: d_step {
       call[c] == committed && Without(UNKNOWN_IS_NO_SUCCESS) ->
       call[c] = returned_;
       inforce = Max(inforce, seq[c]); set[c] = 0; seq[c] = 0;
       printf("call %d: the answer to COMMIT is lost, and success is returned\n", c)
     }
#endif
#if SILENT
  /* Already so: nothing is written; the answer waits for the last event of what was read. */
  :: d_step {
       call[c] == idle && MayBegin(c) && head > 0 && inforce < head ->
       ReadSet(c);
       seq[c] = head;
       if
       :: Without(SILENT_WAIT) -> set[c] = 0
       :: else -> wait[c] = L
       fi;
       call[c] = waiting;
       printf("call %d: already so, as of event %d; waits for epochs %d\n", c, head, set[c])
     }
#endif
  /* The barrier: an epoch has acknowledged, or is fenced … */
  :: d_step {
       call[c] == waiting ->
       Look(c);
       if
       :: !missing || wait[c] == 0 || Without(BARRIER) ->
          call[c] = returned_;
          if
          :: !missing && wait[c] > 0 -> Reached(RETURNED_ON_ACKNOWLEDGEMENTS)
          :: missing -> Reached(RETURNED_ON_TIME)
          :: else
          fi;
          inforce = Max(inforce, seq[c]);
          printf("call %d: returns, event %d is in force; in time: %d\n", c, seq[c], !missing);
          if
          :: inforce == CHANGES -> Reached(ALL_CHANGES_RETURNED)
          :: else
          fi;
          /* What is left in the set may still be fenced by a statement that is under way. */
          i = 0;
          do
          :: i < rows ->
             if
             :: In(c, i) && !fenced[i] && acked[i] < seq[c] && renewed[i] >= seq[c] -> Reached(RENEWED_PAST_S)
             :: else
             fi;
             if
             :: In(c, i) && (wait[c] > 0 || fenced[i] || renewed[i] >= seq[c] && !Without(FENCE_CONDITION)) -> set[c] = set[c] & ~(1 << i)
             :: else
             fi;
             i++
          :: else -> break
          od;
          i = 0;
          wait[c] = 0;
          seq[c] = (set[c] == 0 -> 0 : seq[c])
       :: else
       fi;
       missing = false
     }
  /* … or is fenced now that its lease must be over: before the return, or, the statement delayed, long after. */
  :: d_step {
       !CALM && (call[c] == waiting || call[c] == returned_) && set[c] != 0 && wait[c] == 0 ->
       i = 0;
       do
       :: i < rows ->
          if
          :: In(c, i) && !fenced[i] && (renewed[i] < seq[c] || Without(FENCE_CONDITION)) ->
             fenced[i] = true; set[c] = set[c] & ~(1 << i);
             Reached(FENCED);
             printf("call %d: epoch %d is fenced\n", c, i)
          :: else
          fi;
          i++
       :: else -> break
       od;
       i = 0;
       if
       :: call[c] == returned_ -> set[c] = 0; seq[c] = 0
       :: else
       fi
     }
  od
}

/* ---- the database's own faults --------------------------------------------------------------------------------- */
#if DBRESTARTS
proctype Restarts() {
  byte i;
  d_step {
    lock == 0 ->
    printf("database: restarts, acknowledgements are lost\n");
    Reached(DATABASE_RESTARTED);
    i = 0;
    do
    :: i < rows ->
       acked[i] = 0;
       if
       :: Without(DURABLE_RENEWAL) -> renewed[i] = 0
       :: else
       fi;
       i++
    :: else -> break
    od;
    i = 0
  }
}
#endif

/* ---- a node ---------------------------------------------------------------------------------------------------- */
proctype Node(byte n) {
  byte e;
  do
  /* Registration: a new row, under the head's lock. */
  :: d_step {
       epoch[n] == NONE && rows < ROWS && (lock == 0 || Without(REGISTRATION_LOCK)) ->
       epoch[n] = rows; renewed[rows] = head; acked[rows] = head; fenced[rows] = false; rows++;
       printf("node %d: is registered as epoch %d at %d\n", n, epoch[n], head)
     }

  /* Renewal. (When it was sent matters only to a lease that somebody looks at.) The lease runs from before it is sent. */
  :: d_step {
       !CALM && Leased(n) && renewal[n] == none && epoch[n] != NONE && !stopping[n] ->
       renewal[n] = sent; pending[n] = L;
       printf("node %d: sends a renewal\n", n)
     }
#if OVERLAP
  :: d_step {
       renewal[n] == sent -> renewal[n] = snapshot; read[n] = head;
       printf("node %d: its renewal has its snapshot: %d\n", n, head)
     }
  :: d_step {
       renewal[n] == snapshot && !late[n] -> renewal[n] = none; pending[n] = 0;
       late[n] = true; lateread[n] = read[n]; read[n] = 0;
       printf("node %d: gives up waiting for the renewal\n", n)
     }
  /* The renewal that was given up takes effect, behind one that came later. */
  :: d_step {
       late[n] ->
       if
       :: epoch[n] != NONE && !fenced[epoch[n]] ->
          if
          :: Without(RENEWED_NEVER_FALLS) -> renewed[epoch[n]] = lateread[n]
          :: else ->
             if
             :: renewed[epoch[n]] > lateread[n] -> Reached(LATE_RENEWAL)
             :: else
             fi;
             renewed[epoch[n]] = Max(renewed[epoch[n]], lateread[n])
          fi;
          printf("node %d: the renewal given up takes effect, with %d\n", n, lateread[n])
       :: else
       fi;
       late[n] = false; lateread[n] = 0
     }
#endif
  :: d_step {
       renewal[n] == (OVERLAP -> snapshot : sent) || !Leased(n) && renewal[n] == none && epoch[n] != NONE && !stopping[n] ->
       if
       :: fenced[epoch[n]] && !Without(RENEWAL_REFUSED) ->
          renewal[n] = refused; pending[n] = 0; read[n] = 0;
          Reached(RENEWAL_REFUSED_);
          printf("node %d: its renewal is refused\n", n)
       :: else ->
          if
          :: !OVERLAP -> read[n] = head
          :: else
          fi;
          renewed[epoch[n]] = (OVERLAP && !Without(RENEWED_NEVER_FALLS) -> Max(renewed[epoch[n]], read[n]) : read[n]);
          printf("node %d: is renewed at %d\n", n, read[n]);
          if
          :: !Leased(n) && joined[n] -> renewal[n] = none; read[n] = 0
          :: else -> renewal[n] = answered
          fi
       fi
     }
  :: d_step {
       !CALM && renewal[n] == answered -> renewal[n] = none; pending[n] = 0; read[n] = 0;
       printf("node %d: the renewal's answer is lost\n", n)
     }
  /* The answer: the first one sets the base, the others count once all of it is applied. */
  :: d_step {
       renewal[n] == answered && !joined[n] ->
       if
       :: !Without(FLUSH_AT_REFENCE) -> Forget(n)
       :: else
       fi;
       applied[n] = read[n]; base[n] = (Leased(n) -> read[n] : 0);
       joined[n] = true;
       lease[n] = (Without(LEASE_FROM_SENDING) -> L : Max(lease[n], pending[n])); flag[n] = Without(DEADLINE_IS_READ);
       renewal[n] = none; pending[n] = 0; read[n] = 0;
#if REPLICAS
       if
       :: home == n -> stream = applied[n]
       :: else
       fi;
#endif
       printf("node %d: has joined at %d, lease %d\n", n, base[n], lease[n])
     }
  :: d_step {
       renewal[n] == answered && joined[n] && (applied[n] >= read[n] || Without(RENEWAL_APPLIES)) ->
       lease[n] = (Without(LEASE_FROM_SENDING) -> L : Max(lease[n], pending[n])); flag[n] = Without(DEADLINE_IS_READ);
       renewal[n] = none; pending[n] = 0; read[n] = 0;
       printf("node %d: lease %d\n", n, lease[n])
     }
  :: d_step {
       renewal[n] == refused ->
       Unregister(n);
       if
       :: !Without(ABANDON_FILLS) -> NoFill(n)
       :: else
       fi;
       printf("node %d: was fenced\n", n)
     }
#if GAPS
  /* The log does not go back that far: it comes back as new, of its own accord. Its old row stays. */
  :: d_step {
       renewal[n] == answered && joined[n] && rows < ROWS ->
       Unregister(n);
       if
       :: !Without(ABANDON_FILLS) -> NoFill(n)
       :: else
       fi;
       printf("node %d: comes back as new, of its own accord\n", n)
     }
#endif
  /* A mutant's flag of a lease, cleared by a timer that is late. */
  :: d_step {
       flag[n] && lease[n] == 0 && Without(DEADLINE_IS_READ) -> flag[n] = false
     }

  /* An event, read from the log at any time. First the cache, then `applied`. */
  :: d_step {
       joined[n] && !applying[n] && applied[n] < head && !Without(CACHE_BEFORE_APPLIED) ->
       if
       :: n < CACHES -> e = applied[n] + 1; Apply(e, entry[n], touch[n]); e = 0; applying[n] = true
       :: else -> applied[n]++; printf("node %d: has applied %d\n", n, applied[n])
       fi
     }
  :: d_step {
       applying[n] && !Without(CACHE_BEFORE_APPLIED) ->
       applied[n]++; applying[n] = false;
       printf("node %d: has applied %d\n", n, applied[n])
     }
  :: d_step {
       joined[n] && !applying[n] && applied[n] < head && Without(CACHE_BEFORE_APPLIED) -> applied[n]++; applying[n] = true
     }
  :: d_step {
       applying[n] && Without(CACHE_BEFORE_APPLIED) ->
       e = applied[n]; Apply(e, entry[n], touch[n]); e = 0;
       applying[n] = false
     }

  /* An acknowledgement: once each replica has it too, or its grant is over. */
  :: d_step {
       joined[n] && epoch[n] != NONE && !fenced[epoch[n]] && acked[epoch[n]] < applied[n] && (Replicated(n, applied[n]) || Without(REPLICAS_FIRST)) ->
       acked[epoch[n]] = applied[n];
       printf("node %d: acknowledges %d\n", n, applied[n])
     }

  /* The process dies and starts anew: all it knew is gone, its grants included; its row stays. */
#if CRASHES
  :: d_step {
       epoch[n] != NONE && rows < ROWS ->
       if
       :: Without(OLD_ROW_STAYS) -> fenced[epoch[n]] = true
       :: Without(NEW_ROW) && lock == 0 && !fenced[epoch[n]] -> renewed[epoch[n]] = head; acked[epoch[n]] = head; e = 1 + epoch[n]
       :: else
       fi;
       Unregister(n); lease[n] = 0; Forget(n); NoFill(n);
       if
       :: e > 0 -> epoch[n] = e - 1; e = 0
       :: else
       fi;
       stopping[n] = false; hit[n] = false; hitknows[n] = 0; found[n] = 0;
#if REPLICAS
       term[n] = 0; has[n] = 0;
       if
       :: rlease > 0 -> Reached(NODE_DIED_UNDER_A_GRANT)
       :: else
       fi;
       if
       :: home == n -> NoAsk(); stream = 0
       :: else
       fi;
       if
       :: rfillnode == n && rfill == leased -> NoRFill()
       :: else
       fi;
#endif
       printf("node %d: dies and starts anew\n", n)
     }
#endif
  /* It stops in good order: no lease first, its row goes when its grants are over. */
#if STOPS
  :: d_step {
       epoch[n] != NONE && !stopping[n] && rows < ROWS ->
       stopping[n] = true; renewal[n] = none; pending[n] = 0; read[n] = 0;
       joined[n] = false; applying[n] = false; flag[n] = false;
       if
       :: !Without(LEASE_ENDS_FIRST) -> lease[n] = 0; Forget(n)
       :: else
       fi;
       printf("node %d: stops\n", n)
     }
  :: d_step {
       stopping[n] && (Replicated(n, NONE) || Without(GRANTS_END_FIRST)) ->
       fenced[epoch[n]] = true; epoch[n] = NONE; stopping[n] = false; applied[n] = 0; base[n] = 0;
       Reached(STOPPED);
       printf("node %d: closes its row\n", n)
     }
#endif

  /* A validation that misses: a read, which others join until it is sent. */
  :: d_step {
       HITS && n < CACHES && fill[n] == nofill ->
       fill[n] = asked; fillknows[n] = inforce;
       printf("node %d: sends a read\n", n)
     }
  :: d_step {
       n < CACHES && fill[n] == (HITS -> asked : nofill) ->
       fillver[n] = Version(head); fillseq[n] = head; fill[n] = got;
       if
       :: Without(ONE_SNAPSHOT) -> fill[n] = leased
       :: else
       fi;
       printf("node %d: the read is of %d\n", n, head)
     }
  :: d_step {
       fill[n] == leased -> fillseq[n] = head; fill[n] = got
     }
  :: d_step {
       fill[n] == got && Without(JOIN_UNSENT) -> fillknows[n] = inforce;
       printf("node %d: a validation joins the read already sent\n", n)
     }
  :: d_step {
       fill[n] == got && !Without(INSERT_IS_ATOMIC) ->
       Answered(fillver[n], fillknows[n]);
       if
       :: joined[n] && (fillseq[n] >= base[n] || Without(FILL_BASE)) && (fillseq[n] >= touch[n] || Without(FILL_TOUCH)) ->
          entry[n] = fillver[n] + 1;
          if
          :: fillseq[n] < applied[n] -> Reached(KEPT_THOUGH_OLDER_THAN_APPLIED)
          :: else
          fi;
          printf("node %d: keeps the entry of %d\n", n, fillseq[n])
       :: else ->
          if
          :: joined[n] && fillseq[n] < touch[n] -> Reached(DISCARDED_BY_TOUCH)
          :: else
          fi;
          if
          :: joined[n] && fillseq[n] < base[n] -> Reached(DISCARDED_BY_BASE)
          :: else
          fi
       fi;
       NoFill(n)
     }
  :: d_step {
       fill[n] == got && Without(INSERT_IS_ATOMIC) ->
       if
       :: joined[n] && fillseq[n] >= base[n] && fillseq[n] >= touch[n] -> fill[n] = checked
       :: else -> NoFill(n)
       fi
     }
  :: d_step {
       fill[n] == checked -> entry[n] = fillver[n] + 1; NoFill(n)
     }
  :: d_step {
       !CALM && fill[n] == got -> NoFill(n);
       printf("node %d: the read's answer is lost\n", n)
     }

  /* A validation that hits: the deadline and the clock, then the look-up. */
  :: d_step {
       HITS && n < CACHES && !hit[n] && inforce > 0 && (Without(DEADLINE_IS_READ) -> flag[n] : lease[n] > 0) && !Without(LEASE_BEFORE_LOOKUP) ->
       hit[n] = true; hitknows[n] = inforce;
       printf("node %d: a validation begins, with %d in force, and sees a lease\n", n, inforce)
     }
  :: d_step {
       hit[n] && !Without(LEASE_BEFORE_LOOKUP) ->
       if
       :: entry[n] != 0 ->
          printf("node %d: answers from %d\n", n, entry[n] - 1);
          Answered(entry[n] - 1, hitknows[n]);
          Reached(HIT);
          if
          :: epoch[n] >= NODES && epoch[n] != NONE -> Reached(HIT_AFTER_REJOIN)
          :: else
          fi;
          if
          :: lease[n] == 0 -> Reached(HIT_ANSWERED_AFTER_THE_LEASE)
          :: else
          fi
       :: else
       fi;
       hit[n] = false; hitknows[n] = 0
     }
  :: d_step {
       n < CACHES && !hit[n] && inforce > 0 && entry[n] != 0 && Without(LEASE_BEFORE_LOOKUP) ->
       hit[n] = true; hitknows[n] = inforce; found[n] = entry[n];
       printf("node %d: a validation begins, with %d in force, and looks up %d\n", n, inforce, entry[n] - 1)
     }
  :: d_step {
       hit[n] && Without(LEASE_BEFORE_LOOKUP) ->
       if
       :: lease[n] > 0 -> Answered(found[n] - 1, hitknows[n])
       :: else
       fi;
       hit[n] = false; hitknows[n] = 0; found[n] = 0
     }

#if REPLICAS
  /* A grant: booked first, then `applied`, then sent. */
  :: d_step {
       ask == asking && home == n && (lease[n] > 0 && joined[n] || Without(GRANT_UNDER_LEASE)) ->
       grant = (Without(GRANT_UNDER_LEASE) -> L : lease[n]);
       if
       :: Without(APPLIED_AFTER_BOOKING) -> upto = applied[n]
       :: else
       fi;
       if
       :: !Without(BOOK_BEFORE_SENDING) && !Without(APPLIED_AFTER_BOOKING) -> Book(n); printf("node %d: books a grant of %d\n", n, grant)
       :: else
       fi;
       ask = booked
     }
  :: d_step {
       ask == booked && home == n && joined[n] ->
       if
       :: !Without(APPLIED_AFTER_BOOKING) -> upto = applied[n]
       :: else -> Book(n)
       fi;
       reset = !ready || mine < base[n];
       ask = granted;
       printf("node %d: grants %d, at %d, reset %d\n", n, grant, upto, reset)
     }
  /* The same, with a RESET though there was no need: the log is no longer kept that far. */
  :: d_step {
       ask == booked && home == n && joined[n] && ready && mine >= base[n] ->
       if
       :: !Without(APPLIED_AFTER_BOOKING) -> upto = applied[n]
       :: else -> Book(n)
       fi;
       reset = true;
       ask = granted;
       printf("node %d: grants %d, at %d, reset %d\n", n, grant, upto, reset)
     }
  :: d_step {
       Without(BOOK_BEFORE_SENDING) && home == n && ask == noask && rlease > 0 && term[n] == 0 && lease[n] > 0 ->
       term[n] = lease[n]; has[n] = 0;
       printf("node %d: books the grant that it has sent\n", n)
     }
  /* A replica's fill: the own lease, then `applied`, then the look-up or the read. (It begins when it reaches the node:
     had it begun earlier it would have to know of less.) */
  :: d_step {
       rfill == nofill && home == n && (lease[n] > 0 && joined[n] || Without(LEASE_FOR_REPLICAS_FILL)) ->
       rfill = leased; rfillseq = applied[n]; rfillnode = n; rfillknows = inforce;
       printf("node %d: reads for the replica, as of %d, with %d in force\n", n, applied[n], inforce)
     }
  :: d_step {
       rfill == leased && rfillnode == n ->
       if
       :: entry[n] != 0 -> rfillver = entry[n] - 1
       :: else -> rfillver = Version(head)
       fi;
       rfill = (Without(APPLIED_BEFORE_LOOKUP) -> checked : got);
       rfillnode = (rfill == got -> 0 : n);
       printf("node %d: the replica's read is of %d, as of %d\n", n, rfillver, rfillseq)
     }
  :: d_step {
       rfill == checked && rfillnode == n -> rfillseq = applied[n]; rfill = got; rfillnode = 0
     }
#endif
  od
}

/* ---- a replica ------------------------------------------------------------------------------------------------- */
#if REPLICAS
proctype Replica() {
  byte e;
  do
  :: d_step {
       ask == noask -> ask = asking;
       printf("replica: asks node %d, at %d\n", home, mine)
     }
  :: d_step {
       ask == granted ->
       if
       :: reset && ready && upto < mine && !Without(NO_RESET_BACKWARDS) && !Without(RESET_ENDS_LEASE) ->
          Reached(RESET_BACKWARDS);
          NoAsk()
       :: else ->
          if
          :: reset ->
             if
             :: ready -> Reached(RESET)
             :: else
             fi;
             if
             :: !Without(RESET_ENDS_LEASE) -> rlease = 0
             :: else
             fi;
             rentry = 0; rtouch = 0; rbase = upto; mine = upto; ready = true
          :: else ->
             do
             :: mine < upto && !Without(GRANT_IS_APPLIED) -> e = mine + 1; Apply(e, rentry, rtouch); mine = e; e = 0
             :: else -> break
             od
          fi;
          if
          :: Without(GRANT_FROM_ASKING) -> rlease = grant
          :: grant > elapsed && !Without(GRANT_FROM_ASKING) -> rlease = Max(rlease, grant - elapsed)
          :: else
          fi;
          printf("replica: has a lease of %d, at %d\n", rlease, mine);
          NoAsk()
       fi
     }
  :: d_step {
       !CALM && ask != noask -> NoAsk();
       printf("replica: gives up asking\n")
     }
  /* The stream of events, and its acknowledgements. */
  :: d_step {
       joined[home] && stream < applied[home] ->
       stream++;
       if
       :: ready && (stream == mine + 1 || stream > mine && Without(EVENTS_IN_ORDER)) -> Apply(stream, rentry, rtouch); mine = stream;
          printf("replica: has applied %d\n", mine)
       :: else ->
          if
          :: ready && stream > mine + 1 -> Reached(GAP_IN_THE_STREAM)
          :: else
          fi;
          printf("replica: does not take %d\n", stream)
       fi
     }
  :: d_step {
       term[home] > 0 && has[home] < mine && ready ->
       has[home] = mine;
       printf("replica: acknowledges %d to node %d\n", mine, home)
     }
  :: d_step {
       Without(ACKNOWLEDGED_IN_SESSION) && oldack == 0 && ready -> oldack = mine + 1
     }
  :: d_step {
       Without(ACKNOWLEDGED_IN_SESSION) && oldack > 0 ->
       has[home] = Max(has[home], oldack - 1); 
       printf("replica: an acknowledgement of %d arrives at node %d\n", oldack - 1, home);
       oldack = 0
     }
  /* The connection breaks: what is on its way is lost. The replica connects again, here or elsewhere, and keeps its lease … */
  :: d_step {
       stream < applied[home] || NODES > 1 ->
       if
       :: Without(GRANT_OUTLIVES_CONNECTION) -> term[home] = 0
       :: else
       fi;
       home = (NODES > 1 -> 1 - home : home);
       NoAsk();
       stream = (joined[home] -> applied[home] : 0);
       if
       :: rfill == leased -> NoRFill()
       :: else
       fi;
       if
       :: rlease > 0 -> Reached(MOVED_WITH_A_LEASE)
       :: else
       fi;
       printf("replica: is connected to node %d\n", home)
     }
  /* … or gives it up, and says so. */
  :: d_step {
       !CALM && term[home] > 0 && rlease > 0 ->
       if
       :: !Without(SURRENDER_ENDS_LEASE) -> rlease = 0
       :: else
       fi;
       term[home] = 0; has[home] = 0;
       NoAsk();
       Reached(SURRENDERED);
       printf("replica: gives up its lease, and tells node %d\n", home)
     }
#if RESTARTS
  :: d_step {
       ready && !restarted ->
       restarted = true;
       ready = false; mine = 0; rbase = 0; rtouch = 0; rentry = 0; rlease = 0; NoAsk(); NoRFill(); rhit = false; rhitknows = 0;
       stream = (joined[home] -> applied[home] : 0);
       Reached(REPLICA_RESTARTED);
       printf("replica: dies and starts anew\n")
     }
#endif
  /* A validation that missed has its answer. */
  :: d_step {
       rfill == got ->
       Answered(rfillver, rfillknows);
       if
       :: ready && (rfillseq >= rbase || Without(REPLICAS_FILL_BASE)) && (rfillseq >= rtouch || Without(REPLICAS_FILL_TOUCH)) ->
          rentry = rfillver + 1;
          printf("replica: keeps the entry of %d\n", rfillver)
       :: else ->
          if
          :: ready && rfillseq < rtouch -> Reached(REPLICA_DISCARDED_BY_TOUCH)
          :: else
          fi;
          if
          :: ready && rfillseq < rbase -> Reached(REPLICA_DISCARDED_BY_BASE)
          :: else
          fi
       fi;
       NoRFill()
     }
  /* A validation that hits. */
  :: d_step {
       !rhit && inforce > 0 && rlease > 0 ->
       rhit = true; rhitknows = inforce;
       printf("replica: a validation begins, with %d in force, and sees a lease\n", inforce)
     }
  :: d_step {
       rhit ->
       if
       :: rentry != 0 ->
          printf("replica: answers from %d\n", rentry - 1);
          Answered(rentry - 1, rhitknows);
          Reached(REPLICA_HIT)
       :: else
       fi;
       rhit = false; rhitknows = 0
     }
  od
}
#endif

init {
  byte i;
  d_step {
    do
    :: i < NODES ->
       epoch[i] = i;
       if
       :: CALM -> joined[i] = true; lease[i] = L
       :: else
       fi;
       i++
    :: else -> break
    od;
    i = 0
  };
  atomic {
    run Clock();
    do
    :: i < NODES -> run Node(i); i++
    :: else -> break
    od;
    i = 0;
    do
    :: i < CALLS -> run Caller(i); i++
    :: else -> break
    od;
#if REPLICAS
    run Replica();
#endif
#if DBRESTARTS
    run Restarts()
#endif
  }
}
