/*
 * Creates and enters the world of a lab. A JVM has many threads, and a process with more than one thread cannot enter a user namespace
 * (user_namespaces(7)). So this small program enters or creates namespaces and then executes or starts another program.
 *
 *   fyr-world up DIR -- COMMAND...    creates a world and runs COMMAND in it. The world ends with the command, with this process, or
 *                                     with the world's first process. Descriptor 0 of COMMAND is a socket that listens on the
 *                                     machine's 127.0.0.1 (the port is in DIR/port). It is the only connection out of the world.
 *   fyr-world in DIR NETNS RESOLV HOSTS HOST -- COMMAND...
 *                                     runs COMMAND in the world of DIR, in the network namespace with that file ("" for the world's
 *                                     own), with these files as /etc/resolv.conf and /etc/hosts ("" for the machine's), and with that
 *                                     host name.
 *   fyr-world at NETNS -- COMMAND...  inside a world: executes COMMAND in another network namespace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *format, ...) {
    int error = errno;
    va_list args;
    va_start(args, format);
    fputs("fyr: ", stderr);
    vfprintf(stderr, format, args);
    fprintf(stderr, ": %s\n", strerror(error));
    exit(1);
}

static const char *path(const char *format, ...) {
    static char buffers[8][4096];
    static int next;
    char *buffer = buffers[next++ % 8];
    va_list args;
    va_start(args, format);
    if (vsnprintf(buffer, sizeof buffers[0], format, args) >= (int)sizeof buffers[0]) {
        errno = ENAMETOOLONG;
        fail("%s", format);
    }
    return buffer;
}

static void put(const char *file, const char *text) {
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) fail("%s", file);
    close(fd);
}

/* This fails only on kernels and distributions that forbid it. They differ in the setting that allows it, so all settings are named. */
static void forbidden(const char *what) {
    fprintf(stderr,
            "fyr: this system does not let ordinary users make namespaces (%s: %s); run as root, or allow it with: sysctl -w "
            "user.max_user_namespaces=10000 kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0 "
            "(those that exist)\n", what, strerror(errno));
    exit(1);
}

/*
 * Listens on the machine's loopback. Uses an IPv6 socket with a mapped address, because a JVM that finds an AF_INET socket as descriptor 0
 * disables IPv6 until it exits (OpenJDK net_util_md.c, IPv6_supported).
 */
static int listen_on_loopback(const char *dir) {
    struct sockaddr_in6 address = {.sin6_family = AF_INET6};
    socklen_t length = sizeof address;
    int off = 0, fd = socket(AF_INET6, SOCK_STREAM, 0);
    address.sin6_addr.s6_addr[10] = address.sin6_addr.s6_addr[11] = 0xff;
    address.sin6_addr.s6_addr[12] = 127;
    address.sin6_addr.s6_addr[15] = 1;
    if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) || bind(fd, (void *)&address, sizeof address) ||
        listen(fd, 512) || getsockname(fd, (void *)&address, &length))
        fail("cannot listen on 127.0.0.1");
    put(path("%s/port", dir), path("%d\n", ntohs(address.sin6_port)));
    return fd;
}

static void make_namespaces(void) {
    unsigned uid = geteuid(), gid = getegid();
    int user = uid ? CLONE_NEWUSER : 0;
    if (unshare(user | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS)) {
        if (user) forbidden("unshare");
        fail("cannot make namespaces (needs CAP_SYS_ADMIN)");
    }
    if (!user) return;
    put("/proc/self/setgroups", "deny");
    put("/proc/self/uid_map", path("0 %u 1", uid));
    put("/proc/self/gid_map", path("0 %u 1", gid));
}

static void make_directories(const char *directory) {
    char *copy = strdup(directory);
    for (char *slash = copy + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        mkdir(copy, 0755);
        *slash = '/';
    }
    if (mkdir(copy, 0755) && errno != EEXIST) fail("%s", copy);
    free(copy);
}

/* /etc/resolv.conf may be a link to a file below /run that does not exist in this world. */
static void bind_resolver(const char *file) {
    char target[4096];
    ssize_t length = readlink("/etc/resolv.conf", target, sizeof target - 1);
    if (length > 0) {
        target[length] = 0;
        const char *absolute = target[0] == '/' ? target : path("/etc/%s", target);
        char *directory = strdup(absolute);
        *strrchr(directory, '/') = 0;
        if (access("/etc/resolv.conf", F_OK)) {
            make_directories(directory);
            put(absolute, "");
        }
        free(directory);
    }
    if (mount(file, "/etc/resolv.conf", NULL, MS_BIND, NULL)) fail("cannot bind %s to /etc/resolv.conf", file);
}

/* Gives the world its own /proc, /run and resolver. The lab's directory remains visible at its path, even if that is below /run. */
static void furnish(const char *dir) {
    int home = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC), socket_fd = socket(AF_INET, SOCK_DGRAM | O_CLOEXEC, 0);
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)) {
        /* do_change_type in fs/namespace.c: the root of a chroot that is not a mount point */
        if (errno == EINVAL) fail("/ is not a mount here; in a chroot to DIR, run mount --bind DIR DIR before");
        forbidden("mount"); /* AppArmor lets an ordinary user create the namespaces but not use them */
    }
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL)) fail("cannot mount /proc of the lab");
    if (home < 0 || mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755")) fail("cannot mount /run of the lab");
    make_directories("/run/netns");
    if (!strncmp(dir, "/run/", 5) || !strncmp(dir, "/var/run/", 9)) {
        make_directories(dir);
        if (mount(path("/proc/self/fd/%d", home), dir, NULL, MS_BIND, NULL)) fail("cannot bind %s", dir);
    }
    if (!access(path("%s/resolv.conf", dir), R_OK)) bind_resolver(path("%s/resolv.conf", dir));
    sethostname("fyr-lab", 7);
    if (ioctl(socket_fd, SIOCSIFFLAGS, &lo)) fail("cannot set lo up");
    close(home);
    close(socket_fd);
}

