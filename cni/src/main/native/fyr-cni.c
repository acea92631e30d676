/*
 * The CNI executable of Fyr (CNI specification 1.1.0): passes the runtime's request to the node's agent and prints its answer.
 * It contains no network code. All its memory is static, and it starts no threads or processes.
 *
 * Protocol of the agent's Unix socket (all numbers are 32 bits, big endian; the Java side is fyr.cni.protocol.Frame):
 *   request  "FYR1", length of environment, length of configuration, environment, configuration
 *            environment: every CNI_* variable as NAME=value and a NUL byte; configuration: standard input
 *   answer   "FYR1", exit status, length of text, text for standard output
 *
 * When no agent answers: VERSION never needs one. For DEL, the request is written unchanged to a file
 * <pending>/<container>:<interface>, which the agent reads when it is back. All other commands wait a few seconds, enough for an agent that is
 * being restarted. Then STATUS fails with code 50, "plugin unavailable", the others with code 11, "try again later".
 *
 * Called by the name loopback, it acts as that plugin (loopback.c) and needs no agent.
 */
#define _GNU_SOURCE
#include "fyr-cni.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 12, ENVIRONMENT_MAX = 64 << 10, CONFIGURATION_MAX = 1 << 20, ANSWER_MAX = 1 << 20, CONTAINER_MAX = 200, AWAY_MILLISECONDS = 5000 };

/* Overwritten in place by fyr.cni.Installer, so that one executable serves several nodes of one machine. */
struct settings { char marker[32], socket[108], pending[256], seconds[8]; };
struct settings settings = {"fyr-cni settings follow here:", "/run/fyr/cni.sock", "/var/lib/fyr/cni/pending", "60"};

extern char **environ;
static unsigned char request[HEADER + ENVIRONMENT_MAX + CONFIGURATION_MAX + 1], answer[HEADER + ANSWER_MAX];
static size_t environment_length, configuration_length;
static char version[16] = "1.1.0";
static long deadline;

static long milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000L + now.tv_nsec / 1000000;
}

int fail(int code, const char *message, const char *details) {
    printf("{\"cniVersion\":\"%s\",\"code\":%d,\"msg\":\"%s\",\"details\":\"%s\"}\n", version, code, message, details);
    return 1;
}

static void put32(unsigned char *at, size_t value) {
    for (int i = 0; i < 4; i++) at[i] = (unsigned char)(value >> (24 - 8 * i));
}

static size_t get32(const unsigned char *at) {
    return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

/* Waits until the descriptor can be read or written. Returns 0, or -1 when the time is up. */
static int await(int descriptor, short events) {
    for (;;) {
        long left = deadline - milliseconds();
        struct pollfd poll_one = {descriptor, events, 0};
        int ready = left <= 0 ? 0 : poll(&poll_one, 1, (int)left);
        if (ready > 0) return 0;
        if (ready == 0) return errno = ETIMEDOUT, -1;
        if (errno != EINTR) return -1;
    }
}

/* Reads up to length bytes, until end of file. Returns their number, or -1. */
static ssize_t read_fully(int descriptor, unsigned char *buffer, size_t length) {
    size_t done = 0;
    while (done < length) {
        if (await(descriptor, POLLIN)) return -1;
        ssize_t count = read(descriptor, buffer + done, length - done);
        if (count == 0) break;
        if (count < 0 && errno != EINTR && errno != EAGAIN) return -1;
        if (count > 0) done += (size_t)count;
    }
    return (ssize_t)done;
}

static const char *configuration(void) {
    return (const char *)request + HEADER + environment_length;
}

/* The version of the configuration, for our own errors; the agent reads it properly. */
static void find_version(void) {
    size_t length;
    const char *text = member(configuration(), "cniVersion", &length);
    if (text == NULL || *text != '"') return;
    length = strspn(text + 1, "0123456789.");
    if (length == 0 || length >= sizeof version || text[1 + length] != '"') return;
    memcpy(version, text + 1, length);
    version[length] = 0;
}

/* Fills the request from environment and standard input. Returns 0, or the exit status after printing an error. */
static int compose(void) {
    for (char **variable = environ; *variable != NULL; variable++) {
        size_t length = strlen(*variable) + 1;
        if (strncmp(*variable, "CNI_", 4) != 0) continue;
        if (length > ENVIRONMENT_MAX - environment_length)
            return fail(INVALID_ENVIRONMENT, "the CNI_ variables are larger than 64 KiB together", "");
        memcpy(request + HEADER + environment_length, *variable, length);
        environment_length += length;
    }
    ssize_t length = read_fully(STDIN_FILENO, request + HEADER + environment_length, CONFIGURATION_MAX + 1);
    if (length < 0) return fail(IO_FAILURE, "cannot read the network configuration from standard input", strerror(errno));
    request[HEADER + environment_length + (size_t)(length > CONFIGURATION_MAX ? CONFIGURATION_MAX : length)] = 0;
    find_version();
    if (length > CONFIGURATION_MAX) return fail(INVALID_CONFIGURATION, "the network configuration is larger than 1 MiB", "");
    configuration_length = (size_t)length;
    memcpy(request, "FYR1", 4);
    put32(request + 4, environment_length);
    put32(request + 8, configuration_length);
    return 0;
}

/* Connects to the agent. Returns a descriptor, or -1. With a full backlog connect(2) waits for SO_SNDTIMEO: the time left, at least 1 ms. */
static int connect_agent(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, settings.socket, sizeof address.sun_path);
    int agent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (agent < 0) return -1;
    do {
        long left = deadline - milliseconds();
        if (left < 1) left = 1;
        struct timeval patience = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000};
        setsockopt(agent, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (connect(agent, (struct sockaddr *)&address, sizeof address) == 0) return agent;
    } while (errno == EINTR);
    int cause = errno;
    close(agent);
    return errno = cause, -1;
}

