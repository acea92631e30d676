package fyr.dns.forward;

import fyr.dns.message.Message;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Forwards to the name servers of a {@code resolv.conf} as it is now. It is read again every few seconds, as long as there are questions: a file
 * that was missing, or of the network before, heals by itself. Servers are kept while it names none, as a file that is being written does.
 */
public final class ResolvConfForwarder implements Forwarder {

    static final Duration FRESH = Duration.ofSeconds(5);

    private static final Logger LOG = System.getLogger(ResolvConfForwarder.class.getName());

    private final Path file;
    private final Function<List<IpAddress>, Forwarder> to;
    private final InstantSource clock;
    private final ReentrantLock reading = new ReentrantLock();
    private Optional<ResolvConf> last = Optional.empty();
    private volatile Instant read = Instant.EPOCH;
    private volatile Forwarder servers = Forwarder.none();

    /**
     * Reads the file once.
     *
     * @param to makes a forwarder to some name servers; called when they are other ones, on the thread of a question
     */
    public ResolvConfForwarder(Path file, Function<List<IpAddress>, Forwarder> to, InstantSource clock) {
        this.file = file;
        this.to = to;
        this.clock = clock;
        refresh();
    }

    @Override
    public Optional<Message> remembered(ForwardedQuestion question) {
        return servers.remembered(question);
    }

    @Override
    public Message resolve(ForwardedQuestion question) {
        refresh(); // only here: this may block
        return servers.resolve(question);
    }

    private void refresh() {
        Duration age = Duration.between(read, clock.instant());
        boolean fresh = !age.isNegative() && age.compareTo(FRESH) < 0;
        if (fresh || !reading.tryLock()) {
            return;
        }
        try {
            read = clock.instant();
            ResolvConf now = conf();
            if (!last.equals(Optional.of(now))) {
                last = Optional.of(now);
                follow(now);
            }
        } finally {
            reading.unlock();
        }
    }

    private ResolvConf conf() {
        try {
            return ResolvConf.read(file);
        } catch (IOException e) {
            return new ResolvConf(List.of(), List.of("it cannot be read: " + e));
        }
    }

    private void follow(ResolvConf conf) {
        conf.problems().forEach(problem -> LOG.log(Level.WARNING, file + ": " + problem));
        if (conf.nameservers().isEmpty()) {
            LOG.log(Level.WARNING, "{0} names no server for names outside the cluster; it is looked at again", file);
        } else {
            LOG.log(Level.INFO, "names outside the cluster are asked of {0} ({1})", conf.nameservers(), file);
            servers = to.apply(conf.nameservers());
        }
    }
}
