package fyr.dns.message;

import java.io.ByteArrayOutputStream;

/** The textual form of names and its escapes (RFC 1035 section 5.1), to and from wire bytes. */
final class NameText {

    private NameText() {}

    static byte[] parse(String text) {
        if (text.equals(".")) {
            return new byte[] {0};
        }
        ByteArrayOutputStream wire = new ByteArrayOutputStream(text.length() + 2);
        ByteArrayOutputStream label = new ByteArrayOutputStream(DnsName.LONGEST_LABEL);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                endLabel(label, wire, text);
            } else if (c == '\\') {
                i += escaped(text, i + 1, label);
            } else {
                label.write(octet(c, text));
            }
        }
        if (label.size() > 0 || wire.size() == 0) {
            endLabel(label, wire, text);
        }
        wire.write(0);
        if (wire.size() > DnsName.LONGEST) {
            throw malformed(text, "it is longer than 255 bytes");
        }
        return wire.toByteArray();
    }

    private static void endLabel(ByteArrayOutputStream label, ByteArrayOutputStream wire, String text) {
        if (label.size() == 0 || label.size() > DnsName.LONGEST_LABEL) {
            throw malformed(text, label.size() == 0 ? "a label is empty" : "a label is longer than 63 bytes");
        }
        wire.write(label.size());
        wire.writeBytes(label.toByteArray());
        label.reset();
    }

    /** Writes the character meant by what follows a backslash; returns how many characters that were. */
    private static int escaped(String text, int at, ByteArrayOutputStream label) {
        if (at < text.length() && !digit(text, at)) {
            label.write(octet(text.charAt(at), text));
            return 1;
        }
        if (!digit(text, at) || !digit(text, at + 1) || !digit(text, at + 2)) {
            throw malformed(text, "an escape is incomplete");
        }
        int value = Integer.parseInt(text.substring(at, at + 3));
        if (value > 255) {
            throw malformed(text, "an escape is above 255");
        }
        label.write(value);
        return 3;
    }

    private static boolean digit(String text, int at) {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private static int octet(char c, String text) {
        if (c > 127) {
            throw malformed(text, "it has a character beyond ASCII");
        }
        return c;
    }

    private static IllegalArgumentException malformed(String text, String why) {
        return new IllegalArgumentException("no domain name, " + why + ": '" + text + "'");
    }

    static String format(byte[] wire) {
        if (wire[0] == 0) {
            return ".";
        }
        StringBuilder text = new StringBuilder(wire.length);
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            for (int i = at + 1; i <= at + wire[at]; i++) {
                append(wire[i] & 255, text);
            }
            text.append('.');
        }
        return text.toString();
    }

    private static void append(int octet, StringBuilder text) {
        if (octet <= ' ' || octet >= 127) {
            text.append('\\')
                    .append((char) ('0' + octet / 100))
                    .append((char) ('0' + octet / 10 % 10))
                    .append((char) ('0' + octet % 10));
        } else if (".\\\"();@$".indexOf(octet) >= 0) {
            text.append('\\').append((char) octet);
        } else {
            text.append((char) octet);
        }
    }
}
