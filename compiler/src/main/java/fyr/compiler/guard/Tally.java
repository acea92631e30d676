package fyr.compiler.guard;

import fyr.model.persistent.PersistentMap;

/** How many holders each key has: a key with two holders is still held when one of them releases it. */
record Tally<K>(PersistentMap<K, Integer> holders) {

    boolean has(K key) {
        return holders.containsKey(key);
    }

    Tally<K> more(K key) {
        return new Tally<>(holders.with(key, holders.get(key).orElse(0) + 1));
    }

    Tally<K> less(K key) {
        int left = holders.get(key).orElse(0) - 1;
        return new Tally<>(left > 0 ? holders.with(key, left) : holders.without(key));
    }
}