/*
 * Connects to an agent that may still be starting. After a failure the caller retries much later: the kubelet retries a pod after ten
 * seconds, and after a failed STATUS the node is not ready, with taints, for as long.
 */
static int connect_patiently(void) {
    const struct timespec pause = {.tv_nsec = 50000000};
    long end = milliseconds() + AWAY_MILLISECONDS;
    int agent;
    while ((agent = connect_agent()) < 0 && (errno == ENOENT || errno == ECONNREFUSED)) {
        int cause = errno;
        if (milliseconds() >= end || milliseconds() >= deadline) return errno = cause, -1;
        nanosleep(&pause, NULL);
    }
    return agent;
}

/* Asks the agent. Returns the length of the text that follows the header in answer, or -1. */
static ssize_t ask(int agent) {
    size_t total = HEADER + environment_length + configuration_length;
    for (size_t sent = 0; sent < total;) {
        if (await(agent, POLLOUT)) return -1;
        ssize_t count = send(agent, request + sent, total - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno != EINTR && errno != EAGAIN) return -1;
        if (count > 0) sent += (size_t)count;
    }
    ssize_t header = read_fully(agent, answer, HEADER);
    if (header < 0) return -1;
    if (header < HEADER || memcmp(answer, "FYR1", 4) != 0) return errno = EPROTO, -1;
    size_t length = get32(answer + 8);
    if (length > ANSWER_MAX) return errno = EPROTO, -1;
    ssize_t text = read_fully(agent, answer + HEADER, length);
    if (text >= 0 && (size_t)text < length) return errno = EPROTO, -1;
    return text;
}

static int write_fully(int descriptor, const unsigned char *bytes, size_t length) {
    while (length > 0) {
        ssize_t count = write(descriptor, bytes, length);
        if (count < 0 && errno != EINTR) return -1;
        if (count > 0) bytes += count, length -= (size_t)count;
    }
    return 0;
}

/* These two form the names of files, so they are checked here as the agent checks them. */
static int names_attachment(const char *container, const char *interface) {
    size_t length = strlen(container);
    return length > 0 && length <= CONTAINER_MAX && strchr("_.-", container[0]) == NULL
        && strspn(container, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == length
        && *interface != 0 && strlen(interface) < 16 && strpbrk(interface, "/: \t\r\n\v\f") == NULL;
}

/* Writes the request to disk, first under a temporary name: the agent sees all of it or nothing. */
static int write_pending(const char *container, const char *interface) {
    char temporary[sizeof settings.pending + 16], name[sizeof settings.pending + CONTAINER_MAX + 32];
    snprintf(temporary, sizeof temporary, "%s/.new-XXXXXX", settings.pending);
    snprintf(name, sizeof name, "%s/%s:%s", settings.pending, container, interface);
    if (mkdir(settings.pending, 0700) && errno != EEXIST) return -1;
    int file = mkstemp(temporary);
    if (file < 0) return -1;
    int written = write_fully(file, request, HEADER + environment_length + configuration_length) == 0 && fsync(file) == 0;
    int cause = errno;
    close(file);
    if (!written || rename(temporary, name)) {
        cause = written ? errno : cause;
        unlink(temporary);
        return errno = cause, -1;
    }
    int directory = open(settings.pending, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int durable = directory < 0 ? -1 : fsync(directory);
    if (directory >= 0) close(directory);
    return durable;
}

static int queue_delete(void) {
    const char *container = getenv("CNI_CONTAINERID"), *interface = getenv("CNI_IFNAME");
    if (!container || !interface || !names_attachment(container, interface))
        return fail(INVALID_ENVIRONMENT, "CNI_CONTAINERID and CNI_IFNAME do not name an attachment", "");
    if (write_pending(container, interface))
        return fail(IO_FAILURE, "the agent does not answer and the DEL cannot be queued on disk", strerror(errno));
    return 0;
}

int main(int count, char **arguments) {
    const char *command = getenv("CNI_COMMAND");
    deadline = milliseconds() + 1000L * atoi(settings.seconds);
    int status = compose();
    if (status != 0) return status;
    if (command != NULL && strcmp(command, "VERSION") == 0) {
        printf("{\"cniVersion\":\"%s\",\"supportedVersions\":[%s]}\n", version, VERSIONS);
        return 0;
    }
    const char *called = count > 0 ? strrchr(arguments[0], '/') : NULL;
    if (strcmp(called ? called + 1 : count > 0 ? arguments[0] : "", "loopback") == 0) return loopback(command ? command : "", version, configuration());
    int is_delete = command != NULL && strcmp(command, "DEL") == 0;
    int agent = is_delete ? connect_agent() : connect_patiently();
    ssize_t length = agent < 0 ? -1 : ask(agent);
    if (length >= 0) return write_fully(STDOUT_FILENO, answer + HEADER, (size_t)length) == 0 && get32(answer + 4) == 0 ? 0 : 1;
    const char *cause = strerror(errno);
    if (is_delete) return queue_delete();
    int code = command != NULL && strcmp(command, "STATUS") == 0 ? UNAVAILABLE : TRY_AGAIN_LATER;
    return fail(code, agent < 0 ? "the Fyr agent is not running on this node" : "the Fyr agent does not answer", cause);
}
