package fyr.compiler.service.cases;

import fyr.model.address.Family;

/** A node whose kernel somebody keeps as the Services of a scene say. */
@SuppressWarnings("try") // a test may be interrupted while it closes
interface ServingNode extends AutoCloseable {

    /**
     * Returns when connections meet the rules for this scene.
     *
     * @param before whether it is the scene before its change
     */
    void serve(Scene scene, Family family, boolean before) throws Exception;

    /** Removes which client had which endpoint from the kernel: cases know nothing of each other. */
    void forgetClients() throws Exception;
}
