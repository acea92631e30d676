package fyr.bgp.message;

/** One message of BGP (RFC 4271 section 4). */
public sealed interface Message permits Open, Update, EndOfRib, Notification, Keepalive, RouteRefresh {}
