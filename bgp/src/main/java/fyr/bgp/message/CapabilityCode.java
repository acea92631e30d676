package fyr.bgp.message;

/** IANA registry "Capability Codes". */
final class CapabilityCode {

    static final int MULTIPROTOCOL = 1;
    static final int REFRESH = 2;
    static final int EXTENDED_NEXT_HOP = 5;
    static final int EXTENDED_MESSAGE = 6;
    static final int ROLE = 9;
    static final int GRACEFUL_RESTART = 64;
    static final int FOUR_OCTET_AS = 65;
    static final int ADD_PATH = 69;
    static final int ENHANCED_REFRESH = 70;
    static final int LONG_LIVED_GRACEFUL_RESTART = 71;

    private CapabilityCode() {}
}
