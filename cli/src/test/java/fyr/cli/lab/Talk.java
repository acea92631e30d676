package fyr.cli.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client that talks to an echo server through one socket until a file exists. Runs in a pod, as a program of its own: {@code java Talk.java
 * tcp|udp|wait ADDRESS PORT FILE}. It prints a line whenever something changes, with the time in milliseconds since 1970, and a summary at
 * the end. With {@code wait} it asks once over TCP, and then only reads.
 */
final class Talk {

    private static final Pattern POD = Pattern.compile("\"pod\":\"([^\"]*)\"");
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII);
    private static final int PATIENCE_MILLIS = 10_000;

    private final Path end;
    private String last = "";
    private long answers;
    private long longest;
    private long answeredAt = System.currentTimeMillis();

    private Talk(Path end) {
        this.end = end;
    }

    public static void main(String[] args) throws Exception {
        InetSocketAddress target = new InetSocketAddress(InetAddress.getByName(args[1]), Integer.parseInt(args[2]));
        Talk talk = new Talk(Path.of(args[3]));
        switch (args[0]) {
            case "udp" -> talk.udp(target);
            case "wait" -> talk.listen(target);
            default -> talk.tcp(target);
        }
        System.out.println("answers=" + talk.answers + " longest=" + talk.longest + " last=" + talk.last);
    }

    private boolean goesOn() {
        return !Files.exists(end);
    }

    private void became(String state) {
        if (!state.equals(last)) {
            System.out.println(System.currentTimeMillis() + " " + state);
            last = state;
        }
    }

    private void answered(String text) {
        Matcher pod = POD.matcher(text);
        if (pod.find()) {
            long now = System.currentTimeMillis();
            longest = answers == 0 ? 0 : Math.max(longest, now - answeredAt);
            answeredAt = now;
            answers++;
            became(pod.group(1));
        }
    }

    private void udp(InetSocketAddress target) throws IOException, InterruptedException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(target);
            socket.setSoTimeout(20);
            while (goesOn()) {
                try {
                    socket.send(new DatagramPacket(new byte[1], 1));
                    DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
                    socket.receive(answer);
                    answered(new String(answer.getData(), 0, answer.getLength(), US_ASCII));
                    Thread.sleep(5);
                } catch (PortUnreachableException refused) {
                    became("refused");
                } catch (SocketTimeoutException silence) {
                    continue;
                }
            }
        }
    }

    private void tcp(InetSocketAddress target) throws InterruptedException {
        try (Socket socket = new Socket()) {
            BufferedReader in = connected(socket, target);
            while (goesOn()) {
                ask(socket, in);
                Thread.sleep(100);
            }
        } catch (IOException failure) {
            became(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }
    }

    private void listen(InetSocketAddress target) {
        try (Socket socket = new Socket()) {
            BufferedReader in = connected(socket, target);
            ask(socket, in);
            socket.setSoTimeout(100);
            while (goesOn()) {
                try {
                    if (in.read() < 0) {
                        became("end");
                        return;
                    }
                } catch (SocketTimeoutException nothing) {
                    continue;
                }
            }
        } catch (IOException failure) {
            became(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }
    }

    private static BufferedReader connected(Socket socket, InetSocketAddress target) throws IOException {
        socket.connect(target, PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    }

    private void ask(Socket socket, BufferedReader in) throws IOException {
        socket.getOutputStream().write(REQUEST);
        for (String line = in.readLine(); ; line = in.readLine()) {
            if (line == null) {
                throw new IOException("the server has closed the connection");
            }
            if (line.startsWith("{")) {
                answered(line);
                return;
            }
        }
    }
}
