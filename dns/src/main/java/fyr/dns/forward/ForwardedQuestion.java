package fyr.dns.forward;

import fyr.dns.message.Question;

/** A question with what of its query changes the answer: whether signatures are wanted (RFC 3225) and whether they are to go unchecked (RFC 4035). */
public record ForwardedQuestion(Question question, boolean dnssecOk, boolean checkingDisabled) {}
