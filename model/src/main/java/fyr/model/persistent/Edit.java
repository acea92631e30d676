package fyr.model.persistent;

/**
 * One change of a {@link PersistentMap}, or many that an {@link MapEditor} makes. Branches that it created are in no finished map yet, so it
 * may write to them. It also counts the entries.
 */
final class Edit {

    /** By how much the number of entries grew since the edit began; negative if it became smaller. */
    int growth;
}
