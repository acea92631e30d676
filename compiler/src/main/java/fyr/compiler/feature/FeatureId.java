package fyr.compiler.feature;

import java.util.function.Function;

/**
 * Names a feature.
 *
 * @param name for people
 * @param start makes its share for a node of which nothing but its identity is known
 * @param <F> the feature
 */
public record FeatureId<F extends Feature<F>>(String name, Function<NodeIdentity, F> start) {

    @Override
    public String toString() {
        return name;
    }
}
