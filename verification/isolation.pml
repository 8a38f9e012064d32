/* Isolation: a change of one environment is in force when its call returns, and does not wait for the replicas of another environment.
 *
 * barrier.pml has one key and one replica. This model has two environments, A and B, and looks at the part of the protocol that
 * tells them apart: the pair in a node's row, the node's list of replica leases, the waiter's condition, and silent answers.
 * The part that barrier.pml covers alone (fills, touch, clocks that stop) is left out, and a memory is the number of its last event:
 * a verifier with a lease may answer from any state that it has applied, and from none that is older.
 *
 * The replica of A keeps the protocol. The replicas of B need not: B is a list entry per node that may acknowledge, or never.
 * The rules do not tell A from B, so what holds for changes of A holds for those of B. With REPLICAS=2, B is a second replica.
 *
 * Two assertions:
 *   safety        a verifier of environment e with a lease has applied each change of e whose call has returned;
 *   independence  a row blocks a change of e only if the node's own memory, or a replica of e, is behind it.
 * That a change of A does return while a replica of B is behind is a state that must be reached.
 */

#include "mutants.h"

/* ---- configuration ------------------------------------------------------------------------------------------- */
#ifndef NODES
#define NODES 1
#endif
#ifndef REPLICAS
#define REPLICAS 1     /* replicas with a memory: of A, or of A and B */
#endif
#ifndef CHANGES
#define CHANGES 2
#endif
#ifndef CALLS
#define CALLS CHANGES
#endif
#ifndef SILENT
#define SILENT 0       /* may a call find that there is nothing to do? */
#endif
#ifndef REJOINS
#define REJOINS 0      /* registrations after the first */
#endif
#ifndef CRASHES
#define CRASHES 0      /* may a node's process die and start anew? */
#endif
#ifndef GAPS
#define GAPS 0         /* may a node come back as new of its own accord, its row unfenced and its replica leases running? */
#endif
#ifndef LATE
#define LATE 0         /* may an UPDATE of the pair take effect long after it was computed? */
#endif
#ifndef DBRESTARTS
#define DBRESTARTS 0   /* may the database restart, and lose what was not durable: the pairs? */
#endif
#ifndef UPGRADE
#define UPGRADE 0      /* may a waiter be of the version before, which reads `acked` alone? */
#endif
#ifndef EMBEDDED
#define EMBEDDED 0     /* one node without rows: the call looks at the node's own list of leases */
#endif
#ifndef MANAGEMENT
#define MANAGEMENT 0   /* may a change concern all environments? */
#endif
#ifndef CALM
#define CALM 0         /* all have joined, no time passes: for mutants that need no more than that */
#endif
#ifndef LAGGARDS
#define LAGGARDS (REPLICAS < 2)  /* are there replicas of B that do as they like? */
#endif
#ifndef L
#define L 1
#endif

#define ROWS (NODES + REJOINS)
#define NONE 255
#define A 0
#define B 1
#define ALL 2
#define Max(a, b) ((a) > (b) -> (a) : (b))
#define Min(a, b) ((a) < (b) -> (a) : (b))
#define At(n, x) ((n) * 2 + (x))   /* a node's list entry for the replica of an environment */

c_decl {
\#include "cover.h"
};
#define Reached(x) c_code { reached(x); }

/* ---- the database -------------------------------------------------------------------------------------------- */
byte head;
byte env[CHANGES + 1];          /* each event's environment */
#define Concerns(e, x) (env[e] == (x) || env[e] == ALL)
byte rows = NODES;
bool fenced[ROWS];
byte renewed[ROWS];
/* The pair: what the node's own memory has, and for each environment the least that a replica behind it has, + 1. 0: none is behind. */
byte own[ROWS];
byte behind[ROWS * 2];

/* The column that the version before reads: the least that the node or any of its replicas has. */
#define Least(i, x) (behind[(i) * 2 + (x)] == 0 -> own[i] : Min(own[i], behind[(i) * 2 + (x)] - 1))
#define Acked(i) (Without(ACKED_KEEPS_ITS_MEANING) -> own[i] : Min(Least(i, A), Least(i, B)))

