/* One version per decision: a decision that combines subjects (a key, its owner) is made from one version of the cache.
 *
 * At first the key is suspended and its owner active; event 1 suspends the owner, event 2 resumes the key. There is no
 * state in which both are good, so no answer may be "allow". A node applies events one by one, each between two steps
 * of its version (odd while the cache is being changed); validations read the two subjects in either order.
 * Leases are left out: barrier.pml has them.
 */

#include "mutants.h"

c_decl {
\#include "cover.h"
};
#define Reached(x) c_code { reached(x); }

#define EVENTS 2
#define RETRIES 2

byte version;
byte owner;     /* the event whose state the owner's part of the cache is of: active in 0, suspended from 1 on */
byte key;       /* the same for the key: suspended before 2, resumed in 2 */
byte inforce;

active proctype Node() {
  byte e;
  do
  :: e < EVENTS ->
     e++;
     version++;
     if
     :: e == 1 -> owner = 1
     :: else -> key = 2
     fi;
     version++;
     printf("node: has applied %d\n", e);
     inforce = e
  :: else -> break
  od
}

active [2] proctype Validation() {
  byte knows, v, o, k, tries;
again:
  skip;
  d_step { knows = inforce; v = version };
  if
  :: v % 2 == 1 && !Without(ONE_VERSION) -> goto retry
  :: else
  fi;
  if
  :: o = owner; k = key
  :: k = key; o = owner
  fi;
  if
  :: version != v && !Without(ONE_VERSION) -> Reached(DECISION_RETRIED); goto retry
  :: else
  fi;
  printf("validation: owner as of %d, key as of %d, began with %d in force\n", o, k, knows);
  assert(!(o == 0 && k == 2));                                   /* never an answer that no state gives */
  assert((knows < 1 || o == 1) && (knows < 2 || k == 2));        /* nor one from before what was in force */
  Reached(DECISION_MADE);
  goto done;
retry:
  if
  :: tries < RETRIES -> tries++; goto again
  :: else -> Reached(DECISION_BECAME_A_MISS)
  fi;
done:
  skip
}
