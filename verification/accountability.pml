/* Accountability: the time that the replicas of one management key may cost changes is bounded, and a key that stays below the bound is left alone.
 *
 * One management key, several leases of its replicas (identities, connections, or nodes: to the rule they are alike), changes that
 * wait for them. The replicas do as they like: ask on, acknowledge at any time or never. One tick is a third of a lease. In each tick
 * the key is charged if a change waits for any of its replicas; past the budget in a window, it is barred: no lease is given.
 *
 * Two assertions:
 *   bounded    in no window do the key's replicas cost more than the budget and one lease: what was leased before the bar runs on
 *              (of the last such lease, the tick at whose end the key is barred is part of the budget);
 *   honest     a key is barred only if changes did wait for its replicas for as long as the budget in a window.
 *
 * The first moments of a wait, in which an honest replica acknowledges, are not charged. Here they are shorter than a tick.
 */

#include "mutants.h"

c_decl {
\#include "cover.h"
};
#define Reached(x) c_code { reached(x); }

#define L 3            /* a lease, in ticks */
#define BUDGET 3       /* ticks that may be cost … */
#define WINDOW 9       /* … in as many */
#define LEASES 2
#define CHANGES 2      /* at a time */
#define All(i) ((1 << (i)) - 1)

byte until[LEASES];            /* what is left of each lease */
bool waits[CHANGES];           /* a change waits for the node's own memory: the node's own slowness */
byte needs[CHANGES];           /* the leases that it waits for once that has applied it: a bit for each */
short cost;                    /* the last ticks, the newest first: 1 where a change waited for a replica of the key */
byte bar;                      /* what is left of the bar */

/* What mutants charge in the place of that. */
short charged[LEASES];
byte bars[LEASES];
byte sums[WINDOW];

#define Count(h) (((h) & 1) + (((h) >> 1) & 1) + (((h) >> 2) & 1) + (((h) >> 3) & 1) + (((h) >> 4) & 1) + (((h) >> 5) & 1) + \
  (((h) >> 6) & 1) + (((h) >> 7) & 1) + (((h) >> 8) & 1))
#define Needed (needs[0] | needs[1])
#define Barred(i) (Without(CHARGED_TO_THE_KEY) -> bars[i] > 0 : bar > 0)

/* A lease is acknowledged, or over: nothing waits for it. */
inline Done(i) { needs[0] = needs[0] & ~(1 << (i)); needs[1] = needs[1] & ~(1 << (i)) }

inline BarKey() {
  /* Honest. */
  assert(Count(cost) >= BUDGET);
  bar = (Without(BAR_OUTLASTS_WINDOW) -> 1 : WINDOW);
  if
  :: Without(BAR_OUTLASTS_WINDOW) -> charged[0] = 0
  :: else
  fi;
  Reached(BARRED);
  printf("key: is barred\n")
}

