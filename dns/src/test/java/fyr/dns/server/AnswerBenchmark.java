package fyr.dns.server;

import fyr.dns.answer.ClusterAnswers;
import fyr.dns.answer.Zone;
import fyr.dns.forward.Forwarder;
import fyr.dns.message.DnsName;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
import fyr.model.name.DnsView;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Prints answers per second of one core, from query bytes to answer bytes; with a port, serves there until ended (for dnsperf). */
final class AnswerBenchmark {

    private AnswerBenchmark() {}

    public static void main(String[] arguments) throws InterruptedException {
        Zone zone = Zone.standard(List.of(), List.of());
        Optional<DnsView> view = Optional.of(Shop.view());
        if (arguments.length > 0) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
            try (DnsServer server =
                    DnsServer.start(List.of(address), zone, () -> view, Forwarder.none(), DnsCounters.none())) {
                System.out.println("serving " + server.addresses());
                Thread.sleep(Long.MAX_VALUE);
            }
        }
        ClusterAnswers answers = new ClusterAnswers(zone, new Random(1));
        QueryHandler handler = new QueryHandler(answers, () -> view, Forwarder.none(), DnsCounters.none());
        for (String name : List.of(
                "web.shop.svc.cluster.local", "www.example.com.svc.cluster.local", "db.shop.svc.cluster.local")) {
            System.out.printf("%-40s %,d answers per core-second%n", name, rate(handler, name));
        }
    }

    private static long rate(QueryHandler handler, String name) {
        Question question = new Question(DnsName.parse(name), RecordType.A);
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
