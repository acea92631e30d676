package fyr.lab.cluster;

/** What has to be done when this process is told to end (SIGINT, SIGTERM) while it is in a block of work; forgotten with the block. Any thread. */
public final class Interruption implements AutoCloseable {

    private final Thread hook;
    private volatile boolean happened;

    /**
     * @param then is waited for by the end of the process
     * @throws LabException if the process ends already
     */
    public Interruption(Runnable then) {
        hook = new Thread(
                () -> {
                    happened = true;
                    then.run();
                },
                "interruption");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException ending) {
            throw new LabException("interrupted");
        }
    }

    /** Whether the process ends: what fails from then on is no failure of its own. */
    public boolean happened() {
        return happened;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return; // the hook is at work
        }
    }
}
