package fyr.cni.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** The bytes of a request, as the executable sends them. */
public final class RequestFrame {

    private RequestFrame() {}

    public static byte[] of(RawRequest request) {
        ByteArrayOutputStream environment = new ByteArrayOutputStream();
        request.environment()
                .forEach((name, value) -> environment.writeBytes((name + "=" + value + "\0").getBytes(UTF_8)));
        return ByteBuffer.allocate(12 + environment.size() + request.configuration().length)
                .put("FYR1".getBytes(UTF_8))
                .putInt(environment.size())
                .putInt(request.configuration().length)
                .put(environment.toByteArray())
                .put(request.configuration())
                .array();
    }
}
