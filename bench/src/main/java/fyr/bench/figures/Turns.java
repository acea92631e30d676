package fyr.bench.figures;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;

/** Several things measured in turns, so that whatever else the machine does falls on all of them alike. */
public final class Turns {

    private final int rounds;
    private final int timesEach;
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final Map<String, Samples> results = new LinkedHashMap<>();

    public Turns(int rounds, int timesEach) {
        this.rounds = rounds;
        this.timesEach = timesEach;
    }

    /** Gives so many samples. */
    public interface Source {
        Samples take(int times) throws Exception;
    }

    public void add(String name, Source source) {
        sources.put(name, source);
    }

    /** The results in the order of {@link #add}. */
    public Map<String, Samples> run() throws Exception {
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, Source> source : sources.entrySet()) {
                Samples more = source.getValue().take(timesEach);
                results.merge(source.getKey(), more, Turns::both);
            }
        }
        return results;
    }

    public Samples samples(String name) {
        return results.getOrDefault(name, Samples.of(1));
    }

    private static Samples both(Samples one, Samples other) {
        return Samples.of(LongStream.concat(Arrays.stream(one.sorted()), Arrays.stream(other.sorted()))
                .toArray());
    }
}
