/* The rules that a mutant can lack: -DMUTANT=NAME. `run` says what each means. */
#ifndef MUTANT
#define MUTANT NOTHING
#endif
#define NOTHING 0
#define Without(rule) (MUTANT == rule)

#define ABANDON_FILLS              1
#define ACKNOWLEDGED_IN_SESSION    2
#define APPLIED_AFTER_BOOKING      3
#define APPLIED_BEFORE_LOOKUP      4
#define ASK_SETS_ACKNOWLEDGED      5
#define BARRIER                    6
#define BOOK_BEFORE_SENDING        7
#define BOOT_CLOCK                 8
#define BOOT_CLOCK_OF_REPLICA      9
#define CACHE_BEFORE_APPLIED       10
#define CLOCK_FROM_ANSWER          11
#define DEADLINE_IS_READ           12
#define DURABLE_RENEWAL            13
#define EVENTS_IN_ORDER            14
#define FENCE_CONDITION            15
#define FILL_BASE                  16
#define FILL_TOUCH                 17
#define FLUSH_AT_REFENCE           18
#define GRANTS_END_FIRST           19
#define GRANT_FROM_ASKING          20
#define GRANT_IS_APPLIED           21
#define GRANT_OUTLIVES_CONNECTION  22
#define GRANT_UNDER_LEASE          23
#define INSERT_IS_ATOMIC           24
#define JOIN_UNSENT                25
#define LEASE_BEFORE_LOOKUP        26
#define LEASE_ENDS_FIRST           27
#define LEASE_FOR_REPLICAS_FILL    28
#define LEASE_FROM_SENDING         29
#define MONOTONIC_WAIT             30
#define NEW_ROW                    31
#define NO_RESET_BACKWARDS         32
#define OLD_ROW_STAYS              33
#define ONE_SNAPSHOT               34
#define REGISTRATION_LOCK          35
#define RENEWAL_APPLIES            36
#define RENEWAL_REFUSED            37
#define RENEWED_NEVER_FALLS        38
#define REPLICAS_FILL_BASE         39
#define REPLICAS_FILL_TOUCH        40
#define REPLICAS_FIRST             41
#define RESET_ENDS_LEASE           42
#define SET_UNDER_LOCK             43
#define SILENT_WAIT                44
#define SURRENDER_ENDS_LEASE       45
#define UNKNOWN_IS_NO_SUCCESS      46
#define ONE_VERSION                48
