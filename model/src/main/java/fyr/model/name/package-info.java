/** What the DNS server is told: {@link fyr.model.name.DnsView}. It must not know the wire format. */
@NullMarked
package fyr.model.name;

import org.jspecify.annotations.NullMarked;
