package fyr.compiler.service.cases;

import fyr.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The cases of one scene, while they are written down. */
final class CaseList {

    private final String title;
    private final Scene scene;
    private final List<ServiceCase> cases = new ArrayList<>();

    CaseList(String title, Scene scene) {
        this.title = title;
        this.scene = scene;
    }

    /** To the port that a place has for clients: a node's is the node port. */
    CaseList add(Place from, Place to, Set<Outcome> expected) {
        return add(from, to, scene.owns(to) && to != Place.LOAD_BALANCER ? Scene.NODE_PORT : Scene.PORT, expected);
    }

    CaseList add(Place from, Place to, int port, Set<Outcome> expected) {
        return add(from, to, port, expected, "", one -> one);
    }

    /** A case in which a client keeps its endpoint. */
    CaseList affine(Place from, Place to, int port, Set<Outcome> expected) {
        return add(from, to, port, expected, "", ServiceCase::withAffinity);
    }

    CaseList only(Protocol protocol, Place from, Place to, int port, Set<Outcome> expected) {
        return add(from, to, port, expected, " " + protocol, one -> one.only(protocol));
    }

    private CaseList add(
            Place from, Place to, int port, Set<Outcome> expected, String suffix, UnaryOperator<ServiceCase> limits) {
        String name = title + ": " + from + " to " + to + " port " + port + suffix;
        cases.add(limits.apply(ServiceCase.of(name, scene, from, to, port, expected)));
        return this;
    }

    List<ServiceCase> cases() {
        return List.copyOf(cases);
    }
}
