package fyr.agent;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;

/**
 * Whether the heap has enough room: how much of its limit is in use right after a full collection, when only needed objects are left. The
 * memory that is needed depends on the size of the cluster; the limit does not. The JVM keeps the numbers, so asking costs nothing.
 */
final class HeapRoom implements AutoCloseable {

    /** Above this share the collector works more and more and frees less and less, and a burst of changes may end the agent. */
    static final double FULL = 0.85;

    private static final int MEBIBYTE = 1 << 20;

    private final Optional<MemoryPoolMXBean> pool;
    private final NotificationListener listener;

    private HeapRoom(Optional<MemoryPoolMXBean> pool, NotificationListener listener) {
        this.pool = pool;
        this.listener = listener;
    }

    /**
     * @param tell called on a thread of the JVM each time the heap has become too full, with advice
     */
    static HeapRoom watch(Consumer<String> tell) {
        Optional<MemoryPoolMXBean> pool = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(one -> one.getType() == MemoryType.HEAP && one.isCollectionUsageThresholdSupported())
                .filter(one ->
                        one.getUsage().getMax() > 0 && one.isUsageThresholdSupported()) // of all pools the oldest
                .findFirst();
        pool.ifPresent(oldest ->
                oldest.setCollectionUsageThreshold((long) (oldest.getUsage().getMax() * FULL)));
        NotificationListener listener = (notification, _) -> {
            if (notification.getType().equals(MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED)) {
                pool.flatMap(HeapRoom::shortage).ifPresent(tell);
            }
        };
        emitter().addNotificationListener(listener, null, null);
        return new HeapRoom(pool, listener);
    }

    private static NotificationEmitter emitter() {
        return (NotificationEmitter) ManagementFactory.getMemoryMXBean();
    }

    /** The share that is needed, 0 to 1; empty before the first full collection. */
    OptionalDouble share() {
        return pool.map(HeapRoom::share).orElse(OptionalDouble.empty());
    }

    /** Why the heap is too small, and what to do about it. */
    Optional<String> shortage() {
        return pool.flatMap(HeapRoom::shortage);
    }

    private static OptionalDouble share(MemoryPoolMXBean oldest) {
        MemoryUsage after = oldest.getCollectionUsage();
        return after == null || after.getMax() <= 0 || after.getUsed() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) after.getUsed() / after.getMax());
    }

    private static Optional<String> shortage(MemoryPoolMXBean oldest) {
        OptionalDouble share = share(oldest);
        return share.isPresent() && share.getAsDouble() > FULL
                ? Optional.of(
                        text(oldest.getCollectionUsage(), Runtime.getRuntime().maxMemory()))
                : Optional.empty();
    }

    static String text(MemoryUsage after, long bound) {
        return String.format(
                Locale.ROOT,
                "the heap is too small for this cluster: %d of %d MiB are needed at all times, and the agent ends when they do not suffice;"
                        + " the heap's bound is %d MiB, raise it with the environment variable FYR_AGENT_HEAP, for example FYR_AGENT_HEAP=%dm",
                after.getUsed() / MEBIBYTE,
                after.getMax() / MEBIBYTE,
                bound / MEBIBYTE,
                2 * (bound / MEBIBYTE));
    }

    @Override
    public void close() throws ListenerNotFoundException {
        emitter().removeNotificationListener(listener);
    }
}
