package fyr.cni.protocol;

/** What names an attachment: CNI_CONTAINERID and CNI_IFNAME. Both are valid by the specification, so their text is unambiguous. */
public record AttachmentKey(String containerId, String interfaceName) {

    /** Longest container ID taken, in characters: ID, colon and interface name have to fit a file name of Linux. */
    public static final int CONTAINER_ID_MAX = 200;

    /** Longest interface name in bytes: IFNAMSIZ of include/uapi/linux/if.h without the final NUL. */
    public static final int INTERFACE_NAME_MAX = 15;

    /** Whether the specification and we allow this CNI_CONTAINERID; networks' names obey the same rule. */
    static boolean validName(String text) {
        return text.length() <= CONTAINER_ID_MAX && text.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*");
    }

    /** Whether Linux allows this name of a link ({@code dev_valid_name} in net/core/dev.c), as far as it is printable ASCII. */
    static boolean validInterface(String text) {
        return text.length() <= INTERFACE_NAME_MAX
                && text.matches("[\\x21-\\x7e&&[^/:]]+")
                && !text.equals(".")
                && !text.equals("..");
    }

    @Override
    public String toString() {
        return containerId + "/" + interfaceName;
    }
}
