/*
 * The plugin "loopback": sets lo up in a pod. containerd calls a plugin with this name for every pod, in addition to the network's own plugin,
 * and fails the pod if there is none (unless use_internal_loopback is set), so a node without the reference plugins needs it. The kernel
 * adds the addresses of lo when it goes up and removes everything with the namespace.
 */
#define _GNU_SOURCE
#include "fyr-cni.h"
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Returns the flags of lo in the current namespace, after setting it up if asked. Returns -1 if they cannot be read or set. */
static int flags(int up) {
    struct ifreq lo = {.ifr_name = "lo"};
    int door = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (door < 0) door = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int failed = door < 0 || ioctl(door, SIOCGIFFLAGS, &lo);
    if (!failed && up) {
        lo.ifr_flags |= IFF_UP;
        failed = ioctl(door, SIOCSIFFLAGS, &lo);
    }
    int cause = errno;
    if (door >= 0) close(door);
    return errno = cause, failed ? -1 : lo.ifr_flags;
}

static int enter(const char *namespace) {
    int file = open(namespace, O_RDONLY | O_CLOEXEC);
    int failed = file < 0 || setns(file, CLONE_NEWNET);
    int cause = errno;
    if (file >= 0) close(file);
    return errno = cause, failed;
}

static int is_one_of(const char *text, const char *quoted_list) {
    char quoted[32];
    int length = snprintf(quoted, sizeof quoted, "\"%s\"", text);
    return length > 0 && (size_t)length < sizeof quoted && strstr(quoted_list, quoted) != NULL;
}

/* Prints the result of the previous plugin in the list unchanged, if there is one. */
static void print_result(const char *version, const char *namespace, const char *configuration) {
    size_t length;
    const char *previous = member(configuration, "prevResult", &length);
    if (previous != NULL && *previous == '{') printf("%.*s\n", (int)length, previous);
    else printf("{\"cniVersion\":\"%s\",\"interfaces\":[{\"name\":\"lo\",\"mac\":\"00:00:00:00:00:00\",\"sandbox\":\"%s\"}]}\n", version, namespace);
}

int loopback(const char *command, const char *version, const char *configuration) {
    int add = strcmp(command, "ADD") == 0, check = strcmp(command, "CHECK") == 0;
    if (!is_one_of(version, VERSIONS)) return fail(INCOMPATIBLE_VERSION, "this cniVersion is not supported", version);
    if (!is_one_of(command, "\"ADD\",\"CHECK\",\"DEL\",\"GC\",\"STATUS\""))
        return fail(INVALID_ENVIRONMENT, "CNI_COMMAND is none of ADD, DEL, CHECK, GC, STATUS, VERSION", "");
    if (!add && !check) return 0; /* nothing to do for DEL, GC, STATUS */
    const char *namespace = getenv("CNI_NETNS");
    if (namespace == NULL || *namespace == 0 || strpbrk(namespace, "\"\\\n"))
        return fail(INVALID_ENVIRONMENT, "CNI_NETNS does not name a network namespace", "");
    if (enter(namespace)) return fail(IO_FAILURE, "cannot enter the network namespace of CNI_NETNS", strerror(errno));
    int now = flags(add);
    if (now < 0) return fail(IO_FAILURE, "cannot set lo up", strerror(errno));
    if (check) return now & IFF_UP ? 0 : fail(CHECK_FAILED, "lo is down", "");
    print_result(version, namespace, configuration);
    return 0;
}
