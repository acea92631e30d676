package fyr.bgp.bfd;

import fyr.bgp.path.PeerAddress;

/**
 * A session as it is.
 *
 * @param phase the own state
 * @param diagnostic why it became that
 * @param remotePhase the state of the peer, Down if it is not heard
 * @param remoteDiagnostic why it became that
 * @param transmitInterval microseconds between two packets of ours
 * @param detectionTime microseconds without a packet after which the peer is taken for gone; 0 if it is not heard
 * @param sent packets that the kernel took
 * @param received packets that were for this session
 */
public record BfdStatus(
        PeerAddress peer,
        BfdPhase phase,
        Diagnostic diagnostic,
        BfdPhase remotePhase,
        Diagnostic remoteDiagnostic,
        long transmitInterval,
        long detectionTime,
        long sent,
        long received) {}
