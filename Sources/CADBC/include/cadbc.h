// The binary interfaces that Plumbline speaks to database engines, declared from their public
// specifications: the Arrow C data and stream interfaces and ADBC 1.1.0. The order and the types
// of the members are the interface; cadbc.c asserts the sizes and offsets that follow from them.
#ifndef PLUMBLINE_CADBC_H
#define PLUMBLINE_CADBC_H

#include <stddef.h>
#include <stdint.h>

// ---- Arrow C data interface ----

// What a column is: format string, name, children. `release` is null once released.
struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

// What a column holds: buffers, offset, children. `release` is null once released.
struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

// Batches one after another; the end is an array whose `release` is null.
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

// ---- ADBC ----

enum { CADBC_VERSION_1_0 = 1000000, CADBC_VERSION_1_1 = 1001000 };

typedef uint8_t AdbcStatusCode;
struct AdbcDriver;
struct AdbcPartitions;

struct AdbcError {
    char *message;
    int32_t vendor_code;  // INT32_MIN going in says that the last two members exist.
    char sqlstate[5];
    void (*release)(struct AdbcError *);
    void *private_data;
    struct AdbcDriver *private_driver;
};

struct AdbcErrorDetail {
    const char *key;
    const uint8_t *value;
    size_t value_length;
};

struct AdbcDatabase {
    void *private_data;
    struct AdbcDriver *private_driver;
};

struct AdbcConnection {
    void *private_data;
    struct AdbcDriver *private_driver;
};

struct AdbcStatement {
    void *private_data;
    struct AdbcDriver *private_driver;
};

#define CADBC_FUNCTION(name, ...) AdbcStatusCode (*name)(__VA_ARGS__, struct AdbcError *)
#define CADBC_DATABASE(name, ...) CADBC_FUNCTION(name, struct AdbcDatabase *, __VA_ARGS__)
#define CADBC_CONNECTION(name, ...) CADBC_FUNCTION(name, struct AdbcConnection *, __VA_ARGS__)
#define CADBC_STATEMENT(name, ...) CADBC_FUNCTION(name, struct AdbcStatement *, __VA_ARGS__)

struct AdbcDriver {
    void *private_data;
    void *private_manager;
    CADBC_FUNCTION(release, struct AdbcDriver *);

    CADBC_FUNCTION(DatabaseInit, struct AdbcDatabase *);
    CADBC_FUNCTION(DatabaseNew, struct AdbcDatabase *);
    CADBC_DATABASE(DatabaseSetOption, const char *, const char *);
    CADBC_FUNCTION(DatabaseRelease, struct AdbcDatabase *);

    CADBC_FUNCTION(ConnectionCommit, struct AdbcConnection *);
    CADBC_CONNECTION(ConnectionGetInfo, const uint32_t *, size_t, struct ArrowArrayStream *);
    CADBC_CONNECTION(ConnectionGetObjects, int, const char *, const char *, const char *,
                     const char **, const char *, struct ArrowArrayStream *);
    CADBC_CONNECTION(ConnectionGetTableSchema, const char *, const char *, const char *,
                     struct ArrowSchema *);
    CADBC_CONNECTION(ConnectionGetTableTypes, struct ArrowArrayStream *);
    CADBC_CONNECTION(ConnectionInit, struct AdbcDatabase *);
    CADBC_FUNCTION(ConnectionNew, struct AdbcConnection *);
    CADBC_CONNECTION(ConnectionSetOption, const char *, const char *);
    CADBC_CONNECTION(ConnectionReadPartition, const uint8_t *, size_t, struct ArrowArrayStream *);
    CADBC_FUNCTION(ConnectionRelease, struct AdbcConnection *);
    CADBC_FUNCTION(ConnectionRollback, struct AdbcConnection *);

