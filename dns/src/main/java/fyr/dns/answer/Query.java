package fyr.dns.answer;

import fyr.dns.message.Question;

/**
 * A question and the room for its answer.
 *
 * @param limit bytes the whole answer may take, 512 to 65535; of a large headless service no more is picked than can fit
 */
public record Query(Question question, int limit) {}