/* ---- the callers --------------------------------------------------------------------------------------------- */
mtype:call = { idle, waiting, returned_, unknown };
mtype:call call[CALLS] = idle;
byte envof[CALLS];              /* the environment */
byte seq[CALLS];
byte set[CALLS];                /* the epochs that it waits for: a bit for each row */
byte wait[CALLS];
bool later[NODES * 2];          /* (mutant) a lease that was listed after a commit that the node has not applied */
byte look[CALLS];               /* (mutant) the rows whose replicas a first statement found done */
#if UPGRADE
bool old[CALLS];                /* the waiter is of the version before */
#endif
byte inforce[3];                /* per environment, the last event whose call has returned; [ALL]: of whatever environment */
byte completed[3];              /* per environment, the last event that a completed wait stands for */

/* ---- the nodes ----------------------------------------------------------------------------------------------- */
byte epoch[NODES];
bool joined[NODES];
mtype:renewal = { none, answered, refused };
mtype:renewal renewal[NODES] = none;
byte read[NODES];
byte pending[NODES];
byte lease[NODES];
byte applied[NODES];
byte listed[NODES];             /* the list of replica leases: how far the node has told replicas of the log */
byte until[NODES * 2];          /* what is left of each lease */
byte unacked[NODES * 2 * (CHANGES + 1)];  /* per event: what is left of the lease under which the replica has it to acknowledge; 0: nothing waits */
#if LATE
bool late[NODES];               /* an UPDATE of the pair that is under way */
byte latefor[NODES];            /* the epoch that it is for */
byte lateown[NODES];
byte latebehind[NODES * 2];
bool lateold[NODES];            /* the row has since been given a pair that was computed later */
#endif
#if GAPS
byte oldrow[NODES];             /* a row that the node left unfenced, + 1 */
#endif
#if EMBEDDED
byte inherited;                 /* what is left of leases that the process before this one gave, to replicas of unknown environments */
#endif

#define Live(n, x) (until[At(n, x)] > 0)
#define Unacked(n, x, e) unacked[At(n, x) * (CHANGES + 1) + (e)]
#define Lacks(n, x, e, s) ((e) <= (s) && Unacked(n, x, e) > 0)
#define IsBehind(n, x, s) (Lacks(n, x, 1, s) || Lacks(n, x, CHANGES, s))
#define Oldest(n, x) (Unacked(n, x, 1) > 0 -> 1 : CHANGES)

/* ---- the replicas with a memory ------------------------------------------------------------------------------ */
byte home[REPLICAS];
mtype:ask = { noask, asking, granted };
mtype:ask ask[REPLICAS] = noask;
byte asked[REPLICAS];           /* what it had when it asked */
byte elapsed[REPLICAS];
byte grant[REPLICAS];
byte upto[REPLICAS];
bool reset[REPLICAS];
byte stream[REPLICAS];
bool ready[REPLICAS];
byte mine[REPLICAS];
byte rlease[REPLICAS];

/* ---- the assertion of safety: whenever a lease, a memory or what is in force has changed ----------------------- */
#define NodeIsCurrent(n) (!joined[n] || lease[n] == 0 || applied[n] >= inforce[ALL])
#define ReplicaIsCurrent(x) (!ready[x] || rlease[x] == 0 || mine[x] >= inforce[x])

proctype Validations() {
  do
  :: d_step {
       !(NodeIsCurrent(0) && NodeIsCurrent(NODES - 1) && ReplicaIsCurrent(0) && ReplicaIsCurrent(REPLICAS - 1)) ->
       printf("validation: is answered from before a change that has returned\n");
       assert(false)
     }
  od
}

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
#if !EMBEDDED
          Down(lease[i]);
#endif
          Down(pending[i]); Down(until[At(i, A)]); Down(until[At(i, B)]);
          Down(Unacked(i, A, 1)); Down(Unacked(i, B, 1));
