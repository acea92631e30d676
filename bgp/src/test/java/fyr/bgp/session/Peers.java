package fyr.bgp.session;

import fyr.bgp.message.Keepalive;
import fyr.bgp.message.Open;
import fyr.model.address.Ipv4Address;

/** Two speakers of different autonomous systems. */
final class Peers {

    static final SessionSettings SMALL =
            SessionSettings.of(64500, new ExpectedAs.Exactly(64501), Ipv4Address.parse("10.0.0.1"));
    static final SessionSettings LARGE =
            SessionSettings.of(64501, new ExpectedAs.External(), Ipv4Address.parse("10.0.0.2"));
    static final Open OPEN_OF_LARGE = Negotiation.open(LARGE);
    static final Open OPEN_OF_SMALL = Negotiation.open(SMALL);

    private Peers() {}

    /** A machine that was brought into a state by way of a connection that it made. */
    static Driver in(Phase phase) {
        Driver driver = new Driver(SMALL, 1);
        if (phase == Phase.IDLE) {
            return driver;
        }
        driver.on(new SessionEvent.Start());
        if (phase == Phase.ACTIVE) {
            driver.on(new SessionEvent.Closed(driver.outgoing()));
        }
        if (phase.compareTo(Phase.OPEN_SENT) >= 0) {
            driver.on(new SessionEvent.Connected(driver.outgoing()));
        }
        if (phase.compareTo(Phase.OPEN_CONFIRM) >= 0) {
            driver.receive(driver.outgoing(), OPEN_OF_LARGE);
        }
        if (phase == Phase.ESTABLISHED) {
            driver.receive(driver.outgoing(), new Keepalive());
        }
        return driver;
    }
}