proctype Clock() {
  byte i, n;
  do
  :: d_step {
       printf("clock: tick; waited for: %d\n", Needed);
       cost = ((cost << 1) | (Needed != 0)) & All(WINDOW);
       /* Bounded. */
       assert(Count(cost) <= BUDGET + L - 1);
       if
       :: Count(cost) == BUDGET + L - 1 -> Reached(BUDGET_AND_ONE_LEASE)
       :: else
       fi;
       if
       :: bar == 1 -> Reached(BAR_ENDED)
       :: else
       fi;
       bar = (bar > 0 -> bar - 1 : 0);
       if
       :: Without(CHARGED_AS_TIME) ->       /* leases that were over while a change waited, two in a window */
          charged[0] = ((charged[0] << 1) | (Needed & ((until[0] == 1) | ((until[1] == 1) << 1)) -> 1 : 0)) & All(WINDOW);
          if
          :: Count(charged[0]) >= 2 && bar == 0 -> bar = WINDOW
          :: else
          fi
       :: Without(CHARGED_TO_THE_KEY) ->    /* by identity */
          i = 0;
          do
          :: i < LEASES ->
             charged[i] = ((charged[i] << 1) | ((Needed >> i) & 1)) & All(WINDOW);
             bars[i] = (bars[i] > 0 -> bars[i] - 1 : 0);
             if
             :: Count(charged[i]) >= BUDGET && bars[i] == 0 -> bars[i] = WINDOW
             :: else
             fi;
             i++
          :: else -> break
          od
       :: Without(CHARGED_ONCE) ->          /* the sum over replicas */
          n = (Needed & 1) + ((Needed >> 1) & 1);
          i = WINDOW - 1;
          do
          :: i > 0 -> sums[i] = sums[i - 1]; i--
          :: else -> break
          od;
          sums[0] = n;
          if
          :: sums[0] + sums[1] + sums[2] + sums[3] + sums[4] + sums[5] + sums[6] + sums[7] + sums[8] >= BUDGET && bar == 0 -> BarKey()
          :: else
          fi
       :: Without(CHARGED_WHILE_IT_WAITS) -> /* when nothing waits any more, for as long as something did */
          if
          :: Needed != 0 -> charged[1] = ((charged[1] << 1) | 1) & All(WINDOW); charged[0] = (charged[0] << 1) & All(WINDOW)
          :: else -> charged[0] = ((charged[0] << 1) | charged[1]) & All(WINDOW); charged[1] = 0
          fi;
          if
          :: Count(charged[0]) >= BUDGET && bar == 0 -> bar = WINDOW
          :: else
          fi
       :: Without(NODE_ANSWERS_FOR_ITSELF) -> /* the wait for the node's own memory as well */
          charged[0] = ((charged[0] << 1) | (Needed != 0 || waits[0] || waits[1])) & All(WINDOW);
          if
          :: Count(charged[0]) >= BUDGET && bar == 0 -> BarKey()
          :: else
          fi
       :: Without(CHARGED_OVER_CONNECTIONS) || Without(BAR_OUTLASTS_WINDOW) ->
          charged[0] = ((charged[0] << 1) | (Needed != 0)) & All(WINDOW);
          if
          :: Count(charged[0]) >= BUDGET && bar == 0 -> BarKey()
          :: else
          fi
       :: MUTANT == NOTHING ->
          if
          :: Count(cost) >= BUDGET && bar == 0 -> BarKey()
          :: else
          fi
       fi;
       i = 0; n = 0;
       do
       :: i < LEASES ->
          if
          :: until[i] == 1 -> Done(i)
          :: else
          fi;
          until[i] = (until[i] > 0 -> until[i] - 1 : 0);
          i++
       :: else -> break
       od;
       i = 0
     }
  od
}

/* A change waits for the node's own memory first, and then for each lease that was listed before that had applied it. */
proctype Change(byte c) {
  do
  :: d_step { !waits[c] && needs[c] == 0 -> waits[c] = true; printf("change %d: is committed\n", c) }
  :: d_step {
       waits[c] -> waits[c] = false;
       needs[c] = (until[0] > 0) | ((until[1] > 0) << 1);
       printf("change %d: is applied, waits for leases %d\n", c, needs[c])
     }
  od
}

proctype Replica(byte i) {
  do
  /* It asks on, whatever it has not acknowledged: its lease is longer. */
  :: d_step {
       until[i] < L && !Barred(i) ->
       until[i] = L;
       printf("replica %d: has a lease\n", i)
     }
  :: d_step { (Needed >> i) & 1 -> Done(i); printf("replica %d: acknowledges\n", i) }
  /* Another connection, whose account is empty. */
  :: d_step {
       Without(CHARGED_OVER_CONNECTIONS) && charged[0] != 0 && bar == 0 -> charged[0] = 0;
       printf("replica %d: connects again\n", i)
     }
  od
}

init {
  atomic { run Clock(); run Change(0); run Change(1); run Replica(0); run Replica(1) }
}
