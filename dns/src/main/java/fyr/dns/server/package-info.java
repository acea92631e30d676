/** UDP and TCP in front of answers and forwarder: takes packets, gives packets. It must not know what names mean. */
@NullMarked
package fyr.dns.server;

import org.jspecify.annotations.NullMarked;
