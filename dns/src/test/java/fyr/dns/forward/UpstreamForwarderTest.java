package fyr.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.dns.DnsException;
import fyr.dns.message.DnsName;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The forwarder in front of upstream servers that do as a script says. */
class UpstreamForwarderTest {

    private static final int MEMORY = 1 << 20;
    private final SetClock clock = new SetClock();
    private final List<ScriptedUpstream> started = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(ScriptedUpstream::close);
    }

    private ScriptedUpstream upstream(ScriptedUpstream.Script script) {
        ScriptedUpstream upstream = new ScriptedUpstream(script);
        started.add(upstream);
        return upstream;
    }

    private ScriptedUpstream upstream(ScriptedUpstream.Script script, int port) {
        ScriptedUpstream upstream = new ScriptedUpstream(script, port);
        started.add(upstream);
        return upstream;
    }

    private UpstreamForwarder forwarder(ScriptedUpstream... upstreams) {
        List<InetSocketAddress> sockets =
                java.util.Arrays.stream(upstreams).map(ScriptedUpstream::socket).toList();
        return new UpstreamForwarder(sockets, List.of(), MEMORY, clock);
    }

    private static ForwardedQuestion question(String name) {
        return new ForwardedQuestion(new Question(DnsName.parse(name), RecordType.A), false, false);
    }

    private static long millis(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1_000_000;
    }

    @Test
    void aDeadUpstreamCostsItsTimeOutOnceAndIsTriedBesideAQueryLater() throws Exception {
        ScriptedUpstream first = upstream(ScriptedUpstream.silence());
        ScriptedUpstream second = upstream(ScriptedUpstream.address("192.0.2.2"));
        UpstreamForwarder forwarder = forwarder(first, second);

        long dead = millis(() -> forwarder.resolve(question("a.test")));
        for (String name : List.of("b.test", "c.test", "d.test")) {
            assertThat(millis(() -> forwarder.resolve(question(name)))).isLessThan(dead);
        }
        Thread.sleep(200); // a datagram that was sent again as the second was asked has arrived
        int before = first.queries().size();
        assertThat(before).as("once more at most, as the second was asked").isBetween(1, 2);

        clock.pass(Upstreams.REST);
        assertThat(millis(() -> forwarder.resolve(question("e.test")))).isLessThan(dead);
        assertThat(millis(() -> forwarder.resolve(question("f.test")))).isLessThan(dead);
        for (int i = 0; i < 200 && first.queries().size() == before; i++) {
            Thread.sleep(20);
        }
        Thread.sleep(100);
        assertThat(first.queries()).as("one probe for each rest").hasSize(before + 1);

        first.follow(ScriptedUpstream.address("192.0.2.1"));
        Thread.sleep(1100); // the probe that was under way has failed
        clock.pass(Upstreams.REST);
        forwarder.resolve(question("g.test"));
        Thread.sleep(200);
        assertThat(forwarder.resolve(question("h.test")).answers().toString()).contains("192.0.2.1");
    }

    @Test
    void afterServfailTheNextIsAskedAndTheFirstStaysFirst() {
        ScriptedUpstream first = upstream(ScriptedUpstream.always(ResponseCode.SERVFAIL));
        ScriptedUpstream second = upstream(ScriptedUpstream.address("192.0.2.2"));
        UpstreamForwarder forwarder = forwarder(first, second);
        assertThat(forwarder.resolve(question("a.test")).answers().toString()).contains("192.0.2.2");
        assertThat(forwarder.resolve(question("b.test")).answers().toString()).contains("192.0.2.2");
        assertThat(first.queries()).hasSize(2);
        second.follow(ScriptedUpstream.always(ResponseCode.REFUSED));
        assertThat(forwarder.resolve(question("c.test")).code()).isEqualTo(ResponseCode.REFUSED);
        assertThat(first.queries()).as("who said no is not asked again").hasSize(3);
    }

    @Test
    void aServerThatKnowsNoEdnsIsAskedWithout() {
        for (boolean withQuestion : List.of(true, false)) {
            ScriptedUpstream old = upstream((query, tcp) -> Optional.of(
                    query.edns().isEmpty()
                            ? ScriptedUpstream.reply(query, ResponseCode.NOERROR, "192.0.2.1")
                            : Message.of(
                                    query.id(),
                                    query.flags().reply(ResponseCode.FORMERR, false),
                                    withQuestion ? query.questions() : List.of(),
                                    Optional.empty())));
            assertThat(forwarder(old).resolve(question("a.test")).answers()).hasSize(1);
            assertThat(old.queries()).hasSize(2);
        }
    }

    @Test
    void aCutAnswerIsFetchedOverTcp() {
        ScriptedUpstream upstream = upstream((query, tcp) -> Optional.of(
                tcp
                        ? ScriptedUpstream.reply(query, ResponseCode.NOERROR, "192.0.2.1", "192.0.2.2")
                        : Message.of(
                                query.id(),
                                query.flags().reply(ResponseCode.NOERROR, false).asTruncated(),
                                query.questions(),
                                query.edns())));
        Message answer = forwarder(upstream).resolve(question("a.test"));
        assertThat(answer.answers()).hasSize(2);
        assertThat(answer.flags().truncated()).isFalse();
    }

    @Test
    void equalQuestionsAreOneQuery() throws Exception {
        ScriptedUpstream upstream = upstream((query, tcp) -> {
            sleep(300);
            return ScriptedUpstream.address("192.0.2.1").answer(query, tcp);
        });
        UpstreamForwarder forwarder = forwarder(upstream);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Message>> asks = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String name = i % 2 == 0 ? "www.test" : "WWW.test";
                asks.add(() -> forwarder.resolve(question(name)));
            }
            for (Future<Message> answer : threads.invokeAll(asks)) {
                assertThat(answer.get().answers()).hasSize(1);
            }
        }
        assertThat(forwarder.resolve(question("www.test")).answers()).hasSize(1);
        assertThat(upstream.queries()).hasSize(1);
    }

    @Test
    void nothingTakesLongerThanTheClientsWait() {
        ScriptedUpstream.Script wearisome = (query, tcp) -> {
            sleep(900);
            Flags flags =
                    query.flags().reply(query.edns().isPresent() ? ResponseCode.FORMERR : ResponseCode.NOERROR, false);
            return tcp
                    ? Optional.empty()
                    : Optional.of(Message.of(query.id(), flags.asTruncated(), query.questions(), Optional.empty()));
        };
        UpstreamForwarder forwarder = forwarder(upstream(wearisome), upstream(wearisome), upstream(wearisome));
        long millis = millis(
                () -> assertThat(forwarder.resolve(question("a.test")).flags().truncated())
                        .isTrue());
        assertThat(millis).as("all that a client of glibc waits").isLessThan(5000);
    }

    @Test
    void aSilentOnlyUpstreamIsAskedThriceAndListenedToUntilTheEnd() {
        ScriptedUpstream upstream = upstream(ScriptedUpstream.silence());
        assertThat(millis(() -> assertThat(
                                forwarder(upstream).resolve(question("a.test")).code())
                        .isEqualTo(ResponseCode.SERVFAIL)))
                .isGreaterThan(4300);
        assertThat(upstream.queries()).hasSize(3);
        assertThat(upstream.queries())
                .extracting(Message::id)
                .as("the same datagram")
                .containsOnly(upstream.queries().getFirst().id());
    }

    @Test
    void anAnswerThatComesLateIsTakenFromWhomeverItComes() {
        ScriptedUpstream late = upstream((query, tcp) -> {
            sleep(2500);
            return ScriptedUpstream.address("192.0.2.1").answer(query, tcp);
        });
        ScriptedUpstream dead = upstream(ScriptedUpstream.silence());
        UpstreamForwarder forwarder = forwarder(late, dead);
        assertThat(forwarder.resolve(question("a.test")).answers()).hasSize(1);
    }

    @Test
    void whoeverRefusesAtFirstIsAskedAgainSoon() throws Exception {
        ScriptedUpstream restarting = upstream(ScriptedUpstream.silence());
        UpstreamForwarder forwarder = forwarder(restarting);
        int port = restarting.socket().getPort();
        restarting.close();
        Thread.ofVirtual().start(() -> {
            sleep(700);
            upstream(ScriptedUpstream.address("192.0.2.1"), port);
        });
        assertThat(forwarder.resolve(question("a.test")).answers()).hasSize(1);
    }

    @Test
    void whoeverRefusesCostsNoTimeIfAnotherAnswers() {
        ScriptedUpstream gone = upstream(ScriptedUpstream.silence());
        UpstreamForwarder forwarder = forwarder(gone, upstream(ScriptedUpstream.address("192.0.2.2")));
        gone.close();
        assertThat(millis(() -> assertThat(forwarder.resolve(question("a.test")).answers())
                        .hasSize(1)))
                .isLessThan(Exchange.PATIENCE.toMillis());
    }

    @Test
    void whoeverRefusedIsNotTheFirstToBeAskedSoonAfter() {
        ScriptedUpstream gone = upstream(ScriptedUpstream.silence());
        UpstreamForwarder forwarder = forwarder(gone, upstream(ScriptedUpstream.address("192.0.2.2")));
        int port = gone.socket().getPort();
        gone.close();
        assertThat(forwarder.resolve(question("a.test")).answers()).hasSize(1);
        upstream(ScriptedUpstream.address("192.0.2.1"), port);
        assertThat(forwarder.resolve(question("b.test")).answers().toString()).contains("192.0.2.2");
    }

    /** Whoever refused is asked again every 300 ms, but only until there is an answer. */
    @Test
    void onceThereIsAnAnswerNobodyIsAskedAgain() {
        ScriptedUpstream gone = upstream(ScriptedUpstream.silence());
        UpstreamForwarder forwarder = forwarder(gone, upstream(ScriptedUpstream.address("192.0.2.2")));
        int port = gone.socket().getPort();
        gone.close();
        assertThat(forwarder.resolve(question("a.test")).answers()).hasSize(1);
        assertThat(forwarder.remembered(question("a.test"))).isPresent();
        ScriptedUpstream back = upstream(ScriptedUpstream.silence(), port);
        sleep(700);
        assertThat(back.queries()).isEmpty();
    }

    @Test
    void whoeverIsInterruptedHasAFailureAtOnceAndStaysInterrupted() throws Exception {
        UpstreamForwarder forwarder = forwarder(upstream(ScriptedUpstream.silence()));
        CompletableFuture<Message> answer = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread asking = Thread.ofVirtual().start(() -> {
            answer.complete(forwarder.resolve(question("a.test")));
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        asking.interrupt();
        assertThat(answer.get(2, TimeUnit.SECONDS).code()).isEqualTo(ResponseCode.SERVFAIL);
        assertThat(interrupted.get(2, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void onceAllHaveSaidNoTheAnswerIsNotAwaitedAnyLonger() {
        ScriptedUpstream.Script no = ScriptedUpstream.always(ResponseCode.SERVFAIL);
        UpstreamForwarder forwarder = forwarder(upstream(no), upstream(no), upstream(no));
        assertThat(millis(() ->
                        assertThat(forwarder.resolve(question("a.test")).code()).isEqualTo(ResponseCode.SERVFAIL)))
                .isLessThan(Exchange.PATIENCE.toMillis());
    }

    @Test
    void aSlowNameIsNoDeadServer() throws Exception {
        ScriptedUpstream first =
                upstream((query, tcp) -> query.questions().getFirst().name().equals(DnsName.parse("slow.test"))
                        ? Optional.empty()
                        : ScriptedUpstream.address("192.0.2.1").answer(query, tcp));
        UpstreamForwarder forwarder = forwarder(first, upstream(ScriptedUpstream.address("192.0.2.2")));
        Thread slow = Thread.ofVirtual().start(() -> forwarder.resolve(question("slow.test")));
        sleep(300);
        assertThat(forwarder.resolve(question("a.test")).answers().toString()).contains("192.0.2.1");
        slow.join();
        assertThat(forwarder.resolve(question("b.test")).answers().toString()).contains("192.0.2.1");
    }

    @Test
    void whatWasCutIsBetterThanNothing() {
        ScriptedUpstream upstream = upstream((query, tcp) -> {
            Message whole = ScriptedUpstream.reply(query, ResponseCode.NOERROR, "192.0.2.1");
            return tcp
                    ? Optional.empty() // as if a firewall kept TCP away
                    : Optional.of(new Message(
                            whole.id(),
                            whole.flags().asTruncated(),
                            whole.questions(),
                            whole.answers(),
                            List.of(),
                            List.of(),
                            whole.edns()));
        });
        UpstreamForwarder forwarder = forwarder(upstream);
        Message answer = forwarder.resolve(question("a.test"));
        assertThat(answer.answers()).hasSize(1);
        assertThat(answer.flags().truncated()).isTrue();
        assertThat(forwarder.remembered(question("a.test"))).isEmpty();
    }

    @Test
    void answersToOtherQuestionsAreNotBelieved() {
        ConcurrentHashMap<Integer, Boolean> seen = new ConcurrentHashMap<>();
        ScriptedUpstream forger = upstream((query, tcp) -> {
            boolean wrongId = seen.putIfAbsent(seen.size(), true) == null && seen.size() % 2 == 1;
            Message other = wrongId
                    ? new Message(
                            query.id() ^ 1,
                            query.flags(),
                            query.questions(),
                            List.of(),
                            List.of(),
                            List.of(),
                            query.edns())
                    : new Message(
                            query.id(),
                            query.flags(),
                            List.of(new Question(DnsName.parse("other.test"), RecordType.A)),
                            List.of(),
                            List.of(),
                            List.of(),
                            query.edns());
            return Optional.of(ScriptedUpstream.reply(other, ResponseCode.NOERROR, "192.0.2.66"));
        });
        assertThat(forwarder(forger).resolve(question("a.test")).code()).isEqualTo(ResponseCode.SERVFAIL);
        assertThat(forger.queries()).hasSize(3);
    }

    @Test
    void noUpstreamIsThisServerItself() {
        InetSocketAddress wildcard = new InetSocketAddress("0.0.0.0", 5353);
        InetSocketAddress loopback = new InetSocketAddress("127.0.0.1", 5353);
        InetSocketAddress wildcard6 = new InetSocketAddress("::", 5353);
        assertRefused(loopback, loopback);
        assertRefused(wildcard, loopback);
        assertRefused(wildcard, new InetSocketAddress("127.0.0.53", 5353));
        assertRefused(wildcard6, new InetSocketAddress("::1", 5353));
        assertRefused(loopback, wildcard);
        new UpstreamForwarder(List.of(new InetSocketAddress("127.0.0.1", 54)), List.of(wildcard), MEMORY, clock);
        new UpstreamForwarder(List.of(new InetSocketAddress("192.0.2.1", 5353)), List.of(wildcard), MEMORY, clock);
        new UpstreamForwarder(List.of(new InetSocketAddress("127.0.0.2", 5353)), List.of(loopback), MEMORY, clock);
    }

    private void assertRefused(InetSocketAddress own, InetSocketAddress upstream) {
        assertThatThrownBy(() -> new UpstreamForwarder(List.of(upstream), List.of(own), MEMORY, clock))
                .isInstanceOf(DnsException.class)
                .hasMessageContaining("is this cluster DNS itself");
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(Duration.ofMillis(millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
