package fyr.kernel.iptables;

import java.util.Comparator;
import java.util.List;

/**
 * A rule. Two rules are equal if the kernel treats packets alike and people read the same remark.
 *
 * @param comment for people; empty if there is none. Characters that have a meaning in the text of rules are replaced: comments contain names
 *     that others chose
 * @param matches in the order in which they are asked
 */
public record XtRule(String comment, List<XtMatch> matches, XtTarget target) {

    /** XT_MAX_COMMENT_LEN of include/uapi/linux/netfilter/xt_comment.h, less the final zero. */
    private static final int LONGEST_COMMENT = 255;

    public XtRule {
        comment = harmless(comment);
        matches = matches.stream().sorted(Comparator.comparingInt(XtRule::rank)).toList();
    }

    /** A rule without a comment. */
    public XtRule(List<XtMatch> matches, XtTarget target) {
        this("", matches, target);
    }

    private static String harmless(String comment) {
        StringBuilder text = new StringBuilder(comment);
        text.setLength(Math.min(text.length(), LONGEST_COMMENT));
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '\'') {
                text.setCharAt(i, '?');
            }
        }
        return text.toString();
    }

    private static int rank(XtMatch match) {
        return switch (match) {
            case XtMatch.Source _ -> 0;
            case XtMatch.Destination _ -> 1;
            case XtMatch.InputLink _ -> 2;
            case XtMatch.OfProtocol _ -> 3;
            case XtMatch.DestinationPort _ -> 4;
            case XtMatch.SourceIsLocal _ -> 5;
            case XtMatch.DestinationIsLocal _ -> 6;
            case XtMatch.ConnectionState _ -> 7;
            case XtMatch.Mark _ -> 8;
            case XtMatch.Chance _ -> 9;
            case XtMatch.Remembered _ -> 10;
            case XtMatch.Remember _ -> 11;
        };
    }
}
