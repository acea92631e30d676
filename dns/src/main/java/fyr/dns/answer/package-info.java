/** What cluster DNS says, as a function of a question and a {@link fyr.model.name.DnsView}. It must not know bytes, sockets or clocks. */
@NullMarked
package fyr.dns.answer;

import org.jspecify.annotations.NullMarked;
