package fyr.compiler.service.cases;

import java.util.List;

/**
 * An endpoint slice of a sketch.
 *
 * @param target the number of the endpoints' port
 * @param otherFamily whether its addresses are not of the family of the case
 * @param otherProxy whether its labels tell proxies to ignore it
 */
record SliceDraft(int target, boolean otherFamily, boolean otherProxy, List<EndpointDraft> endpoints) {

    static SliceDraft of(EndpointDraft... endpoints) {
        return new SliceDraft(Scene.TARGET_PORT, false, false, List.of(endpoints));
    }

    /** The same with another number of the endpoints' port. */
    SliceDraft at(int port) {
        return new SliceDraft(port, otherFamily, otherProxy, endpoints);
    }

    /** The same with addresses of the other family. */
    SliceDraft ofOtherFamily() {
        return new SliceDraft(target, true, otherProxy, endpoints);
    }

    /** The same with a label that tells proxies to ignore it. */
    SliceDraft ofOtherProxy() {
        return new SliceDraft(target, otherFamily, true, endpoints);
    }
}
