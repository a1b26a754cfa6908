#include "cadbc.h"

// The sizes and offsets that the public specifications give on a 64-bit machine. A member added,
// dropped or swapped in the header would be undefined behaviour at run time; here it is a build
// error.
enum { word = sizeof(void *) };

#define ASSERT_AT(type, member, words) \
    _Static_assert(offsetof(struct type, member) == (words) * word, #type "." #member)

_Static_assert(word == 8, "a 64-bit machine");
_Static_assert(sizeof(struct ArrowSchema) == 9 * word, "ArrowSchema");
_Static_assert(sizeof(struct ArrowArray) == 10 * word, "ArrowArray");
_Static_assert(sizeof(struct ArrowArrayStream) == 5 * word, "ArrowArrayStream");
_Static_assert(sizeof(struct AdbcErrorDetail) == 3 * word, "AdbcErrorDetail");
_Static_assert(sizeof(struct AdbcStatement) == 2 * word, "AdbcStatement");

_Static_assert(offsetof(struct AdbcError, sqlstate) == 12, "AdbcError.sqlstate");
ASSERT_AT(AdbcError, vendor_code, 1);
ASSERT_AT(AdbcError, release, 3);
ASSERT_AT(AdbcError, private_driver, 5);
_Static_assert(sizeof(struct AdbcError) == 6 * word, "AdbcError");

ASSERT_AT(AdbcDriver, DatabaseInit, 3);
ASSERT_AT(AdbcDriver, ConnectionCommit, 7);
ASSERT_AT(AdbcDriver, StatementBind, 18);
ASSERT_AT(AdbcDriver, ErrorGetDetailCount, 29);
ASSERT_AT(AdbcDriver, DatabaseGetOption, 32);
ASSERT_AT(AdbcDriver, ConnectionCancel, 39);
ASSERT_AT(AdbcDriver, StatementCancel, 49);
_Static_assert(sizeof(struct AdbcDriver) == 58 * word, "AdbcDriver");