    CADBC_STATEMENT(StatementBind, struct ArrowArray *, struct ArrowSchema *);
    CADBC_STATEMENT(StatementBindStream, struct ArrowArrayStream *);
    CADBC_STATEMENT(StatementExecuteQuery, struct ArrowArrayStream *, int64_t *);
    CADBC_STATEMENT(StatementExecutePartitions, struct ArrowSchema *, struct AdbcPartitions *,
                    int64_t *);
    CADBC_STATEMENT(StatementGetParameterSchema, struct ArrowSchema *);
    CADBC_CONNECTION(StatementNew, struct AdbcStatement *);
    CADBC_FUNCTION(StatementPrepare, struct AdbcStatement *);
    CADBC_FUNCTION(StatementRelease, struct AdbcStatement *);
    CADBC_STATEMENT(StatementSetOption, const char *, const char *);
    CADBC_STATEMENT(StatementSetSqlQuery, const char *);
    CADBC_STATEMENT(StatementSetSubstraitPlan, const uint8_t *, size_t);

    // A 1.0.0 driver's table ends here.

    int (*ErrorGetDetailCount)(const struct AdbcError *);
    struct AdbcErrorDetail (*ErrorGetDetail)(const struct AdbcError *, int);
    const struct AdbcError *(*ErrorFromArrayStream)(struct ArrowArrayStream *, AdbcStatusCode *);

    CADBC_DATABASE(DatabaseGetOption, const char *, char *, size_t *);
    CADBC_DATABASE(DatabaseGetOptionBytes, const char *, uint8_t *, size_t *);
    CADBC_DATABASE(DatabaseGetOptionDouble, const char *, double *);
    CADBC_DATABASE(DatabaseGetOptionInt, const char *, int64_t *);
    CADBC_DATABASE(DatabaseSetOptionBytes, const char *, const uint8_t *, size_t);
    CADBC_DATABASE(DatabaseSetOptionDouble, const char *, double);
    CADBC_DATABASE(DatabaseSetOptionInt, const char *, int64_t);

    CADBC_FUNCTION(ConnectionCancel, struct AdbcConnection *);
    CADBC_CONNECTION(ConnectionGetOption, const char *, char *, size_t *);
    CADBC_CONNECTION(ConnectionGetOptionBytes, const char *, uint8_t *, size_t *);
    CADBC_CONNECTION(ConnectionGetOptionDouble, const char *, double *);
    CADBC_CONNECTION(ConnectionGetOptionInt, const char *, int64_t *);
    CADBC_CONNECTION(ConnectionGetStatistics, const char *, const char *, const char *, char,
                     struct ArrowArrayStream *);
    CADBC_CONNECTION(ConnectionGetStatisticNames, struct ArrowArrayStream *);
    CADBC_CONNECTION(ConnectionSetOptionBytes, const char *, const uint8_t *, size_t);
    CADBC_CONNECTION(ConnectionSetOptionDouble, const char *, double);
    CADBC_CONNECTION(ConnectionSetOptionInt, const char *, int64_t);

    CADBC_FUNCTION(StatementCancel, struct AdbcStatement *);
    CADBC_STATEMENT(StatementExecuteSchema, struct ArrowSchema *);
    CADBC_STATEMENT(StatementGetOption, const char *, char *, size_t *);
    CADBC_STATEMENT(StatementGetOptionBytes, const char *, uint8_t *, size_t *);
    CADBC_STATEMENT(StatementGetOptionDouble, const char *, double *);
    CADBC_STATEMENT(StatementGetOptionInt, const char *, int64_t *);
    CADBC_STATEMENT(StatementSetOptionBytes, const char *, const uint8_t *, size_t);
    CADBC_STATEMENT(StatementSetOptionDouble, const char *, double);
    CADBC_STATEMENT(StatementSetOptionInt, const char *, int64_t);
};

#undef CADBC_FUNCTION
#undef CADBC_DATABASE
#undef CADBC_CONNECTION
#undef CADBC_STATEMENT

// The entry point of a driver library: fills a table of the version asked for.
typedef AdbcStatusCode (*AdbcDriverInitFunc)(int version, void *driver, struct AdbcError *error);

#endif
