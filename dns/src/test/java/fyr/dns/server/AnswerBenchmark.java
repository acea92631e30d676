package fyr.dns.server;

import fyr.dns.answer.ClusterAnswers;
import fyr.dns.forward.Forwarder;
import fyr.dns.message.DnsName;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
import fyr.model.NamespacedName;
import fyr.model.name.DnsView;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Answers per second of one core, from query bytes to answer bytes, without a socket. */
final class AnswerBenchmark {

    private static final int HOSTS = 20_000;

    private AnswerBenchmark() {}

    public static void main(String[] arguments) {
        DnsView shop = Shop.view();
        DnsView view = new DnsView(
                shop.services().with(new NamespacedName("shop", "huge"), Shop.headless(HOSTS)),
                shop.namespaces(),
                shop.pointers());
        Optional<DnsView> known = Optional.of(view);
        ClusterAnswers answers = new ClusterAnswers(Shop.ZONE, new Random(1));
        QueryHandler handler = new QueryHandler(answers, () -> known, Forwarder.none(), DnsCounters.none());
        line(handler, "web.shop.svc.cluster.local", RecordType.A, "virtual service");
        line(handler, "www.example.com.svc.cluster.local", RecordType.A, "search list, denied");
        line(handler, "db-150.db.shop.svc.cluster.local", RecordType.A, "one of 200 hosts");
        line(handler, "db-19999.huge.shop.svc.cluster.local", RecordType.A, "one of 20,000 hosts");
        line(handler, "huge.shop.svc.cluster.local", RecordType.AAAA, "none of 20,000 hosts");
        line(handler, "huge.shop.svc.cluster.local", RecordType.A, "512 bytes of 20,000 hosts");
    }

    private static void line(QueryHandler handler, String name, RecordType type, String what) {
        System.out.printf(
                "%-38s %-5s %-26s %,10d answers per core-second%n", name, type, what, rate(handler, name, type));
    }

    private static long rate(QueryHandler handler, String name, RecordType type) {
        Question question = new Question(DnsName.parse(name), type);
        byte[] query = MessageWriter.write(Message.of(7, Flags.query(false), List.of(question), Optional.empty()), 512);
        long answered = 0;
        long start = cpuNanos();
        for (int round = 0; round < 2; round++) { // the first one warms up
            answered = 0;
            start = cpuNanos();
            while (cpuNanos() - start < 1_000_000_000L) {
                for (int i = 0; i < 1000; i++) {
                    handler.handle(query, query.length, false);
                }
                answered += 1000;
            }
        }
        return answered * 1_000_000_000L / (cpuNanos() - start);
    }

    /** Of the whole process, compiler and collector included: wall time says nothing on a shared machine. */
    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }
}
