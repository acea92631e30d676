package fyr.kernel.nft;

import java.util.List;

/**
 * A rule.
 *
 * @param comment what it is for, shown by {@code nft list} and by {@code fyr}; at most 128 characters
 */
public record NftRule(String comment, List<NftExpression> expressions) {
    public NftRule {
        expressions = List.copyOf(expressions);
        if (comment.length() > 128) {
            throw new IllegalArgumentException("comment of more than 128 characters: " + comment);
        }
    }
}
