package fyr.kernel.socket;

import fyr.model.address.IpAddress;

/** One end of a TCP connection, as its socket knows it. */
public record TcpEnd(IpAddress local, int localPort, IpAddress remote, int remotePort) {

    @Override
    public String toString() {
        return local + " " + localPort + " -> " + remote + " " + remotePort;
    }
}
