package fyr.cluster.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import javax.net.ssl.SSLException;

/** What came of sending a call once. */
sealed interface Attempt {

    /** The connection it was sent on. */
    Connection via();

    /** Whether it may be sent once more, if there is another connection by now or other credentials are to be had. */
    boolean maySendAgain();

    /** The server answered, be it yes or no. */
    record Answered(Connection via, HttpResponse<InputStream> response) implements Attempt {
        @Override
        public boolean maySendAgain() {
            return response.statusCode() == 401;
        }
    }

    /** No answer began. */
    record Failed(Connection via, Call call, IOException failure) implements Attempt {

        /** Not after waiting for an answer: who waits as long a second time has hidden the failure for twice as long. */
        @Override
        public boolean maySendAgain() {
            return neverArrived() || call.harmless() && !fellSilent();
        }

        /** Nobody there, or a handshake that failed: the server has moved, or the certificates have. */
        boolean neverArrived() {
            return nobodyThere() || failure instanceof SSLException;
        }

        boolean nobodyThere() {
            return Attempt.nobodyThere(failure);
        }

        /** Whether the line may be dead: HTTP/2 would send the next request down the same one. */
        boolean fellSilent() {
            return failure instanceof HttpTimeoutException && !neverArrived();
        }
    }

    /** Whether no connection came about. */
    static boolean nobodyThere(Exception failure) {
        return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException;
    }

    static Attempt of(Connection via, Call call) throws InterruptedException {
        try {
            return new Answered(via, via.send(call));
        } catch (IOException e) {
            return new Failed(via, call, e);
        }
    }
}