#if CHANGES > 1
          Down(Unacked(i, A, CHANGES)); Down(Unacked(i, B, CHANGES));
#endif
          i++
       :: else -> break
       od;
       i = 0;
       do
       :: i < REPLICAS ->
          Down(rlease[i]);
          if
          :: ask[i] != noask && elapsed[i] < L -> elapsed[i]++
          :: else
          fi;
          i++
       :: else -> break
       od;
       i = 0;
       do
       :: i < CALLS -> Down(wait[i]); i++
       :: else -> break
       od;
#if EMBEDDED
       Down(inherited);
#endif
       i = 0
     }
  od
}

/* ---- a change ------------------------------------------------------------------------------------------------ */
#define In(c, e) ((set[c] >> (e)) & 1)

/* Whether a pair says that a replica of the environment is behind s. */
#define Says(i, x, s) (behind[(i) * 2 + (x)] != 0 && behind[(i) * 2 + (x)] - 1 < (s))
#define Waited(i, e, s) ((e) == ALL -> Says(i, A, s) || (Says(i, B, s) && !Without(ALL_WAITS_FOR_ALL)) : Says(i, e, s))
#define ReplicasBlock(i, e, s) \
  (Without(WAITS_FOR_ITS_REPLICAS) -> false : (Without(BY_ENVIRONMENT) -> Says(i, A, s) || Says(i, B, s) : Waited(i, e, s)))
#if UPGRADE
#define Blocks(c, i) (!fenced[i] && (old[c] -> Acked(i) < seq[c] : own[i] < seq[c] || ReplicasBlock(i, envof[c], seq[c])))
#else
#define Blocks(c, i) (!fenced[i] && (own[i] < seq[c] || ReplicasBlock(i, envof[c], seq[c])))
#endif
/* A new epoch's row that lets a mutant strike out the old row of the same node. */
#define NewSays(c, i) (Without(NEW_PAIR_SAYS_NOTHING_OF_OLD) && NODES == 1 && (i) + 1 < rows && !Blocks(c, rows - 1))

inline Look(c) {
  i = 0; missing = false;
  do
  :: i < rows ->
     if
     :: In(c, i) && Blocks(c, i) && !NewSays(c, i) && !(Without(ONE_ROW_VERSION) && !fenced[i] && ((look[c] >> i) & 1) && own[i] >= seq[c]) ->
        missing = true;
#if !UPGRADE
        /* Independence. */
        assert(own[i] < seq[c] || Waited(i, envof[c], seq[c]) || Without(ALL_WAITS_FOR_ALL))
#endif
     :: In(c, i) && !Blocks(c, i) && DBRESTARTS -> set[c] = set[c] & ~(1 << i)
     :: else
     fi;
     i++
  :: else -> break
  od;
  i = 0
}

/* The last event up to s that concerns an environment. */
inline LastOf(x, s) {
  i = s;
  do
  :: i > 0 && !Concerns(i, x) -> i--
  :: else -> break
  od
}

inline InForce(e, s) {
  inforce[ALL] = Max(inforce[ALL], s);
  if
  :: e != B -> LastOf(A, s); inforce[A] = Max(inforce[A], i)
  :: else
  fi;
#if REPLICAS > 1
  if
  :: e != A -> LastOf(B, s); inforce[B] = Max(inforce[B], i)
  :: else
  fi;
#endif
  i = 0
}

inline Return(c) {
  call[c] = returned_;
  InForce(envof[c], seq[c]);
#if SILENT
  completed[envof[c]] = Max(completed[envof[c]], seq[c]);
#endif
  printf("call %d: returns, event %d of environment %d is in force; in time: %d\n", c, seq[c], envof[c], !missing)
}

/* One of all environments counts for each. */
#define Completed(e) (Without(COMPLETED_BY_ENVIRONMENT) -> \
  Max(completed[A], Max(completed[B], completed[ALL])) : ((e) == ALL -> completed[ALL] : Max(completed[e], completed[ALL])))

