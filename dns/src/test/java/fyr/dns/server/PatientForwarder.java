package fyr.dns.server;

import fyr.dns.forward.ForwardedQuestion;
import fyr.dns.forward.Forwarder;
import fyr.dns.message.DnsName;
import fyr.dns.message.Message;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers when the test says so; names below {@code broken.test} are an error. */
final class PatientForwarder implements Forwarder {

    private final CountDownLatch upstream = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    /** How often it was asked. */
    int asked() {
        return asked.get();
    }

    /** Lets all questions be answered, also later ones. */
    void answer() {
        upstream.countDown();
    }

    @Override
    public Optional<Message> remembered(ForwardedQuestion question) {
        return Optional.empty();
    }

    @Override
    public Message resolve(ForwardedQuestion question) {
        asked.incrementAndGet();
        if (question.question().name().isWithin(DnsName.parse("broken.test"))) {
            throw new IllegalStateException("as an internal error would");
        }
        try {
            upstream.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Forwarder.failure(question);
    }
}
