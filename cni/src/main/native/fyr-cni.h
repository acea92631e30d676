/* What the two plugins in the one executable share. */
#ifndef FYR_CNI_H
#define FYR_CNI_H

enum { INVALID_ENVIRONMENT = 4, IO_FAILURE = 5, INVALID_CONFIGURATION = 7, TRY_AGAIN_LATER = 11, CHECK_FAILED = 103 };

/* Prints an error of the CNI specification; the exit status. No text may have quotes or backslashes. */
int fail(int code, const char *message, const char *details);

/* The plugin "loopback"; the exit status. VERSION has been dealt with. */
int loopback(const char *command, const char *version);

#endif
