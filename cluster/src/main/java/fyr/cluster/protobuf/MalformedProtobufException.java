package fyr.cluster.protobuf;

import java.io.IOException;

/** Bytes that are not the protobuf they are said to be. */
public final class MalformedProtobufException extends IOException {

    private static final long serialVersionUID = 1;

    MalformedProtobufException(String what) {
        super("protobuf: " + what);
    }
}