static int status_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The world's first process: starts the command and reaps orphans. When it ends, everything in the world ends (pid_namespaces(7)). */
static int first_process(const char *dir, int listener, int gate, char **command) {
    char ready;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (read(gate, &ready, 1) != 1) return 1; /* the parent ended before the prctl above */
    close(gate);
    furnish(dir);
    pid_t main_process = fork();
    if (main_process < 0) fail("fork");
    if (main_process == 0) {
        dup2(listener, 0);
        setenv("FYR_OWN_NAMESPACE", "1", 1); /* tells programs that are meant for labs that they run in one */
        close(listener);
        execv(command[0], command);
        fail("%s", command[0]);
    }
    close(listener);
    for (int status;;) {
        pid_t ended = wait(&status);
        if (ended == main_process) return status_of(status);
        if (ended < 0 && errno != EINTR) return 1;
    }
}

static int up(const char *dir, char **command) {
    int gate[2], status;
    setsid();
    int listener = listen_on_loopback(dir);
    make_namespaces();
    if (pipe2(gate, O_CLOEXEC)) fail("pipe");
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        close(gate[1]);
        exit(first_process(dir, listener, gate[0], command));
    }
    close(listener);
    put(path("%s/pid", dir), path("%d %d\n", getpid(), child));
    if (write(gate[1], "x", 1) != 1) fail("gate");
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return status_of(status);
}

static int open_namespace(pid_t pid, const char *kind) {
    int fd = open(path("/proc/%d/ns/%s", pid, kind), O_RDONLY | O_CLOEXEC);
    if (fd < 0) fail("the lab is not there (/proc/%d/ns/%s)", pid, kind);
    return fd;
}

static void enter(int fd, int type, const char *name) {
    if (setns(fd, type)) fail("cannot enter %s", name);
    close(fd);
}

static void enter_world(const char *dir) {
    pid_t outer, first;
    struct stat theirs, ours;
    char here[4096];
    FILE *file = fopen(path("%s/pid", dir), "re");
    if (!file || fscanf(file, "%d %d", &outer, &first) != 2) fail("no lab in %s", dir);
    fclose(file);
    if (!getcwd(here, sizeof here)) here[0] = 0;
    int user = open_namespace(first, "user"), pid = open_namespace(first, "pid"), net = open_namespace(first, "net"),
        ipc = open_namespace(first, "ipc"), uts = open_namespace(first, "uts"), mnt = open_namespace(first, "mnt");
    if (fstat(user, &theirs) || stat("/proc/self/ns/user", &ours)) fail("/proc/self/ns/user");
    if (theirs.st_ino != ours.st_ino) enter(user, CLONE_NEWUSER, "the lab's user namespace");
    enter(pid, CLONE_NEWPID, "the lab's process namespace");
    enter(net, CLONE_NEWNET, "the lab's network namespace");
    enter(ipc, CLONE_NEWIPC, "the lab's IPC namespace");
    enter(uts, CLONE_NEWUTS, "the lab's UTS namespace");
    enter(mnt, CLONE_NEWNS, "the lab's mount namespace");
    if (chdir(here) && chdir("/")) fail("/");
}

static void enter_network(const char *file) {
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) fail("no network namespace %s", file);
    enter(fd, CLONE_NEWNET, file);
}

static void bind_hosts(const char *file) {
    if (access("/etc/hosts", F_OK)) put("/etc/hosts", "");
    if (mount(file, "/etc/hosts", NULL, MS_BIND, NULL)) fail("cannot bind %s to /etc/hosts", file);
}

static int in(const char *dir, const char *network, const char *resolver, const char *hosts, const char *host, char **command) {
    int status;
    enter_world(dir);
    if (*network) enter_network(network);
    if (unshare(CLONE_NEWNS | CLONE_NEWUTS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)) fail("mount namespace");
    if (*resolver) bind_resolver(resolver);
    if (*hosts) bind_hosts(hosts);
    if (*host && sethostname(host, strlen(host))) fail("host name %s", host);
    mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL); /* so that /sys/class/net shows this namespace; not essential */
    pid_t child = fork(); /* the process namespace applies only to children */
    if (child < 0) fail("fork");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execvp(command[0], command);
        fail("%s", command[0]);
    }
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return status_of(status);
}

int main(int count, char **args) {
    if (count > 4 && !strcmp(args[1], "up") && !strcmp(args[3], "--")) return up(args[2], args + 4);
    if (count > 8 && !strcmp(args[1], "in") && !strcmp(args[7], "--"))
        return in(args[2], args[3], args[4], args[5], args[6], args + 8);
    if (count > 4 && !strcmp(args[1], "at") && !strcmp(args[3], "--")) {
        enter_network(args[2]);
        execv(args[4], args + 4);
        fail("%s", args[4]);
    }
    fputs("usage: fyr-world up DIR -- COMMAND... | in DIR NETNS RESOLV HOSTS HOST -- COMMAND... | at NETNS -- COMMAND...\n", stderr);
    return 2;
}
