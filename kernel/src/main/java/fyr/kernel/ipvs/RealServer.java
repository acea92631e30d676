package fyr.kernel.ipvs;

/**
 * How connections reach a real server. Weight 0 is not planned: a real server that takes no new connection and still has old ones is about
 * to go.
 */
public sealed interface RealServer {

    /** The destination of packets is translated, and their sources if another part of the plan says so (IP_VS_CONN_F_MASQ). */
    record Masqueraded(int weight) implements RealServer {

        /** One that takes as many connections as every other. */
        public static final Masqueraded USUAL = new Masqueraded(1);

        /** The kernel accepts a signed number; kube-proxy and ipvsadm use these. */
        private static final int MOST = 65_535;

        public Masqueraded {
            if (weight < 1 || weight > MOST) {
                throw new IllegalArgumentException("weight " + weight);
            }
        }

        @Override
        public String toString() {
            return "masq weight " + weight;
        }
    }

    /** One that Fyr did not make like this: present, and wrong. */
    record Foreign(String what) implements RealServer {}
}
