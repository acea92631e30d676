package fyr.lab.cluster;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.UnreachableException;

/** Creates the objects that a lab begins with. A real API server may not have their namespaces or kinds yet. */
final class FirstObjects {

    private static final int TRIES = 100;
    private static final int POLL_MILLISECONDS = 100;

    private FirstObjects() {}

    /** Creates an object in a collection, unless it is there. */
    static void create(ApiClient client, String path, byte[] object) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                client.create(path, object);
                return;
            } catch (ApiException refused) {
                if (refused.conflict()) {
                    return;
                }
                if (attempt == TRIES) {
                    throw refused;
                }
            } catch (UnreachableException absent) {
                if (attempt == TRIES) {
                    throw absent;
                }
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
    }
}
