package fyr.lab.check;

import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.nio.file.Path;

/** One request to one address, sent from inside a network namespace. */
record Probe(Path network, Protocol protocol, IpAddress address, int port, Question question) {

    /** What is asked. */
    enum Question {
        /** Who an echo workload is. */
        ECHO,
        /** The address of a name that every cluster has. */
        DNS
    }
}
