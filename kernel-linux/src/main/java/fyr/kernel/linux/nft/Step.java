package fyr.kernel.linux.nft;

import fyr.kernel.nft.NftKey;

/**
 * One message of a transaction.
 *
 * @param kind of message, for deciding what a refusal means
 * @param key what is changed; of several elements, the first
 * @param count of elements in the message, otherwise 1
 * @param joined must be in the same transaction as the step before, if the whole is too large for one
 * @param message without sequence number
 */
record Step(Kind kind, NftKey key, int count, boolean joined, byte[] message) {

    /** What a message does; the name is the kernel's. */
    enum Kind {
        NEWTABLE,
        NEWSET,
        NEWCHAIN,
        NEWRULE,
        NEWSETELEM,
        DELRULE,
        DELSETELEM,
        DELCHAIN,
        DELSET,
        DELTABLE
    }

    /** For error messages: {@code NFT_MSG_NEWCHAIN chain ip fyr services}. */
    String operation() {
        return "NFT_MSG_" + kind + " " + key + (count == 1 ? "" : " and " + (count - 1) + " more");
    }

    boolean isDeletion() {
        return switch (kind) {
            case NEWTABLE, NEWSET, NEWCHAIN, NEWRULE, NEWSETELEM -> false;
            case DELRULE, DELSETELEM, DELCHAIN, DELSET, DELTABLE -> true;
        };
    }

    Step joinedToPrevious() {
        return new Step(kind, key, count, true, message);
    }
}