#define MayBegin(c) ((c) == 0 || call[((c) == 0 -> 0 : (c) - 1)] != idle)

inline ReadSet(c) {
  i = 0;
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

inline Begin(c, e) {
  envof[c] = e;
  if
  :: !EMBEDDED -> ReadSet(c); wait[c] = L
  :: else
  fi;
  call[c] = waiting
}

inline Commit(c, e) {
  head++; env[head] = e; seq[c] = head;
  Begin(c, e);
  printf("call %d: event %d of environment %d is committed, waits for epochs %d\n", c, head, e, set[c])
}

proctype Caller(byte c) {
  byte i;
  bool missing;
  do
  :: d_step { call[c] == idle && MayBegin(c) && head < CHANGES -> Commit(c, A) }
  :: d_step { call[c] == idle && MayBegin(c) && head < CHANGES -> Commit(c, B) }
#if MANAGEMENT
  :: d_step { call[c] == idle && MayBegin(c) && head < CHANGES -> Commit(c, ALL) }
#endif
#if UPGRADE
  :: d_step { call[c] == idle && MayBegin(c) && !old[c] -> old[c] = true; printf("call %d: is of the version before\n", c) }
#endif
#if SILENT
  /* Already so: it waits for the last event of what it read, unless a completed wait stands for it. */
  :: d_step {
       call[c] == idle && MayBegin(c) && head > 0 ->
       seq[c] = head;
       printf("call %d: of environment A, already so as of event %d, completed %d\n", c, head, Completed(A));
       if
       :: Completed(A) >= head ->
          envof[c] = A; call[c] = returned_; InForce(A, head); seq[c] = 0;
          Reached(SILENT_AND_COMPLETED)
       :: else -> Begin(c, A)
       fi
     }
#if MANAGEMENT
  :: d_step {
       call[c] == idle && MayBegin(c) && head > 0 ->
       seq[c] = head;
       printf("call %d: of all environments, already so as of event %d, completed %d\n", c, head, Completed(ALL));
       if
       :: Completed(ALL) >= head -> envof[c] = ALL; call[c] = returned_; InForce(ALL, head); seq[c] = 0
       :: else -> Begin(c, ALL)
       fi
     }
#endif
#endif
  :: d_step {
       Without(ONE_ROW_VERSION) && call[c] == waiting && look[c] == 0 ->
       i = 0;
       do
       :: i < rows ->
          if
          :: In(c, i) && !ReplicasBlock(i, envof[c], seq[c]) -> look[c] = look[c] | (1 << i)
          :: else
          fi;
          i++
       :: else -> break
       od;
       i = 0;
       printf("call %d: has read what is said of the replicas\n", c)
     }
#if !EMBEDDED
  :: d_step {
       call[c] == waiting ->
       Look(c);
       if
       :: !missing || wait[c] == 0 ->
          if
          :: !missing && wait[c] > 0 -> Reached(RETURNED_ON_ACKNOWLEDGEMENTS)
          :: missing -> Reached(RETURNED_ON_TIME)
          :: else
          fi;
          if
          :: !missing && wait[c] == L && envof[c] == A &&
             (!fenced[0] && In(c, 0) && IsBehind(0, B, seq[c]) || NODES > 1 && In(c, NODES - 1) && IsBehind(NODES - 1, B, seq[c])) ->
             Reached(RETURNED_WHILE_ANOTHER_ENVIRONMENT_IS_BEHIND)
          :: else
          fi;
          Return(c);
          /* What is left in the set may yet be fenced. */
          i = 0;
          do
          :: i < rows ->
             if
             :: In(c, i) && (wait[c] > 0 || fenced[i] || renewed[i] >= seq[c]) -> set[c] = set[c] & ~(1 << i)
             :: else
             fi;
             i++
          :: else -> break
          od;
          i = 0;
          wait[c] = 0; look[c] = 0;
          seq[c] = (set[c] == 0 -> 0 : seq[c])
       :: else
       fi;
       missing = false
     }
  /* Fenced, now that its lease must be over: before the return, or long after. */
  :: d_step {
       (call[c] == waiting || call[c] == returned_) && set[c] != 0 && wait[c] == 0 ->
       i = 0;
       do
       :: i < rows ->
          if
          :: In(c, i) && !fenced[i] && renewed[i] < seq[c] ->
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
#else
  /* One node: its own memory, its own list of leases, and those of the process before it. */
  :: d_step {
       call[c] == waiting && applied[0] >= seq[c] && !(envof[c] != B && IsBehind(0, A, seq[c])) && !(envof[c] != A && IsBehind(0, B, seq[c])) &&
       (inherited == 0 || Without(UNKNOWN_COUNTS_FOR_EACH)) ->
       if
       :: envof[c] == A && IsBehind(0, B, seq[c]) -> Reached(RETURNED_WHILE_ANOTHER_ENVIRONMENT_IS_BEHIND)
       :: else
       fi;
       Return(c);
       seq[c] = 0
     }
#endif
  od
}

#if LATE
inline NoLate(n) { late[n] = false; latefor[n] = 0; lateown[n] = 0; latebehind[At(n, A)] = 0; latebehind[At(n, B)] = 0; lateold[n] = false }
#endif

/* ---- the database's own faults --------------------------------------------------------------------------------- */
#if DBRESTARTS
proctype Restarts() {
  byte i;
  d_step {
    printf("database: restarts, pairs are lost\n");
    Reached(DATABASE_RESTARTED);
    i = 0;
    do
    :: i < rows -> own[i] = 0; behind[i * 2] = 0; behind[i * 2 + 1] = 0; i++
    :: else -> break
    od;
#if LATE
    i = 0;
    do
    :: i < NODES -> NoLate(i); i++
    :: else -> break
    od;
#endif
    i = 0
  }
}
#endif

/* ---- a node ---------------------------------------------------------------------------------------------------- */
/* What the pair says of an environment's replicas, beside an own memory at s. */
#define SaidOf(n, x, s) (IsBehind(n, x, s) -> Oldest(n, x) : 0)

inline NoAsk(r) { ask[r] = noask; asked[r] = 0; elapsed[r] = 0; grant[r] = 0; upto[r] = 0; reset[r] = false }

inline Unregister(n) {
  joined[n] = false; lease[n] = 0; renewal[n] = none; read[n] = 0; pending[n] = 0; applied[n] = 0;
  epoch[n] = NONE
}

/* A replica has an event to acknowledge until the lease ends that it has when the node applies the event. A lease that it is given later begins
 * once it has applied more than that. */
inline Publish(n, e) {
  x = 0;
  do
  :: x < 2 ->
     if
     :: Live(n, x) && Concerns(e, x) && !(Without(LATER_LEASES_COUNT) && later[At(n, x)]) -> Unacked(n, x, e) = until[At(n, x)]
     :: else
     fi;
     x++
  :: else -> break
  od;
  x = 0;
  listed[n] = e
}

/* An acknowledgement of all up to s. */
inline Acknowledge(n, x, s) {
  if
  :: (s) >= 1 -> Unacked(n, x, 1) = 0
  :: else
  fi;
  if
  :: (s) >= CHANGES -> Unacked(n, x, CHANGES) = 0
  :: else
  fi
}

/* A lease is listed in one step with the answer. What an earlier lease that still runs lacks, it lacks on. */
inline List(n, x, claims, isreset) {
  Acknowledge(n, x, claims);
  if
  :: Without(EARLIER_LEASE_COUNTS) || isreset && Without(RESET_UNDER_WAY) -> Acknowledge(n, x, applied[n])
  :: else
  fi;
  if
  :: Without(LATER_LEASES_COUNT) && !Live(n, x) -> later[At(n, x)] = applied[n] < head   /* listed after the commit: not in the call's list */
  :: else
  fi;
  until[At(n, x)] = Max(until[At(n, x)], (EMBEDDED -> L : lease[n]))
}

inline Grant(n, r, again) {
  reset[r] = again || !ready[r];
  List(n, r, asked[r], reset[r]);
  grant[r] = (EMBEDDED -> L : lease[n]); upto[r] = applied[n]; ask[r] = granted; asked[r] = 0;
  printf("node %d: leases %d to replica %d, at %d, reset %d\n", n, grant[r], r, upto[r], reset[r])
}

proctype Node(byte n) {
  byte e, x;
  do
#if !EMBEDDED
  :: d_step {
       epoch[n] == NONE && rows < ROWS ->
       epoch[n] = rows; renewed[rows] = head; own[rows] = head; rows++;
       printf("node %d: is registered as epoch %d at %d\n", n, epoch[n], head)
     }
  /* Renewal: the lease runs from no later than this. */
  :: d_step {
       !CALM && renewal[n] == none && epoch[n] != NONE ->
       if
       :: fenced[epoch[n]] -> renewal[n] = refused; printf("node %d: its renewal is refused\n", n)
       :: else ->
          renewal[n] = answered; read[n] = head; renewed[epoch[n]] = head; pending[n] = L;
          if
          :: Without(RENEWAL_LEAVES_PAIR) && joined[n] -> own[epoch[n]] = Max(own[epoch[n]], applied[n])
          :: else
          fi;
          printf("node %d: is renewed at %d\n", n, head)
       fi
     }
  :: d_step {
       renewal[n] == answered && !joined[n] ->
       applied[n] = read[n]; joined[n] = true; lease[n] = pending[n];
       renewal[n] = none; pending[n] = 0; read[n] = 0;
       e = listed[n] + 1;
       do
       :: e <= applied[n] -> Publish(n, e); e++
       :: else -> break
       od;
       e = 0; x = 0;
       do
       :: x < REPLICAS ->
          if
          :: home[x] == n -> stream[x] = applied[n]
          :: else
          fi;
          x++
       :: else -> break
       od;
       x = 0;
       if
       :: epoch[n] >= NODES -> Reached(REJOINED)
       :: else
       fi;
       printf("node %d: has joined at %d, lease %d\n", n, applied[n], lease[n])
     }
  :: d_step {
       renewal[n] == answered && joined[n] && applied[n] >= read[n] ->
       lease[n] = Max(lease[n], pending[n]);
       renewal[n] = none; pending[n] = 0; read[n] = 0;
       printf("node %d: lease %d\n", n, lease[n])
     }
  :: d_step {
       renewal[n] == refused -> Unregister(n);
       printf("node %d: was fenced\n", n)
     }
#if GAPS
  /* It comes back as new of its own accord. Its old row stays until the leases are over that it gave under it. */
  :: d_step {
       renewal[n] == answered && joined[n] && rows < ROWS ->
       oldrow[n] = epoch[n] + 1;
       Unregister(n);
       printf("node %d: comes back as new, of its own accord\n", n)
     }
  :: d_step {
       oldrow[n] > 0 && !Live(n, A) && !Live(n, B) ->
       fenced[oldrow[n] - 1] = true;
       printf("node %d: closes its old row, epoch %d\n", n, oldrow[n] - 1);
       oldrow[n] = 0
     }
#endif

  /* The pair, computed under the list's lock and written by one UPDATE. */
  :: d_step {
       joined[n] && epoch[n] != NONE && !fenced[epoch[n]] &&
       (own[epoch[n]] != applied[n] || behind[epoch[n] * 2] != SaidOf(n, A, applied[n]) || behind[epoch[n] * 2 + 1] != SaidOf(n, B, applied[n])) ->
       own[epoch[n]] = applied[n];
       behind[epoch[n] * 2] = SaidOf(n, A, applied[n]); behind[epoch[n] * 2 + 1] = SaidOf(n, B, applied[n]);
#if LATE
       lateold[n] = late[n] && latefor[n] == epoch[n];
#endif
       printf("node %d: tells %d, behind %d %d\n", n, applied[n], behind[epoch[n] * 2], behind[epoch[n] * 2 + 1])
     }
#if LATE
  :: d_step {
       joined[n] && epoch[n] != NONE && !late[n] && !fenced[epoch[n]] ->
       late[n] = true; latefor[n] = epoch[n]; lateown[n] = applied[n];
       latebehind[At(n, A)] = SaidOf(n, A, applied[n]); latebehind[At(n, B)] = SaidOf(n, B, applied[n]);
       printf("node %d: an UPDATE of %d, behind %d %d, is under way\n", n, lateown[n], latebehind[At(n, A)], latebehind[At(n, B)])
     }
  :: d_step {
       late[n] ->
       e = latefor[n];
       if
       :: !fenced[e] && (!lateold[n] || Without(PAIR_NEVER_GOES_BACK) || Without(PAIR_IS_ORDERED)) ->
          if
          :: Without(PAIR_NEVER_GOES_BACK) -> own[e] = Max(own[e], lateown[n])
          :: Without(APPLIED_BEFORE_LAGGARDS) && e == epoch[n] && joined[n] -> own[e] = Max(lateown[n], applied[n])
          :: else -> own[e] = lateown[n]
          fi;
          behind[e * 2] = latebehind[At(n, A)]; behind[e * 2 + 1] = latebehind[At(n, B)];
          Reached(LATE_PAIR);
          printf("node %d: the UPDATE takes effect: %d, behind %d %d\n", n, own[e], behind[e * 2], behind[e * 2 + 1])
       :: else -> Reached(LATE_PAIR_REFUSED)
       fi;
       e = 0;
       NoLate(n)
     }
  :: d_step { late[n] -> NoLate(n); printf("node %d: the UPDATE is lost\n", n) }
#endif
#endif

  :: d_step {
       joined[n] && applied[n] < head ->
       applied[n]++;
       Publish(n, applied[n]);
       printf("node %d: has applied %d\n", n, applied[n])
     }

#if CRASHES
  :: d_step {
       EMBEDDED && rows == NODES || !EMBEDDED && epoch[n] != NONE && rows < ROWS ->
       x = 0;
       do
       :: x < 2 ->
          if
          :: Live(n, x) -> Reached(NODE_DIED_UNDER_A_GRANT)
          :: else
          fi;
          until[At(n, x)] = 0; Acknowledge(n, x, CHANGES);
          x++
       :: else -> break
       od;
       x = 0;
       do
       :: x < REPLICAS ->
          if
          :: home[x] == n -> NoAsk(x); stream[x] = 0
          :: else
          fi;
          x++
       :: else -> break
       od;
       x = 0;
#if GAPS
       oldrow[n] = 0;
#endif
#if EMBEDDED
       /* Its calls go with it. It knows that leases may run, and not whose. */
       inherited = L; applied[n] = head; listed[n] = head; rows++;
       do
       :: x < CALLS ->
          if
          :: call[x] == waiting -> call[x] = unknown; seq[x] = 0
          :: else
          fi;
          x++
       :: else -> break
       od;
       x = 0;
       do
       :: x < REPLICAS -> stream[x] = head; x++
       :: else -> break
       od;
       x = 0;
#else
       Unregister(n); listed[n] = 0;
#endif
       printf("node %d: dies and starts anew\n", n)
     }
#endif

  /* Whether a lease is asked for by a replica with a memory … */
  :: d_step {
       home[0] == n && ask[0] == asking && joined[n] && (lease[n] > 0 || EMBEDDED) ->
       Grant(n, 0, false)
     }
  :: d_step {
       home[0] == n && ask[0] == asking && joined[n] && (lease[n] > 0 || EMBEDDED) && ready[0] ->
       Grant(n, 0, true)
     }
#if REPLICAS > 1
  :: d_step {
       home[1] == n && ask[1] == asking && joined[n] && lease[n] > 0 ->
       Grant(n, 1, false)
     }
#endif
#if LAGGARDS
  /* … or by one of B, known or fresh, that does as it likes. What several of them lack is what the worst of them lacks. */
  :: d_step {
       joined[n] && (lease[n] > 0 || EMBEDDED) && until[At(n, B)] < (EMBEDDED -> L : lease[n]) ->
       List(n, B, 0, false);
       printf("node %d: leases to a replica of B\n", n)
     }
  :: d_step {
       IsBehind(n, B, applied[n]) -> Acknowledge(n, B, applied[n]);
       printf("node %d: a replica of B acknowledges %d\n", n, applied[n])
     }
#endif
  /* A bar refuses to lease: steps that are not taken. A mutant's bar ends what is listed, too. */
  :: d_step {
       Without(BAR_KEEPS_LISTED) && Live(n, A) -> until[At(n, A)] = 0; Acknowledge(n, A, CHANGES);
       printf("node %d: bars the replicas of A, and forgets their leases\n", n)
     }
  od
}

/* ---- a replica ------------------------------------------------------------------------------------------------- */
proctype Replica(byte r) {
  do
  :: d_step {
       ask[r] == noask -> ask[r] = asking; asked[r] = mine[r];
       printf("replica %d: asks node %d, at %d\n", r, home[r], mine[r])
     }
  :: d_step {
       ask[r] == granted ->
       if
       :: reset[r] && ready[r] && upto[r] < mine[r] -> Reached(RESET_BACKWARDS)
       :: else ->
          if
          :: reset[r] ->
             if
             :: ready[r] && rlease[r] > 0 -> Reached(RESET)
             :: else
             fi;
             rlease[r] = 0; mine[r] = upto[r]; ready[r] = true
          :: else -> mine[r] = (Without(LATER_LEASE_NAMES_PLACE) -> mine[r] : Max(mine[r], upto[r]))
          fi;
          if
          :: grant[r] > elapsed[r] -> rlease[r] = Max(rlease[r], grant[r] - elapsed[r])
          :: else
          fi;
          if
          :: rlease[r] > 0 -> Reached(REPLICA_LEASED)
          :: else
          fi;
          printf("replica %d: has a lease of %d, at %d\n", r, rlease[r], mine[r])
       fi;
       NoAsk(r)
     }
  :: d_step { !CALM && ask[r] != noask -> NoAsk(r); printf("replica %d: gives up asking\n", r) }
  :: d_step {
       joined[home[r]] && stream[r] < applied[home[r]] ->
       stream[r]++;
       if
       :: ready[r] && stream[r] == mine[r] + 1 -> mine[r] = stream[r]; printf("replica %d: has applied %d\n", r, mine[r])
       :: else
       fi
     }
  :: d_step {
       ready[r] && IsBehind(home[r], r, mine[r]) ->
       Acknowledge(home[r], r, mine[r]);
       printf("replica %d: acknowledges %d to node %d\n", r, mine[r], home[r])
     }
  :: d_step {
       stream[r] < applied[home[r]] || NODES > 1 ->
       if
       :: Without(LISTED_THOUGH_MOVED) -> until[At(home[r], r)] = 0; Acknowledge(home[r], r, CHANGES)
       :: else
       fi;
       home[r] = NODES - 1 - home[r];
       NoAsk(r);
       stream[r] = (joined[home[r]] -> applied[home[r]] : 0);
       if
       :: rlease[r] > 0 -> Reached(MOVED_WITH_A_LEASE)
       :: else
       fi;
       printf("replica %d: is connected to node %d\n", r, home[r])
     }
  od
}

init {
  byte i;
  d_step {
    do
    :: i < NODES ->
       epoch[i] = i;
#if EMBEDDED || CALM
       joined[i] = true; lease[i] = L;
#endif
       i++
    :: else -> break
    od;
    i = 0
  };
  atomic {
    run Clock();
    run Validations();
    do
    :: i < NODES -> run Node(i); i++
    :: else -> break
    od;
    i = 0;
    do
    :: i < CALLS -> run Caller(i); i++
    :: else -> break
    od;
    i = 0;
    do
    :: i < REPLICAS -> run Replica(i); i++
    :: else -> break
    od;
#if DBRESTARTS
    run Restarts()
#endif
  }
}
