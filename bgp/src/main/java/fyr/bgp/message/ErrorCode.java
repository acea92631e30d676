package fyr.bgp.message;

/** Codes and subcodes of NOTIFICATION (IANA registry "BGP Error (Notification) Codes"). */
public final class ErrorCode {

    public static final int HEADER = 1;
    public static final int NOT_SYNCHRONIZED = 1;
    public static final int BAD_LENGTH = 2;
    public static final int BAD_TYPE = 3;

    public static final int OPEN = 2;
    public static final int UNSPECIFIC = 0;
    public static final int UNSUPPORTED_VERSION = 1;
    public static final int BAD_PEER_AS = 2;
    public static final int BAD_IDENTIFIER = 3;
    public static final int UNSUPPORTED_PARAMETER = 4;
    public static final int UNACCEPTABLE_HOLD_TIME = 6;
    public static final int UNSUPPORTED_CAPABILITY = 7;
    public static final int ROLE_MISMATCH = 11;

    public static final int UPDATE = 3;
    public static final int MALFORMED_ATTRIBUTE_LIST = 1;
    public static final int UNRECOGNIZED_WELL_KNOWN = 2;
    public static final int MISSING_WELL_KNOWN = 3;
    public static final int ATTRIBUTE_FLAGS = 4;
    public static final int ATTRIBUTE_LENGTH = 5;
    public static final int INVALID_ORIGIN = 6;
    public static final int INVALID_NEXT_HOP = 8;
    public static final int OPTIONAL_ATTRIBUTE = 9;
    public static final int INVALID_NETWORK_FIELD = 10;
    public static final int MALFORMED_AS_PATH = 11;

    public static final int HOLD_TIMER_EXPIRED = 4;

    public static final int STATE_MACHINE = 5;
    public static final int IN_OPEN_SENT = 1;
    public static final int IN_OPEN_CONFIRM = 2;
    public static final int IN_ESTABLISHED = 3;

    public static final int CEASE = 6;
    public static final int MAXIMUM_PREFIXES = 1;
    public static final int ADMINISTRATIVE_SHUTDOWN = 2;
    public static final int PEER_DECONFIGURED = 3;
    public static final int ADMINISTRATIVE_RESET = 4;
    public static final int CONNECTION_REJECTED = 5;
    public static final int CONFIGURATION_CHANGE = 6;
    public static final int COLLISION = 7;
    public static final int OUT_OF_RESOURCES = 8;
    public static final int HARD_RESET = 9;
    public static final int BFD_DOWN = 10;

    public static final int ROUTE_REFRESH = 7;
    public static final int INVALID_REFRESH_LENGTH = 1;

    public static final int SEND_HOLD_TIMER_EXPIRED = 8;

    private ErrorCode() {}

    /** The registered name of a code, with that of its subcode. */
    public static String name(int code, int subcode) {
        return switch (code) {
            case HEADER -> "Message Header Error" + header(subcode);
            case OPEN -> "OPEN Message Error" + open(subcode);
            case UPDATE -> "UPDATE Message Error" + update(subcode);
            case HOLD_TIMER_EXPIRED -> "Hold Timer Expired";
            case STATE_MACHINE -> "Finite State Machine Error" + machine(subcode);
            case CEASE -> "Cease" + cease(subcode);
            case ROUTE_REFRESH -> "ROUTE-REFRESH Message Error" + (subcode == 1 ? ": Invalid Message Length" : "");
            case SEND_HOLD_TIMER_EXPIRED -> "Send Hold Timer Expired";
            default -> "error " + code + "/" + subcode;
        };
    }

    private static String header(int subcode) {
        return switch (subcode) {
            case NOT_SYNCHRONIZED -> ": Connection Not Synchronized";
            case BAD_LENGTH -> ": Bad Message Length";
            case BAD_TYPE -> ": Bad Message Type";
            default -> other(subcode);
        };
    }

    private static String open(int subcode) {
        return switch (subcode) {
            case UNSUPPORTED_VERSION -> ": Unsupported Version Number";
            case BAD_PEER_AS -> ": Bad Peer AS";
            case BAD_IDENTIFIER -> ": Bad BGP Identifier";
            case UNSUPPORTED_PARAMETER -> ": Unsupported Optional Parameter";
            case UNACCEPTABLE_HOLD_TIME -> ": Unacceptable Hold Time";
            case UNSUPPORTED_CAPABILITY -> ": Unsupported Capability";
            case ROLE_MISMATCH -> ": Role Mismatch";
            default -> other(subcode);
        };
    }

    private static String update(int subcode) {
        return switch (subcode) {
            case MALFORMED_ATTRIBUTE_LIST -> ": Malformed Attribute List";
            case UNRECOGNIZED_WELL_KNOWN -> ": Unrecognized Well-known Attribute";
            case MISSING_WELL_KNOWN -> ": Missing Well-known Attribute";
            case ATTRIBUTE_FLAGS -> ": Attribute Flags Error";
            case ATTRIBUTE_LENGTH -> ": Attribute Length Error";
            case INVALID_ORIGIN -> ": Invalid ORIGIN Attribute";
            case INVALID_NEXT_HOP -> ": Invalid NEXT_HOP Attribute";
            case OPTIONAL_ATTRIBUTE -> ": Optional Attribute Error";
            case INVALID_NETWORK_FIELD -> ": Invalid Network Field";
            case MALFORMED_AS_PATH -> ": Malformed AS_PATH";
            default -> other(subcode);
        };
    }

    private static String machine(int subcode) {
        return switch (subcode) {
            case IN_OPEN_SENT -> ": Unexpected Message in OpenSent";
            case IN_OPEN_CONFIRM -> ": Unexpected Message in OpenConfirm";
            case IN_ESTABLISHED -> ": Unexpected Message in Established";
            default -> other(subcode);
        };
    }

    private static String cease(int subcode) {
        return switch (subcode) {
            case MAXIMUM_PREFIXES -> ": Maximum Number of Prefixes Reached";
            case ADMINISTRATIVE_SHUTDOWN -> ": Administrative Shutdown";
            case PEER_DECONFIGURED -> ": Peer De-configured";
            case ADMINISTRATIVE_RESET -> ": Administrative Reset";
            case CONNECTION_REJECTED -> ": Connection Rejected";
            case CONFIGURATION_CHANGE -> ": Other Configuration Change";
            case COLLISION -> ": Connection Collision Resolution";
            case OUT_OF_RESOURCES -> ": Out of Resources";
            case HARD_RESET -> ": Hard Reset";
            case BFD_DOWN -> ": BFD Down";
            default -> other(subcode);
        };
    }

    private static String other(int subcode) {
        return subcode == UNSPECIFIC ? "" : ": " + subcode;
    }
}
