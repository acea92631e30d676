package fyr.apiserver.schema;

import fyr.apiserver.object.StatusException;

/** How much work the check of one object may be: schemas, patterns and objects come from strangers. */
final class Budget {
    private int left = 20_000_000;

    /** One step; a 400 when there have been too many. */
    void spend(String path) {
        if (--left < 0) {
            throw StatusException.badRequest(
                    path + ": the object takes too long to be checked against the schema of its kind");
        }
    }
}
