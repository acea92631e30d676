/* What the two plugins in the one executable share. */
#ifndef FYR_CNI_H
#define FYR_CNI_H

#include <stddef.h>

enum {
    INCOMPATIBLE_VERSION = 1, INVALID_ENVIRONMENT = 4, IO_FAILURE = 5, INVALID_CONFIGURATION = 7, TRY_AGAIN_LATER = 11, UNAVAILABLE = 50,
    CHECK_FAILED = 103
};

/* As in supportedVersions; fyr.cni.protocol.CniVersion is the agent's list, and a test compares the two. */
#define VERSIONS "\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\""

/* Prints an error of the CNI specification; the exit status. No text may have quotes or backslashes. */
int fail(int code, const char *message, const char *details);

/* The value of a member of the outermost object, as it stands there, and its length; NULL if there is none. */
const char *member(const char *json, const char *name, size_t *length);

/* The plugin "loopback"; the exit status. VERSION has been dealt with. */
int loopback(const char *command, const char *version, const char *configuration);

#endif
